"""The test bench: one real PostgreSQL, a fresh database for each test, and a town with a customer, a desk and a bot."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from storage import database as storage_database
from storage import embedded
from storage.database import Credentials

TEMPLATE = "switchboard_template"
_numbers = itertools.count(1)


async def _sql(credentials: Credentials, *statements: str) -> None:
    connection = await asyncpg.connect(**credentials.as_arguments())
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    """The embedded server, with a template database that every migration has been applied to."""
    server = Credentials.from_url(embedded.start(tmp_path_factory.mktemp("data")))
    asyncio.run(_sql(server, f"CREATE DATABASE {TEMPLATE}"))
    asyncio.run(storage_database.migrate(replace(server, database=TEMPLATE)))
    return server


@pytest.fixture
async def credentials(postgres: Credentials) -> AsyncGenerator[Credentials]:
    """An empty, migrated database of this test's own."""
    name = f"test_{next(_numbers)}"
    await _sql(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield replace(postgres, database=name)
    await _sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(credentials: Credentials) -> AsyncGenerator[Credentials]:
    """The same, with the pool open."""
    async with storage_database.connected(credentials):
        yield credentials


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
