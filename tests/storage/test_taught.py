"""Answers that staff have taught: found at once, by the same search, whatever becomes of the folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.knowledge import Passage, taught_id, taught_source
from storage.agent_models import Taught
from storage.database import transaction
from storage.knowledge import add_taught, has_passages, index_folder, pages, remove_taught, search

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def found(query: str) -> list[str]:
    return [passage.body for passage in await search(1, query)]


async def taught(question: str, answer: str) -> int:
    """The row without its passage."""
    row = await Taught.create(inbox_id=1, question=question, answer=answer, staff_id="U0ANA", at=NOON)
    return row.id


def test_where_a_taught_answer_stands_says_which_it_is():
    assert taught_id(taught_source(12)) == 12
    assert [taught_id(source) for source in ("returns.md", "taught:12.md", "taught:", "12")] == [None] * 4


async def test_a_taught_answer_is_found_at_once_and_no_run_over_the_folder_forgets_it(tmp_path: Path):
    (tmp_path / "returns.md").write_text("# Returns\n\nWithin 30 days.\n")
    number = await taught("Do you ship to Iceland?", "Yes, within nine days.")
    async with transaction():
        await add_taught(1, number, "Do you ship to Iceland?", "Yes, within nine days.")
        assert await search(1, "iceland") == [
            Passage(f"taught:{number}", "Do you ship to Iceland?", "Yes, within nine days.")
        ]
    await index_folder(1, tmp_path)
    await index_folder(1, tmp_path, "spanish")
    (tmp_path / "returns.md").unlink()
    await index_folder(1, tmp_path)
    assert await found("shipping to iceland") == ["Yes, within nine days."]
    assert await pages(1) == []  # of the folder


async def test_an_edited_answer_replaces_what_it_said_and_a_removed_one_is_gone():
    await add_taught(1, 7, "Do you ship to Iceland?", "Yes.")
    await add_taught(1, 7, "Do you ship to Greenland?", "No.")
    assert await found("iceland") == []
    assert await found("greenland") == ["No."]
    await remove_taught(1, 7)
    assert not await has_passages(1)


async def test_an_answer_is_taught_in_its_own_language_beside_others(tmp_path: Path):
    (tmp_path / "returns.md").write_text("# Returns\n\nWithin 30 days.\n")
    await index_folder(1, tmp_path)
    await add_taught(1, 1, "¿Puedo recoger mi pedido en la tienda?", "Sí, las devoluciones también, con tu factura.")
    await add_taught(1, 2, "Naweza kulipa kwa M-Pesa?", "Ndiyo.", "sw")
    await add_taught(1, 3, "Refund slips", "In the box.", "xx")  # no language: the folder's usual one is meant
    assert await found("devolución") == ["Sí, las devoluciones también, con tu factura."]
    assert await found("kulipa") == ["Ndiyo."]
    assert await found("refunding") == ["In the box."]


async def test_what_was_taught_without_being_found_is_mended_by_the_next_run(tmp_path: Path):
    """A row restored from a backup, one erased by hand: the table of what is taught is the truth."""
    number = await taught("Do you ship to Iceland?", "Yes.")
    await add_taught(1, number + 1, "Do you ship to Greenland?", "No.")
    await index_folder(1, tmp_path)
    assert await found("ship") == ["Yes."]
