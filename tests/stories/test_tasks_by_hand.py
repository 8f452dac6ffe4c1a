"""`switchboard tasks` beside a bot that runs: what was given up is seen, tried again, or set aside."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import Task
from tests.processes import environment
from tests.stories.town import ANA, CARLA, Town

COMPLAINT = "My tent is torn"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at a terminal, with the settings of the bot that runs."""

    env: dict[str, str]

    async def types(self, *words: str) -> tuple[int, str]:
        """The exit status, and all that was printed."""
        command = [sys.executable, "-m", "bot", "tasks", *words]
        ended = await asyncio.to_thread(
            subprocess.run, command, env=self.env, capture_output=True, text=True, check=False, timeout=30
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def operator(town: Town, credentials: Credentials, tmp_path: Path) -> Operator:
    url = f"postgres://{credentials.user}@/{credentials.database}?host={credentials.host}"
    env = environment(town.sandbox, 0, tmp_path, DATABASE_URL=url)
    return Operator({**env, "PYTHONPATH": os.pathsep.join(sys.path)})


async def lost_line(town: Town) -> tuple[Message, int]:
    """A card, and the dead task of a customer's line that Slack would not show under it."""
    card = await town.taken()
    town.sandbox.slack.faults.add(
        Fault(method="chat.postMessage", code="invalid_blocks", when=lambda call: COMPLAINT in str(call.get("text")))
    )
    await town.sandbox.whatsapp.say(CARLA, COMPLAINT)
    await town.sandbox.until(lambda: "could not be shown" in town.thread_text(card))
    row = await Task.get(dead=True)
    return card, row.id


async def test_what_slack_would_not_show_is_listed_and_appears_once_after_a_retry(town: Town, operator: Operator):
    card, number = await lost_line(town)
    status, said = await operator.types("list", "--dead")
    assert status == 0
    assert re.search(rf"^{number} +slack\.mirror +slack:\d+ +dead .*blocks", said, re.MULTILINE), said
    assert COMPLAINT not in said

    status, said = await operator.types("retry", str(number))
    assert (status, said) == (0, f"{number} slack.mirror: will run again\n")
    await town.sandbox.until(lambda: COMPLAINT in town.thread_text(card))
    await town.has_done("slack.mirror")
    assert town.thread_text(card).count(COMPLAINT) == 1
    assert (await operator.types("list", "--dead"))[1] == "None.\n"
    assert (await operator.types("retry", str(number)))[0] == 1


async def test_all_the_dead_at_once(town: Town, operator: Operator):
    card, _ = await lost_line(town)
    assert (await operator.types("retry", "--all-dead"))[0] == 0
    await town.sandbox.until(lambda: COMPLAINT in town.thread_text(card))
    assert (await operator.types("retry", "--all-dead")) == (0, "None.\n")


async def test_nothing_is_dropped_without_yes_and_what_was_is_gone_from_the_list(town: Town, operator: Operator):
    _, number = await lost_line(town)
    status, said = await operator.types("drop", str(number))
    assert status == 2
    assert "--yes" in said
    assert (await operator.types("drop", str(number), "--yes")) == (0, f"{number} slack.mirror: dropped\n")
    assert (await operator.types("list")) == (0, "None.\n")


async def test_a_reply_that_waits_can_be_dropped_and_its_author_sees_it(town: Town, operator: Operator):
    card = await town.taken()
    town.sandbox.whatsapp.faults.add(*[Fault(status=503)] * 50)
    await town.reply(ANA, card, "On its way")
    async with asyncio.timeout(10):
        while not (row := await Task.get_or_none(kind="whatsapp.send", done_at=None, failures__gt=0)):
            await town.sandbox.world.change(0.02)
    status, said = await operator.types("drop", str(row.id), "--yes")
    assert (status, said) == (0, f"{row.id} whatsapp.send: dropped\n")
    await town.sandbox.until(lambda: "dropped by whoever looks after Switchboard" in town.thread_text(card))
    town.sandbox.whatsapp.faults.clear()
    assert "On its way" not in town.on_phone(CARLA)


async def test_wrong_words_are_one_line_each(town: Town, operator: Operator):
    for words, wanted in (
        (["retry"], "--all-dead"),
        (["retry", "5", "--all-dead"], "--all-dead"),
        (["drop", "--yes"], "Say which"),
        (["list", "--kind", "letter"], "there is no 'letter'"),
    ):
        status, said = await operator.types(*words)
        assert status == 2
        assert wanted in said
        assert len(said.splitlines()) == 1
