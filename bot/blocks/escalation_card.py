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
    header,
    leaf,
    line,
    mrkdwn,
    name_of,
    one_line,
    plain,
    quote,
    rich,
    section,
)
from bot.domain.desk import EscalationView
from bot.domain.escalation import Escalation, Priority, Status, Trigger, slack_time

STATE_EMOJI = {Status.QUEUED: "🟡", Status.OPEN: "🟢", Status.RESOLVED: "✅", Status.CLOSED: "⚪"}
_PRIORITY = {Priority.NORMAL: "", Priority.HIGH: "🔺 High priority", Priority.URGENT: "🚨 Urgent"}
_WINDOW_SHORT = timedelta(hours=2)
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


def card(view: EscalationView, now: datetime) -> Post:
    """The card as it stands at `now`."""
    escalation = view.escalation
    status = escalation.status
    blocks = [
        header(f"{STATE_EMOJI[status]} {name_of(view.customer, HEADER_LIMIT - 4)}"),
        section(" · ".join(filter(None, (f"*{status.capitalize()}*", state_of(escalation), priority_of(escalation))))),
        _story(escalation),
        context(*_facts(view, now)),
    ]
    if not status.is_final:
        blocks.append(actions(*buttons(view)))
    return Post(_spoken(view, now), blocks)


def buttons(view: EscalationView) -> list[Block]:
    """What may be done from here; never more than three."""
    escalation = view.escalation
    ending = [return_button(view), close_button(view)]
    if escalation.status is Status.OPEN:
        return ending
    return [take_button(view), *ending]


def take_button(view: EscalationView) -> Block:
    return button(action_ids.TAKE, "Take", view.escalation.id, style="primary")


def return_button(view: EscalationView) -> Block:
    who = name_of(view.customer)
    ask = confirm("Return to bot?", f"The AI answers {who} from now on.", "Return to bot")
    return button(action_ids.RETURN_TO_BOT, "Return to bot", view.escalation.id, confirm=ask)


def close_button(view: EscalationView) -> Block:
    who = name_of(view.customer)
    ask = confirm(
        "Close?", f"This ends the conversation. If {who} writes again, the AI answers.", "Close", style="danger"
    )
    return button(action_ids.CLOSE, "Close", view.escalation.id, confirm=ask)


def state_of(escalation: Escalation) -> str:
    """Who has it and since when, or who ended it and how long it took. Mrkdwn."""
    if escalation.status is Status.QUEUED:
        return f"waiting since {slack_time(escalation.queued_at)}"
    if escalation.status is Status.OPEN:
        since = f" since {slack_time(escalation.taken_at)}" if escalation.taken_at else ""
        return f"<@{escalation.taken_by}> has this{since}"
    did = "returned to the bot" if escalation.status is Status.RESOLVED else "closed"
    who = f"<@{escalation.ended_by}>" if escalation.ended_by else "Switchboard"
    if not escalation.ended_at:
        return f"{did} by {who}"
    return f"{did} by {who} {slack_time(escalation.ended_at)}, after {ago(escalation.ended_at - escalation.created_at)}"


def priority_of(escalation: Escalation) -> str:
    return _PRIORITY[escalation.priority]


def window_of(view: EscalationView, now: datetime) -> str:
    """How long free text may still be sent. Mrkdwn."""
    closes = view.window_closes_at
    if closes is None:
        return "🔒 No reply window: they have not written yet"
    if closes <= now:
        return f"🔒 Reply window closed {slack_time(closes)}"
    sign = "⚠️" if closes - now <= _WINDOW_SHORT else "⏳"
    return f"{sign} {ago(closes - now)} left to reply (until {slack_time(closes)})"


def _story(escalation: Escalation) -> Block:
    reason = line(leaf("Reason  ", bold=True), leaf(one_line(escalation.reason, 500) or "Not given"))
    summary = escalation.summary.strip()
    return rich(reason, quote(one_line(summary, 1_200))) if one_line(summary, 1_200) else rich(reason)


def _facts(view: EscalationView, now: datetime) -> list[Block]:
    contact = one_line(view.customer.contact, 80)
    shown = [plain(contact)] if contact else []
    facts = [_asked_by(view.escalation), _inbox(view), _language(view.escalation)]
    if not view.escalation.status.is_final:
        facts.append(window_of(view, now))
    return shown + [mrkdwn(fact) for fact in facts if fact]


def _asked_by(escalation: Escalation) -> str:
    if escalation.trigger is Trigger.STAFF:
        return f"Escalated by <@{escalation.started_by}>" if escalation.started_by else "Escalated by staff"
    return {
        Trigger.AI: "Asked for by the AI",
        Trigger.CUSTOMER: "Asked for by the customer",
        Trigger.SYSTEM: "Raised by Switchboard",
    }[escalation.trigger]


def _inbox(view: EscalationView) -> str:
    return f"Inbox: {escaped(one_line(view.inbox_name, 60), 200)}" if view.inbox_name.strip() else ""


def _language(escalation: Escalation) -> str:
    code = one_line(escalation.language, 20)
    return _LANGUAGES.get(code.lower().replace("_", "-").split("-")[0], escaped(code.upper(), 60))


def _spoken(view: EscalationView, now: datetime) -> str:
    """The card in words."""
    escalation = view.escalation
    contact = one_line(view.customer.contact, 80)
    name = escaped(name_of(view.customer), 200)
    who = f"{name} ({escaped(contact, 150)})" if contact and contact != name_of(view.customer) else name
    facts = [
        f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()}: {who}, {state_of(escalation)}",
        priority_of(escalation),
        f"Reason: {escaped(one_line(escalation.reason, 500), 800) or 'not given'}",
        f"Summary: {escaped(one_line(escalation.summary, 1_200), 1_500)}" if escalation.summary.strip() else "",
        *(_asked_by(escalation), _inbox(view), _language(escalation)),
        "" if escalation.status.is_final else window_of(view, now),
    ]
    return "\n".join(fact for fact in facts if fact)
