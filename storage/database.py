"""The way to PostgreSQL: addresses, the connection pool, migrations, and transactions that cause work."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.connection import get_connection, get_connections
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError
from tortoise.migrations.api import migrate as tortoise_migrate
from tortoise.transactions import in_transaction

CONNECTION = "default"
POOL_SIZE = 24
# A database that hangs must become an error while whoever waits for it still waits. Seconds.
_CONNECT_WITHIN, _ANSWER_WITHIN = 5.0, 30.0
_STREAMED = 500  # rows at a time
_MIGRATION_LOCK = 0x5B0A  # any number, the same in every replica


@dataclass(frozen=True, slots=True)
class Credentials:
    """A PostgreSQL address, taken apart. `host` may be the folder of a Unix socket."""

    host: str
    port: int
    user: str
    password: str | None
    database: str
    ssl: str | None

    @classmethod
    def from_url(cls, url: str) -> Credentials:
        """Read `postgres://user:password@host:port/database?sslmode=…`; raises `ValueError` on anything else."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise ValueError("expected an address like postgres://user:password@host:5432/database")
        query = parse_qs(parts.query)
        return cls(
            host=query.get("host", [parts.hostname or "localhost"])[0],
            port=parts.port or 5432,
            user=unquote(parts.username or "postgres"),
            password=unquote(parts.password) if parts.password else None,
            database=unquote(parts.path.lstrip("/")) or "postgres",
            ssl=query.get("sslmode", [None])[0],
        )

    def as_arguments(self) -> dict[str, Any]:
        """Keyword arguments that both Tortoise and asyncpg understand."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": self.database,
        } | ({"ssl": self.ssl} if self.ssl else {})


async def _leave_as_it_is(_connection: object) -> None:
    """Pooled connections never listen, nor hold session locks or settings, so there is nothing to reset.

    asyncpg's own reset is one more round trip each time a connection goes back: a third of all statements.
    """


def tortoise_config(credentials: Credentials, pool_size: int = POOL_SIZE) -> dict[str, Any]:
    return {
        "connections": {
            CONNECTION: {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials.as_arguments()
                | {"minsize": 1, "maxsize": pool_size, "application_name": "switchboard"}
                | {"timeout": _CONNECT_WITHIN, "command_timeout": _ANSWER_WITHIN, "reset": _leave_as_it_is},
            }
        },
        "apps": {
            "models": {
                "models": [
                    "storage.models",
                    "storage.engine_models",
                    "storage.desk_models",
                    "storage.agent_models",
                    "storage.knowledge_models",
                ],
                "default_connection": CONNECTION,
                "migrations": "storage.migrations",
            }
        },
        "use_tz": True,
    }


# For `tortoise makemigrations`, which compares the models with the migrations and needs no server.
MIGRATION_CONFIG = tortoise_config(Credentials("localhost", 5432, "postgres", None, "switchboard", None))


@asynccontextmanager
async def connected(credentials: Credentials, pool_size: int = POOL_SIZE) -> AsyncGenerator[TortoiseContext]:
    """Open the pool for the time of the block. One at a time in a process: requests find it from any asyncio task."""
    context = await Tortoise.init(config=tortoise_config(credentials, pool_size), _enable_global_fallback=True)
    try:
        yield context
    finally:
        await context.close_connections()


async def migrate(credentials: Credentials) -> None:
    """Bring the database to this version's shape; replicas that start together wait for each other."""
    guard = await asyncpg.connect(**credentials.as_arguments())
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        await tortoise_migrate(config=tortoise_config(credentials, pool_size=1))
        await Tortoise.close_connections()
    finally:
        await guard.close()


# A row as asyncpg gives it: read by name, but no dict.
Row = Mapping[str, Any]


class Sql(Protocol):
    """Raw SQL, with PostgreSQL's own `$1` parameters."""

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]: ...

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]: ...

    async def execute_many(self, query: str, values: list[list[Any]]) -> None: ...

    async def execute_script(self, query: str) -> None: ...


def connection() -> Sql:
    """The transaction of the moment, else the pool."""
    return cast("Sql", get_connection(CONNECTION))


async def fetch(query: str, *values: object) -> Sequence[Row]:
    """What PostgreSQL answers, with nothing around it: on the way of every message the models cost a quarter."""
    acquired = get_connection(CONNECTION).acquire_connection()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # Tortoise does not say of what
    async with cast("AbstractAsyncContextManager[asyncpg.Connection[asyncpg.Record]]", acquired) as held:
        return cast("list[Row]", await held.fetch(query, *values))


async def fetch_one(query: str, *values: object) -> Row | None:
    """Its only row, or None."""
    rows = await fetch(query, *values)
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query answers, as it comes."""

    columns: tuple[str, ...]
    each: AsyncIterator[Row]


@asynccontextmanager
async def stream(query: str, *values: object) -> AsyncGenerator[Rows]:
    """As `fetch`, but a few hundred rows at a time: there may be more of them than there is memory."""
    acquired = get_connection(CONNECTION).acquire_connection()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # Tortoise does not say of what
    async with (
        cast("AbstractAsyncContextManager[asyncpg.Connection[asyncpg.Record]]", acquired) as held,
        held.transaction(readonly=True),
    ):
        statement = await held.prepare(query)
        names = tuple(each.name for each in statement.get_attributes())
        yield Rows(names, cast("AsyncIterator[Row]", aiter(statement.cursor(*values, prefetch=_STREAMED))))


@asynccontextmanager
async def transaction() -> AsyncGenerator[None]:
    """The block is one transaction. However it ends, the next one of this asyncio task begins on a sound connection.

    Tortoise alone would keep a connection whose BEGIN failed as the connection of the moment, so that whatever the
    same asyncio task tried next would fail too, for ever; and it would never give it back to the pool.
    """
    outside, opening = get_connection(CONNECTION), in_transaction(CONNECTION)
    has_begun = False
    try:
        async with opening:
            has_begun = True
            yield
    finally:
        if not has_begun and isinstance(opening, TransactionContextPooled):
            await _give_back(cast("TransactionWrapper", opening.client))
        if get_connection(CONNECTION) is not outside:
            get_connections().set(CONNECTION, outside)


async def _give_back(failed: TransactionWrapper) -> None:
    """The pool throws a broken connection away and makes room for a new one."""
    held, pool = failed._connection, failed._parent._pool  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(held, PoolConnectionProxy) and isinstance(pool, asyncpg.Pool):
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            await pool.release(held)


# The database was away, busy or in a tangle: the same work may succeed a moment later.
PASSING_TROUBLE = (
    OSError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke in the middle of an answer
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
)


def is_passing_trouble(error: Exception) -> bool:
    return isinstance(error, PASSING_TROUBLE)
