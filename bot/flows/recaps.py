"""The AI's memory of what was said long ago: begun after an answer, kept only if it still fits the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Conversation, Message
from bot.domain.recaps import part_to_recap, recap_due
from storage import conversations, messages

_AT_ONCE = 200  # messages: what is longer ago, in a conversation that never had a recap, is left out of it


@dataclass(frozen=True, slots=True)
class RecapBegun:
    """The recap so far, and what is to be added to it."""

    conversation: Conversation
    part: Sequence[Message]


async def begin_recap(conversation_id: int, now: datetime) -> RecapBegun | None:
    """What there is to put into few words; None when it is not long, or when nothing of it is settled."""
    conversation = await conversations.load(conversation_id)
    unsummed = await messages.latest(conversation.id, _AT_ONCE, since=conversation.recap_through)
    if not recap_due(unsummed):
        return None
    part = part_to_recap(conversation, unsummed, now)
    return RecapBegun(conversation, part) if part else None


async def recap_made(begun: RecapBegun, recap: str) -> bool:
    """Keep it, unless what it was made of is not what it was: corrected, joined with another, recapped by somebody."""
    before = begun.conversation
    now = await conversations.lock(before.id)
    if now.id != before.id or (now.recap_through, now.recap) != (before.recap_through, before.recap):
        return False
    if not _are_as_they_were(begun.part, await messages.load_all([each.id for each in begun.part])):
        return False
    await conversations.recapped(before.id, recap, begun.part[-1].id)
    return True


def _are_as_they_were(before: Sequence[Message], now: Sequence[Message]) -> bool:
    words = [{each.id: (each.text, each.revoked_at) for each in messages_} for messages_ in (before, now)]
    return words[0] == words[1]
