"""`switchboard export` at a terminal: a file of rows, and one line for whatever was typed wrong."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from integrations.sandbox.server import Sandbox
from storage import inboxes
from storage.database import Credentials
from tests.processes import environment, switchboard
from tests.storage.month import lived

WEEK = ("--from", "2026-03-02", "--to", "2026-03-08")


@pytest.fixture
def env(sandbox: Sandbox, database: Credentials, tmp_path: Path) -> dict[str, str]:
    url = f"postgres://{database.user}@/{database.database}?host={database.host}"
    return environment(sandbox, 0, tmp_path, DATABASE_URL=url, WHATSAPP_PHONE_NUMBER_ID="1")


async def exports(env: dict[str, str], *words: str) -> tuple[int, str, str]:
    """The exit status, what was printed, and what was said about it."""
    ended = await switchboard("export", *words, env=env, folder=Path(env["DATA_DIR"]))
    return ended.status, ended.out, ended.err


async def test_a_week_of_the_audit_is_a_file_or_what_is_printed(env: dict[str, str], tmp_path: Path):
    await lived()
    file = tmp_path / "audit.csv"
    printed, filed = await asyncio.gather(
        exports(env, "audit", *WEEK), exports(env, "audit", *WEEK, "--inbox", "1", "-o", str(file))
    )
    assert printed[0] == 0
    assert printed[2] == "audit: 13 rows, 2–8 Mar 2026\n"  # in UTC, as the inbox names no hours
    assert filed == (0, "", printed[2])
    assert file.read_bytes() == printed[1].encode()
    assert b"\r\n" in file.read_bytes()
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["event"] for row in rows[:3]] == ["escalate", "take", "return_to_bot"]


async def test_what_is_typed_wrong_is_one_line_and_no_file(env: dict[str, str]):
    assert await inboxes.find("1") is None
    wrong = [
        (("audit", "--from", "March"), "--from: 'March' is no day; write it like 2026-03-02"),
        (("audit", "--from", "2026-03-09", "--to", "2026-03-08"), "--from: 2026-03-09 comes after 2026-03-08."),
        (("audit", "--inbox", "Shop"), "--inbox: there is no 'Shop'; there are"),
    ]
    for (status, printed, said), (_, told) in zip(
        await asyncio.gather(*(exports(env, *words) for words, _ in wrong)), wrong, strict=True
    ):
        assert (status, printed) == (2, "")
        assert said.startswith(told)
        assert len(said.splitlines()) == 1
