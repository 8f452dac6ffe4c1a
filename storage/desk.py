"""What the Escalations page asks: which escalations are whose, and how many ended today. In few, small questions.

Nothing here reads more than what is active and what ended since midnight, however much history there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from bot.domain.escalation import Status
from bot.domain.home import Part
from storage.database import fetch

# All lists at one moment, so that nothing stands in two of them, or in none.
_ACTIVE = """
SELECT CASE WHEN status = 'queued' THEN 'waiting' WHEN taken_by = $2 THEN 'mine' ELSE 'team' END AS part,
       array_agg(id ORDER BY CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, queued_at, id) AS ids
FROM escalation WHERE inbox_id = ANY($1::int[]) AND status IN ('queued', 'open')
GROUP BY 1
"""
_ENDED = """
SELECT status, count(*) AS many FROM escalation
WHERE inbox_id = ANY($1::int[]) AND ended_at >= $2 GROUP BY status
"""
_LATELY = """
SELECT id FROM escalation WHERE inbox_id = ANY($1::int[]) AND ended_at >= $2
ORDER BY ended_at DESC, id DESC LIMIT $3 OFFSET $4
"""
_ANY = "SELECT 1 FROM escalation WHERE inbox_id = ANY($1::int[]) LIMIT 1"


async def active(inboxes: Sequence[int], viewer: str) -> dict[Part, list[int]]:
    """Those that people have or are wanted for, as `viewer` sees them: urgent first, then who waits longest."""
    rows = await fetch(_ACTIVE, list(inboxes), viewer)
    return {Part(row["part"]): list(cast("list[int]", row["ids"])) for row in rows}


async def ended(inboxes: Sequence[int], since: datetime) -> dict[Status, int]:
    """How many ended since then, and how."""
    return {Status(row["status"]): int(row["many"]) for row in await fetch(_ENDED, list(inboxes), since)}


async def lately_ended(inboxes: Sequence[int], since: datetime, limit: int, offset: int) -> list[int]:
    """Those, the last one first."""
    return [int(row["id"]) for row in await fetch(_LATELY, list(inboxes), since, limit, offset)]


async def has_any(inboxes: Sequence[int]) -> bool:
    """Whether anything was ever escalated there."""
    return bool(await fetch(_ANY, list(inboxes)))
