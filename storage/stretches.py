"""The times that people had a conversation: those before this one, and where the time of one went."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Status
from bot.domain.stretches import Earlier, Spent
from bot.domain.stretches import spent as reckon
from storage.database import fetch

_SHOWN = 3
_EARLIER = """
SELECT e.id, e.status, e.reason, e.ended_at, e.thread_url, coalesce(s.name, e.ended_by, '') AS ended_by
FROM escalation e LEFT JOIN staff s ON s.id = e.ended_by AND s.name <> ''
WHERE e.conversation_id = $1 AND e.id < $2 AND e.ended_at IS NOT NULL
ORDER BY e.id DESC LIMIT $3
"""
_CHANGES = "SELECT to_status, at FROM audit WHERE escalation_id = $1 AND to_status IS NOT NULL ORDER BY id"


async def earlier(conversation_id: int, before_id: int, limit: int = _SHOWN) -> tuple[Earlier, ...]:
    """The last escalations of this conversation that ended before this one began, the newest first."""
    rows = await fetch(_EARLIER, conversation_id, before_id, limit)
    return tuple(
        Earlier(row["id"], Status(row["status"]), row["reason"], row["ended_at"], row["ended_by"], row["thread_url"])
        for row in rows
    )


async def spent(escalation_id: int, ended_at: datetime) -> Spent:
    changes = await fetch(_CHANGES, escalation_id)
    return reckon([(row["at"], Status(row["to_status"])) for row in changes], ended_at)
