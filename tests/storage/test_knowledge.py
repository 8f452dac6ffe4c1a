"""The knowledge folder in PostgreSQL: what is indexed, what is found, and that nothing is done twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.database import connection
from storage.knowledge import IndexReport, has_passages, index_folder, search

SHOP = Path(__file__).parents[2] / "integrations" / "sandbox" / "knowledge"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "returns.md").write_text("# Returns\n\nWithin 30 days.\n\n## Refunds\n\nPaid in five days.\n")
    (tmp_path / "shops").mkdir()
    (tmp_path / "shops" / "lisbon.md").write_text("# Lisbon\n\nOpen from ten.\n")
    return tmp_path


pytestmark = pytest.mark.usefixtures("database")


async def titles(query: str, inbox: int = 1) -> list[str]:
    return [passage.title for passage in await search(inbox, query)]


async def rows() -> list[tuple[int, str, int]]:
    found = await connection().execute_query_dict("SELECT id, source, position FROM knowledge ORDER BY id")
    return [(row["id"], row["source"], row["position"]) for row in found]


async def test_a_folder_is_indexed_with_its_subfolders(folder: Path):
    assert not await has_passages(1)
    assert await index_folder(1, folder) == IndexReport(added=("returns.md", "shops/lisbon.md"))
    assert await has_passages(1)
    assert [(source, position) for _, source, position in await rows()] == [
        ("returns.md", 0),
        ("returns.md", 1),
        ("shops/lisbon.md", 0),
    ]


async def test_what_did_not_change_is_left_alone(folder: Path):
    await index_folder(1, folder)
    before = await rows()
    assert await index_folder(1, folder) == IndexReport(unchanged=2)
    assert await rows() == before


async def test_only_the_changed_page_is_replaced(folder: Path):
    await index_folder(1, folder)
    kept = [row for row in await rows() if row[1] == "shops/lisbon.md"]
    (folder / "returns.md").write_text("# Returns\n\nWithin sixty days.\n")
    assert await index_folder(1, folder) == IndexReport(changed=("returns.md",), unchanged=1)
    assert await titles("sixty") == ["Returns"]
    assert await titles("refunds") == []
    assert [row for row in await rows() if row[1] == "shops/lisbon.md"] == kept


async def test_a_page_that_is_gone_is_not_found_any_more(folder: Path):
    await index_folder(1, folder)
    (folder / "returns.md").unlink()
    assert await index_folder(1, folder) == IndexReport(removed=("returns.md",), unchanged=1)
    assert await titles("returns") == []


async def test_a_page_that_was_emptied_is_as_good_as_gone(folder: Path):
    await index_folder(1, folder)
    (folder / "returns.md").write_text("")
    assert (await index_folder(1, folder)).removed == ("returns.md",)
    assert await index_folder(1, folder) == IndexReport(unchanged=1)


async def test_a_page_that_cannot_be_read_keeps_what_it_had(folder: Path):
    await index_folder(1, folder)
    (folder / "returns.md").write_bytes(b"# Returns \xff\xfe")
    assert await index_folder(1, folder) == IndexReport(unreadable={"returns.md": "not a UTF-8 text file"}, unchanged=1)
    assert await titles("refunds") == ["Returns › Refunds"]


async def test_a_missing_folder_forgets_nothing(folder: Path):
    await index_folder(1, folder)
    with pytest.raises(NotADirectoryError, match="nowhere"):
        await index_folder(1, folder / "nowhere")
    assert await has_passages(1)


async def test_a_page_with_a_nul_is_indexed(folder: Path):
    (folder / "returns.md").write_bytes(b"# Returns\n\nThirty\x00 days.\n")
    await index_folder(1, folder)
    assert await titles("thirty") == ["Returns"]


async def test_replicas_that_start_together_index_once(folder: Path):
    reports = await asyncio.gather(*(index_folder(1, folder) for _ in range(4)))
    assert sorted(source for report in reports for source in report.added) == ["returns.md", "shops/lisbon.md"]
    assert len(await rows()) == 3


async def test_a_page_that_cannot_be_kept_is_named_and_stops_no_other(folder: Path):
    await index_folder(1, folder)
    (folder / "shops" / "lisbon.md").write_text("# Lisbon\n\nClosed.\n")
    (folder / ("x" * 200)).mkdir()
    (folder / ("x" * 200) / ("y" * 200)).mkdir()
    (folder / ("x" * 200) / ("y" * 200) / ("z" * 200 + ".md")).write_text("# Too deep\n\nA path of over 500 letters.\n")
    report = await index_folder(1, folder)
    assert list(report.unreadable.values()) == ["its path is longer than 500 letters"]
    assert report.changed == ("shops/lisbon.md",)


async def test_one_inbox_never_reads_anothers_pages(folder: Path):
    await index_folder(1, folder)
    assert await titles("returns", inbox=2) == []
    await index_folder(2, folder)
    (folder / "returns.md").unlink()
    await index_folder(2, folder)
    assert await titles("refunds", inbox=1) == ["Returns › Refunds"]


async def test_any_of_the_words_in_any_of_their_forms_is_enough(folder: Path):
    await index_folder(1, folder)
    assert "Returns" in await titles("may I RETURN my elephant?")
    assert await titles("opening at ten o'clock") == ["Lisbon"]


@pytest.mark.parametrize("query", ["", "   ", "the of and", "?!", "' & | ! <-> :* \\", '"', "-", "or", "\0"])
async def test_a_query_of_nothing_finds_nothing(folder: Path, query: str):
    await index_folder(1, folder)
    assert await search(1, query) == []


async def test_a_title_counts_more_than_a_mention(tmp_path: Path):
    (tmp_path / "a.md").write_text("# Shops\n\nAsk there about boots.\n")
    (tmp_path / "b.md").write_text("# Boots\n\nThey come in all sizes.\n")
    await index_folder(1, tmp_path)
    assert await titles("boots") == ["Boots", "Shops"]


async def test_no_more_than_asked_for_is_returned(folder: Path):
    await index_folder(1, folder)
    assert len(await search(1, "days returns refunds lisbon", limit=2)) == 2


async def test_a_folder_in_another_language_is_stemmed_in_it(tmp_path: Path):
    (tmp_path / "a.md").write_text("# Tiendas\n\nAbrimos todos los días.\n")
    await index_folder(1, tmp_path, language="spanish")
    assert [passage.title for passage in await search(1, "¿está abierta la tienda?")] == ["Tiendas"]


async def test_another_language_indexes_the_same_pages_anew(folder: Path):
    await index_folder(1, folder)
    assert (await index_folder(1, folder, language="spanish")).changed == ("returns.md", "shops/lisbon.md")


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("How long does delivery to Germany take?", "orders-and-delivery.md"),
        ("what does shipping cost", "orders-and-delivery.md"),
        ("where is my order", "orders-and-delivery.md"),
        ("can I pay with paypal", "orders-and-delivery.md"),
        ("How do I return a jacket?", "returns-and-refunds.md"),
        ("when do I get my money back", "returns-and-refunds.md"),
        ("exchange for another colour", "returns-and-refunds.md"),
        ("guarantee faulty zip", "returns-and-refunds.md"),
        ("opening hours Lisbon Saturday", "opening-hours-and-shops.md"),
        ("are you open on Sunday in Porto", "opening-hours-and-shops.md"),
        ("click and collect", "opening-hours-and-shops.md"),
        ("can I wash my tent in the machine", "tent-care.md"),
        ("tent pole is broken", "tent-care.md"),
        ("waterproof again", "tent-care.md"),
        ("which boot size for 26 cm feet", "boot-sizes.md"),
        ("wide feet", "boot-sizes.md"),
    ],
)
async def test_the_demo_shop_finds_the_right_page_first(question: str, page: str):
    await index_folder(1, SHOP)
    assert (await search(1, question))[0].source == page
