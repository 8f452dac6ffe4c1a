"""Whoever runs Switchboard tries a task again or drops it; staff are told just as if it had happened by itself."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.escalation import Refusal
from bot.domain.rules import InboxRules
from bot.domain.whatsapp_work import SendToCustomer
from bot.flows.staff_replies import staff_retries
from bot.flows.task_given_up import task_given_up
from storage import tasks_admin
from storage.tasks import Unit
from storage.tasks_admin import Entry


class Outcome(StrEnum):
    AGAIN = "will run again"
    OVERTAKEN = "nothing left to do"
    DROPPED = "dropped"


class StillRunningError(Exception):
    """It is running just now, or has just been done; whatever this transaction did is undone."""


async def retry(turn: Unit, entry: Entry) -> Outcome:
    """A message that was given up stands as failed in its thread: trying again is what *Retry* there does."""
    if entry.is_dead and isinstance(entry.work, SendToCustomer):
        retried = await staff_retries(turn, entry.work.message_id, entry.work.attempt + 1)
        await turn.flush()
        await tasks_admin.set_aside(entry, turn.now)
        return Outcome.OVERTAKEN if isinstance(retried, Refusal) else Outcome.AGAIN
    if await tasks_admin.run_again(entry, turn.now):
        return Outcome.AGAIN
    await tasks_admin.set_aside(entry, turn.now)
    return Outcome.OVERTAKEN


async def drop(turn: Unit, entry: Entry, rules: InboxRules) -> Outcome:
    """What was still to be done is given up aloud; what is dead has been already."""
    if not entry.is_dead:
        await task_given_up(turn, entry, "it was dropped by whoever looks after Switchboard", rules)
    await turn.flush()  # everybody locks the lanes of what they cause before the one they end
    if not await tasks_admin.set_aside(entry, turn.now):
        raise StillRunningError
    return Outcome.DROPPED
