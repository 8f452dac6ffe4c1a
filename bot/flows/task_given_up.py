"""A task is dead: it never dies in silence."""

from __future__ import annotations

from typing import Protocol

from bot.domain.arrivals import ReadBack
from bot.domain.copilot import PrepareDraft, Written
from bot.domain.effects import Think
from bot.domain.escalation import Actor, Escalate, Trigger
from bot.domain.file_work import FetchMedia, PrepareFile
from bot.domain.rules import InboxRules
from bot.domain.thread_work import InThread, NoteInThread
from bot.domain.translation import TranslateMessage, TranslateReply
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.work import Work
from bot.flows.copilot import draft_is_written
from bot.flows.delivery_reported import Refused, message_failed, message_unconfirmed
from bot.flows.files import file_failed
from bot.flows.hand_over import hand_over
from bot.flows.staff_files import file_unprepared
from bot.flows.translation import message_is_translated, reply_is_translated
from storage import conversations, messages
from storage.tasks import Claim, Unit


class GivenUp(Protocol):
    """A task that a worker claimed in vain, or that somebody dropped by hand."""

    @property
    def id(self) -> int: ...

    @property
    def work(self) -> Work: ...


async def task_given_up(turn: Unit, task: GivenUp, reason: str, rules: InboxRules) -> None:
    """What could not be done is said where it matters; its row stays, dead, for whoever looks after Switchboard."""
    work = task.work
    if isinstance(work, SendToCustomer):
        await _not_sent(turn, task, work, reason, rules)
    elif isinstance(work, Think):
        conversation = await conversations.lock(work.conversation_id)
        event = Escalate(
            Trigger.SYSTEM, "AI unavailable", summary=reason, language=conversation.language or rules.language
        )
        await hand_over(turn, conversation, event, Actor(None), rules)
    elif isinstance(work, PrepareDraft):
        await draft_is_written(turn, work, Written("", failure=reason))
    elif isinstance(work, TranslateMessage):
        await message_is_translated(turn, work, None)
    elif isinstance(work, TranslateReply):
        original = (await messages.load(work.message_id)).text
        await reply_is_translated(turn, work, original, None, reason)
    elif isinstance(work, FetchMedia):
        await file_failed(turn, work.media_id, reason)
    elif isinstance(work, PrepareFile):
        await file_unprepared(turn, work.media_id, reason, rules)
    elif isinstance(work, ReadBack):
        turn.cause(
            NoteInThread(
                inbox_id=work.inbox_id,
                escalation_id=work.escalation_id,
                text="⚠️ Slack was out of reach for a while, and this thread could not be looked through afterwards: "
                f"{reason}. A reply without a reaction of mine has not reached the customer; please write it again.",
                about=f"dead:{task.id}",
            )
        )
    elif isinstance(work, InThread) and not isinstance(work, NoteInThread):
        turn.cause(
            NoteInThread(
                inbox_id=work.inbox_id,
                escalation_id=work.escalation_id,
                text=f"⚠️ Something could not be shown here ({work.kind}): {reason}. "
                f"Nothing is lost; it is kept as task {task.id}.",
                about=f"dead:{task.id}",
            )
        )


async def _not_sent(turn: Unit, task: GivenUp, work: SendToCustomer, reason: str, rules: InboxRules) -> None:
    """Unless an earlier run may have sent it: then nobody can say that it failed."""
    if isinstance(task, Claim) and task.doubts:
        await message_unconfirmed(turn, work.message_id, reason, work.attempt, rules)
    else:
        await message_failed(turn, await messages.load(work.message_id), Refused(reason, work.attempt), rules)
