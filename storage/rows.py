"""Rows by SQL of our own, for what every message needs: building the same query again costs more than running it."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from storage.database import fetch

M = TypeVar("M", bound=Model)


async def select(model: type[M], rest: str, *values: object) -> list[M]:
    """The rows of the model's table for which `rest` (WHERE and what follows it) asks."""
    read = model._init_from_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # what Tortoise's own queries end with
    return [read(**row) for row in await fetch(_statement(model, rest), *values)]


async def updated(model: type[M], rest: str, *values: object) -> list[M]:
    """The rows that `rest` (SET, WHERE) changes, as they are from here on."""
    read = model._init_from_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return [read(**row) for row in await fetch(_change(model, rest), *values)]


async def first(model: type[M], rest: str, *values: object) -> M | None:
    """The first of them, or None."""
    rows = await select(model, rest, *values)
    return rows[0] if rows else None


async def one(model: type[M], rest: str, *values: object) -> M:
    """The one row that must be there."""
    row = await first(model, rest, *values)
    if row is None:
        raise DoesNotExist(model)
    return row


@cache
def _statement(model: type[Model], rest: str) -> str:
    return f'SELECT {_columns(model)} FROM "{model._meta.db_table}" {rest}'  # noqa: S608, SLF001  # pyright: ignore[reportPrivateUsage]  # both are ours


@cache
def _change(model: type[Model], rest: str) -> str:
    return f'UPDATE "{model._meta.db_table}" {rest} RETURNING {_columns(model)}'  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # both are ours


def _columns(model: type[Model]) -> str:
    """Every column by name: a replica that is older than the database must not be confused by new ones."""
    return ", ".join(f'"{each}"' for each in sorted(model._meta.fields_db_projection.values()))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
