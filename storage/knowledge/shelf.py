"""Pages and their passages as rows: written whole, page by page, and counted for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from bot.domain.knowledge import Passage, taught_id
from bot.domain.knowledge_words import fold, words
from storage.database import Row, connection, fetch
from storage.knowledge import vocabulary

LONGEST_SOURCE = 500
_LOCK = 0x5B0C  # one of our advisory lock classes, the same in every replica

# Headings weigh most, then what is said under them; where it stands says least, but sometimes all there is to go by.
_INSERT = """
INSERT INTO knowledge (inbox_id, source, position, title, body, digest, language, search)
VALUES ($1, $2, $3, $4, $5, $6, $7::text,
        setweight(to_tsvector($7::text::regconfig, $8::text), 'A')
        || setweight(to_tsvector($7::text::regconfig, $9::text), 'B')
        || setweight(to_tsvector($7::text::regconfig, $10::text), 'C'))
"""
_UPSERT = """
INSERT INTO knowledge_page (inbox_id, source, language, digest, size, changed_ns, passages, trouble, indexed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())
ON CONFLICT (inbox_id, source) DO UPDATE
SET language = EXCLUDED.language, digest = EXCLUDED.digest, size = EXCLUDED.size, changed_ns = EXCLUDED.changed_ns,
    passages = EXCLUDED.passages, trouble = EXCLUDED.trouble, indexed_at = EXCLUDED.indexed_at
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file is seen to be the one that was read. `changed_ns` is 0 where that cannot be told yet."""

    size: int = 0
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a page. `trouble` says why nothing was."""

    source: str
    language: str
    digest: str
    passages: Sequence[Passage] = ()
    trouble: str = ""
    stamp: Stamp = Stamp()


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the folder as it was last read."""

    source: str
    language: str
    passages: int
    indexed_at: datetime
    trouble: str
    digest: str
    stamp: Stamp


async def pages(inbox_id: int) -> list[Page]:
    """Those of the folder, without what staff have taught."""
    rows = await fetch("SELECT * FROM knowledge_page WHERE inbox_id = $1 ORDER BY source", inbox_id)
    return [_page(row) for row in rows if taught_id(row["source"]) is None]


async def page(inbox_id: int, source: str) -> Page | None:
    rows = await fetch("SELECT * FROM knowledge_page WHERE inbox_id = $1 AND source = $2", inbox_id, source)
    return _page(rows[0]) if rows else None


async def read(inbox_id: int, source: str) -> list[Passage]:
    """What a page says, in order."""
    query = "SELECT source, title, body FROM knowledge WHERE inbox_id = $1 AND source = $2 ORDER BY position, id"
    return [Passage(row["source"], row["title"], row["body"]) for row in await fetch(query, inbox_id, source)]


async def has_passages(inbox_id: int) -> bool:
    """Whether there is anything to search."""
    return bool(await fetch("SELECT 1 FROM knowledge WHERE inbox_id = $1 LIMIT 1", inbox_id))


async def is_ours(inbox_id: int, source: str) -> bool:
    """Whether nobody else writes this page; then nobody will before this transaction ends."""
    rows = await fetch("SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS ours", _LOCK, f"{inbox_id}:{source}")
    return bool(rows[0]["ours"])


async def put(inbox_id: int, content: Content) -> None:
    """In a transaction: the page is this from now on. One that cannot be read keeps the passages that it had."""
    await fetch("SELECT pg_advisory_xact_lock($1, hashtext($2))", _LOCK, f"{inbox_id}:{content.source}")
    kept = 0
    if content.trouble:
        kept = (
            await fetch(
                "SELECT count(*) AS kept FROM knowledge WHERE inbox_id = $1 AND source = $2", inbox_id, content.source
            )
        )[0]["kept"]
    else:
        await _write(inbox_id, content)
    values = [content.digest, content.stamp.size, content.stamp.changed_ns, kept or len(content.passages)]
    await connection().execute_query(_UPSERT, [inbox_id, content.source, content.language, *values, content.trouble])


async def seen(inbox_id: int, source: str, stamp: Stamp) -> None:
    """The file has another time, and says what it said."""
    await connection().execute_query(
        "UPDATE knowledge_page SET size = $3, changed_ns = $4 WHERE inbox_id = $1 AND source = $2",
        [inbox_id, source, stamp.size, stamp.changed_ns],
    )


async def remove(inbox_id: int, sources: Sequence[str]) -> None:
    await connection().execute_query(
        "DELETE FROM knowledge_page WHERE inbox_id = $1 AND source = ANY($2::text[])", [inbox_id, list(sources)]
    )
    await vocabulary.forget(inbox_id, await _delete(inbox_id, sources))


async def _write(inbox_id: int, content: Content) -> None:
    gone = await _delete(inbox_id, [content.source])
    rows = [_row(inbox_id, content, position, each) for position, each in enumerate(content.passages)]
    await connection().execute_many(_INSERT, rows)
    written = [text for each in content.passages for text in (each.title, each.body)]
    await vocabulary.learn(inbox_id, written)
    await vocabulary.forget(inbox_id, gone)


def _row(inbox_id: int, content: Content, position: int, passage: Passage) -> list[Any]:
    stands = "" if taught_id(content.source) is not None else str(PurePosixPath(content.source).with_suffix(""))
    texts = [_both_ways(passage.title), _both_ways(passage.body), _both_ways(stands)]
    bare = [inbox_id, content.source, position, passage.title, passage.body, content.digest, content.language]
    return [*bare, *texts]


def _both_ways(text: str) -> str:
    """With accents, as PostgreSQL's grammars want the words, and without, as they are typed on a phone.

    Only words and spaces reach its parser, which would else cut differently with each database's locale.
    """
    found = words(text)
    folded = [plain for word in found if (plain := fold(word)) != word]
    return " ".join([*found, *folded])


async def _delete(inbox_id: int, sources: Sequence[str]) -> list[str]:
    """What they said."""
    rows = await fetch(
        "DELETE FROM knowledge WHERE inbox_id = $1 AND source = ANY($2::text[]) RETURNING title, body",
        inbox_id,
        list(sources),
    )
    return [text for row in rows for text in (row["title"], row["body"])]


def _page(row: Row) -> Page:
    return Page(
        source=row["source"],
        language=row["language"],
        passages=row["passages"],
        indexed_at=row["indexed_at"],
        trouble=row["trouble"],
        digest=row["digest"],
        stamp=Stamp(row["size"], row["changed_ns"]),
    )
