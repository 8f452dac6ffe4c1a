"""What became of a message that left: staff see it on their own words, failures aloud and with a way to retry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Author, Message
from bot.domain.delivery import ARRIVED, LEFT, REPORTED, Delivery, climb
from bot.domain.escalation import Actor, Escalate, Trigger
from bot.domain.rules import InboxRules
from bot.domain.staff_work import MarkReply
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread, ReportFailure
from bot.domain.whatsapp_work import SendToCustomer
from bot.flows.hand_over import hand_over
from bot.flows.redraw import redraw
from bot.flows.templates import template_refused
from storage import conversations, escalations, messages, tasks_hastening
from storage.tasks import Unit

_EXCERPT = 80
_UNHEARD = {
    Delivery.FAILED: "The AI's answer did not reach the customer",
    Delivery.UNCONFIRMED: "The AI's answer may not have reached the customer",
}
_TOLD = (Delivery.FAILED, Delivery.UNCONFIRMED)  # said in the thread at once, with a way to send it again


@dataclass(frozen=True, slots=True)
class Report:
    """A status as WhatsApp reports it. `message_id` comes from our own token, when it was echoed."""

    wamid: str
    status: str
    failure: str = ""
    message_id: int | None = None
    window_refused_at: datetime | None = None
    shelves: str | None = None  # what has become of the template it was sent as


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a send came to nothing, and which attempt it was."""

    reason: str
    attempt: int
    closes_window: bool = False


async def delivery_reported(turn: Unit, inbox_id: int, report: Report, rules: InboxRules) -> Message | None:
    """Let the message climb; a report about a message we do not know yet waits for it.

    Returns the message if this is the first trace of it: whoever waits for one need wait no longer.
    """
    if report.status not in REPORTED:
        return None
    reported = Delivery(report.status)
    seen = await _seen(inbox_id, report)
    if seen is None or seen.author is Author.CUSTOMER:
        await messages.park(inbox_id, report.wamid, reported, report.failure)
        return None
    if report.window_refused_at:
        await _close_window(turn, seen.conversation_id, report.window_refused_at, rules)
    if report.shelves:
        await template_refused(seen, report.shelves)
    message = await _lock(seen)
    if message.wamid is None:
        await _trace_found(turn, message, report, reported, rules)
        return message
    if message.status is Delivery.QUEUED and reported not in ARRIVED:  # somebody has pressed Retry
        if message.wamid == report.wamid:
            return None  # late news of the try before; of the new one nothing is known yet
        await _trace_found(turn, message, report, reported, rules)
        return message
    if message.wamid == report.wamid:
        await _climb(turn, message, report, reported, rules)
    else:
        await _other_send(turn, message, report, reported, rules)
    return None


async def trace_ends_the_wait(message: Message, now: datetime) -> None:
    """The send that waits for this trace looks again now, and what waits behind it goes on."""
    send = SendToCustomer.of(message)
    await tasks_hastening.hasten_first(send.lane, f"send:{message.id}:", now)


async def message_accepted(turn: Unit, sent: Message, wamid: str, rules: InboxRules) -> None:
    """WhatsApp took it and named it."""
    before = await _lock(sent)
    message = await messages.accepted(before, wamid)
    if before.wamid not in (None, wamid) and before.status in LEFT:
        _went_out_twice(turn, message)
    _show(turn, message, message.status, rules, attempt=wamid)
    await _let_people_answer(turn, message, message.status, message.failure, rules)


async def message_failed(turn: Unit, message: Message, refused: Refused, rules: InboxRules) -> None:
    """WhatsApp refused it, or we gave up."""
    if refused.closes_window:
        await _close_window(turn, message.conversation_id, turn.now, rules)
    await _end(turn, message.id, Delivery.FAILED, refused.reason, refused.attempt, rules)


async def message_unconfirmed(turn: Unit, message_id: int, reason: str, attempt: int, rules: InboxRules) -> None:
    """It may have reached the customer, and no trace tells: from here on people decide."""
    await _end(turn, message_id, Delivery.UNCONFIRMED, reason, attempt, rules)


async def answer_dropped(message_id: int) -> None:
    """A person came before the AI's words had left: they never will."""
    await messages.set_status(message_id, Delivery.DROPPED)


async def _seen(inbox_id: int, report: Report) -> Message | None:
    if known := await messages.by_wamid(inbox_id, report.wamid):
        return known
    return await messages.find(inbox_id, report.message_id) if report.message_id is not None else None


async def _end(turn: Unit, message_id: int, end: Delivery, reason: str, attempt: int, rules: InboxRules) -> None:
    message = await _lock(await messages.load(message_id))
    status = climb(message.status, end)
    if status is end:
        await messages.set_status(message.id, status, reason)
        _show(turn, message, status, rules, attempt=f"attempt{attempt}")
        await _let_people_answer(turn, message, status, reason, rules)


async def _lock(seen: Message) -> Message:
    """With its conversation, where the end of this message may change hands: that one is always locked first."""
    if seen.author is Author.BOT:
        await conversations.lock(seen.conversation_id)
    return await messages.lock(seen.id)


async def _let_people_answer(turn: Unit, message: Message, end: Delivery, reason: str, rules: InboxRules) -> None:
    """A failed answer of the AI has no thread to be shown in, and its customer waits: people must know."""
    if message.author is Author.BOT and end in _UNHEARD:
        conversation = await conversations.load(message.conversation_id)
        event = Escalate(
            Trigger.SYSTEM, _UNHEARD[end], summary=reason, language=conversation.language or rules.language
        )
        await hand_over(turn, conversation, event, Actor(None), rules)


async def _climb(turn: Unit, message: Message, report: Report, reported: Delivery, rules: InboxRules) -> None:
    status = climb(message.status, reported)
    if status is not message.status:
        await messages.set_status(message.id, status, report.failure if status is Delivery.FAILED else "")
        _show(turn, message, status, rules, attempt=report.wamid)
        await _let_people_answer(turn, message, status, report.failure, rules)


async def _trace_found(turn: Unit, message: Message, report: Report, reported: Delivery, rules: InboxRules) -> None:
    """Our token without a wamid on our side: the answer to our call was lost, but here is the trace."""
    named = await messages.accepted(message, report.wamid)
    if message.status is Delivery.UNCONFIRMED and reported in LEFT:
        _line(turn, message, "✅ Confirmed after all: WhatsApp has taken {words}.", f"confirmed:{message.id}")
    if climb(named.status, reported) is named.status:
        _show(turn, named, named.status, rules, attempt=report.wamid)
        await _let_people_answer(turn, named, named.status, named.failure, rules)
    await _climb(turn, named, report, reported, rules)


async def _other_send(turn: Unit, message: Message, report: Report, reported: Delivery, rules: InboxRules) -> None:
    """A report about another try of the same message: only proof that it arrived changes anything."""
    if reported not in ARRIVED:
        return
    if message.status in LEFT:
        _went_out_twice(turn, message)
        return
    await messages.set_wamid(message.id, report.wamid)
    await _climb(turn, message, report, reported, rules)


async def _close_window(turn: Unit, conversation_id: int, at: datetime, rules: InboxRules) -> None:
    """WhatsApp is right about its window, whatever we reckon: staff see it closed, and we send nothing into it."""
    await conversations.lock(conversation_id)
    await conversations.window_refused(conversation_id, at)
    if active := await escalations.active_of(conversation_id):
        await redraw(turn, active, rules)


def _went_out_twice(turn: Unit, message: Message) -> None:
    """Staff should know before the customer tells them."""
    words = "👯 *Sent twice*: WhatsApp had not confirmed {words}, it was sent again, and now both are accounted for."
    _line(turn, message, words, f"twice:{message.id}")


def _line(turn: Unit, message: Message, words: str, about: str) -> None:
    if message.escalation_id is not None:
        excerpt = escape(" ".join(message.text.split())[:_EXCERPT])
        turn.cause(
            NoteInThread(
                inbox_id=message.inbox_id,
                escalation_id=message.escalation_id,
                text=words.format(words=f"“{excerpt}”"),
                about=about,
            )
        )


def _show(turn: Unit, message: Message, status: Delivery, rules: InboxRules, attempt: str) -> None:
    if message.slack_ts and message.author is Author.STAFF:
        at = turn.now if status in _TOLD else turn.now + rules.mark_shown_after
        turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id, at=at))
    if status in _TOLD and message.escalation_id is not None:
        turn.cause(
            ReportFailure(
                inbox_id=message.inbox_id,
                escalation_id=message.escalation_id,
                message_id=message.id,
                attempt=attempt,
            )
        )
