"""Questions about a database that are asked before it is used, and answered in words."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from tortoise.exceptions import BaseORMException

from storage import embedded, migrations
from storage.database import Credentials, connected, connection

ANSWERS_WITHIN_SECONDS = 10.0
_MIGRATIONS = frozenset(path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py"))


_FILES = """
SELECT inbox.id, phone_number_id, count(source) AS files,
       array_agg(ARRAY[source, trouble] ORDER BY source) FILTER (WHERE trouble <> '') AS unreadable
FROM inbox LEFT JOIN knowledge_page ON inbox_id = inbox.id AND source NOT LIKE 'taught:%'
GROUP BY inbox.id
"""


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


@dataclass(frozen=True, slots=True)
class Indexed:
    """What of an inbox's folder can be found; `unreadable` says why, file by file."""

    files: int
    passages: int
    embedded: int
    unreadable: Mapping[str, str]


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


async def indexed(credentials: Credentials) -> dict[str, Indexed]:
    """How far each number's knowledge is indexed, what staff have taught left out."""
    async with _visit(credentials):
        has_meanings = (await _column("SELECT to_regclass('knowledge_meaning') IS NOT NULL"))[0] == "True"
        meanings = "SELECT inbox_id, count(DISTINCT passage_id) AS embedded FROM knowledge_meaning GROUP BY inbox_id"
        embedded = await _by_inbox(meanings) if has_meanings else {}
        passages = await _by_inbox("SELECT inbox_id, count(*) FROM knowledge GROUP BY inbox_id")
        files = await connection().execute_query_dict(_FILES)
    found: dict[str, Indexed] = {}
    for row in files:
        inbox = row["id"]
        told = Indexed(row["files"], passages.get(inbox, 0), embedded.get(inbox, 0), dict(row["unreadable"] or ()))
        found[row["phone_number_id"]] = told
    return found


async def can_keep_meanings(credentials: Credentials) -> bool:
    """Whether pgvector is there, or would be at the next start."""
    async with _visit(credentials):
        return bool(
            await _column("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
            or await _column(
                "SELECT 1 FROM pg_available_extension_versions WHERE name = 'vector' AND "
                "(NOT superuser OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) "
                "OR trusted AND has_database_privilege(current_database(), 'CREATE'))"
            )
        )


async def _by_inbox(query: str) -> dict[int, int]:
    rows = (tuple(row.values()) for row in await connection().execute_query_dict(query))
    return {int(inbox): int(count) for inbox, count in rows}


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
