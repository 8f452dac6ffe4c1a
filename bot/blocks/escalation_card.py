"""The escalation card: the root of the thread, redrawn in place as the conversation changes hands."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.blocks import action_ids
from bot.blocks.parts import (
    HEADER_LIMIT,
    Block,
    Post,
    actions,
    ago,
    button,
    confirm,
    context,
    escaped,
    first_fitting,
    header,
    leaf,
    line,
    mrkdwn,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
)
from bot.domain.desk import EscalationView
from bot.domain.escalation import Escalation, Priority, Status, Trigger, slack_date, slack_time
from bot.domain.stretches import Earlier
from bot.domain.text.language_names import language_name as in_english
from bot.domain.text.slack_out import escape

STATE_EMOJI = {Status.QUEUED: "🟡", Status.OPEN: "🟢", Status.RESOLVED: "✅", Status.CLOSED: "⚪"}
_PRIORITY = {Priority.NORMAL: "", Priority.HIGH: "🔺 High priority", Priority.URGENT: "🚨 Urgent"}
_SET = {Priority.NORMAL: "Priority: normal", Priority.HIGH: "Priority: high", Priority.URGENT: "Priority: urgent"}
_ENDED = {Status.RESOLVED: "returned to the bot by", Status.CLOSED: "by"}
_HOUR = timedelta(hours=1)
_TIGHT = 2 * _HOUR + timedelta(minutes=1)
_ROUND = timedelta(seconds=30)
_STORY_ROOMS = ((600, 1_500), (300, 600), (150, 200))  # characters for reason and summary, the fullest first


def card(view: EscalationView, now: datetime) -> Post:
    """The card as it stands at `now`."""
    return first_fitting(_draft(view, now, *rooms) for rooms in _STORY_ROOMS)


def bare(card: Post) -> list[Block]:
    """Nothing but the buttons and the words, for a Slack that refuses the rest of the card."""
    return [section(one_line(card.text, 1_000)), *(each for each in card.blocks if each["type"] == "actions")]


def buttons(view: EscalationView, now: datetime) -> list[Block]:
    """What may be done from here; never more than three."""
    escalation = view.escalation
    ending = [return_button(view), close_button(view)]
    if escalation.status is not Status.OPEN:
        return [take_button(view), *ending]
    return [*ending, template_button(view)] if is_late(view, now) else ending


def take_button(view: EscalationView) -> Block:
    return button(action_ids.TAKE, "Take", view.escalation.id, style="primary")


def held(escalation: Escalation) -> str:
    """What a button carries that takes it from its holder: nobody takes from one what they saw with another."""
    return f"{escalation.id}:{escalation.taken_by or ''}"


def return_button(view: EscalationView) -> Block:
    who = name_of(view.customer, 40)
    ask = confirm("Return to bot?", f"The AI answers {who} from now on.", "Return to bot")
    return button(action_ids.RETURN_TO_BOT, "Return to bot", view.escalation.id, confirm=ask)


def close_button(view: EscalationView) -> Block:
    who = name_of(view.customer, 40)
    ask = confirm(
        "Close?", f"This ends the conversation. If {who} writes again, the AI answers.", "Close", style="danger"
    )
    return button(action_ids.CLOSE, "Close", view.escalation.id, confirm=ask)


def template_button(view: EscalationView) -> Block:
    return button(action_ids.SEND_TEMPLATE, "Send template…", view.escalation.id)


def more(view: EscalationView) -> Block:
    """What is needed less often; an overflow menu would hold only five."""
    escalation, is_open = view.escalation, view.escalation.status is Status.OPEN
    entries = [
        (action_ids.ASSIGN, "Assign…"),
        *([(action_ids.TAKE_OVER, "Take over…"), (action_ids.RELEASE, "Release")] if is_open else []),
        (action_ids.SUGGEST_REPLY, "Suggest reply"),
        (action_ids.SUMMARISE, "Summarise"),
        (action_ids.TRANSLATE, "Two languages…"),
        (action_ids.VIEW_HISTORY, "View history"),
        *([(action_ids.SEND_TEMPLATE, "Send template…")] if is_open else []),
        *((f"{action_ids.SET_PRIORITY}{each}", label) for each, label in _SET.items() if each != escalation.priority),
        (action_ids.SNOOZE, "Snooze reminders…"),
        (action_ids.CUSTOMER, "Customer…"),
    ]
    options: list[Block] = [{"text": plain(label), "value": f"{wanted}:{escalation.id}"} for wanted, label in entries]
    placeholder = plain("More…")
    return {"type": "static_select", "action_id": action_ids.MORE, "placeholder": placeholder, "options": options}


def is_late(view: EscalationView, now: datetime) -> bool:
    """Whether WhatsApp takes only templates by now."""
    return view.window_closes_at is not None and view.window_closes_at <= now


def state_of(escalation: Escalation) -> str:
    """Who has it and since when, or who ended it and how long it took. Mrkdwn."""
    if escalation.status is Status.QUEUED:
        return f"waiting since {slack_time(escalation.queued_at)}"
    if escalation.status is Status.OPEN:
        since = f" since {slack_time(escalation.taken_at)}" if escalation.taken_at else ""
        return f"<@{escalation.taken_by}> has this{since}"
    who = f"<@{escalation.ended_by}>" if escalation.ended_by else "Switchboard"
    did = f"{_ENDED[escalation.status]} {who}"
    if not escalation.ended_at:
        return did
    return f"{did}, {slack_time(escalation.ended_at)}, after {ago(escalation.ended_at - escalation.created_at)}"


def time_of(view: EscalationView) -> str:
    """Where the time went, once it has ended."""
    spent = view.spent
    if spent is None:
        return ""
    if not spent.handled:
        return "never taken"
    return f"waited {ago(spent.waited)}, in hand {ago(spent.handled)}"


def earlier_of(view: EscalationView) -> str:
    """Links to what came of their last conversations with people. Mrkdwn; whoever is named is not called."""
    told = [_earlier(each) for each in view.earlier]
    return f"🔁 Earlier: {' · '.join(told)}" if told else ""


def priority_of(escalation: Escalation) -> str:
    return _PRIORITY[escalation.priority]


def window_of(view: EscalationView, now: datetime) -> str:
    """How long free text may still be sent."""
    return window_at(view.window_closes_at, now)


def window_at(closes: datetime | None, now: datetime) -> str:
    if closes is None:
        return "🔒 Reply window: opens when they write"
    if closes <= now:
        return "🔒 Reply window closed"
    left = closes - now + _ROUND  # a card that is drawn a second after the mark says 30 min, not 29
    # Whole hours until it gets tight: until then the card is redrawn once an hour.
    return f"⏳ Reply window closes in {left // _HOUR} h" if left > _TIGHT else f"⚠️ Reply window closes in {ago(left)}"


def opted_out(view: EscalationView) -> str:
    """Whoever writes to them should know."""
    since = view.customer.opted_out_at
    return f"🚫 Asked not to be written to, {slack_time(since)}" if since else ""


def _earlier(each: Earlier) -> str:
    who = f" by {escaped(one_line(each.ended_by, 40), 100)}" if each.ended_by else ""
    reason = escaped(one_line(each.reason, 40), 100)
    how = "returned to the bot" if each.status is Status.RESOLVED else "closed"
    return f"{slack_date(each.ended_at, each.thread_url)} {how}{who}" + (f" ({reason})" if reason else "")


def blocked(view: EscalationView) -> str:
    since = view.customer.blocked_at
    return f"⛔ Blocked, {slack_time(since)}: what they write opens nothing new" if since else ""


def _warnings(view: EscalationView, now: datetime) -> list[str]:
    """What holds now and may not for long."""
    return [_window_until(view, now), opted_out(view), blocked(view), _snoozed(view.escalation, now)]


def _snoozed(escalation: Escalation, now: datetime) -> str:
    until = escalation.snoozed_until
    return f"💤 No reminders until {slack_time(until)}" if until and until > now else ""


def _window_until(view: EscalationView, now: datetime) -> str:
    closes = view.window_closes_at
    return window_of(view, now) + (f", at {slack_time(closes)}" if closes and closes > now else "")


def _draft(view: EscalationView, now: datetime, reason_room: int, summary_room: int) -> Post:
    escalation = view.escalation
    status = escalation.status
    reason = one_line(escalation.reason, reason_room) or "Not given"
    summary = paragraphs(escalation.summary, summary_room)
    standing = (f"*{status.capitalize()}*", state_of(escalation), time_of(view), priority_of(escalation))
    blocks = [
        header(f"{STATE_EMOJI[status]} {name_of(view.customer, HEADER_LIMIT - 4)}"),
        section(" · ".join(filter(None, standing))),
        _story(reason, summary),
        context(*_facts(view, now)),
    ]
    if earlier := earlier_of(view):
        blocks.append(context(earlier))
    if not status.is_final:
        blocks.append(_controls(view, now))
    return Post(_spoken(view, now, reason, summary), blocks)


def _controls(view: EscalationView, now: datetime) -> Block:
    """Slack's apps keep what somebody chose in a menu, and say nothing when it is chosen again, for as long as its
    block bears the same id: with each drawing it bears another (slackapi/bolt-js#2766).
    """
    block_id = f"card-{view.escalation.id}-{int(now.timestamp() * 1000)}"
    return {**actions(*buttons(view, now), more(view)), "block_id": block_id}


def _story(reason: str, summary: str) -> Block:
    why = line(leaf("Reason  ", bold=True), leaf(reason))
    return rich(why, quote(summary)) if summary else rich(why)


def _facts(view: EscalationView, now: datetime) -> list[Block]:
    contact = one_line(view.customer.contact, 80)
    shown = [plain(contact)] if contact else []
    facts = [_escalated_by(view.escalation), _inbox(view), _language(view.escalation)]
    if not view.escalation.status.is_final:
        facts += _warnings(view, now)
    return shown + [mrkdwn(fact) for fact in facts if fact]


def _escalated_by(escalation: Escalation) -> str:
    if escalation.trigger is Trigger.STAFF:
        return f"Escalated by <@{escalation.started_by}>" if escalation.started_by else "Escalated by staff"
    return {
        Trigger.AI: "Escalated by the AI",
        Trigger.CUSTOMER: "Escalated at the customer's request",
        Trigger.SYSTEM: "Escalated by Switchboard",
    }[escalation.trigger]


def _inbox(view: EscalationView) -> str:
    return f"Inbox: {escaped(one_line(view.inbox_name, 60), 200)}" if view.inbox_name.strip() else ""


def _language(escalation: Escalation) -> str:
    name = language_name(escalation.language)
    return f"Language: {name}" if name else ""


def language_name(language: str) -> str:
    """As mrkdwn: it may be anything that a model called a language."""
    return escape(in_english(one_line(language, 20)))


def _spoken(view: EscalationView, now: datetime, reason: str, summary: str) -> str:
    """The card in words."""
    escalation = view.escalation
    contact = one_line(view.customer.contact, 80)
    name = name_of(view.customer)
    who = escape(f"{name} ({contact})" if contact and contact != name else name)
    facts = [
        f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()}: {who}, {state_of(escalation)}",
        time_of(view).capitalize(),
        priority_of(escalation),
        f"Reason: {escape(reason)}",
        f"Summary: {escape(summary)}" if summary else "",
        *(_escalated_by(escalation), _inbox(view), _language(escalation), earlier_of(view)),
        *(() if escalation.status.is_final else _warnings(view, now)),
    ]
    return "\n".join(fact for fact in facts if fact)
