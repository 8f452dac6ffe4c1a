"""Two processes on one PostgreSQL: either may get any webhook, press or tick, and nobody notices that there are two."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from integrations.sandbox.people import Customer
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from tests.processes import BotProcess, OwnPostgres, environment, free_port
from tests.stories.town import ANA, BEN, CARLA, DIEGO, MINA, Town

TAKEN_OVER_WITHIN = 15.0  # two seconds until a sweep sees it; the rest is for a machine that is busy
CHASED = "Nobody has taken this yet"
CROWD = [CARLA, DIEGO, MINA, *(f"extra{number}" for number in range(5))]


@dataclass
class Balancer:
    """What stands before the replicas: each request may go to another one that lives."""

    sandbox: Sandbox
    replicas: list[BotProcess]
    _turns: itertools.count[int] = field(default_factory=itertools.count)

    def turn(self) -> None:
        """Whatever comes next goes to the next replica."""
        self.sandbox.bot_url = self.replicas[next(self._turns) % len(self.replicas)].url

    async def kill_one(self) -> None:
        """kill -9 while it works; the balancer sends nothing there any more."""
        victim = self.replicas.pop(0)
        self.turn()
        await victim.kill()


@pytest.fixture
async def balancer(sandbox: Sandbox, data_dir: Path, tmp_path: Path) -> AsyncGenerator[Balancer]:
    """Both start at once on an empty database, so both want to migrate it."""
    url = OwnPostgres(data_dir).url
    for number, name in enumerate(CROWD[3:]):
        sandbox.whatsapp.add_customer(Customer(id=name, name=f"Customer {number}", bsuid=f"ES.8{number:020d}"))
    replicas = [
        BotProcess(environment(sandbox, free_port(), tmp_path, DATABASE_URL=url, REMINDER_LADDER="2s,1h"))
        for _ in range(2)
    ]
    await asyncio.gather(*(each.start() for each in replicas))
    before = Balancer(sandbox, replicas[:])
    before.turn()
    yield before
    await asyncio.gather(*(each.kill() for each in replicas))


@pytest.fixture
def told(sandbox: Sandbox, balancer: Balancer) -> Town:
    return Town(sandbox, balancer.replicas[0].url)


def lines_in(town: Town, card: Message) -> list[int]:
    return [int(number) for number in re.findall(r"Line (\d+)\.", town.thread_text(card))]


async def test_anything_may_come_to_either_and_a_desk_does_not_notice_when_one_dies(told: Town, balancer: Balancer):
    card = await told.escalation()
    await told.sandbox.until(lambda: CHASED in told.thread_text(card))  # both tick, and see it fall due
    balancer.turn()
    await told.press(ANA, card, "take")
    balancer.turn()
    await told.press(BEN, card, "take")
    await told.sandbox.until(lambda: f"<@{ANA}>" in told.told(BEN))

    for number in range(16):
        balancer.turn()
        wamid = await told.sandbox.whatsapp.say(CARLA, f"Line {number}.")
        balancer.turn()
        await told.sandbox.whatsapp.say(CARLA, f"Line {number}.", wamid=wamid)  # Meta repeats itself, and elsewhere
        await told.reply(ANA, card, f"Reply {number}")
        if number == 8:
            await balancer.kill_one()
        # One reply after the other: Slack itself does not keep the order of its events.
        await told.sandbox.until(lambda number=number: f"Reply {number}" in told.on_phone(CARLA), TAKEN_OVER_WITHIN)
    await told.sandbox.until(lambda: len(lines_in(told, card)) >= 16, TAKEN_OVER_WITHIN)
    assert lines_in(told, card) == list(range(16))
    replies = [said for said in told.on_phone(CARLA) if said.startswith("Reply")]
    assert replies == [f"Reply {number}" for number in range(16)]

    balancer.turn()
    await told.press(ANA, card, "return_to_bot")
    await told.shows(card, "Resolved")
    assert told.thread_text(card).count(CHASED) == 1
    assert len(told.cards()) == 1


async def test_what_a_killed_replica_was_doing_the_other_does_within_seconds(told: Town, balancer: Balancer):
    openai = told.sandbox.openai
    openai.script(lambda _request: Reply(text="The one answer."))
    openai.hold()
    for each in CROWD:
        balancer.turn()
        await told.sandbox.whatsapp.say(each, "Question")
    await told.sandbox.until(lambda: openai.waiting == len(CROWD))
    asked = len(openai.requests)

    await balancer.kill_one()
    await told.sandbox.until(lambda: len(openai.requests) > asked, within=TAKEN_OVER_WITHIN)
    openai.release()
    await told.sandbox.until(lambda: all(told.on_phone(each) for each in CROWD), within=TAKEN_OVER_WITHIN)
    await told.sandbox.whatsapp.say(CARLA, "Thanks")
    await told.sandbox.until(lambda: len(told.on_phone(CARLA)) > 1)
    assert {each: told.on_phone(each).count("The one answer.") for each in CROWD} == {
        each: 2 if each == CARLA else 1 for each in CROWD
    }
