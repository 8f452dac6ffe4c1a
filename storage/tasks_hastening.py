"""What tasks wait for has come: they are due now, and whoever runs them is woken."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from storage.database import connection
from storage.tasks import CHANNEL

_HASTEN = """
WITH waiting AS (
  SELECT id, lane FROM task WHERE waits_for = $1 AND done_at IS NULL AND not_before > $2::timestamptz
), lanes AS (
  SELECT name FROM lane WHERE name IN (SELECT lane FROM waiting) ORDER BY name FOR UPDATE
), sooner AS (
  UPDATE task SET not_before = $2, waits_for = NULL
  WHERE id IN (SELECT id FROM waiting) AND (SELECT count(*) FROM lanes) > 0
), due AS (
  UPDATE lane SET due_at = least(due_at, $2) WHERE name IN (SELECT name FROM lanes) RETURNING 1
)
SELECT count(*) AS woken, pg_notify($3, '') FROM due
"""

# The task may run at this very moment, on its way to lie down and wait: its new revision tells it not to.
_HASTEN_FIRST = """
WITH held AS (
  SELECT name FROM lane WHERE name = $1 FOR UPDATE
), sooner AS (
  UPDATE task SET not_before = least(not_before, $3::timestamptz), revision = revision + 1
  WHERE (SELECT count(*) FROM held) > 0 AND key LIKE $2
    AND id = (SELECT id FROM task WHERE lane = $1 AND done_at IS NULL ORDER BY id LIMIT 1)
  RETURNING 1
), due AS (
  UPDATE lane SET due_at = least(due_at, $3) WHERE name = $1 AND EXISTS (SELECT 1 FROM sooner) RETURNING 1
)
SELECT pg_notify($4, '') FROM due
"""


async def hasten(waited_for: str, now: datetime) -> int:
    """A pause is over: whatever waited behind it is due now. Returns how many lanes were woken."""
    rows = await connection().execute_query_dict(_HASTEN, [waited_for, now, CHANNEL])
    return int(cast("int", rows[0]["woken"]))


async def hasten_first(lane: str, key_begins: str, now: datetime) -> None:
    """What the lane's first task waited for is there: it is due now. Another task than the one meant stays as it is."""
    await connection().execute_query(_HASTEN_FIRST, [lane, f"{key_begins}%", now, CHANNEL])
