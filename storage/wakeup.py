"""One session per process that listens for new work and, by holding a lock, shows that the process lives."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import asyncpg

from storage.database import Credentials
from storage.tasks import CHANNEL, LIVENESS


class Wakeup:
    """LISTEN, and a lock named after the worker that PostgreSQL drops with the session, even at kill -9."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self.worker = 0
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self.event = asyncio.Event()

    @property
    def is_connected(self) -> bool:
        return self._connection is not None and not self._connection.is_closed()

    async def connect(self) -> None:
        """Open the session unless it is open. Raises what asyncpg or the network says."""
        if self.is_connected:
            return
        connection = await asyncpg.connect(**self._credentials.as_arguments())
        self.worker = secrets.randbelow(2**31 - 1) + 1  # a new name: what the lost session had leased is freed
        try:
            await connection.execute("SELECT pg_advisory_lock($1, $2)", LIVENESS, self.worker)
            await connection.add_listener(CHANNEL, self._notified)
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection
        self.event.set()

    async def close(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=5)
        self._connection = None

    def _notified(self, *_: Any) -> None:
        self.event.set()
