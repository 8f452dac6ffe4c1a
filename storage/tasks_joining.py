"""Tasks that wait in one lane for their turn and may share it: what several of them want becomes the work of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.work import Work
from storage.database import connection, transaction
from storage.tasks import Claim, as_json, as_work, hold

_BEHIND = """
SELECT id, inbox_id, kind, payload FROM task
WHERE lane = $1 AND done_at IS NULL AND id > $2 AND not_before <= $3 AND started = 0 ORDER BY id LIMIT $4
"""

_TAKE_ALONG = """
WITH taken AS (UPDATE task SET done_at = $4 WHERE id = ANY($3::bigint[]) AND done_at IS NULL)
UPDATE task SET payload = $2::jsonb WHERE id = $1
"""

_UNDONE = "SELECT 1 FROM task WHERE lane = $1 AND done_at IS NULL LIMIT 1"


async def behind(claimed: Claim, now: datetime, limit: int = 50) -> list[tuple[int, Work]]:
    """What waits in the lane behind this task and is due, in order."""
    rows = await connection().execute_query_dict(_BEHIND, [claimed.lane, claimed.id, now, limit])
    return [(int(row["id"]), as_work(row)) for row in rows]


async def take_along(claimed: Claim, work: Work, taken: Sequence[int], now: datetime) -> None:
    """From now on the claimed task does `work`, which is what it was and what those behind it were. They are done.

    Committed before the work begins, so that a crash in its middle leaves no doubt about what belongs to it.
    """
    async with transaction():
        await hold(claimed)
        await connection().execute_query(_TAKE_ALONG, [claimed.id, as_json(work.payload()), list(taken), now])


async def is_busy(lane: str) -> bool:
    """Whether anything in this lane is still to be done."""
    found = await connection().execute_query_dict(_UNDONE, [lane])
    return bool(found)
