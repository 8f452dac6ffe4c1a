"""Recall over the labelled questions, by words and by meaning too; and how long a big folder takes."""

from __future__ import annotations

import os
import random
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.agent.asking import Asking
from bot.agent.embedding import Embedder
from bot.agent.library import Library, Shelf
from bot.agent.meanings import Meanings
from bot.domain.knowledge import Passage
from integrations.openai.client import OPENAI_URL, Model, ModelSettings
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL
from integrations.sandbox.server import Sandbox
from storage import database, embedded, knowledge
from storage.database import Credentials
from storage.knowledge import FolderIndex, meanings
from tests.bench.figures import Latency, Row
from tests.bench.retrieval.recall import AMONG, SHOP, Recall, questions, recall

# What the tests hold too. The stand-in knows synonyms of a shop's topics; a real model knows more.
BY_WORDS, BY_MEANING = 0.8, 0.9
_INBOX, _BIG = 1, 2
_FILES, _SECTIONS, _NUMBERS = 1_000, 10, 1_536
_ANY_MEANINGS = """
INSERT INTO knowledge_meaning (passage_id, inbox_id, model, meaning)
SELECT id, $1, 'any', (SELECT array_agg(random() - 0.5) FROM generate_series(1, $2 + 0 * id))::vector
FROM knowledge WHERE inbox_id = $1
"""


async def measure(folder: Path) -> list[Row]:
    credentials = Credentials.from_url(embedded.start(folder))
    await database.migrate(credentials)
    async with database.connected(credentials):
        async with Sandbox() as sandbox, library(sandbox.openai_base_url, "", EMBEDDING_MODEL) as shop:
            rows = _rows("by words", *await recall(in_words), BY_WORDS)
            await shop.embed()
            rows += _rows("by words and by meaning, the stand-in's", *await _by_meaning(shop), BY_MEANING)
        if model := os.environ.get("OPENAI_EMBEDDING_MODEL"):
            url, key = os.environ.get("OPENAI_BASE_URL") or OPENAI_URL, os.environ.get("OPENAI_API_KEY", "")
            async with library(url, key, model) as shop:
                await shop.embed()
                rows += _rows(f"by words and by meaning, {model}", *await _by_meaning(shop), None)
        return rows + await _big(folder / "big")


@asynccontextmanager
async def library(url: str, key: str, model: str) -> AsyncGenerator[Library]:
    """The labelled shop's pages, and an embedding model that has not been shown any yet."""
    phone = Model(ModelSettings("none", key, url))
    embedder = Embedder(Asking(phone, "none"), phone, model)
    shop = Library([Shelf(_INBOX, "Kilele", FolderIndex(_INBOX, SHOP))], Meanings(embedder))
    try:
        await shop.look()
        yield shop
    finally:
        await phone.close()


async def in_words(query: str) -> list[Passage]:
    return await knowledge.search(_INBOX, query, AMONG)


async def _by_meaning(shop: Library) -> tuple[Recall, Mapping[str, Recall]]:
    async def find(query: str) -> list[Passage]:
        return await shop.search(_INBOX, query, AMONG)

    return await recall(find)


def _rows(how: str, over_all: Recall, kinds: Mapping[str, Recall], goal: float | None) -> list[Row]:
    wanted = (f"≥ {goal}", over_all.share >= goal) if goal else ("", None)
    return [
        Row(f"recall@{AMONG} {how}", str(over_all), *wanted),
        *(Row(f"    {kind}", str(each)) for kind, each in kinds.items()),
    ]


async def _big(folder: Path) -> list[Row]:
    _write(folder)
    index, times = FolderIndex(_BIG, folder), list[float]()
    for _ in range(2):
        begun = time.perf_counter()
        await index.refresh()
        times.append(time.perf_counter() - begun)
    meant, searches = await _compared(), list[float]()
    for each in questions():
        begun = time.perf_counter()
        await knowledge.search(_BIG, each.text, AMONG)
        searches.append(time.perf_counter() - begun)
    what = f"{_FILES:,} files, {_FILES * _SECTIONS:,} passages"
    return [
        Row(f"{what}: indexed", f"{times[0]:.1f} s, {_FILES / times[0]:,.0f} files/s"),
        Row(f"{what}: looked through unchanged", f"{times[1] * 1000:.0f} ms"),
        Row(f"{what}: found by words", str(Latency(searches))),
        Row(f"{_FILES * _SECTIONS:,} meanings of {_NUMBERS:,} numbers: compared", str(Latency(meant))),
    ]


async def _compared() -> list[float]:
    """What any model's vectors would take, with some that mean nothing."""
    await database.connection().execute_query(_ANY_MEANINGS, [_BIG, _NUMBERS])
    await database.connection().execute_script("VACUUM ANALYZE knowledge, knowledge_meaning")  # as it is a minute later
    times: list[float] = []
    for place in range(20):
        vector = [float(place == each) for each in range(_NUMBERS)]
        begun = time.perf_counter()
        await meanings.nearest(_BIG, "any", vector, -1.0, AMONG)
        times.append(time.perf_counter() - begun)
    return times


def _write(folder: Path) -> None:
    """Pages in the words of the shop's own, in no order."""
    folder.mkdir()
    said = [path.read_text("utf-8").split() for path in sorted(SHOP.glob("*.md"))]
    vocabulary, chance = [word for words in said for word in words], random.Random(7)
    for number in range(_FILES):
        sections = (" ".join(chance.choices(vocabulary, k=80)).replace("#", "") for _ in range(_SECTIONS))
        page = "\n\n".join(f"## Section {place}\n\n{words}" for place, words in enumerate(sections))
        (folder / f"page-{number}.md").write_text(f"# Page {number}\n\n{page}\n", "utf-8")
        os.utime(folder / f"page-{number}.md", (1_700_000_000, 1_700_000_000))
