"""Who of the staff has answered a customer just now."""

from __future__ import annotations

from datetime import datetime

from storage.database import fetch

# Unless its author has said something since, or the customer has: then it has been read. What was held counts from
# the moment it began to leave.
_BY_ANOTHER = """
WITH recent AS (
  SELECT id, author, staff_id, kind, status, said_at, coalesce(leaving_at, said_at) AS at FROM message
  WHERE conversation_id = $1 ORDER BY id DESC LIMIT 50
), answer AS (
  SELECT id, at FROM recent
  WHERE author = 'staff' AND staff_id IS DISTINCT FROM $2 AND kind NOT IN ('note', 'reaction') AND at >= $3
    AND status IN ('queued', 'sent', 'delivered', 'read', 'played', 'unconfirmed')
  ORDER BY at DESC, id DESC LIMIT 1
)
SELECT id FROM answer
WHERE NOT EXISTS (
  SELECT FROM recent
  WHERE (author = 'staff' AND staff_id = $2 AND said_at >= answer.at) OR (author = 'customer' AND recent.id > answer.id)
)
"""


async def by_another(conversation_id: int, staff_id: str, since: datetime) -> int | None:
    """The message with which somebody else has answered since then, and that this person may not have seen."""
    rows = await fetch(_BY_ANOTHER, conversation_id, staff_id, since)
    return int(rows[0]["id"]) if rows else None
