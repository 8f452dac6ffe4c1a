"""The one clock, version counter and set of running deliveries that the three stand-ins share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

Found = TypeVar("Found")

GLANCE = 0.1


class World:
    """Changes are announced here, so that waiting for something needs no sleep."""

    def __init__(self, bot_url: str, clock: Callable[[], float] = time.time) -> None:
        self.bot_url = bot_url
        self.version = 0
        self.clock = clock
        self.closing = asyncio.Event()
        self._changed = asyncio.Event()
        self._running: set[asyncio.Task[object]] = set()
        self._last_ts = 0

    def now(self) -> float:
        return self.clock()

    def stamp(self) -> str:
        """A Slack `ts`: seconds and microseconds, never the same twice, never going back."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def touch(self) -> None:
        """Something changed: wake whoever waits for it."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def run(self, work: Coroutine[object, object, object]) -> None:
        """Let something go on by itself; it ends with the sandbox."""
        if self.closing.is_set():
            work.close()
            return
        task: asyncio.Task[object] = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def change(self, within: float) -> None:
        """Wait for the next change, at most so long."""
        changed = self._changed
        try:
            await asyncio.wait_for(changed.wait(), within)
        except TimeoutError:
            return

    async def until(self, condition: Callable[[], Found], within: float, dump: Callable[[], str]) -> Found:
        deadline = time.monotonic() + within
        while not (found := condition()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not so within {within:g} s. The world now:\n{dump()}")
            # A condition may also look at things that announce no change, such as the bot's own rows.
            await self.change(min(left, GLANCE))
        return found

    async def close(self) -> None:
        self.closing.set()
        self.touch()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            raise error
