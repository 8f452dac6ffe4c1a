"""The task table for the person who runs Switchboard: see what waits or was given up, and put it right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from tortoise.expressions import Q

from bot.domain.effects import KINDS
from bot.domain.work import Work
from storage.database import connection
from storage.engine_models import Lane, Task
from storage.tasks import CHANNEL

# A worker that runs the lane's first task holds the lane's lease; the row's lock keeps any other from starting.
_IS_RUNNING = """
SELECT leased_by IS NOT NULL AND $2 = (SELECT min(id) FROM task WHERE lane = $1 AND done_at IS NULL) AS running
FROM lane WHERE name = $1
"""

_AWAKEN_LANE = """
INSERT INTO lane (name, crew, due_at, lease) VALUES ($1, $2, $3, 0)
ON CONFLICT (name) DO UPDATE SET due_at = least(lane.due_at, excluded.due_at)
"""

# One recorded failure is left standing, so that whoever posts looks for the trace of the earlier runs. A redraw that
# was asked for again meanwhile has nothing left to do.
_REVIVE = """
UPDATE task SET done_at = NULL, dead = false, started = 1, failures = 1, not_before = $2
WHERE id = $1 AND dead AND NOT EXISTS (
  SELECT 1 FROM task AS newer WHERE newer.latest_key = task.latest_key AND newer.done_at IS NULL
)
RETURNING id
"""

_HASTEN = "UPDATE task SET not_before = $2 WHERE id = $1 AND done_at IS NULL RETURNING id"

_SET_ASIDE = """
UPDATE task SET done_at = coalesce(done_at, $2), dead = false WHERE id = $1 AND (dead OR done_at IS NULL) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One task as the person reads it."""

    id: int
    work: Work
    is_dead: bool
    runs: int
    last_error: str
    created_at: datetime
    not_before: datetime


async def listed(*, dead: bool, waiting: bool, kind: str | None = None, limit: int = 50) -> list[Entry]:
    """The dead first, then what waits, each in the order they came."""
    wanted = Q(id__lt=0)
    if dead:
        wanted |= Q(dead=True)
    if waiting:
        wanted |= Q(done_at=None)
    rows = Task.filter(wanted, kind__in=[kind] if kind else list(KINDS))
    return [_entry(row) for row in await rows.order_by("-dead", "id").limit(limit)]


async def find(ids: Sequence[int]) -> dict[int, Entry]:
    """Those of these that are dead or wait."""
    rows = await Task.filter(Q(dead=True) | Q(done_at=None), id__in=list(ids), kind__in=list(KINDS))
    return {row.id: _entry(row) for row in rows}


async def run_again(entry: Entry, now: datetime) -> bool:
    """Let a dead task live again in its old place, or a waiting one run at once; False when there is nothing to do.

    Its lane is locked first, as by everybody who enqueues.
    """
    lane = entry.work.lane
    await connection().execute_query(_AWAKEN_LANE, [lane, entry.work.crew, now])
    rows = await connection().execute_query_dict(_REVIVE if entry.is_dead else _HASTEN, [entry.id, now])
    await connection().execute_query("SELECT pg_notify($1, '')", [CHANNEL])
    return bool(rows)


async def set_aside(entry: Entry, now: datetime) -> bool:
    """Never run it; its row stays until it is purged, so that its key still holds off a repetition.

    False when it is running just now, or was done meanwhile.
    """
    lane = await Lane.filter(name=entry.work.lane).select_for_update().first()
    if lane is not None:
        rows = await connection().execute_query_dict(_IS_RUNNING, [lane.name, entry.id])
        if cast("bool", rows[0]["running"]):
            return False
    return bool(await connection().execute_query_dict(_SET_ASIDE, [entry.id, now]))


async def note_end(task_id: int, reason: str) -> None:
    """Keep why a task was given up, in the transaction that ended it."""
    await Task.filter(id=task_id).update(last_error=reason[:2000])


def _entry(row: Task) -> Entry:
    return Entry(
        id=row.id,
        work=KINDS[row.kind].from_payload(row.inbox_id, row.payload),
        is_dead=row.dead,
        runs=row.started,
        last_error=row.last_error,
        created_at=row.created_at,
        not_before=row.not_before,
    )
