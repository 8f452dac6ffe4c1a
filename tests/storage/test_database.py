"""The way to PostgreSQL under strain: a connection that breaks spoils the work of the moment and nothing after it."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection

from storage.database import CONNECTION, Credentials, connected, connection, is_passing_trouble, transaction


async def _break_the_idle_one(pool: Any) -> None:
    """As a database that is restarted does: the pool finds out when it next uses the connection."""
    held: Any = await pool.acquire()
    transport = held._con._transport
    await pool.release(held)
    transport.abort()


async def test_after_a_begin_that_failed_the_next_transaction_of_the_same_asyncio_task_succeeds(
    credentials: Credentials,
):
    async with connected(credentials, pool_size=2):
        async with transaction():
            await connection().execute_query("SELECT 1")
        pool: Any = get_connection(CONNECTION)._pool  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        failed = 0
        for _ in range(50):
            await _break_the_idle_one(pool)
            try:
                async with transaction():
                    pass  # this once the pool had noticed already
            except asyncpg.PostgresConnectionError as error:
                failed += is_passing_trouble(error)
            async with transaction():
                assert await connection().execute_query_dict("SELECT 1 AS one") == [{"one": 1}]
            if failed == 4:  # more often than the pool has connections: none may stay behind
                return
        raise AssertionError("no begin failed")


async def test_a_connection_that_broke_inside_a_transaction_is_not_met_again(credentials: Credentials):
    async with connected(credentials, pool_size=1):
        for _ in range(3):
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)) as failed:
                async with transaction():
                    await connection().execute_query("SELECT pg_terminate_backend(pg_backend_pid())")
            assert is_passing_trouble(failed.value)
            async with transaction():
                assert await connection().execute_query_dict("SELECT 1 AS one") == [{"one": 1}]
