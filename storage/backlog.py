"""How much work waits, what is paused, and what was given up: for whoever watches over Switchboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.domain.pauses import Pause
from storage import pauses
from storage.database import connection

_BY_KIND = """
SELECT kind, count(*) AS waiting, coalesce(extract(epoch FROM $1 - min(not_before)), 0)::float8 AS oldest
FROM task WHERE done_at IS NULL GROUP BY kind
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` counts tasks by kind; `lag_seconds` is how long the one that has waited longest has been due."""

    waiting: dict[str, int]
    paused: tuple[Pause, ...]
    lag_seconds: float
    dead: int

    @property
    def total(self) -> int:
        return sum(self.waiting.values())


async def measure(now: datetime) -> Backlog:
    rows = await connection().execute_query_dict(_BY_KIND, [now])
    dead = await connection().execute_query_dict("SELECT count(*) AS dead FROM task WHERE dead")
    return Backlog(
        paused=tuple(await pauses.everywhere()),
        waiting={str(row["kind"]): int(cast("int", row["waiting"])) for row in rows},
        lag_seconds=max([0.0, *(float(cast("float", row["oldest"])) for row in rows)]),
        dead=int(cast("int", dead[0]["dead"])),
    )
