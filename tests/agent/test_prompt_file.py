"""A prompt file that changes, breaks and is mended while it is in use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.agent.prompt import PromptUnreadableError, load_prompt
from bot.agent.prompt_file import PromptFile

TENTS = "We sell tents."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    holds(tmp_path / "prompt.md", TENTS.encode())
    return tmp_path / "prompt.md"


def holds(path: Path, content: bytes | None) -> None:
    """From here on the file is this; None: there is none."""
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)


def in_use(path: Path) -> PromptFile:
    return PromptFile(path, writing_seconds=0)


async def test_a_changed_file_is_taken_up_and_an_unchanged_one_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch):
    file = in_use(path)
    holds(path, b"We sell boots.")
    assert await file.renew() == ""
    assert file.text == "We sell boots."
    monkeypatch.setattr(Path, "read_text", None)
    assert await file.renew() == ""


async def test_one_of_the_same_size_and_time_is_a_change_too(path: Path):
    """As rsync and cp -p leave it."""
    file, before = in_use(path), os.stat(path)  # noqa: PTH116
    holds(path.with_name("new.md"), b"We mend tents.")
    os.utime(path.with_name("new.md"), ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(path.with_name("new.md"), path)  # noqa: PTH105
    after = os.stat(path)  # noqa: PTH116
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
    await file.renew()
    assert file.text == "We mend tents."


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe tents"])
async def test_a_file_that_cannot_be_used_is_told_of_once_and_the_last_good_one_serves(
    path: Path, content: bytes | None
):
    file = in_use(path)
    holds(path, content)
    assert str(path) in await file.renew()
    assert await file.renew() == ""
    assert file.text == TENTS
    holds(path, b"We sell boots.")
    assert await file.renew() == ""
    assert file.text == "We sell boots."
    holds(path, b"")
    assert "is empty" in await file.renew()


async def test_a_file_that_an_editor_has_emptied_is_read_once_it_is_filled(path: Path, monkeypatch: pytest.MonkeyPatch):
    file = in_use(path)
    holds(path, b"")

    def filled(_: float) -> None:
        holds(path, b"We sell boots.")

    monkeypatch.setattr("bot.agent.prompt_file.time.sleep", filled)
    assert await file.renew() == ""
    assert file.text == "We sell boots."


async def test_the_built_in_prompt_stays_as_it_is():
    file = PromptFile(None)
    assert await file.renew() == ""
    assert file.text == load_prompt(None)


def test_nothing_begins_with_a_file_that_cannot_be_used(tmp_path: Path):
    with pytest.raises(PromptUnreadableError):
        PromptFile(tmp_path / "nowhere.md")
