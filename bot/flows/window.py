"""The reply window nears its end: the card counts down, and people are warned while they can still answer freely."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Conversation
from bot.domain.escalation import Escalation, Status
from bot.domain.rules import InboxRules
from bot.domain.thread_work import WarnOfWindow
from bot.domain.window import is_worth_warning, mark, next_mark, window_closes_at
from bot.flows.notices import tell_of_window
from bot.flows.redraw import redraw
from storage import conversations, escalations
from storage.tasks import Unit


async def watch_window(escalation_id: int, conversation_id: int, now: datetime) -> None:
    """From now on, or anew because the customer has written: the clock looks again when the next mark comes."""
    conversation = await conversations.load(conversation_id)  # as the customer's word of this moment has left it
    await escalations.set_window_due(escalation_id, next_mark(window_closes_at(conversation), now))


async def window_falls_due(turn: Unit, escalation_id: int, rules: InboxRules) -> None:
    seen = await escalations.load(escalation_id)
    if seen is None:
        return
    conversation = await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(escalation_id)
    if escalation is None or escalation.status.is_final:
        return
    due = mark(window_closes_at(conversation), turn.now)
    await escalations.set_window_due(escalation.id, due.next_at)
    if due.warns and is_worth_warning(conversation, is_held=escalation.status is Status.OPEN):
        warning = _warning(escalation, conversation, int(due.warns.total_seconds()) // 60)
        turn.cause(warning)
        await tell_of_window(turn, escalation, f"{warning.wrote}:{warning.minutes}")
    await redraw(turn, escalation, rules)


def _warning(escalation: Escalation, conversation: Conversation, minutes: int) -> WarnOfWindow:
    assert conversation.last_customer_at is not None
    return WarnOfWindow(
        inbox_id=escalation.inbox_id,
        escalation_id=escalation.id,
        conversation_id=conversation.id,
        wrote=int(conversation.last_customer_at.timestamp()),
        minutes=minutes,
    )
