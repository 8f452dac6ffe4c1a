"""From the start of the process to ready: the first time, when the database is made, and every time after."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.bench.figures import Row
from tests.bench.processes import switchboard

LATER_STARTS = 3


async def measure(folder: Path, peers_url: str) -> list[Row]:
    """On all cores, as anyone would start it. PostgreSQL stops with the process, so each start starts it too."""
    times: list[float] = []
    for _ in range(1 + LATER_STARTS):
        async with switchboard(folder, peers_url, None) as bot:
            times.append(bot.started_in)
    later = statistics.median(times[1:])
    return [
        Row("start to ready, first time (makes the database)", f"{times[0]:.2f} s"),
        Row("start to ready, later", f"{later:.2f} s", "< 5 s", later < 5),
    ]
