"""The inbox's knowledge: a folder of pages, kept as passages that PostgreSQL's full text search finds."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.knowledge import Passage
from storage.database import connection, transaction
from storage.documents import SUFFIXES, UnreadableError, passages_of

LANGUAGE = "english"  # a PostgreSQL text search configuration
_QUERY_WORDS = 32
_LOCK = 0x5B0C  # one of our advisory lock classes, the same in every replica

_INSERT = """
INSERT INTO knowledge (inbox_id, source, position, title, body, digest, search)
VALUES ($1, $2, $3, $4, $5, $6,
        setweight(to_tsvector($7::text::regconfig, $4::text), 'A')
        || setweight(to_tsvector($7::text::regconfig, $5::text), 'B'))
"""
# Text search rates the passages, and titles weigh more; ids settle ties, so that the same question finds the same.
_SEARCH = """
SELECT source, title, body
FROM knowledge, websearch_to_tsquery($2::text::regconfig, $3) AS wanted
WHERE inbox_id = $1 AND search @@ wanted
ORDER BY ts_rank_cd(search, wanted) DESC, id
LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What indexing a folder changed, page by page. `unreadable` says why, in words."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unreadable: dict[str, str] = field(default_factory=dict[str, str])
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Page:
    """A file of the folder; `trouble` says why it has no passages."""

    source: str
    passages: tuple[Passage, ...]
    digest: str
    trouble: str = ""


async def index_folder(inbox_id: int, folder: Path, language: str = LANGUAGE) -> IndexReport:
    """Make the inbox's passages those of the folder's files; raises `NotADirectoryError` without the folder.

    A page that cannot be read keeps the passages it had. `language` takes effect on pages as they change.
    """
    pages = await asyncio.to_thread(_read, folder, language)
    async with transaction():
        # Replicas start together and would each insert every page.
        await connection().execute_query("SELECT pg_advisory_xact_lock($1, $2)", [_LOCK, inbox_id])
        known = await _digests(inbox_id)
        report = _compare(pages, known)
        await _delete(inbox_id, report.changed + report.removed)
        fresh = {*report.added, *report.changed}
        for page in pages:
            if page.source in fresh:
                await _insert(inbox_id, page, language)
    return report


async def has_passages(inbox_id: int) -> bool:
    """Whether there is anything to search."""
    rows: list[dict[str, Any]] = await connection().execute_query_dict(
        "SELECT 1 FROM knowledge WHERE inbox_id = $1 LIMIT 1", [inbox_id]
    )
    return bool(rows)


async def search(inbox_id: int, query: str, limit: int = 4, language: str = LANGUAGE) -> list[Passage]:
    """The passages that hold any of the query's words, best first. Give the `language` they were indexed in."""
    words: list[str] = re.findall(r"\w+", query)[:_QUERY_WORDS]
    rows: list[dict[str, Any]] = await connection().execute_query_dict(
        _SEARCH, [inbox_id, language, " or ".join(words), limit]
    )
    return [Passage(row["source"], row["title"], row["body"]) for row in rows]


def _read(folder: Path, language: str) -> list[_Page]:
    if not folder.is_dir():
        raise NotADirectoryError(f"The knowledge folder {folder} is not there or is not a folder.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return [_page(path, path.relative_to(folder).as_posix(), language) for path in paths]


def _page(path: Path, source: str, language: str) -> _Page:
    raw = path.read_bytes()
    digest = hashlib.sha256(language.encode() + b"\0" + raw).hexdigest()
    try:
        return _Page(source, tuple(passages_of(source, raw)), digest)
    except UnreadableError as error:
        return _Page(source, (), digest, str(error))


def _compare(pages: list[_Page], known: dict[str, str]) -> IndexReport:
    """Which pages to write and which to forget. A page without any text has no passages, so it is as good as gone."""
    readable = [page for page in pages if page.passages]
    present = {page.source for page in pages if page.trouble or page.passages}
    return IndexReport(
        added=tuple(page.source for page in readable if page.source not in known),
        changed=tuple(page.source for page in readable if known.get(page.source, page.digest) != page.digest),
        removed=tuple(source for source in known if source not in present),
        unreadable={page.source: page.trouble for page in pages if page.trouble},
        unchanged=sum(known.get(page.source) == page.digest for page in readable),
    )


async def _digests(inbox_id: int) -> dict[str, str]:
    rows: list[dict[str, Any]] = await connection().execute_query_dict(
        "SELECT DISTINCT source, digest FROM knowledge WHERE inbox_id = $1 ORDER BY source", [inbox_id]
    )
    return {row["source"]: row["digest"] for row in rows}


async def _delete(inbox_id: int, sources: tuple[str, ...]) -> None:
    await connection().execute_query(
        "DELETE FROM knowledge WHERE inbox_id = $1 AND source = ANY($2::text[])", [inbox_id, list(sources)]
    )


async def _insert(inbox_id: int, page: _Page, language: str) -> None:
    rows = [
        [inbox_id, page.source, position, passage.title, passage.body, page.digest, language]
        for position, passage in enumerate(page.passages)
    ]
    await connection().execute_many(_INSERT, rows)
