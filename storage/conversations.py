"""Conversations: one row per customer and inbox, locked by whoever changes it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Conversation, bot_may_speak
from bot.domain.people import Address, AddressKind
from storage.database import connection, fetch, transaction
from storage.models import ConversationRow
from storage.rows import first, one

_SPEECH = 0x5B0D  # class of the advisory locks that order the bot's speech and changes of hands

_HEARD = """
UPDATE conversation SET reply_kind = $2, reply_value = $3, reply_since = $7,
                        last_customer_at = coalesce($4, last_customer_at),
                        last_customer_message = coalesce($5, last_customer_message),
                        waiting_since = coalesce($6, waiting_since)
WHERE id = $1
"""


def as_conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        id=row.id,
        inbox_id=row.inbox_id,
        customer_id=row.customer_id,
        epoch=row.epoch,
        with_people=row.with_people,
        reply_to=Address(row.reply_kind, row.reply_value),
        reply_since=row.reply_since,
        last_customer_at=row.last_customer_at,
        last_customer_message=row.last_customer_message,
        window_refused_at=row.window_refused_at,
        waiting_since=row.waiting_since,
        answered_through=row.answered_through,
        guidance=row.guidance,
        happened=row.happened or "",
        promises=row.promises or "",
        recap=row.recap or "",
        recap_through=row.recap_through or 0,
        language=row.language,
    )


async def load(conversation_id: int) -> Conversation:
    """The conversation, or the one that it has become a part of."""
    row = await one(ConversationRow, "WHERE id = $1", conversation_id)
    return as_conversation(row) if row.merged_into is None else await load(row.merged_into)


async def lock(conversation_id: int) -> Conversation:
    """The same, as it stands, ours alone until the transaction ends."""
    row = await one(ConversationRow, "WHERE id = $1 FOR UPDATE", conversation_id)
    return as_conversation(row) if row.merged_into is None else await lock(row.merged_into)


async def of_customer(customer_id: int) -> Conversation | None:
    row = await first(ConversationRow, "WHERE customer_id = $1", customer_id)
    if row is None:
        return None
    return as_conversation(row) if row.merged_into is None else await load(row.merged_into)


async def open_or_lock(inbox_id: int, customer_id: int, reply_to: Address) -> Conversation:
    """The customer's conversation, locked; made if this is their first word."""
    row = await first(ConversationRow, "WHERE customer_id = $1 FOR UPDATE", customer_id)
    if row is None:
        row = await ConversationRow.create(
            inbox_id=inbox_id, customer_id=customer_id, reply_kind=reply_to.kind, reply_value=reply_to.value
        )
    return as_conversation(row)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a customer's message changes about the conversation."""

    message_id: int
    said_at: datetime
    reply_to: Address
    expects_answer: bool
    opens_window: bool
    now: datetime


async def heard(conversation: Conversation, what: Heard) -> None:
    """Remember that the customer wrote: the window, where to reply, and what now waits for an answer."""
    last = message = waiting_since = None  # as they are in the row, which may know more than we read
    address, since = conversation.reply_to, conversation.reply_since
    if since is None or what.said_at >= since:
        address, since = what.reply_to, what.said_at
    # Before their first word the customer may be known by news of a change alone, and that of an older one.
    is_new = address != conversation.reply_to or conversation.reply_since is None
    if is_new and address.kind is AddressKind.WA_ID:
        await _set_phone(conversation.customer_id, address.value)
    if what.opens_window:
        last = max(filter(None, (conversation.last_customer_at, what.said_at)))
    if what.expects_answer:
        message = what.message_id
        if conversation.last_customer_message <= conversation.answered_through:
            waiting_since = what.now
    await fetch(_HEARD, conversation.id, address.kind, address.value, last, message, waiting_since, since)


async def changed_words(conversation_id: int, change: int) -> None:
    """What waits for an answer is not what it was: whatever answer is on its way is overtaken."""
    await ConversationRow.filter(id=conversation_id).update(last_customer_message=change)


async def window_refused(conversation_id: int, at: datetime) -> None:
    """WhatsApp says that the window is closed, whatever we reckon. The customer's next word opens it again.

    Meta dates that word in whole seconds, so we do the same: within one second the customer is right.
    """
    await ConversationRow.filter(id=conversation_id).update(window_refused_at=at.replace(microsecond=0))


async def answered(conversation_id: int, through: int) -> None:
    await fetch("UPDATE conversation SET answered_through = $2 WHERE id = $1", conversation_id, through)


async def recapped(conversation_id: int, recap: str, through: int) -> None:
    await ConversationRow.filter(id=conversation_id).update(recap=recap, recap_through=through)


async def recap_outdated(conversation_id: int, message_id: int) -> None:
    """The customer has changed what the recap may speak of: it is made anew."""
    await ConversationRow.filter(id=conversation_id, recap_through__gte=message_id).update(
        recap=None, recap_through=None
    )


async def begins_to_wait(conversation_id: int, since: datetime) -> None:
    await ConversationRow.filter(id=conversation_id).update(waiting_since=since)


async def told_until(conversation_id: int) -> datetime | None:
    """The opening that the customer was last told to wait for."""
    return (await one(ConversationRow, "WHERE id = $1", conversation_id)).told_until


async def told_to_wait(conversation_id: int, opening: datetime) -> None:
    await ConversationRow.filter(id=conversation_id).update(told_until=opening)


async def readdress(conversation: Conversation, reply_to: Address, since: datetime) -> None:
    """From now on the customer is written to there. Whoever has a new user id has a new number, told or not."""
    await ConversationRow.filter(id=conversation.id).update(
        reply_kind=reply_to.kind, reply_value=reply_to.value, reply_since=since
    )
    await _set_phone(conversation.customer_id, reply_to.value if reply_to.kind is AddressKind.WA_ID else None)


async def _set_phone(customer_id: int, phone: str | None) -> None:
    await fetch("UPDATE customer SET phone = $2 WHERE id = $1", customer_id, phone)


async def set_language(conversation_id: int, language: str) -> None:
    await ConversationRow.filter(id=conversation_id).update(language=language)


async def brief(conversation_id: int, happened: str, guidance: str) -> None:
    """What staff have told the AI about the stretch that is over."""
    await ConversationRow.filter(id=conversation_id).update(happened=happened or None, guidance=guidance)


async def set_promises(conversation_id: int, promises: str) -> None:
    """They outlive the next stretch too."""
    await ConversationRow.filter(id=conversation_id).update(promises=promises or None)


async def change_hands(
    conversation: Conversation, *, with_people: bool, guidance: str = "", happened: str = ""
) -> None:
    """The next epoch begins. An answer of the bot that is just leaving has left before this returns."""
    await connection().execute_query("SELECT pg_advisory_xact_lock($1, $2)", [_SPEECH, _lock_key(conversation.id)])
    await ConversationRow.filter(id=conversation.id).update(
        epoch=conversation.epoch + 1, with_people=with_people, guidance=guidance, happened=happened or None
    )


@asynccontextmanager
async def bot_speaks(conversation_id: int, epoch: int) -> AsyncGenerator[bool]:
    """Whether the bot may speak, true for as long as the block lasts: no change of hands can happen inside it.

    Keep the block to the moment the words leave; staff who press Take wait for it.
    """
    async with transaction():
        conversation = await _listen(conversation_id)
        if conversation.id != conversation_id:  # it has become a part of another one, whose hands count
            conversation = await _listen(conversation.id)
        yield bot_may_speak(conversation, epoch)


async def _listen(conversation_id: int) -> Conversation:
    await connection().execute_query(
        "SELECT pg_advisory_xact_lock_shared($1, $2)", [_SPEECH, _lock_key(conversation_id)]
    )
    return await load(conversation_id)


def _lock_key(conversation_id: int) -> int:
    """Advisory locks take 32 bits; conversations that share one only wait for each other a moment."""
    return conversation_id % 2**31
