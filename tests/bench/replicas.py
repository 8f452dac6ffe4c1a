"""Two Switchboards on one PostgreSQL: what the second adds, and whether anything is sent twice or out of order."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.desk import PATIENCE, Desk, Thread, desk
from tests.bench.figures import Row, per_second
from tests.bench.machine import Split, processor_seconds, shared
from tests.bench.peers import POST, SEND, Peers
from tests.bench.processes import Server, switchboard

THREADS = 24
BURST = 12  # messages each way in each thread, as fast as they are taken
ROUNDS = 3
GOAL = 1.6
CORES_THAT_ALLOW = 4  # two replicas, PostgreSQL, and those who write and are written to


@dataclass(frozen=True, slots=True)
class Carried:
    """What a round was told to carry, by thread and way, and what arrived of it, in the order of arrival."""

    told: dict[tuple[Thread, str], list[str]]
    arrived: dict[str, list[str]]
    seconds: float
    busy: float  # of all cores, the share that replicas and PostgreSQL used

    @property
    def rate(self) -> float:
        return sum(map(len, self.told.values())) / self.seconds

    @property
    def doubled(self) -> int:
        return sum(times - 1 for marks in self.arrived.values() for times in Counter(marks).values())

    @property
    def disordered(self) -> int:
        """Threads and ways in which something was overtaken or is missing."""
        return sum(
            [mark for mark in self.arrived[way] if mark in set(marks)] != marks for (_, way), marks in self.told.items()
        )


async def measure(folder: Path, peers: Peers, cores: Split | None) -> list[Row]:
    """One and two in turn, on all the cores there are; while one works alone the other is stopped."""
    async with AsyncExitStack() as stack:
        everything = stack.enter_context(shared(cores))
        first = await stack.enter_async_context(switchboard(folder / "first", peers.url, everything))
        second = await stack.enter_async_context(
            switchboard(folder / "second", peers.url, everything, database_url=first.database.url)
        )
        desks = [
            await stack.enter_async_context(desk(bot, peers, f"replica{number}", first=1 + number * 500_000))
            for number, bot in enumerate((first, second))
        ]
        threads = [await desks[number % 2].open(2000 + number) for number in range(THREADS)]
        await asyncio.sleep(2.0)  # the cards, transcripts and marks of the opening are not part of it
        alone: list[Carried] = []
        both: list[Carried] = []
        for _ in range(ROUNDS):
            second.pause()
            alone.append(await _carry(desks[:1], threads, peers, [first]))
            second.resume()
            both.append(await _carry(desks, threads, peers, [first, second]))
        return _rows(alone, both)


async def _carry(desks: Sequence[Desk], threads: Sequence[Thread], peers: Peers, bots: Sequence[Server]) -> Carried:
    """Everybody writes at once; what one of them writes goes to one replica after the other."""
    loop, told = asyncio.get_running_loop(), dict[tuple[Thread, str], list[str]]()
    trail = peers.follow(POST, SEND)
    spent, begun = _processor(bots), loop.time()
    await asyncio.gather(*(_burst(desks, thread, told) for thread in threads))
    with suppress(TimeoutError):  # what is missing is counted
        await asyncio.wait_for(trail.until(sum(map(len, told.values()))), PATIENCE * 6)
    seconds = loop.time() - begun
    busy = (_processor(bots) - spent) / seconds / (os.cpu_count() or 1)
    await asyncio.sleep(1.0)  # a second copy of something would come now
    return Carried(told, trail.marks, seconds, busy)


async def _burst(desks: Sequence[Desk], thread: Thread, told: dict[tuple[Thread, str], list[str]]) -> None:
    inward, outward = told.setdefault((thread, POST), []), told.setdefault((thread, SEND), [])
    for _, through in zip(range(BURST), itertools.cycle(desks), strict=False):
        inward.append(through.mark())
        await through.customer_writes(thread.customer, f"And what about {inward[-1]}?")
        outward.append(through.mark())
        await through.ana_writes(thread, f"I looked at {outward[-1]} for you.")


def _processor(bots: Sequence[Server]) -> float:
    return sum(processor_seconds(bot.process.pid) for bot in bots) + processor_seconds(bots[0].database.pid)


def _rows(alone: Sequence[Carried], both: Sequence[Carried]) -> list[Row]:
    one, two = (statistics.median(each.rate for each in rounds) for rounds in (alone, both))
    ratio, cores = two / one, os.cpu_count() or 1
    busy = f"{statistics.median(each.busy for each in alone):.0%}"
    judged = ratio >= GOAL if cores >= CORES_THAT_ALLOW else None
    doubled, disordered = (sum(getattr(each, what) for each in both) for what in ("doubled", "disordered"))
    carried = sum(len(marks) for each in both for marks in each.told.values())
    return [
        Row("one alone", f"{per_second(one)} relayed; it and PostgreSQL kept {busy} of {cores} cores busy"),
        Row("two on one PostgreSQL", f"{per_second(two)} relayed: {ratio:.2f}×", "≥ 1.6× where cores allow", judged),
        Row("sent twice by the two", f"{doubled} of {carried:,}", "0", doubled == 0),
        Row("out of order or missing", f"in {disordered} of {len(both) * THREADS * 2} bursts", "0", disordered == 0),
    ]
