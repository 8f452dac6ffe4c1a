"""A customer waits for the one who has their conversation: chase that person, and at last let others have it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Conversation
from bot.domain.escalation import Actor, Escalation, GiveBack, Status
from bot.domain.notice_work import NotifyOfReminder
from bot.domain.reminders import Due, Tell, put_off, waits_since
from bot.domain.rules import InboxRules
from bot.domain.thread_work import RemindHolder
from bot.flows.answers_owed import next_look, silent_since
from bot.flows.staff_presses import staff_presses
from storage import conversations, escalations, messages, waits
from storage.tasks import Unit


async def customer_waits(turn: Unit, escalation_id: int, rules: InboxRules) -> None:
    """The clock looks whether anybody still waits, and what is due if so."""
    seen = await escalations.load(escalation_id)
    if seen is None:
        return None
    conversation = await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(escalation_id)
    if escalation is None or escalation.status is not Status.OPEN:
        return None
    since = await _owed_since(conversation, escalation)
    if since is None:
        return await waits.look_for_answer(escalation.id, None)
    if later := put_off(escalation.snoozed_until, rules.hours, turn.now):
        return await waits.look_for_answer(escalation.id, later)
    ends = rules.released_at(silent_since(escalation, since))
    if ends and ends <= turn.now:
        await staff_presses(turn, escalation.id, GiveBack(), Actor(None), rules)
        return None
    await waits.look_for_answer(escalation.id, next_look(escalation, since, rules, turn.now))
    if due := rules.answer_ladder.due(since, turn.now, await waits.told_of(escalation.id, since)):
        await waits.tell_of(escalation.id, since, due.step)
        _chase(turn, escalation, since, due, rules)
    return None


async def _owed_since(conversation: Conversation, escalation: Escalation) -> datetime | None:
    """Nobody owes more than a reply that waits for the customer to write."""
    since = waits_since(conversation, escalation.taken_at)
    return None if since is None or await messages.parked(conversation.id) else since


def _chase(turn: Unit, escalation: Escalation, since: datetime, due: Due, rules: InboxRules) -> None:
    assert escalation.taken_by is not None
    reminder = RemindHolder(
        inbox_id=escalation.inbox_id,
        escalation_id=escalation.id,
        step=due.step,
        again=int(escalation.snoozed_until.timestamp()) if escalation.snoozed_until else 0,
        calls=rules.on_call_group if Tell.ON_CALL in due.tell else None,
        to_all=Tell.CHANNEL in due.tell,
        holder=escalation.taken_by,
        since=int(since.timestamp()),
    )
    turn.cause(
        reminder,
        NotifyOfReminder(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            about=str(reminder.key),
            holder=reminder.holder,
            leads=rules.lead_group if Tell.LEADS in due.tell else None,
            calls=reminder.calls,
            called=rules.on_call_group if Tell.ON_CALL in due.pinged else None,
            pinged=[reminder.holder],
        ),
    )
