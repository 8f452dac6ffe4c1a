"""One storm from beginning to end: people talk, the gremlin rages, everything heals, the checker judges."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import asyncpg

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import Sandbox
from tests.chaos import checker, evidence
from tests.chaos.checker import Verdict
from tests.chaos.gremlin import MODEL, SLACK, WHATSAPP, Odds, Spoiler, let_go
from tests.chaos.house import House, open_house
from tests.chaos.ledger import Ledger
from tests.chaos.people import (
    ASKS,
    CHANNEL,
    CustomerLife,
    Scene,
    StaffLife,
    StandInModel,
    customer,
    staff_ids,
    staff_member,
)
from tests.chaos.post import PAUSES, MetaPost, UnreliableEvents, Weather
from tests.chaos.wild import WildModel


@dataclass(frozen=True, slots=True)
class Options:
    seed: int
    kills: int
    customers: int
    staff: int
    minutes: float  # the storm ends by then, whatever is left to kill
    replicas: int = 2
    speed: float = 1.0
    life: float = 3.0  # seconds that a bot serves before it is killed, on average
    database_every: float = 25.0  # seconds between two losses of the database
    quiet_within: float = 240.0
    logs: Path | None = None
    wild: bool = False  # the model misbehaves


@dataclass(frozen=True, slots=True)
class Result:
    verdict: Verdict
    ledger: Ledger
    kills: int
    storm_seconds: float
    healed_in: float


class NeverQuietError(Exception):
    """After the storm something stayed undone."""


async def storm(options: Options) -> Result:
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # of our stand-ins: callers are killed in mid-call
    with tempfile.TemporaryDirectory(prefix="switchboard-chaos-", ignore_cleanup_errors=True) as folder:
        return await _storm(options, Path(folder))


async def _storm(options: Options, folder: Path) -> Result:
    ledger, weather = Ledger(), Weather()
    sandbox, spoilers = _sandbox(options, ledger, weather)
    async with sandbox:
        post = MetaPost(sandbox, ledger, _dice(options, "post"), weather)
        sandbox.whatsapp.auto_status = False
        sandbox.whatsapp.api.accepted = post.report
        async with open_house(
            sandbox, ledger, folder, options.replicas, _dice(options, "house"), options.logs
        ) as house:
            scene = Scene(sandbox, ledger, post, speed=options.speed)
            began = time.monotonic()
            beside = [ledger.watch_the_clock(), house.spread(sandbox), let_go(spoilers, _dice(options, "hang"))]
            async with _beside(*beside):
                await _rage(options, house, scene)
                weather.roughness = 0.0
                healing = time.monotonic()
                await _quiet(house, scene, options.quiet_within)
                healed = time.monotonic()
            found = await evidence.gather(sandbox, house.postgres.url)
        return Result(checker.judge(ledger, found), ledger, house.kills, healing - began, healed - healing)


def _dice(options: Options, whose: str) -> Random:
    """Everybody rolls their own, so that one who acts more often does not change the luck of the others."""
    return Random(f"{options.seed}:{whose}")


def _sandbox(options: Options, ledger: Ledger, weather: Weather) -> tuple[Sandbox, list[Spoiler]]:
    sandbox = Sandbox(SandboxConfig(slack_retry_delays=PAUSES))

    def spoiler(service: str, odds: Odds) -> Spoiler:
        return Spoiler(service, odds, ledger, _dice(options, service), weather)

    spoilers = [spoiler("whatsapp", WHATSAPP), spoiler("slack", SLACK), spoiler("model", MODEL)]
    sandbox.whatsapp.faults = sandbox.whatsapp.api.faults = spoilers[0]
    sandbox.slack.faults = sandbox.slack.api.faults = spoilers[1]
    sandbox.openai.faults = spoilers[2]
    if options.wild:
        wild = WildModel(ledger, _dice(options, "brain"), weather)
        sandbox.openai.script(wild)
        sandbox.openai.mood = wild.mood
    else:
        sandbox.openai.script(StandInModel(ledger, _dice(options, "brain")))
    sandbox.slack.events = UnreliableEvents(sandbox.slack, ledger, _dice(options, "events"), weather)
    for number in range(1, options.customers + 1):
        sandbox.whatsapp.add_customer(customer(number))
    for user in staff_ids(options.staff)[2:]:
        sandbox.slack.add_user(staff_member(user), CHANNEL)
    return sandbox, spoilers


async def _rage(options: Options, house: House, scene: Scene) -> None:
    """Until enough kills, or until time is up; then the people finish what they are at."""
    customers = [_customer(options, scene, number) for number in range(1, options.customers + 1)]
    staff = [
        StaffLife(user, scene, _dice(options, user), hands_back=0.6 if options.wild else 0.0)
        for user in staff_ids(options.staff)
    ]
    calm = asyncio.Event()
    async with asyncio.TaskGroup() as all_of_it:
        for each in (*customers, *staff):
            all_of_it.create_task(each.live())
        all_of_it.create_task(house.pull_the_database(options.database_every, calm))
        await _kill(options, house)
        scene.over = True
        calm.set()


def _customer(options: Options, scene: Scene, number: int) -> CustomerLife:
    """Where the model is wild, most of its customers only ask: people come because of what it does."""
    life = CustomerLife(customer(number), scene, _dice(options, f"c{number}"))
    return replace(life, asks=ASKS, longs_for_people=0.02) if options.wild else life


async def _kill(options: Options, house: House) -> None:
    house.ends_at = time.monotonic() + options.minutes * 60
    if not options.kills:
        await asyncio.sleep(options.minutes * 60)
    async with asyncio.TaskGroup() as killers:
        for replica in house.replicas:
            killers.create_task(house.kill_at_random(replica, options.kills, options.life))


async def _quiet(house: House, scene: Scene, within: float) -> None:
    """Until nothing is on its way and nothing is left to do, seen three times running."""
    deadline, seen, left = time.monotonic() + within, 0, {"?": 1}
    while seen < 3:
        await asyncio.sleep(0.2)
        try:
            left = await evidence.unfinished(house.postgres.url)
        except (OSError, asyncpg.PostgresError):
            left = {"the database": 1}
        untaken = [each.token for each in scene.ledger.said.values() if each.taken is None]
        seen = 0 if left or untaken or scene.post.under_way else seen + 1
        if time.monotonic() > deadline:
            raise NeverQuietError(f"tasks left: {left}; not taken: {untaken}; statuses: {scene.post.under_way}")


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run these for the time of the block."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
