"""Carries stored messages to WhatsApp, one at a time per conversation, and never says for the bot what it may not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot import metrics
from bot.delivery.pacing import Pace
from bot.delivery.pausing import Pausing
from bot.delivery.sendable_file import brought_again_if_lost, sendable_file
from bot.domain.conversation import Author, Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.files import VOICE_NOTE
from bot.domain.inboxes import Inboxes
from bot.domain.pace import Budget
from bot.domain.whatsapp_work import SendAfter, SendToCustomer
from bot.domain.window import is_closed
from bot.flows.delivery_reported import (
    Refused,
    answer_dropped,
    message_accepted,
    message_failed,
    message_unconfirmed,
)
from bot.flows.templates import template_refused
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp.client import WhatsApp
from integrations.whatsapp.errors import PAIR_RATE, SHELVED, WINDOW_CLOSED
from integrations.whatsapp.media import FileToSend, file_message
from integrations.whatsapp.payloads import Json, reaction_message, text_message
from integrations.whatsapp.templates import template_message
from storage import conversations, corrections, messages, staff_reactions, tasks, tasks_joining
from storage.database import PASSING_TROUBLE
from storage.media import Attachment
from storage.tasks import Claim, NotYetError, Unit, unit

log = structlog.get_logger("switchboard.delivery")

_MOVED_ON = "their number belongs to somebody else now, and no other way to reach them is known"
_WINDOW_CLOSED = "the 24 hours after the customer's last message are over; they must write first"
_NO_TRACE = "WhatsApp did not confirm it, and no sign of it has come since."
_OVERTAKEN = "WhatsApp did not confirm it, and a person took over before it could be sent again."
_READ_WITHIN = timedelta(milliseconds=300)  # of reports that came; after a crash they may lie here in heaps
_LANE_EMPTIES = timedelta(milliseconds=500)
_RESENDS = 1  # of a send whose outcome nobody knows: once more may double it, more often surely would
_ATTEMPTS = 8  # with the worker's pauses about two minutes; then staff are told and decide


LEAVES_WITHIN_SECONDS = 2.0  # staff who press Take wait for this; Slack shows them an error after 3

T = TypeVar("T")
Outcome = Callable[[Unit], Awaitable[None]]


class WithdrawnError(Exception):
    """Its author has taken it back, or done something else with it, just before it left."""


class PersonCameFirstError(Exception):
    """A person has the conversation: the AI's words stay here."""


@dataclass(frozen=True, slots=True)
class WhatsAppDelivery:
    whatsapp: WhatsApp
    inboxes: Inboxes
    clock: Callable[[], datetime]
    pace: Pace
    pausing: Pausing

    async def send(self, work: SendToCustomer, claimed: Claim) -> None:
        # Before the message is looked at: what is read between the two looks has changed its status.
        unread = claimed.doubts and await messages.has_unread_report(work.inbox_id, _tokens_of(work.message_id))
        message = await messages.load(work.message_id)
        left = asyncio.Event()
        if message.status is not Delivery.QUEUED:  # a status webhook told that an earlier run did arrive
            outcome = _nothing_to_do
        elif claimed.was_interrupted:  # it may have left: look for a status with our token before sending it again
            raise NotYetError(self.clock() + self.inboxes[work.inbox_id].rules.send_grace, "in_doubt", has_begun=True)
        elif unread:
            raise NotYetError(self.clock() + _READ_WITHIN, "report_unread")
        elif claimed.doubts > _RESENDS:
            outcome = self._unconfirmed(message, work, _NO_TRACE)
        else:
            outcome = await self._doubting(work.inbox_id, left, self._try(message, work, claimed, left))
        await self._doubting(work.inbox_id, left, self._record(outcome, claimed))

    async def wait_for_other(self, work: SendAfter, claimed: Claim) -> None:
        """Two conversations have become one: the other's lane, where nothing new comes, must be empty first."""
        other = SendAfter(inbox_id=work.inbox_id, conversation_id=work.other_id, other_id=work.conversation_id)
        if await tasks_joining.is_busy(other.lane):
            raise NotYetError(self.clock() + _LANE_EMPTIES, "after_other")
        await tasks.finish(claimed, self.clock())

    async def _record(self, outcome: Outcome, claimed: Claim) -> None:
        async with unit(self.clock(), claimed) as turn:
            await outcome(turn)

    async def _doubting(self, inbox_id: int, left: asyncio.Event, step: Awaitable[T]) -> T:
        """A database that goes away once the message has left makes us forget what became of it."""
        try:
            return await step
        except PASSING_TROUBLE as error:
            if left.is_set():
                raise self._in_doubt(inbox_id) from error
            raise

    async def _try(self, message: Message, work: SendToCustomer, claimed: Claim, left: asyncio.Event) -> Outcome:
        """Carry it, and say what that means for the message; raises what is worth another run."""
        try:
            wamid = await self._carry(message, work, claimed, left)
        except WithdrawnError:
            return _nothing_to_do
        except PersonCameFirstError:
            if (await messages.load(message.id)).epoch != message.epoch:  # it has moved to another conversation
                raise NotYetError(self.clock(), "moved") from None
            log.info("answer.dropped", conversation=work.conversation_id, message=message.id)
            if claimed.doubts:
                return self._unconfirmed(message, work, _OVERTAKEN)
            return lambda _turn: answer_dropped(message.id)
        except ServiceError as error:
            if error.error_class is ErrorClass.THROTTLED:
                customer, number = self._budgets(work)
                await self.pace.hold_off(error, work.inbox_id, customer if error.code == str(PAIR_RATE) else number)
            if self._may_still_work(error, claimed):
                raise
            metrics.count_failure(error)
            if claimed.doubts:
                return self._unconfirmed(message, work, f"{_NO_TRACE} The second try was refused: {error.reason}.")
            return self._refused(message, work, error)
        metrics.relayed(f"{message.author}_to_whatsapp", claimed.created_at, self.clock())
        return lambda turn: message_accepted(turn, message, wamid, self.inboxes[work.inbox_id].rules)

    async def _carry(self, message: Message, work: SendToCustomer, claimed: Claim, left: asyncio.Event) -> str:
        conversation = await conversations.load(work.conversation_id)
        if not conversation.reply_to.value:
            raise ServiceError(ErrorClass.RECIPIENT, "moved_on", _MOVED_ON, service="whatsapp")
        if message.kind != "template" and is_closed(conversation, self.clock()):
            raise ServiceError(ErrorClass.WINDOW_CLOSED, "window", _WINDOW_CLOSED, service="whatsapp")
        file = await sendable_file(message, work.attempt, self.clock())
        await self.pace.turn(claimed, *self._budgets(work))
        if message.author is Author.STAFF:
            async with self.pausing.heeding_whatsapp(work.inbox_id), brought_again_if_lost(message, file, self.clock()):
                return await self._speak_for_staff(message, file, conversation, work, claimed, left)
        body = text_message(conversation.reply_to, message.text, token(message.id, work.attempt))
        async with self.pausing.heeding_whatsapp(work.inbox_id):
            if message.author is Author.BOT:
                return await self._speak_for_bot(message, body, left)
            return await self._post(message.inbox_id, body, left)

    def _refused(self, message: Message, work: SendToCustomer, error: ServiceError) -> Outcome:
        refusal = Refused(error.reason, work.attempt, closes_window=error.code == str(WINDOW_CLOSED))

        async def outcome(turn: Unit) -> None:
            await message_failed(turn, message, refusal, self.inboxes[work.inbox_id].rules)
            if status := SHELVED.get(error.code):
                await template_refused(message, status)

        return outcome

    async def _speak_for_staff(
        self,
        message: Message,
        file: Attachment | None,
        conversation: Conversation,
        work: SendToCustomer,
        claimed: Claim,
        left: asyncio.Event,
    ) -> str:
        """As its author would have it at the last moment; a try that certainly came to nothing ends that moment."""
        leaving = await corrections.leaves(message.id, self.clock())
        if leaving is None:
            raise WithdrawnError
        body = _staff_body(leaving, file, conversation, token(leaving.id, work.attempt))
        try:
            return await self._post(message.inbox_id, body, left)
        except ServiceError as error:
            if error.error_class is not ErrorClass.UNKNOWN and not claimed.doubts:
                await corrections.stays(leaving.id)
            raise

    async def _speak_for_bot(self, message: Message, body: Json, left: asyncio.Event) -> str:
        """Hold off any change of hands until the words have left; waiting for WhatsApp's answer holds nobody up."""
        async with conversations.bot_speaks(message.conversation_id, message.epoch) as may_speak:
            if not may_speak:
                raise PersonCameFirstError
            sending, leaving = (
                asyncio.create_task(self._post(message.inbox_id, body, left)),
                asyncio.create_task(left.wait()),
            )
            has_left = False
            try:
                done, _ = await asyncio.wait(
                    {sending, leaving}, timeout=LEAVES_WITHIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                has_left = bool(done)
            finally:
                leaving.cancel()
                if not has_left:  # not a whole request: WhatsApp can have done nothing with it
                    sending.cancel()
            if not has_left:
                raise ServiceError(ErrorClass.TRANSIENT, "stuck", "WhatsApp cannot be reached", service="whatsapp")
        return await sending

    async def _post(self, inbox_id: int, body: Json, left: asyncio.Event) -> str:
        try:
            return await self.whatsapp.send(self.inboxes[inbox_id].number, body, left)
        except ServiceError as error:
            if error.error_class is ErrorClass.UNKNOWN:
                raise self._in_doubt(inbox_id) from error
            raise

    def _budgets(self, work: SendToCustomer) -> tuple[Budget, Budget]:
        """WhatsApp counts what one customer gets, and what the number sends."""
        return self.pace.customer(work, work.conversation_id), self.pace.number(
            work, self.inboxes[work.inbox_id].number
        )

    def _unconfirmed(self, message: Message, work: SendToCustomer, reason: str) -> Outcome:
        rules = self.inboxes[work.inbox_id].rules
        log.warning("send.unconfirmed", conversation=work.conversation_id, message=message.id)
        return lambda turn: message_unconfirmed(turn, message.id, reason, work.attempt, rules)

    def _in_doubt(self, inbox_id: int) -> ServiceError:
        """It may have arrived: wait for a status with our token before sending it again."""
        return ServiceError(
            ErrorClass.UNKNOWN,
            "unconfirmed",
            "WhatsApp did not confirm that it took the message",
            service="whatsapp",
            retry_after=self.inboxes[inbox_id].rules.send_grace.total_seconds(),
        )

    @staticmethod
    def _may_still_work(error: ServiceError, claimed: Claim) -> bool:
        if error.error_class in (ErrorClass.AUTH, ErrorClass.THROTTLED):
            return True
        return error.is_retryable and claimed.started < _ATTEMPTS


def _staff_body(message: Message, file: Attachment | None, conversation: Conversation, name: str) -> Json:
    if file and file.whatsapp_id:
        what = FileToSend(
            message.kind, file.whatsapp_id, message.text, file.name, is_voice=file.mime_type == VOICE_NOTE
        )
        return file_message(conversation.reply_to, what, name)
    if message.kind == staff_reactions.KIND and message.quoted_wamid:
        return reaction_message(conversation.reply_to, message.quoted_wamid, message.text, name)
    if message.details.template:
        return template_message(conversation.reply_to, message.details.template, name)
    return text_message(conversation.reply_to, message.text, name, message.quoted_wamid)


async def _nothing_to_do(_turn: Unit) -> None:
    return


def token(message_id: int, attempt: int) -> str:
    """What we put in `biz_opaque_callback_data`: our name for a try, nothing about a person."""
    return f"{_tokens_of(message_id)}{attempt}"


def _tokens_of(message_id: int) -> str:
    """How the tokens of all tries of a message begin."""
    return f"m:{message_id}:"


def message_of(echoed: str) -> int | None:
    """The message that an echoed token names."""
    parts = echoed.split(":")
    return int(parts[1]) if len(parts) == 3 and parts[0] == "m" and parts[1].isdigit() else None
