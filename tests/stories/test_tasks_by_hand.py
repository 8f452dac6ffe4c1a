"""`switchboard tasks` beside a bot that runs: what was given up is seen, tried again, or set aside."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app as command_line
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.engine_models import Task
from tests.processes import environment, switchboard
from tests.stories.town import ANA, CARLA, Town, open_town

COMPLAINT = "My tent is torn"
UNSHOWN = "could not be shown"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at a terminal, with the settings of the bot that runs."""

    env: dict[str, str]
    folder: Path

    async def types(self, *words: str) -> tuple[int, str]:
        """The exit status, and all that was printed."""
        ended = await switchboard("tasks", *words, env=self.env, folder=self.folder)
        return ended.status, ended.out + ended.err


@pytest.fixture
def operator(sandbox: Sandbox, credentials: Credentials, tmp_path: Path) -> Operator:
    url = f"postgres://{credentials.user}@/{credentials.database}?host={credentials.host}"
    return Operator(environment(sandbox, 0, tmp_path, DATABASE_URL=url), tmp_path)


async def loses_line(town: Town, card: Message, said: str) -> int:
    """The dead task of a customer's line that Slack would not show under a card."""
    town.sandbox.slack.faults.add(
        Fault(method="chat.postMessage", code="invalid_arguments", when=lambda call: said in str(call.get("text")))
    )
    told_before = town.thread_text(card).count(UNSHOWN)
    await town.sandbox.whatsapp.say(CARLA, said)
    await town.sandbox.until(lambda: town.thread_text(card).count(UNSHOWN) > told_before)
    return max([row.id for row in await Task.filter(dead=True)])


async def test_what_slack_would_not_show_is_listed_and_appears_once_after_a_retry(town: Town, operator: Operator):
    card = await town.taken()
    number = await loses_line(town, card, COMPLAINT)
    status, said = await operator.types("list", "--dead")
    assert status == 0
    assert re.search(rf"^{number} +slack\.mirror +slack:\d+ +dead .*invalid_arguments", said, re.MULTILINE), said
    assert COMPLAINT not in said

    status, said = await operator.types("retry", str(number), "999999")
    assert (status, said.splitlines()) == (
        1,
        [f"{number} slack.mirror: will run again", "999999: no task that waits or was given up has this number"],
    )
    await town.sandbox.until(lambda: COMPLAINT in town.thread_text(card))

    await loses_line(town, card, "And the poles are bent")
    assert (await operator.types("retry", "--all-dead"))[0] == 0
    await town.sandbox.until(lambda: "And the poles are bent" in town.thread_text(card))
    assert town.thread_text(card).count(COMPLAINT) == 1
    assert (await operator.types("list", "--dead"))[1] == "None.\n"


async def test_what_was_dropped_is_gone_from_the_list(town: Town, operator: Operator):
    number = await loses_line(town, await town.taken(), COMPLAINT)
    assert (await operator.types("drop", str(number), "--yes")) == (0, f"{number} slack.mirror: dropped\n")
    assert (await operator.types("list", "--dead")) == (0, "None.\n")


async def test_a_reply_that_waits_can_be_dropped_and_its_author_sees_it(
    sandbox: Sandbox, credentials: Credentials, operator: Operator
):
    async with open_town(sandbox, credentials, send_grace_seconds=3600) as town:  # it waits longer than the test
        card = await town.taken()
        sandbox.whatsapp.faults.add(Fault(status=503))
        await town.reply(ANA, card, "On its way")
        async with asyncio.timeout(10):
            while not (row := await Task.get_or_none(kind="whatsapp.send", done_at=None, failures__gt=0)):
                await sandbox.world.change(0.02)
        assert await operator.types("drop", str(row.id), "--yes") == (0, f"{row.id} whatsapp.send: dropped\n")
        await sandbox.until(lambda: "dropped by whoever looks after Switchboard" in town.thread_text(card))
        assert "On its way" not in town.on_phone(CARLA)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["retry"], "--all-dead"),
        (["retry", "5", "--all-dead"], "--all-dead"),
        (["drop", "--yes"], "Say which"),
        (["drop", "5"], "--yes"),
        (["list", "--kind", "letter"], "there is no 'letter'"),
    ],
)
def test_wrong_words_are_one_line_each(words: list[str], wanted: str):
    ended = CliRunner().invoke(command_line, ["tasks", *words])
    assert ended.exit_code == 2
    assert wanted in ended.output
    assert len(ended.output.splitlines()) == 1
