"""What the agent has looked up, and whether it found anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.domain.conversation import Conversation
from bot.domain.knowledge import LookedUp
from bot.domain.unanswered import Missed
from storage.agent_models import Lookup
from storage.citations import citations_column
from storage.database import fetch

_MOST = 1_000  # the newest; who searches more in vain in a month has no pages yet

# Nothing was found by it or beside it, or people were called in after it.
MISSED = """
(l.handed_over OR (l.found = 0 AND NOT EXISTS (
  SELECT 1 FROM lookup o WHERE o.conversation_id = l.conversation_id AND o.message_id = l.message_id AND o.found > 0
)))
"""
# The thread is the one in which people had the conversation next, if they had it within the day.
_MISSED = f"""
SELECT l.id, l.message_id, l.query, l.found, l.handed_over, l.at, e.thread_url
FROM lookup l
LEFT JOIN LATERAL (
  SELECT thread_url FROM escalation
  WHERE conversation_id = l.conversation_id AND created_at >= l.at AND created_at < l.at + interval '1 day'
  ORDER BY id LIMIT 1
) e ON true
WHERE l.inbox_id = $1 AND l.at >= $2 AND {MISSED}
ORDER BY l.at DESC, l.id DESC LIMIT $3
"""  # noqa: S608 - both parts are ours
_PURGE = "DELETE FROM lookup WHERE at < $1"


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a search was made: the customer's message, in their conversation."""

    inbox_id: int
    conversation_id: int
    message_id: int
    query: str


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


async def missed(inbox_id: int, since: datetime) -> list[Missed]:
    """What could not be answered by them, the newest first."""
    rows = await fetch(_MISSED, inbox_id, since, _MOST)
    told = ("id", "message_id", "query", "found", "handed_over", "at", "thread_url")
    return [Missed(*(row[each] for each in told)) for row in rows]


async def asked(lookup_id: int) -> Asked | None:
    row = await Lookup.get_or_none(id=lookup_id)
    return Asked(row.inbox_id, row.conversation_id, row.message_id, row.query) if row else None


async def purge(before: datetime) -> None:
    await fetch(_PURGE, before)
