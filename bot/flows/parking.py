"""Replies that came too late for the window wait for the customer to write again, and leave then, in order and once."""

from __future__ import annotations

from bot.domain.conversation import Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Status
from bot.domain.staff_work import MarkReply
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.window import is_closed
from bot.flows.staff_files import held_parts, let_file_go
from storage import conversations, escalations, messages
from storage.tasks import Unit

_EXCERPT = 80


async def leave(turn: Unit, message: Message) -> None:
    """What was held back goes out now; of several messages the last keeps the one in Slack."""
    if message.escalation_id is not None:
        await escalations.answered_first(message.escalation_id, message.staff_id, turn.now)
    (*before, last), files = await held_parts(message)
    for part in before:
        row = await messages.add_part(message, part.text, part.kind)
        if part.file is not None:
            await let_file_go(turn, row, files[part.file])
        turn.cause(SendToCustomer.of(row))
    await messages.release(message.id, last.text, last.kind)
    if last.file is not None:
        await let_file_go(turn, message, files[last.file])
    # What has waited may have been tried before: a new attempt, or its task would be the one that is done.
    attempt = 1 if message.status is Delivery.HELD else int(turn.now.timestamp() * 1000)
    turn.cause(SendToCustomer.of(message, attempt), MarkReply(inbox_id=message.inbox_id, message_id=message.id))


async def customer_is_back(turn: Unit, before: Conversation, active: Escalation | None) -> None:
    """What was parked leaves before anything written from here on; what people no longer stand for stays.

    The caller holds the conversation's lock; `before` is how it stood before the customer wrote.
    """
    if is_closed(await conversations.load(before.id), turn.now):
        return  # a message that WhatsApp brought a day late opens nothing
    waiting = await messages.parked(before.id)
    leaving = [each for each in waiting if active and each.escalation_id == active.id]
    for message in waiting:
        if message in leaving:
            await leave(turn, message)
        else:
            await _stays(turn, message, "people did not have the conversation any more when they did")
    if active and leaving:
        await conversations.answered(before.id, before.last_customer_message)
        await conversations.begins_to_wait(before.id, turn.now)  # for an answer to what they have written now
        count = "The reply that waited is" if len(leaving) == 1 else f"The {len(leaving)} replies that waited are"
        _say(turn, leaving[-1], f"📤 They have written again. {count} on the way to the customer.", "unparked")


async def nobody_stays(turn: Unit, ended: Escalation) -> None:
    """Closed, or returned to the bot: nobody stands for what still waits, and its authors are told."""
    how = "closed" if ended.status is Status.CLOSED else "returned to the bot"
    for message in await messages.parked(ended.conversation_id):
        await _stays(turn, message, f"this was {how} before they did")


async def _stays(turn: Unit, message: Message, why: str) -> None:
    await messages.keep_as_note(message.id)
    turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id))
    excerpt = escape(" ".join(message.text.split())[:_EXCERPT])
    words = f"🔒 <@{message.staff_id}>, your reply *was not sent*: it waited for the customer to write, and {why}."
    _say(turn, message, f"{words} It stays here as a note.\n>{excerpt}", "stays")


def _say(turn: Unit, message: Message, words: str, about: str) -> None:
    if message.escalation_id is not None:
        turn.cause(
            NoteInThread(
                inbox_id=message.inbox_id,
                escalation_id=message.escalation_id,
                text=words,
                about=f"{about}:{message.id}",
            )
        )
