"""Reactions of staff to what customers said; WhatsApp shows one of the business, the newest."""

from __future__ import annotations

from bot.domain.conversation import Author, Message
from storage.messages import as_message
from storage.models import MessageRow

KIND = "reaction"


async def standing(conversation_id: int, wamid: str) -> Message | None:
    """The newest reaction of staff to this message; without text it took the one before it away."""
    rows = MessageRow.filter(conversation_id=conversation_id, author=Author.STAFF, kind=KIND, quoted_wamid=wamid)
    row = await rows.order_by("-id").first()
    return as_message(row) if row else None
