"""What the Escalations page asks: which escalations are whose, and how many ended today. In few, small questions.

Nothing here reads more than what is active and what ended since midnight, however much history there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from bot.domain.escalation import Status
from bot.domain.figures import Week
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
# What a member said first to the customer; notes and what never left are no answer.
_WEEK = """
WITH counted AS (
  SELECT width_bucket(e.created_at, $2::timestamptz[]) AS day, a.staff_id, a.said_at - e.created_at AS waited
  FROM escalation e
  LEFT JOIN LATERAL (
    SELECT staff_id, said_at FROM message
    WHERE conversation_id = e.conversation_id AND id > e.opened_after AND escalation_id = e.id AND author = 'staff'
      AND kind <> 'note' AND status NOT IN ('held', 'parked', 'withdrawn', 'dropped', 'kept')
    ORDER BY id LIMIT 1
  ) a ON true
  WHERE e.inbox_id = ANY($1::int[]) AND e.created_at >= $3
)
SELECT grouping(day, staff_id) AS level, day, staff_id, count(*) AS many,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS median
FROM counted GROUP BY GROUPING SETS ((day), (staff_id), ())
"""
_BY_DAY, _BY_STAFF, _ALL = 1, 2, 3
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


async def week(inboxes: Sequence[int], midnight: datetime) -> Week:
    """How this week went so far, from Monday on, where the day began at `midnight`."""
    monday = midnight - timedelta(days=midnight.weekday())  # on the clock there, which may have been changed since
    days = [monday + timedelta(days=each) for each in range(midnight.weekday() + 1)]
    rows = await fetch(_WEEK, list(inboxes), days, monday)
    many = {int(row["day"]): int(row["many"]) for row in rows if row["level"] == _BY_DAY}
    return Week(
        days={day.date(): many.get(number, 0) for number, day in enumerate(days, 1)},
        answered={row["staff_id"]: row["many"] for row in rows if row["level"] == _BY_STAFF and row["staff_id"]},
        first_response=next((row["median"] for row in rows if row["level"] == _ALL), None),
    )
