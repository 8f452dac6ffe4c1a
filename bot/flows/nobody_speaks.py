"""Nobody says anything any more: staff are warned, then it is closed, unless somebody is still waited for."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.conversation import Conversation
from bot.domain.escalation import Actor, Close, Escalation, Status
from bot.domain.reminders import Patience, Quiet
from bot.domain.rules import InboxRules
from bot.domain.thread_work import WarnOfClosing
from bot.flows.staff_presses import staff_presses
from storage import conversations, escalations, waits
from storage.tasks import Unit

_LATER = timedelta(hours=1)


async def nobody_speaks(turn: Unit, escalation_id: int, rules: InboxRules) -> None:
    """The clock looks how long it has been silent."""
    seen, patience = await escalations.load(escalation_id), rules.patience
    if seen is None or patience is None:
        return
    conversation = await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(escalation_id)
    if escalation is None or escalation.status is not Status.OPEN:
        return
    silence = await waits.silence(escalation.id)
    if silence.is_unfinished or _waits(conversation):
        await waits.look_for_silence(escalation.id, turn.now + _LATER)
    elif silence.quiet.is_warned:
        await _close(turn, escalation, patience, silence.quiet, rules)
    else:
        await _warn(turn, escalation, patience, silence.quiet)


def _waits(conversation: Conversation) -> bool:
    return conversation.last_customer_message > conversation.answered_through


async def _warn(turn: Unit, escalation: Escalation, patience: Patience, quiet: Quiet) -> None:
    due = patience.warns_at(quiet)
    if due > turn.now:
        return await waits.look_for_silence(escalation.id, due)
    closes_at = patience.closes_at(turn.now)
    await waits.warned_of_closing(escalation, turn.now)
    await waits.look_for_silence(escalation.id, closes_at)
    turn.cause(
        WarnOfClosing(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            silent_since=int(quiet.since.timestamp()),
            closes_at=int(closes_at.timestamp()),
        )
    )
    return None


async def _close(turn: Unit, escalation: Escalation, patience: Patience, quiet: Quiet, rules: InboxRules) -> None:
    assert quiet.warned_at is not None
    due = patience.closes_at(quiet.warned_at)
    if due > turn.now:
        await waits.look_for_silence(escalation.id, due)
    else:
        await staff_presses(turn, escalation.id, Close(confirmed=True), Actor(None), rules)
