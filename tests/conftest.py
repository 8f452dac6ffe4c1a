"""The test bench: one real PostgreSQL, a fresh database for each test, and a town with a customer, a desk and a bot."""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import os
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from storage import database as storage_database
from storage import embedded
from storage.database import Credentials
from tests.processes import OwnPostgres, copied

TEMPLATE = "switchboard_template"
_SHARED = "SWITCHBOARD_TESTS_SHARE"
_numbers = itertools.count(1)
_shared = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


async def _sql(credentials: Credentials, *statements: str) -> None:
    connection = await asyncpg.connect(**credentials.as_arguments())
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _folder() -> Generator[Path]:
    """Not pytest's: it shuts its folders to other users at each start, and PostgreSQL is one when we are root."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def server_dir() -> Generator[Path]:
    with _folder() as folder:
        yield folder


@pytest.fixture
def data_dir() -> Generator[Path]:
    """Where a bot process of this test keeps its own PostgreSQL."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def founded_dir() -> Path:
    """A data directory that a bot has used and left, the same for all workers: making one takes longer than most tests
    that need it.
    """
    shared = Path(os.environ[_SHARED])
    folder, is_ready = shared / "founded", shared / "ready"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready.exists():
            server = OwnPostgres(folder)
            asyncio.run(storage_database.migrate(Credentials.from_url(server.url)))
            asyncio.run(server.stop())
            (folder / "postgres" / ".handle_pids.json").unlink(missing_ok=True)
            is_ready.touch()
    return folder


@pytest.fixture
def used_dir(data_dir: Path, founded_dir: Path) -> Path:
    """Where a bot process of this test keeps its own PostgreSQL; it is not the first to do so."""
    return copied(founded_dir, data_dir)


@pytest.fixture(scope="session")
def postgres(server_dir: Path, founded_dir: Path) -> Credentials:
    """The embedded server, with a template database that every migration has been applied to."""
    server = Credentials.from_url(embedded.start(copied(founded_dir, server_dir)))
    # This server need not survive a power cut; the tests that kill a bot start their own.
    unsafe = ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    template = f"CREATE DATABASE {TEMPLATE} TEMPLATE {server.database}"
    asyncio.run(_sql(replace(server, database="template1"), *unsafe, template))
    return server


@asynccontextmanager
async def _new_database(postgres: Credentials) -> AsyncGenerator[Credentials]:
    name = f"test_{next(_numbers)}"
    await _sql(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield replace(postgres, database=name)
    await _sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def credentials(postgres: Credentials) -> AsyncGenerator[Credentials]:
    """An empty, migrated database of this test's own."""
    async with _new_database(postgres) as fresh:
        yield fresh


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def credentials_of_all(postgres: Credentials) -> AsyncGenerator[Credentials]:
    """The same for all tests of a module, each of which has customers of its own."""
    async with _new_database(postgres) as fresh:
        yield fresh


@pytest.fixture
async def database(credentials: Credentials) -> AsyncGenerator[Credentials]:
    """The same, with the pool open."""
    async with storage_database.connected(credentials):
        yield credentials


def pytest_configure(config: pytest.Config) -> None:
    """What all workers share is made and removed by the process that starts them."""
    if _SHARED not in os.environ:
        config.stash[_shared] = tempfile.TemporaryDirectory(prefix="switchboard-test-", ignore_cleanup_errors=True)
        os.environ[_SHARED] = config.stash[_shared].name


def pytest_unconfigure(config: pytest.Config) -> None:
    if shared := config.stash.get(_shared, None):
        del os.environ[_SHARED]
        shared.cleanup()


_LONG = ("chaos", "browser", "fuzz", "evaluation")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end no worker waits for another's last long test."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    rooms = item.path.relative_to(Path(__file__).parent).parts
    if rooms[0] in _LONG:
        return 0
    return 1 if rooms[0] in ("stories", "test_cli.py") else 2
