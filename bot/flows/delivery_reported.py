"""What became of a message that left: staff see it on their own words, failures aloud and with a way to retry."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Author, Message
from bot.domain.delivery import REPORTED, Delivery, climb
from bot.domain.effects import MarkReply, ReportFailure
from bot.domain.rules import InboxRules
from storage import messages
from storage.tasks import Unit


@dataclass(frozen=True, slots=True)
class Report:
    """A status as WhatsApp reports it. `message_id` and `attempt` come from our own token, when it was echoed."""

    wamid: str
    status: str
    failure: str = ""
    message_id: int | None = None


async def delivery_reported(turn: Unit, inbox_id: int, report: Report, rules: InboxRules) -> None:
    """Let the message climb; a report about a message we do not know yet waits for it."""
    if report.status not in REPORTED:
        return
    reported = Delivery(report.status)
    message = await _find(inbox_id, report)
    if message is None:
        await messages.park(inbox_id, report.wamid, reported, report.failure)
        return
    status = climb(message.status, reported)
    if status is not message.status:
        await messages.set_status(message.id, status, report.failure if status is Delivery.FAILED else "")
        _show(turn, message, status, rules, attempt=report.wamid)


async def message_accepted(turn: Unit, message_id: int, wamid: str, rules: InboxRules) -> None:
    """WhatsApp took it and named it."""
    message = await messages.accepted(message_id, wamid)
    _show(turn, message, message.status, rules, attempt=wamid)


async def message_failed(turn: Unit, message_id: int, reason: str, attempt: int, rules: InboxRules) -> None:
    """WhatsApp refused it, or we gave up."""
    message = await messages.lock(message_id)
    status = climb(message.status, Delivery.FAILED)
    if status is Delivery.FAILED:
        await messages.set_status(message.id, status, reason)
        _show(turn, message, status, rules, attempt=f"attempt{attempt}")


async def answer_dropped(message_id: int) -> None:
    """A person came before the AI's words had left: they never will."""
    await messages.set_status(message_id, Delivery.DROPPED)


async def _find(inbox_id: int, report: Report) -> Message | None:
    known = await messages.by_wamid(inbox_id, report.wamid)
    if known:
        return await messages.lock(known.id)
    if report.message_id is None:
        return None
    message = await messages.find(inbox_id, report.message_id)
    if message is None or message.wamid is not None or message.author is Author.CUSTOMER:
        return None
    # Our token without a wamid on our side: the answer to our call was lost, but here is the trace.
    return await messages.accepted(message.id, report.wamid)


def _show(turn: Unit, message: Message, status: Delivery, rules: InboxRules, attempt: str) -> None:
    if message.slack_ts and message.author is Author.STAFF:
        at = turn.now if status is Delivery.FAILED else turn.now + rules.mark_shown_after
        turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id, at=at))
    if status is Delivery.FAILED and message.escalation_id is not None:
        turn.cause(
            ReportFailure(
                inbox_id=message.inbox_id,
                escalation_id=message.escalation_id,
                message_id=message.id,
                attempt=attempt,
            )
        )
