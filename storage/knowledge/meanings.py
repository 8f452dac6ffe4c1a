"""What passages mean, as an embedding model puts it in numbers: kept with pgvector, where PostgreSQL has it.

The table is made at the start of whoever has an embedding model, not by a migration: those run on every PostgreSQL.
All of an inbox's passages are compared, without an index: ten thousand take some 20 ms and none is overlooked, while
pgvector's indexes filter by inbox only after they have searched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from tortoise.exceptions import OperationalError

from bot.domain.knowledge import Passage
from storage.database import connection, fetch, is_passing_trouble, transaction

_MAKING, _EMBEDDING = 0x5B0D, 0x5B0E  # our advisory lock classes, the same in every replica

# A vector of no fixed size: whose it is says `model`, which names its size too, and only its own are compared.
_MAKE = (
    """CREATE TABLE knowledge_meaning (
    passage_id bigint NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
    inbox_id int NOT NULL,
    model text NOT NULL,
    meaning vector NOT NULL,
    PRIMARY KEY (passage_id, model))""",
    # Within the row as far as it fits: fetched from elsewhere, a comparison of ten thousand took 110 ms instead of 20.
    "ALTER TABLE knowledge_meaning ALTER COLUMN meaning SET STORAGE MAIN",
    "CREATE INDEX knowledge_meaning_inbox ON knowledge_meaning (inbox_id, model)",
)
_MISSING = """
SELECT id, title, body FROM knowledge
WHERE inbox_id = $1 AND id <> ALL($3::bigint[])
  AND NOT EXISTS (SELECT 1 FROM knowledge_meaning WHERE passage_id = knowledge.id AND model = $2)
ORDER BY id LIMIT $4
"""
# Passages may have gone while the model thought; the lock keeps the others until this is committed.
_KEEP = """
INSERT INTO knowledge_meaning (passage_id, inbox_id, model, meaning)
SELECT id, $1, $2, meaning::vector
FROM unnest($3::bigint[], $4::text[]) AS each(id, meaning) JOIN knowledge USING (id) FOR KEY SHARE OF knowledge
ON CONFLICT DO NOTHING
"""
# What was asked is read once, which a plan for any question would do again for each passage.
_NEAREST = """
WITH asked AS MATERIALIZED (SELECT $3::text::vector AS wanted)
SELECT source, title, body, likeness FROM (
    SELECT passage_id, 1 - (meaning <=> wanted) AS likeness
    FROM knowledge_meaning CROSS JOIN asked WHERE inbox_id = $1 AND model = $2
    ORDER BY likeness DESC, passage_id LIMIT $4) AS near
JOIN knowledge ON id = passage_id WHERE likeness >= $5 ORDER BY likeness DESC, id
"""


class NoMeaningsError(Exception):
    """This PostgreSQL cannot keep them; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A passage that the model has not been shown yet."""

    id: int
    text: str


async def prepare() -> None:
    """Have a place for them; raises `NoMeaningsError` where there can be none."""
    try:
        async with transaction():
            await connection().execute_query("SELECT pg_advisory_xact_lock($1, 0)", [_MAKING])
            if not await fetch("SELECT 1 FROM pg_extension WHERE extname = 'vector'"):
                await connection().execute_script("CREATE EXTENSION vector")
            if not await fetch("SELECT 1 FROM pg_class WHERE oid = to_regclass('knowledge_meaning')"):
                for statement in _MAKE:
                    await connection().execute_script(statement)
    except (OperationalError, asyncpg.PostgresError) as error:
        if is_passing_trouble(error):
            raise
        raise NoMeaningsError(
            f"PostgreSQL has no pgvector ({error}): install it and let its administrator run CREATE EXTENSION vector "
            "in Switchboard's database, or unset OPENAI_EMBEDDING_MODEL"
        ) from error


async def is_ours(inbox_id: int) -> bool:
    """In a transaction: whether no other replica has passages of this inbox read just now, which would cost twice."""
    return bool((await fetch("SELECT pg_try_advisory_xact_lock($1, $2) AS ours", _EMBEDDING, inbox_id))[0]["ours"])


async def missing(inbox_id: int, model: str, but: Collection[int], limit: int) -> list[Unread]:
    rows = await fetch(_MISSING, inbox_id, model, list(but), limit)
    return [Unread(row["id"], f"{row['title']}\n{row['body']}") for row in rows]


async def keep(inbox_id: int, model: str, meanings: Mapping[int, Sequence[float]]) -> None:
    vectors = [_written(each) for each in meanings.values()]
    await connection().execute_query(_KEEP, [inbox_id, model, list(meanings), vectors])


async def nearest(inbox_id: int, model: str, meaning: Sequence[float], least: float, limit: int) -> list[Passage]:
    """Those that mean nearly the same, nearest first; `least` is the cosine that is still near."""
    rows = await fetch(_NEAREST, inbox_id, model, _written(meaning), limit, least)
    return [Passage(row["source"], row["title"], row["body"]) for row in rows]


async def kept(inbox_id: int, model: str) -> tuple[int, int]:
    """How many passages have their meaning, of how many."""
    row = (
        await fetch(
            "SELECT (SELECT count(*) FROM knowledge_meaning WHERE inbox_id = $1 AND model = $2) AS kept, "
            "(SELECT count(*) FROM knowledge WHERE inbox_id = $1) AS passages",
            inbox_id,
            model,
        )
    )[0]
    return row["kept"], row["passages"]


async def forget_others(inbox_id: int, model: str) -> None:
    """What another model made of them."""
    await connection().execute_query(
        "DELETE FROM knowledge_meaning WHERE inbox_id = $1 AND model <> $2", [inbox_id, model]
    )


def _written(vector: Sequence[float]) -> str:
    return f"[{','.join(map(repr, map(float, vector)))}]"
