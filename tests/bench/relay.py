"""How long Switchboard itself takes to carry words from one side to the other, on an idle machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from tests.bench.desk import PATIENCE, Desk
from tests.bench.figures import Latency, Row
from tests.bench.peers import POST, SEND, THINK
from tests.bench.processes import Server

THREADS = 10
CUSTOMERS_OF_AI = 50
GOAL = "p50 < 15 ms, p99 < 60 ms"

T = TypeVar("T")


async def measure(desk: Desk, bare: Server, seconds: float, rate: float = 5.0) -> list[Row]:
    """Both ways at the same time, each at `rate` messages a second."""
    threads = [await desk.open(customer) for customer in range(THREADS)]
    await asyncio.sleep(2.0)  # the cards, transcripts and marks of the opening are not part of it

    async def to_slack(number: int) -> float:
        mark = desk.mark()
        arrived = desk.peers.expect(POST, mark)
        begun = await desk.customer_writes(threads[number % THREADS].customer, f"And what about {mark}?")
        return (await asyncio.wait_for(arrived, PATIENCE)).begun - begun

    async def to_whatsapp(number: int) -> float:
        mark = desk.mark()
        arrived = desk.peers.expect(SEND, mark)
        begun = await desk.ana_writes(threads[(number + 5) % THREADS], f"I looked at {mark} for you.")
        return (await asyncio.wait_for(arrived, PATIENCE)).begun - begun

    async def yardstick(_number: int) -> float:
        return await desk.knocks(bare)

    count = int(seconds * rate)
    inward, outward, meanwhile = await asyncio.gather(
        _steadily(to_slack, count, 1 / rate),
        _steadily(to_whatsapp, count, 1 / rate, first=0.5 / rate),
        _steadily(yardstick, count, 1 / rate, first=0.25 / rate),
    )
    return [
        _row("customer → Slack call", inward),
        _row("staff → WhatsApp call", outward),
        Row("yardstick: bare aiohttp answers a webhook meanwhile", str(Latency(meanwhile))),
    ]


async def measure_ai(desk: Desk, seconds: float, rate: float = 5.0) -> list[Row]:
    """The AI's way: how long until the model is asked, and from its answer until WhatsApp is called."""

    async def ask(number: int) -> tuple[float, float]:
        mark = desk.mark()
        asked, sent = desk.peers.expect(THINK, mark), desk.peers.expect(SEND, mark)
        begun = await desk.customer_writes(1000 + number % CUSTOMERS_OF_AI, f"Where is my parcel {mark}?")
        question, answer = await asyncio.wait_for(asyncio.gather(asked, sent), PATIENCE)
        return question.begun - begun, answer.begun - question.answered

    times = await _steadily(ask, int(seconds * rate), 1 / rate)
    return [
        Row("customer → model asked (debounce 0)", str(Latency([each for each, _ in times]))),
        Row("model's answer → WhatsApp call", str(Latency([each for _, each in times]))),
    ]


async def _steadily(
    act: Callable[[int], Coroutine[None, None, T]], count: int, pause: float, first: float = 0.0
) -> list[T]:
    """Start one every `pause` seconds, whether or not the one before has ended."""
    await asyncio.sleep(first)
    running: list[asyncio.Task[T]] = []
    for number in range(count):
        running.append(asyncio.create_task(act(number)))
        await asyncio.sleep(pause)
    return await asyncio.gather(*running)


def _row(what: str, samples: list[float]) -> Row:
    latency = Latency(samples)
    return Row(what, str(latency), GOAL, latency.p50 < 0.015 and latency.p99 < 0.060)
