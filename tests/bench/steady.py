"""Two hundred webhooks a second through the whole pipeline: how soon they are answered, what it costs in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.bench.desk import Desk
from tests.bench.figures import Latency, Row, per_second
from tests.bench.load import Plan
from tests.bench.machine import processor_seconds
from tests.bench.peers import SEND
from tests.bench.processes import Server, generate

RATE = 200.0
CUSTOMERS = 1000
ANSWER_GOAL, MEMORY_GOAL = 0.050, 150.0


@dataclass(slots=True)
class Peak:
    """The most memory seen."""

    megabytes: float = 0.0


async def measure(desk: Desk, bare: Server, seconds: float) -> list[Row]:
    """Each message goes all the way: stored, recorded, the model asked, its answer sent to WhatsApp."""
    yardstick = Latency((await generate(_plan(bare, seconds / 4))).latencies)
    bot, peak, before = desk.bot, Peak(), desk.peers.counts[SEND]
    idle, spent = bot.rss, _processor(bot)
    watching = asyncio.create_task(_watch(desk, peak))
    try:
        report = await generate(_plan(bot, seconds))
        in_time = desk.peers.counts[SEND] - before
        carried = await _settle(desk, before)
    finally:
        watching.cancel()
    ours, postgres = (now - then for now, then in zip(_processor(bot), spent, strict=True))
    latency = Latency(report.latencies)
    return [
        Row("webhook answer under 200/s", str(latency), "p99 < 50 ms", latency.p99 < ANSWER_GOAL and not report.failed),
        Row("yardstick: bare aiohttp under 200/s", str(yardstick)),
        Row("customer → AI → WhatsApp meanwhile", f"{per_second(in_time / report.seconds)} carried"),
        Row(
            "processor time a message, whole way: process, PostgreSQL",
            f"{ours / carried * 1000:.1f} ms, {postgres / carried * 1000:.1f} ms; {carried / ours:,.0f}/s fill a core",
        ),
        Row("memory of the process, idle", f"{idle:.0f} MB", "< 150 MB", idle < MEMORY_GOAL),
        Row("memory of the process, at 200/s", f"{peak.megabytes:.0f} MB", "< 150 MB", peak.megabytes < MEMORY_GOAL),
    ]


def _plan(server: Server, seconds: float) -> Plan:
    most = int(RATE * seconds * 2)
    return Plan(port=server.port, tag="steady", seconds=seconds, most=most, rate=RATE, customers=CUSTOMERS)


def _processor(bot: Server) -> tuple[float, float]:
    return processor_seconds(bot.process.pid), processor_seconds(bot.database.pid)


async def _watch(desk: Desk, peak: Peak) -> None:
    while True:
        peak.megabytes = max(peak.megabytes, desk.bot.rss)
        await asyncio.sleep(0.1)


async def _settle(desk: Desk, before: int, within: float = 12.0) -> int:
    """Let what is under way go on for a while; returns how many went the whole way."""
    for _ in range(int(within)):
        seen = desk.peers.counts[SEND]
        await asyncio.sleep(1.0)
        if seen == desk.peers.counts[SEND] > before:
            break
    return max(1, desk.peers.counts[SEND] - before)
