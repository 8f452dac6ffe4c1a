"""Nobody has taken an escalation: chase it, each step of the ladder once."""

from __future__ import annotations

from bot.domain.escalation import Status
from bot.domain.rules import InboxRules
from bot.domain.thread_work import RemindThread
from storage import conversations, escalations
from storage.tasks import Unit


async def reminder_falls_due(turn: Unit, escalation_id: int, rules: InboxRules) -> None:
    seen = await escalations.load(escalation_id)
    if seen is None:
        return
    await conversations.lock(seen.conversation_id)  # whoever acts at this moment comes before or after, not during
    escalation = await escalations.load(escalation_id)
    if escalation is None or escalation.status is not Status.QUEUED:
        return
    ladder = rules.queue_ladder
    await escalations.set_reminder(escalation.id, ladder.next_due(escalation.queued_at, turn.now))
    step = ladder.due(escalation.queued_at, turn.now)
    if step is None:
        return
    turn.cause(
        RemindThread(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            step=step.step,
            waited_seconds=int(step.waited.total_seconds()),
            queued_at=int(escalation.queued_at.timestamp()),
        )
    )
