"""Two hundred webhooks a second through the whole pipeline: how soon they are answered, what it costs in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.bench.desk import Desk
from tests.bench.figures import Latency, Row, per_second
from tests.bench.load import Plan
from tests.bench.peers import SEND
from tests.bench.processes import generate

RATE = 200.0
CUSTOMERS = 1000
ANSWER_GOAL, MEMORY_GOAL = 0.050, 150.0


@dataclass(slots=True)
class Peak:
    """The most memory seen."""

    megabytes: float = 0.0


async def measure(desk: Desk, seconds: float) -> list[Row]:
    """Each message goes all the way: stored, recorded, the model asked, its answer sent to WhatsApp."""
    idle, before, peak = desk.bot.rss, desk.peers.counts[SEND], Peak()
    watching = asyncio.create_task(_watch(desk, peak))
    plan = Plan(
        port=desk.bot.port, tag="steady", seconds=seconds, most=int(RATE * seconds * 2), rate=RATE, customers=CUSTOMERS
    )
    report = await generate(plan)
    carried = (desk.peers.counts[SEND] - before) / report.seconds
    left = report.answered - (desk.peers.counts[SEND] - before)
    await _settle(desk, before + report.answered)
    watching.cancel()
    latency = Latency(report.latencies)
    return [
        Row("webhook answer under 200/s", str(latency), "p99 < 50 ms", latency.p99 < ANSWER_GOAL and not report.failed),
        Row("whole pipeline keeps up with 200/s", f"{per_second(carried)} carried, {left} still under way at the end"),
        Row("memory of the process, idle", f"{idle:.0f} MB", "< 150 MB", idle < MEMORY_GOAL),
        Row("memory of the process, at 200/s", f"{peak.megabytes:.0f} MB", "< 150 MB", peak.megabytes < MEMORY_GOAL),
    ]


async def _watch(desk: Desk, peak: Peak) -> None:
    while True:
        peak.megabytes = max(peak.megabytes, desk.bot.rss)
        await asyncio.sleep(0.1)


async def _settle(desk: Desk, count: int, within: float = 15.0) -> None:
    """Let what is under way end. Answers may be fewer than messages: a burst of one customer is answered once."""
    for _ in range(int(within / 0.1)):
        seen = desk.peers.counts[SEND]
        await asyncio.sleep(0.5)
        if seen >= count or seen == desk.peers.counts[SEND]:
            return
