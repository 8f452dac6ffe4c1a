"""The bots under fire: replicas on one PostgreSQL, killed and started again, and the database that goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path
from random import Random

from integrations.sandbox.server import Sandbox
from tests.chaos.checker import GRACE_SECONDS
from tests.chaos.ledger import Ledger
from tests.processes import BotProcess, DidNotStartError, OwnPostgres, environment, free_port


class Replica:
    """One bot that its supervisor starts again whenever it ends."""

    def __init__(self, number: int, process: BotProcess, ledger: Ledger) -> None:
        self.name = f"bot {number}"
        self.process = process
        self.is_up = False
        self._ledger = ledger

    async def start(self) -> None:
        """Until it serves; nothing where it does already."""
        while not self.is_up:
            try:
                await self.process.start()
            except (DidNotStartError, TimeoutError):  # the database was away
                await self.process.kill()
                await asyncio.sleep(0.2)
            else:
                self.is_up = True
                self._ledger.note("", f"{self.name} serves")

    async def kill(self) -> None:
        self.is_up = False
        self._ledger.fault("kill -9", what=self.name)
        await self.process.kill()

    async def start_and_kill(self, after: float) -> None:
        """Kill it before it serves, or just when it begins to."""
        assert not self.is_up
        starting = asyncio.create_task(self.process.start())
        await asyncio.wait({starting}, timeout=after)
        await self.kill()
        [outcome] = await asyncio.gather(starting, return_exceptions=True)
        if not isinstance(outcome, DidNotStartError):
            await self.process.kill()


class House:
    """The storm ends after enough `kills`, or when the clock passes `ends_at`."""

    def __init__(self, postgres: OwnPostgres, replicas: list[Replica], ledger: Ledger, dice: Random) -> None:
        self.postgres = postgres
        self.replicas = replicas
        self._ledger = ledger
        self._dice = dice
        self.kills = 0
        self.ends_at = inf

    async def kill_at_random(self, replica: Replica, wanted: int, life: float) -> None:
        """Kill -9, most often while it serves, now and then while it starts."""
        dice = self._dice
        while self.kills < wanted and time.monotonic() < self.ends_at:
            if replica.is_up or dice.random() < 0.85:
                await replica.start()
                await asyncio.sleep(dice.expovariate(1 / life))
                await replica.kill()
            else:
                await replica.start_and_kill(after=dice.uniform(0.1, 1.5))
            self.kills += 1
            await asyncio.sleep(dice.uniform(0, 0.7))
        await replica.start()

    async def pull_the_database(self, every: float, calm: asyncio.Event) -> None:
        """Take it away now and then, until it is `calm` or time is up; then it is there."""
        dice = self._dice
        while time.monotonic() < self.ends_at and not await _set_within(calm, dice.uniform(0.5, 1.5) * every):
            how = dice.choice((self.postgres.crash, self.postgres.stop))
            self._ledger.fault(f"postgres {how.__name__}")
            await how()
            await asyncio.sleep(dice.uniform(0, 1.5))
            await self.postgres.start()
            self._ledger.note("", "postgres is back")

    async def spread(self, sandbox: Sandbox) -> None:
        """A load balancer that learns slowly: most requests go to a bot that serves."""
        while True:
            up = [each for each in self.replicas if each.is_up]
            chosen = self._dice.choice(up if up and self._dice.random() < 0.85 else self.replicas)
            sandbox.world.bot_url = chosen.process.url
            await asyncio.sleep(0.02)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    await asyncio.wait({waiting := asyncio.create_task(event.wait())}, timeout=seconds)
    waiting.cancel()
    return event.is_set()


@asynccontextmanager
async def open_house(
    sandbox: Sandbox, ledger: Ledger, folder: Path, replicas: int, dice: Random, logs: Path | None = None
) -> AsyncGenerator[House]:
    if logs:
        logs.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else runs yet
    postgres = OwnPostgres(folder / "data")
    more = {"DATABASE_URL": postgres.url, "SEND_GRACE_SECONDS": f"{GRACE_SECONDS:g}"}
    house = House(postgres, [], ledger, dice)
    for number in range(1, replicas + 1):
        env = environment(sandbox, free_port(), folder, **more)
        house.replicas.append(Replica(number, BotProcess(env, logs / f"bot{number}.log" if logs else None), ledger))
    try:
        await asyncio.gather(*(each.start() for each in house.replicas))
        yield house
    finally:
        await asyncio.gather(*(each.process.stop() for each in house.replicas))
        await postgres.stop()
