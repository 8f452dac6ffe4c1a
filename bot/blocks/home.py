"""App Home: the Escalations page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import STATE_EMOJI, close_button, held, return_button, take_button
from bot.blocks.figures import week_in_bars
from bot.blocks.parts import (
    SECTION_LIMIT,
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    escaped,
    header,
    name_of,
    one_line,
    paragraphs,
    plain,
    section,
)
from bot.blocks.preferences import in_short
from bot.blocks.rows import open_thread, row, slack_age
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status
from bot.domain.home import Desk, Part, Rows

_ROOM = 240_000  # bytes of JSON; Slack refuses more than 250 kB with view_too_large (docs.slack.dev, views.publish)
_EXCERPTS = (140, 60, 0)  # characters of what was said last, the fullest first
_SHOWN_AWAY = 15
_TITLES = {Part.MINE: "My Queue", Part.WAITING: "Waiting in Queue", Part.TEAM: "Teammates"}
_EMPTY = {
    Part.MINE: "Nothing in your hands. What you take appears here.",
    Part.WAITING: "✨ Nobody is waiting. Well done.",
    Part.TEAM: "Your teammates have no open conversations.",
}
_FIRST_RUN = (
    "👋 *Nothing has been escalated yet.* When a customer asks for a person, or the AI does not know any further, "
    "their conversation appears under _Waiting in Queue_, here and in your channel.\n"
    "To try it, write to your WhatsApp number from a phone and ask to talk to a person, or bring a conversation here "
    "yourself: `/escalate +15550100 wants a refund`."
)


def home(desk: Desk, now: datetime) -> View:
    """The page as it stands at `now`, with as much of what was said last as Slack takes."""
    *fuller, last = (_page(desk, now, excerpt) for excerpt in _EXCERPTS)
    return next((view for view in fuller if len(json.dumps(view)) <= _ROOM), last)


def no_home(reason: str) -> View:
    """What somebody sees who may see no customer. `reason` is mrkdwn."""
    told = "This page lists conversations with customers, for the members of this workspace who answer them."
    return _view([section(f"🔒 {paragraphs(reason, SECTION_LIMIT - 200)}"), context(told)])


def _page(desk: Desk, now: datetime, excerpt: int) -> View:
    blocks = [section(_FIRST_RUN if desk.is_new else _counts(desk)), *_controls(desk, now)]
    for part, title in _TITLES.items():
        blocks += [divider()] if part is not Part.MINE else []
        blocks += [header(title), *_absent(desk, part), *_part(desk, part, now, excerpt)]
    return _view([*blocks, *_ended(desk, now), *_week(desk)])


def _view(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks}


def _counts(desk: Desk) -> str:
    mine, today = desk.listed(Part.MINE).page.total, desk.today
    return "     ".join(
        (
            f"{STATE_EMOJI[Status.QUEUED]} *{today.queued}* Queued",
            f"{STATE_EMOJI[Status.OPEN]} *{today.open}* Open" + (f" ({mine} with you)" if mine else ""),
            f"{STATE_EMOJI[Status.RESOLVED]} *{today.resolved}* Resolved today",
            f"{STATE_EMOJI[Status.CLOSED]} *{today.closed}* Closed today",
        )
    )


def _controls(desk: Desk, now: datetime) -> list[Block]:
    since, held = desk.away_since, desk.listed(Part.MINE).page.total
    notices = button(action_ids.PREFERENCES, "Notifications…", "home")
    if since is None:
        away = button(action_ids.GO_AWAY, "I'm away", "home")
        return [
            _row_of("desk", *_filter(desk.inboxes, desk.chosen), notices, away),
            context(in_short(desk.preferences)),
        ]
    back = button(action_ids.COME_BACK, "I'm back", "home", style="primary")
    told = (
        f"🌙 *You are away*, since {slack_age(since, now)}. Nothing is given to you unasked, and you are told nothing."
    )
    release = [_put_down(held)] if held else []
    return [_row_of("desk", *_filter(desk.inboxes, desk.chosen), notices, back, *release), section(told)]


def _row_of(block_id: str, *buttons: Block) -> Block:
    """Named, so that what is pressed while the page is drawn again is still what it was."""
    return actions(*buttons) | {"block_id": block_id}


def _put_down(held: int) -> Block:
    what = "your conversation" if held == 1 else f"your {held} conversations"
    ask = confirm(
        "Put them back?",
        f"This puts {what} back in the queue, for your colleagues to take.",
        "Put back",
        style="danger",
    )
    return button(action_ids.PUT_DOWN, f"Put {what} back in the queue", "home", confirm=ask)


def _part(desk: Desk, part: Part, now: datetime, excerpt: int) -> list[Block]:
    listed, blocks = desk.listed(part), list[Block]()
    for view in map(_unnamed, listed.views) if len(desk.inboxes) < 2 else listed.views:
        blocks += row(view, now, excerpt, viewer=desk.viewer, away=desk.away)
        if offered := _offered(part, view):
            blocks.append(_row_of(f"{part}-{view.escalation.id}", *offered))
    return [*(blocks or [context(_EMPTY[part])]), *_paging(part, listed)]


def _unnamed(view: EscalationView) -> EscalationView:
    """Where there is one inbox, nobody needs to read its name in every row."""
    return replace(view, inbox_name="")


def _offered(part: Part, view: EscalationView) -> list[Block]:
    if part is Part.MINE:
        return [*open_thread(view), return_button(view), close_button(view)]
    if part is Part.WAITING:
        return [take_button(view), *open_thread(view)]
    return [*open_thread(view), _take_over_button(view)]


def _take_over_button(view: EscalationView) -> Block:
    who = name_of(view.customer, 40)
    ask = confirm("Take over?", f"A colleague has the conversation with {who}. From now on it is yours.", "Take over")
    return button(action_ids.CONFIRM_TAKE_OVER, "Take over", held(view.escalation), confirm=ask)


def _paging(part: Part, listed: Rows) -> list[Block]:
    page = listed.page
    turns = [
        button(action_id, label, f"{part}:{start}")
        for action_id, label, start in (
            (action_ids.HOME_PREVIOUS, "◀ Previous", page.previous),
            (action_ids.HOME_NEXT, "Next ▶", page.next),
        )
        if start is not None
    ]
    return (
        [context(f"{page.start + 1} to {page.end} of {page.total}"), _row_of(f"pages-{part}", *turns)] if turns else []
    )


def _absent(desk: Desk, part: Part) -> list[Block]:
    """Who of the others is away, above what they hold."""
    absent = [each for each in desk.away if each != desk.viewer]
    if part is not Part.TEAM or not absent:
        return []
    more = f" and {len(absent) - _SHOWN_AWAY} more" if len(absent) > _SHOWN_AWAY else ""
    return [context(f"🌙 Away: {', '.join(f'<@{each}>' for each in absent[:_SHOWN_AWAY])}{more}")]


def _ended(desk: Desk, now: datetime) -> list[Block]:
    listed = desk.listed(Part.ENDED)
    if not listed.page.total:
        return []
    rows = [_ended_row(view, now) for view in listed.views]
    return [divider(), section("*Ended today*"), *rows, *_paging(Part.ENDED, listed)]


def _ended_row(view: EscalationView, now: datetime) -> Block:
    escalation = view.escalation
    who = f"<@{escalation.ended_by}>" if escalation.ended_by else "Switchboard"
    when = slack_age(escalation.ended_at, now) if escalation.ended_at else ""
    name, reason = escaped(name_of(view.customer), 200), escaped(one_line(escalation.reason, 100), 300)
    emoji, word = STATE_EMOJI[escalation.status], escalation.status.capitalize()
    block, link = section(f"{emoji} {word}: *{name}*  {reason}\nby {who} {when}"), open_thread(view)
    return block | {"accessory": link[0]} if link else block


def _week(desk: Desk) -> list[Block]:
    return [divider(), *week_in_bars(desk.week, desk.viewer)] if desk.week and desk.week.total else []


def _filter(inboxes: Mapping[int, str], chosen: int | None) -> list[Block]:
    if len(inboxes) < 2:
        return []
    everything = _option("All inboxes", action_ids.ALL_INBOXES)
    options = {None: everything}
    options |= {key: _option(one_line(name, 75) or f"Inbox {key}", str(key)) for key, name in inboxes.items()}
    menu: Block = {
        "type": "static_select",
        "action_id": action_ids.FILTER_INBOX,
        "options": list(options.values())[:100],
        "initial_option": options.get(chosen, everything),
    }
    return [menu]


def _option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}
