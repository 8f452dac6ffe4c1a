"""Answers that staff have taught: found like a page of the folder, and no run over the folder touches them."""

from __future__ import annotations

import hashlib

from bot.domain.knowledge import Passage, chunk_markdown, taught_source
from bot.domain.knowledge_languages import ANY, configuration
from bot.domain.text.languages import language_of
from storage.database import fetch, transaction
from storage.knowledge import shelf
from storage.knowledge.shelf import Content

_ADRIFT = """
SELECT id, question, answer FROM taught
WHERE inbox_id = $1 AND removed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM knowledge_page WHERE inbox_id = $1 AND source = 'taught:' || taught.id)
ORDER BY id
"""
_LEFT_OVER = """
SELECT source FROM knowledge_page
WHERE inbox_id = $1 AND source LIKE 'taught:%'
  AND source NOT IN (SELECT 'taught:' || id FROM taught WHERE inbox_id = $1 AND removed_at IS NULL)
"""


async def add_taught(inbox_id: int, taught_id: int, question: str, answer: str, language: str | None = None) -> None:
    """It is found from this transaction's commit on; what the same answer said before is forgotten.

    `language` is a code like "es"; without one the text tells, or else the folder's usual language is meant.
    """
    source = taught_source(taught_id)
    pieces = [Passage(source, question, each.body) for each in chunk_markdown(source, answer.replace("\0", ""))]
    code = language or language_of(f"{question} {answer}")
    digest = hashlib.sha256(f"{question}\0{answer}".encode()).hexdigest()
    async with transaction():
        await shelf.put(inbox_id, Content(source, await _configuration(inbox_id, code), digest, pieces))


async def remove_taught(inbox_id: int, taught_id: int) -> None:
    async with transaction():
        await shelf.remove(inbox_id, [taught_source(taught_id)])


async def settle_taught(inbox_id: int) -> None:
    """What is taught is found, and nothing else: also where the one was written without the other."""
    async with transaction():
        for row in await fetch(_ADRIFT, inbox_id):
            await add_taught(inbox_id, row["id"], row["question"], row["answer"])
        if gone := [row["source"] for row in await fetch(_LEFT_OVER, inbox_id)]:
            await shelf.remove(inbox_id, gone)


async def _configuration(inbox_id: int, code: str | None) -> str:
    known = await configurations()
    if code and (found := configuration(code, known)):
        return found
    usual = await fetch(
        "SELECT language FROM knowledge_page WHERE inbox_id = $1 GROUP BY language ORDER BY count(*) DESC, language "
        "LIMIT 1",
        inbox_id,
    )
    return usual[0]["language"] if usual else "english" if "english" in known else ANY


async def configurations() -> frozenset[str]:
    """The languages whose grammar this PostgreSQL knows."""
    return frozenset(row["cfgname"] for row in await fetch("SELECT cfgname FROM pg_ts_config"))
