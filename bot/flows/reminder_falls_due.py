"""Nobody has taken an escalation: chase it, each step of the ladder once."""

from __future__ import annotations

from bot.domain.escalation import Escalation, Status
from bot.domain.notice_work import NotifyOfReminder
from bot.domain.reminders import Due, Tell, put_off
from bot.domain.rules import InboxRules
from bot.domain.thread_work import RemindThread
from storage import conversations, escalations, waits
from storage.tasks import Unit


async def reminder_falls_due(turn: Unit, escalation_id: int, rules: InboxRules) -> None:
    seen = await escalations.load(escalation_id)
    if seen is None:
        return None
    await conversations.lock(seen.conversation_id)  # whoever acts at this moment comes before or after, not during
    escalation = await escalations.load(escalation_id)
    if escalation is None or escalation.status is not Status.QUEUED:
        return None
    if later := put_off(escalation.snoozed_until, rules.hours, turn.now):
        return await escalations.set_reminder(escalation.id, later)
    ladder = rules.queue_ladder
    await escalations.set_reminder(escalation.id, ladder.next_due(escalation.queued_at, turn.now))
    if due := ladder.due(escalation.queued_at, turn.now, await waits.told_of(escalation.id, escalation.queued_at)):
        await waits.tell_of(escalation.id, escalation.queued_at, due.step)
        _chase(turn, escalation, due, rules)
    return None


def _chase(turn: Unit, escalation: Escalation, due: Due, rules: InboxRules) -> None:
    reminder = RemindThread(
        inbox_id=escalation.inbox_id,
        escalation_id=escalation.id,
        step=due.step,
        again=int(escalation.snoozed_until.timestamp()) if escalation.snoozed_until else 0,
        calls=rules.on_call_group if Tell.ON_CALL in due.tell else None,
        to_all=Tell.CHANNEL in due.tell,
        waited_seconds=int(due.waited.total_seconds()),
        queued_at=int(escalation.queued_at.timestamp()),
    )
    turn.cause(
        reminder,
        NotifyOfReminder(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            about=str(reminder.key),
            leads=rules.lead_group if Tell.LEADS in due.tell else None,
            calls=reminder.calls,
            called=rules.on_call_group if Tell.ON_CALL in due.pinged else None,
        ),
    )
