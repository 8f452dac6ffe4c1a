"""What the agent has looked up, and whether it found anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from bot.domain.conversation import Conversation
from bot.domain.knowledge import LookedUp
from storage.agent_models import Lookup
from storage.citations import citations_column


async def add(
    conversation: Conversation, through: int, searches: Sequence[LookedUp], at: datetime, *, handed_over: bool
) -> None:
    """The searches of one turn. `through`: the customer's last message that it answered."""
    rows = [
        Lookup(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            message_id=through,
            query=each.query,
            found=len(each.found),
            sources=citations_column(each.found),
            handed_over=handed_over,
            at=at,
        )
        for each in searches
    ]
    await Lookup.bulk_create(rows)


async def found_any(conversation_id: int, since: int) -> dict[int, bool]:
    """For each customer's message after that one which was looked up: whether anything was found for it."""
    rows = await Lookup.filter(conversation_id=conversation_id, message_id__gt=since).values_list("message_id", "found")
    found: dict[int, bool] = {}
    for message_id, many in cast("list[tuple[int, int]]", rows):
        found[message_id] = found.get(message_id, False) or many > 0
    return found
