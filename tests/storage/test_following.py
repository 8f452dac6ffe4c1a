"""A folder that changes under a bot: what changed is read anew, what did not is not even opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.database import connection
from storage.knowledge import FolderIndex, index, index_folder, pages, search

pytestmark = pytest.mark.usefixtures("database")
LONG_AGO = 1_700_000_000


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read."""
    names: list[str] = []
    really = index._bytes  # pyright: ignore[reportPrivateUsage]

    def read(file: Path) -> bytes:
        names.append(file.name)
        return really(file)

    monkeypatch.setattr(index, "_bytes", read)
    return names


def write(file: Path, text: str, at: int = LONG_AGO) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    os.utime(file, (at, at))


async def found(query: str) -> list[str]:
    return [passage.source for passage in await search(1, query)]


async def test_a_file_that_looks_as_it_did_is_not_opened_not_even_after_a_restart(tmp_path: Path, opened: list[str]):
    write(tmp_path / "a.md", "# Boots\n\nWide.\n")
    write(tmp_path / "b.md", "# Tents\n\nDry.\n")
    folder = FolderIndex(1, tmp_path)
    await folder.refresh()
    await folder.refresh()
    assert sorted(opened) == ["a.md", "b.md"]
    await FolderIndex(1, tmp_path).refresh()
    assert sorted(opened) == ["a.md", "b.md"]


async def test_a_file_that_was_only_touched_is_read_and_kept(tmp_path: Path, opened: list[str]):
    write(tmp_path / "a.md", "# Boots\n\nWide.\n")
    folder = FolderIndex(1, tmp_path)
    await folder.refresh()
    before = await connection().execute_query_dict("SELECT id FROM knowledge")
    os.utime(tmp_path / "a.md", (LONG_AGO + 60, LONG_AGO + 60))
    report = await folder.refresh()
    assert (len(opened), report.unchanged, report.is_news) == (2, 1, False)
    assert await connection().execute_query_dict("SELECT id FROM knowledge") == before
    await FolderIndex(1, tmp_path).refresh()
    assert len(opened) == 2  # its new time is known, too


async def test_a_file_written_twice_within_one_tick_of_its_clock_is_read_twice(tmp_path: Path):
    """File systems count in coarse steps: the second text may bear the time of the first."""
    (tmp_path / "a.md").write_text("# Boots\n\nWide\n")
    told = (tmp_path / "a.md").stat()
    folder = FolderIndex(1, tmp_path)
    await folder.refresh()
    (tmp_path / "a.md").write_text("# Tents\n\nDry.\n")
    os.utime(tmp_path / "a.md", ns=(told.st_atime_ns, told.st_mtime_ns))
    assert (await folder.refresh()).changed == ("a.md",)


async def test_an_older_replica_does_not_bring_back_what_a_newer_one_replaced(tmp_path: Path):
    """During a deployment each has the folder of its own image."""
    write(tmp_path / "old" / "a.md", "# Boots\n\nWide.\n")
    write(tmp_path / "new" / "a.md", "# Boots\n\nNarrow.\n", LONG_AGO + 60)
    older, newer = FolderIndex(1, tmp_path / "old"), FolderIndex(1, tmp_path / "new")
    await older.refresh()
    await newer.refresh()
    await older.refresh()
    assert await found("narrow") == ["a.md"]
    assert await found("wide") == []


async def test_what_is_done_is_found_while_the_rest_is_still_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "a.md", "# Boots\n\nWide.\n")
    write(tmp_path / "b.md", "# Tents\n\nDry.\n")
    folder, really = FolderIndex(1, tmp_path), index.read

    async def read(source: str, content: bytes) -> object:
        if source == "b.md":
            assert (folder.done, folder.files) == (1, 2)
            assert await found("wide") == ["a.md"]
        return await really(source, content)

    monkeypatch.setattr(index, "read", read)
    await folder.refresh()
    assert (folder.done, folder.files) == (2, 2)


async def test_hidden_files_and_those_of_other_kinds_are_left_alone(tmp_path: Path):
    write(tmp_path / "a.md", "# Boots\n\nWide.\n")
    write(tmp_path / ".git" / "b.md", "# Tents\n\nDry.\n")
    write(tmp_path / ".c.md", "# Stoves\n\nHot.\n")
    write(tmp_path / "d.docx", "# Mats\n\nFlat.\n")
    assert (await index_folder(1, tmp_path)).added == ("a.md",)


async def test_a_folder_in_several_languages_is_searched_in_each(tmp_path: Path):
    write(tmp_path / "returns.md", "# Returns\n\nParcels are sent back within thirty days.\n")
    write(tmp_path / "returns.es.md", "# Devoluciones\n\nLos paquetes se devuelven en treinta días.\n")
    write(tmp_path / "sw" / "kurudisha.md", "# Kurudisha\n\nRudisha kifurushi ndani ya siku thelathini.\n")
    write(tmp_path / "ja" / "henpin.md", "# 返品\n\n三十日以内に返品できます。\n")
    await index_folder(1, tmp_path)
    assert {page.source: page.language for page in await pages(1)} == {
        "returns.md": "english",
        "returns.es.md": "spanish",
        "sw/kurudisha.md": "simple",
        "ja/henpin.md": "simple",
    }
    assert await found("sending a parcel") == ["returns.md"]
    assert await found("¿Cuándo devolvéis el paquete?") == ["returns.es.md"]
    assert await found("kifurushi changu") == ["sw/kurudisha.md"]
    assert await found("返品したいです") == ["ja/henpin.md"]


@pytest.mark.parametrize("typed", ["devolucion", "DEVOLUCIÓN", "devoluciones", "devolusion", "devoluciom"])
async def test_accents_and_slips_do_not_matter(tmp_path: Path, typed: str):
    write(tmp_path / "a.es.md", "# Plazos\n\nLa devolución es gratuita.\n")
    write(tmp_path / "b.es.md", "# Tiendas\n\nAbrimos los domingos.\n")
    await index_folder(1, tmp_path)
    assert await found(f"{typed} por favor") == ["a.es.md"]


async def test_a_folder_that_cannot_be_listed_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A share that hangs, or whose rights were changed: not a page less is known."""
    write(tmp_path / "shop" / "a.md", "# Boots\n\nWide.\n")
    folder, really = FolderIndex(1, tmp_path), os.scandir
    await folder.refresh()

    def refused(path: str) -> object:
        if path.endswith("shop"):
            raise PermissionError(13, "Permission denied", path)
        return really(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(NotADirectoryError, match="Permission denied"):
        await folder.refresh()
    monkeypatch.undo()
    assert await found("wide") == ["shop/a.md"]


async def test_words_of_pages_that_are_gone_are_forgotten(tmp_path: Path):
    write(tmp_path / "a.md", "# Boots\n\nBen Bristlecone repairs them, and tents.\n")
    write(tmp_path / "b.md", "# Tents\n\nDry.\n")
    folder = FolderIndex(1, tmp_path)
    await folder.refresh()
    (tmp_path / "a.md").unlink()
    await folder.refresh()
    left = await connection().execute_query_dict("SELECT spelled FROM knowledge_word ORDER BY spelled")
    assert [each["spelled"] for each in left] == ["tents"]
