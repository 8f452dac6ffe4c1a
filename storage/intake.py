"""The door's ledger: what arrives is durable before it is acknowledged, and what arrives together shares a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.domain.work import Work
from storage import tasks
from storage.database import is_passing_trouble

_LARGEST_BATCH = 2000  # tasks in one statement

Waiting = tuple[Sequence[Work], datetime, "asyncio.Future[None]"]


class Intake:
    """Group commit: while one batch is being written, the next one gathers."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for a commit at this moment."""
        return self._writer is not None and not self._writer.done()

    async def store(self, works: Sequence[Work], now: datetime) -> None:
        """Return once these are committed; raises what the database said, for these works alone."""
        if not works:
            return
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((works, now, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write(), name="intake")
        await written

    async def _write(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            try:
                await tasks.enqueue([work for works, _, _ in batch for work in works], batch[-1][1])
            except Exception as error:  # noqa: BLE001  # handed on to whoever waits
                if is_passing_trouble(error):
                    _fail(batch, error)
                else:  # one bad item must not fail its neighbours: each is tried alone
                    await self._write_singly(batch)
            else:
                for _, _, written in batch:
                    _succeed(written)

    def _next_batch(self) -> list[Waiting]:
        size = count = 0
        for works, _, _ in self._waiting:
            if count and size + len(works) > _LARGEST_BATCH:
                break
            size, count = size + len(works), count + 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    @staticmethod
    async def _write_singly(batch: list[Waiting]) -> None:
        for works, now, written in batch:
            try:
                await tasks.enqueue(works, now)
            except Exception as error:  # noqa: BLE001  # handed on to whoever waits
                _fail([(works, now, written)], error)
            else:
                _succeed(written)


def _fail(batch: list[Waiting], error: Exception) -> None:
    for _, _, written in batch:
        if not written.done():
            written.set_exception(error)


def _succeed(written: asyncio.Future[None]) -> None:
    if not written.done():  # the request may have gone away while it waited
        written.set_result(None)
