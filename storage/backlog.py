"""How much work waits, what is paused, and what was given up: for whoever watches over Switchboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.domain.pauses import Pause
from storage import pauses
from storage.database import connection, fetch

_BY_KIND = """
SELECT kind, count(*) AS waiting, coalesce(extract(epoch FROM $1 - min(not_before)), 0)::float8 AS oldest
FROM task WHERE done_at IS NULL GROUP BY kind
"""

_AT_THE_DESK = """
SELECT inbox_id, count(*) FILTER (WHERE status = 'queued') AS queued, count(*) FILTER (WHERE status = 'open') AS open,
       coalesce(extract(epoch FROM $1 - min(queued_at) FILTER (WHERE status = 'queued')), 0)::float8 AS oldest
FROM escalation WHERE status IN ('queued', 'open') GROUP BY inbox_id ORDER BY inbox_id
"""


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Escalations of one inbox that are not over, and how long the one that nobody took has waited longest."""

    inbox_id: int
    queued: int
    open: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` counts tasks by kind; `lag_seconds` is how long the one that has waited longest has been due."""

    waiting: dict[str, int]
    paused: tuple[Pause, ...]
    lag_seconds: float
    dead: int
    desk: tuple[AtDesk, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.waiting.values())


async def measure(now: datetime) -> Backlog:
    rows = await connection().execute_query_dict(_BY_KIND, [now])
    dead = await connection().execute_query_dict("SELECT count(*) AS dead FROM task WHERE dead")
    desk = await fetch(_AT_THE_DESK, now)
    return Backlog(
        paused=tuple(await pauses.everywhere()),
        waiting={str(row["kind"]): int(cast("int", row["waiting"])) for row in rows},
        lag_seconds=max([0.0, *(float(cast("float", row["oldest"])) for row in rows)]),
        dead=int(cast("int", dead[0]["dead"])),
        desk=tuple(AtDesk(row["inbox_id"], row["queued"], row["open"], max(0.0, row["oldest"])) for row in desk),
    )
