"""App Home: the Escalations page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import close_button, return_button, take_button
from bot.blocks.parts import Block, View, actions, context, divider, header, one_line, plain
from bot.blocks.rows import open_thread, row
from bot.domain.desk import EscalationView, Queue

# Slack takes 100 blocks: three a row, and at most ten for counts, filter, headings, dividers and what is not shown.
_ROWS = 30
_FAIR_SHARE = 8
_TITLES = {"mine": "My Queue", "waiting": "Waiting in Queue", "team": "Teammates"}
_EMPTY = {
    "mine": "Nothing in your hands. What you take appears here.",
    "waiting": "✨ Nobody is waiting. Well done.",
    "team": "Your teammates have no open conversations.",
}


def home(
    queue: Queue,
    viewer: str,
    now: datetime,
    inboxes: Mapping[int, str] | None = None,
    chosen: int | None = None,
) -> View:
    """The page for `viewer`. With several `inboxes` it offers a filter, on `chosen` or on all."""
    shown = _share(len(queue.mine), len(queue.waiting), len(queue.team))
    blocks = [context(_counts(queue)), *_filter(inboxes or {}, chosen)]
    for (part, title), rows in zip(_TITLES.items(), shown, strict=True):
        blocks += [divider()] if part != "mine" else []
        blocks += _part(part, title, queue, rows, viewer, now)
    return {"type": "home", "blocks": blocks}


def _share(mine: int, waiting: int, team: int) -> tuple[int, int, int]:
    """How many rows each part may show: a fair share first, then what is left, to those who wait first."""
    rows = {"mine": min(mine, _FAIR_SHARE), "waiting": min(waiting, _FAIR_SHARE), "team": min(team, _FAIR_SHARE)}
    for part, wanted in (("waiting", waiting), ("mine", mine), ("team", team)):
        rows[part] += min(wanted - rows[part], _ROWS - sum(rows.values()))
    return rows["mine"], rows["waiting"], rows["team"]


def _held(queue: Queue, part: str) -> tuple[EscalationView, ...]:
    return {"mine": queue.mine, "waiting": queue.waiting, "team": queue.team}[part]


def _total(queue: Queue, part: str) -> int:
    return max(queue.counts.get(part, 0), len(_held(queue, part)))


def _counts(queue: Queue) -> str:
    mine, waiting, team = (_total(queue, part) for part in _TITLES)
    return f"*{waiting}* waiting  ·  *{mine}* with you  ·  *{team}* with teammates"


def _part(part: str, title: str, queue: Queue, rows: int, viewer: str, now: datetime) -> list[Block]:
    blocks = [header(title)]
    views = _held(queue, part)[:rows]
    for view in views:
        blocks += row(view, now, viewer=viewer)
        if offered := _offered(part, view):
            blocks.append(actions(*offered))
    hidden = _total(queue, part) - len(views)
    if hidden:
        blocks.append(context(f"…and {hidden} more. `/queue {part}` lists them."))
    elif not views:
        blocks.append(context(_EMPTY[part]))
    return blocks


def _offered(part: str, view: EscalationView) -> list[Block]:
    if part == "mine":
        return [*open_thread(view), return_button(view), close_button(view)]
    if part == "waiting":
        return [take_button(view), *open_thread(view)]
    return open_thread(view)


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
    return [actions(menu)]


def _option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}
