"""Questions about a database that are asked before it is used, and answered in words."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from tortoise.exceptions import BaseORMException

from storage import embedded, migrations
from storage.database import Credentials, connected, connection

ANSWERS_WITHIN_SECONDS = 10.0
_MIGRATIONS = frozenset(path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py"))


class DatabaseUnusableError(Exception):
    """There is no working with this database; the message says why and holds no password."""


@dataclass(frozen=True, slots=True)
class Health:
    """A database that answers: what this version would still change in it, and what a newer one has changed."""

    version: str
    pending: tuple[str, ...]
    foreign: tuple[str, ...]


def start_embedded(data_dir: Path) -> str:
    """Start the embedded server and return its address; raises `DatabaseUnusableError`."""
    try:
        return embedded.start(data_dir)
    except (FileExistsError, NotADirectoryError) as error:
        raise DatabaseUnusableError(f"cannot use {data_dir}: it is no folder") from error
    except OSError as error:
        raise DatabaseUnusableError(f"cannot use {data_dir}: {error.strerror or error}") from error
    except (
        RuntimeError,
        ValueError,
        subprocess.SubprocessError,
    ) as error:  # a damaged folder
        raise DatabaseUnusableError(f"the PostgreSQL in {data_dir} does not start: {error}") from error


async def examine(credentials: Credentials) -> Health:
    """Look without changing anything; raises `DatabaseUnusableError`."""
    async with _visit(credentials):
        version = (await _column("SHOW server_version"))[0].split()[0]
        recorded = (await _column("SELECT to_regclass('tortoise_migrations') IS NOT NULL"))[0] == "True"
        applied = await _column("SELECT name FROM tortoise_migrations WHERE app = 'models'") if recorded else []
    return Health(
        version=version,
        pending=tuple(sorted(_MIGRATIONS.difference(applied))),
        foreign=tuple(sorted(set(applied) - _MIGRATIONS)),
    )


async def languages(credentials: Credentials) -> frozenset[str]:
    """The text search configurations that knowledge may be indexed in."""
    async with _visit(credentials):
        return frozenset(await _column("SELECT cfgname FROM pg_ts_config"))


@asynccontextmanager
async def _visit(credentials: Credentials) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS), connected(credentials, pool_size=1):
            yield
    except (OSError, BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnusableError(_in_words(error, credentials)) from error


async def _column(query: str) -> list[str]:
    return [str(value) for row in await connection().execute_query_dict(query) for value in row.values()]


def _in_words(error: Exception, credentials: Credentials) -> str:
    where = f"{credentials.host}:{credentials.port}"
    if isinstance(error, TimeoutError):
        return f"no PostgreSQL answers at {where} within {ANSWERS_WITHIN_SECONDS:g} seconds"
    if isinstance(error, OSError) and not isinstance(error, BaseORMException):
        return f"no PostgreSQL answers at {where}: {error.strerror or error}"
    return f"PostgreSQL at {where} cannot be used: {error}"
