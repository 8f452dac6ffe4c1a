"""The library: folders followed, passages embedded in the background, and a search that never depends on the model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from bot.agent import embedding
from bot.agent.asking import Asking, Patience
from bot.agent.embedding import Embedder
from bot.agent.library import Library, Shelf
from bot.agent.meanings import Meanings
from bot.domain.knowledge import Passage, fused
from integrations.openai.client import Model, ModelSettings
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from storage.database import Credentials, connected, connection
from storage.knowledge import FolderIndex, add_taught, index_folder, pages

BRISK = Patience(attempts=2, first_wait=0.001, longest_wait=0.01)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "refunds.md").write_text("# Refunds\n\nWe reimburse within five days.\n")
    (tmp_path / "boots.md").write_text("# Boots\n\nThey come in all widths.\n")
    return tmp_path


@asynccontextmanager
async def library_of(folder: Path, sandbox: Sandbox, model: str = EMBEDDING_MODEL) -> AsyncGenerator[Library]:
    phone = Model(ModelSettings("stand-in", base_url=sandbox.openai_base_url))
    embedder = Embedder(Asking(phone, "stand-in", patience=BRISK), phone, model)
    yield Library([Shelf(1, "Aurora", FolderIndex(1, folder))], Meanings(embedder))
    await phone.close()


async def sources(library: Library, query: str) -> list[str]:
    return [passage.source for passage in await library.search(1, query)]


def embedded(sandbox: Sandbox) -> int:
    """How many texts the model has been shown."""
    return sum(len(each["input"]) for each in sandbox.openai.embedding_requests)


def test_two_searches_are_one_list_in_which_agreement_counts():
    one, two, three = (Passage(f"{n}.md", "", "") for n in range(3))
    assert fused([[one, two], [three, two]], 3) == [two, one, three]
    assert fused([[one, two], []], 1) == [one]
    assert fused([[], []], 4) == []


@pytest.mark.usefixtures("database")
async def test_a_passage_that_means_the_same_in_other_words_is_found(folder: Path, sandbox: Sandbox):
    async with library_of(folder, sandbox) as library:
        await library.look()
        assert await sources(library, "when do I get my money back") == []  # its words alone lead nowhere
        await library.embed()
        assert await sources(library, "when do I get my money back") == ["refunds.md"]
        assert library.progress() == {
            "Aurora": {"files": 2, "indexed": 2, "unreadable": 0, "embedded": 2, "passages": 2}
        }


@pytest.mark.usefixtures("database")
async def test_only_what_changed_is_shown_to_the_model_again(folder: Path, sandbox: Sandbox):
    async with library_of(folder, sandbox) as library:
        await library.look()
        await library.embed()
        shown = embedded(sandbox)
        (folder / "boots.md").write_text("# Boots\n\nThey come in two widths.\n")
        await add_taught(1, 1, "Do you sell poles?", "Yes, in pairs.")
        await library.look()
        await library.embed()
        assert embedded(sandbox) == shown + 2
    async with library_of(folder, sandbox) as library, library_of(folder, sandbox) as replica:
        (folder / "mats.md").write_text("# Mats\n\nFor two.\n")
        await library.look()
        reading = Fault(method="embeddings", delay=0.5, when=lambda asked: "Mats" in str(asked), lasting=True)
        sandbox.openai.faults.add(reading)
        await asyncio.gather(library.embed(), replica.embed())  # a restart, of two: each asks how large vectors are
        assert embedded(sandbox) == shown + 5
        await library.embed()
        assert library.progress()["Aurora"]["embedded"] == 3  # what was taught has no row that says so, and is gone


@pytest.mark.usefixtures("database")
async def test_another_model_reads_everything_anew_and_what_the_first_made_of_it_goes(folder: Path, sandbox: Sandbox):
    async with library_of(folder, sandbox) as library:
        await library.look()
        await library.embed()
    async with library_of(folder, sandbox, "text-embedding-3-small") as library:
        await library.embed()
        assert await sources(library, "money back") == ["refunds.md"]
    models = await connection().execute_query_dict("SELECT DISTINCT model FROM knowledge_meaning")
    assert [each["model"] for each in models] == ["text-embedding-3-small/1536"]


@pytest.mark.usefixtures("database")
async def test_a_model_that_fails_costs_the_meanings_and_never_the_words(folder: Path, sandbox: Sandbox):
    async with library_of(folder, sandbox) as library:
        await library.look()
        sandbox.openai.faults.add(Fault(method="embeddings", status=500, lasting=True))
        pause = await library.embed()
        assert pause > 5
        assert "server failed" in str(library.progress()["Aurora"]["trouble"])
        assert await sources(library, "boots in widths") == ["boots.md"]


@pytest.mark.usefixtures("database")
async def test_a_model_that_is_slow_is_not_waited_for(folder: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    async with library_of(folder, sandbox) as library:
        await library.look()
        await library.embed()
        monkeypatch.setattr(embedding, "QUESTION_WITHIN", 0.05)
        sandbox.openai.faults.add(Fault(method="embeddings", hang=True))
        async with asyncio.timeout(10):
            assert await sources(library, "boots in widths") == ["boots.md"]


@pytest.mark.usefixtures("database")
async def test_a_passage_that_the_model_does_not_take_stops_no_other(folder: Path, sandbox: Sandbox):
    async with library_of(folder, sandbox) as library:
        await library.look()
        await library.embed()
        (folder / "new.md").write_text("# New\n\nA gas stove.\n")
        (folder / "newer.md").write_text("# Newer\n\nA petrol stove.\n")
        await library.look()
        # The batch is refused, then the first of its passages, whole and shortened.
        sandbox.openai.faults.add(*[Fault(method="embeddings", status=400)] * 3)
        await library.embed()
        assert library.progress()["Aurora"]["embedded"] == 3
        asked = embedded(sandbox)
        await library.embed()
        assert embedded(sandbox) == asked  # it is not tried for ever


async def test_without_pgvector_it_says_what_to_do_and_words_go_on(
    folder: Path, sandbox: Sandbox, credentials: Credentials
):
    """A user who may make tables and no extensions, as hosted databases give one."""
    async with connected(credentials):
        await index_folder(1, folder)
    owner = await asyncpg.connect(**credentials.as_arguments())
    await owner.execute(f"CREATE ROLE {credentials.database} LOGIN IN ROLE pg_read_all_data, pg_write_all_data")
    try:
        async with (
            connected(replace(credentials, user=credentials.database)),
            library_of(folder, sandbox) as library,
        ):
            await library.embed()
            assert "CREATE EXTENSION vector" in str(library.progress()["Aurora"]["trouble"])
            assert "unset OPENAI_EMBEDDING_MODEL" in str(library.progress()["Aurora"]["trouble"])
            assert await sources(library, "boots") == ["boots.md"]
        assert embedded(sandbox) == 0
    finally:
        await owner.execute(f"DROP ROLE {credentials.database}")
        await owner.close()


@pytest.mark.usefixtures("database")
async def test_a_folder_is_followed_while_the_bot_runs(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.agent.library.LOOKS_EVERY_SECONDS", 0.02)
    library = Library([Shelf(1, "Aurora", FolderIndex(1, folder))])
    running = asyncio.create_task(library.run())
    try:
        await library.ready(within=20)
        assert await sources(library, "poles") == []
        (folder / "poles.md").write_text("# Poles\n\nIn pairs.\n")
        (folder / "boots.md").unlink()
        async with asyncio.timeout(20):
            while [each.source for each in await pages(1)] != ["poles.md", "refunds.md"]:  # noqa: ASYNC110 - rows
                await asyncio.sleep(0.01)
        assert await sources(library, "poles") == ["poles.md"]
    finally:
        running.cancel()
