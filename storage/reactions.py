"""Customers' reactions: for each message the newest one, and what of it staff see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Message
from storage.database import fetch
from storage.models import CustomerReaction

# A customer has one reaction to a message. WhatsApp promises no order, and tells the time in whole seconds.
_RECORD = """
INSERT INTO customer_reaction (message_id, inbox_id, emoji, said_in, said_at, shown)
VALUES ($1, $2, $3, $4, $5, '')
ON CONFLICT (message_id) DO UPDATE
SET emoji = excluded.emoji, said_in = excluded.said_in, said_at = excluded.said_at
WHERE customer_reaction.said_at <= excluded.said_at
RETURNING message_id
"""


@dataclass(frozen=True, slots=True)
class Reaction:
    """`said_in` is the message that brought it; `shown` what staff see of it now."""

    message_id: int
    emoji: str
    said_in: int
    said_at: datetime
    shown: str


async def record(about: Message, reaction: Message) -> bool:
    """False when a later reaction to the same message is known already."""
    return bool(await fetch(_RECORD, about.id, about.inbox_id, reaction.text, reaction.id, reaction.said_at))


async def to_message(message_id: int) -> Reaction | None:
    row = await CustomerReaction.get_or_none(message_id=message_id)
    return Reaction(row.message_id, row.emoji, row.said_in, row.said_at, row.shown) if row else None


async def set_shown(message_id: int, shown: str) -> None:
    await CustomerReaction.filter(message_id=message_id).update(shown=shown)


async def is_shown_for_any(message_ids: Sequence[int], shown: str) -> bool:
    return await CustomerReaction.filter(message_id__in=list(message_ids), shown=shown).exists()
