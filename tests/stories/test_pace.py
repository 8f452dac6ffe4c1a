"""Slack and WhatsApp set the pace: words go ahead of looks, a rebuff quiets everybody, nothing is lost meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from tortoise.expressions import F

from bot.domain.pace import USUAL, Rate
from integrations.sandbox.faults import Fault
from integrations.sandbox.people import Customer
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.engine_models import Task
from tests.brisk import BRISK
from tests.stories.town import ANA, ASK_FOR_PERSON, CARLA, CHANNEL, DIEGO, Town, open_town

NEVER = Rate(timedelta(hours=1), 1)  # once, and then not before the test has ended
POST = "chat.postMessage"


def crowd(sandbox: Sandbox, size: int) -> list[Customer]:
    everybody = [
        Customer(id=f"c{n}", name=f"Customer {n}", bsuid=f"ES.8{n:019}", wa_id=f"3461{n:07}") for n in range(size)
    ]
    for each in everybody:
        sandbox.whatsapp.add_customer(each)
    return everybody


def posted_at(sandbox: Sandbox) -> list[float]:
    """When each post reached Slack, in seconds."""
    return [each.at for each in sandbox.slack.workspace.calls if each.method == POST]


def said_in_slack(sandbox: Sandbox, words: str) -> int:
    return sum(each.text.count(words) for each in sandbox.slack.workspace.channels[CHANNEL].messages.values())


def lines_of(posts: Sequence[Message]) -> list[str]:
    return [line for each in posts for line in each.text.splitlines() if line.startswith("Line ")]


@asynccontextmanager
async def slow_channel(sandbox: Sandbox, credentials: Credentials, every: float, burst: int) -> AsyncGenerator[Town]:
    """A town whose channel takes a post every so many seconds."""
    rates = replace(BRISK, post=Rate(timedelta(seconds=every), burst))
    async with open_town(sandbox, credentials, rates=rates) as town:
        yield town


# --- Priorities ---


async def test_in_a_storm_of_200_escalations_words_go_ahead_of_looks(credentials: Credentials):
    """The cards' redraws have to wait for an hour, a post for milliseconds: no customer's word waits for a redraw."""
    rates = replace(BRISK, post=Rate(timedelta(milliseconds=10), 3), update=NEVER, react=NEVER)
    nobody_listens = SandboxConfig(slack_events=frozenset())  # to the bot's own posts
    async with Sandbox(nobody_listens) as sandbox, open_town(sandbox, credentials, rates=rates):
        sandbox.whatsapp.auto_status = False
        everybody = crowd(sandbox, 200)
        insistent = everybody[:50]
        await asyncio.gather(*(sandbox.whatsapp.say(each, ASK_FOR_PERSON) for each in everybody))
        for each in (*insistent, *insistent):
            await sandbox.whatsapp.say(each, "Is anybody there?")
        await sandbox.until(lambda: said_in_slack(sandbox, "Is anybody there?") == 2 * len(insistent), within=40)
        await sandbox.until(lambda: said_in_slack(sandbox, "The conversation so far") == len(everybody), within=40)
        assert await Task.filter(kind="slack.card", done_at=None).count() > len(insistent) / 2
        assert await Task.filter(kind__startswith="slack.", failures__gt=0).count() == 0
        posts = posted_at(sandbox)
    assert posts[-1] - posts[0] > (len(posts) - 3) * 0.01 - 0.1


async def test_a_reminder_lets_the_customer_go_first(sandbox: Sandbox, credentials: Credentials):
    """Little is left of the burst: the reminder waits aside until there is more, and the customer's words do not."""
    rates = replace(BRISK, post=Rate(timedelta(seconds=1), 4))
    async with open_town(sandbox, credentials, rates=rates, reminder_ladder="1s") as town:
        card = await town.escalation()
        for number in range(3):
            await sandbox.whatsapp.say(CARLA, f"Line {number}")
        async with asyncio.timeout(10):
            while not await Task.exists(kind="slack.remind", done_at=None, started=0, not_before__gt=F("created_at")):
                await sandbox.world.change(0.02)
        await sandbox.whatsapp.say(CARLA, "Line 3")
        await sandbox.until(lambda: "Line 3" in town.thread_text(card))
        assert "has been waiting" not in town.thread_text(card)


# --- Messages that wait together ---


async def test_what_a_customer_says_while_the_channel_is_busy_is_read_in_one_post(
    sandbox: Sandbox, credentials: Credentials
):
    async with slow_channel(sandbox, credentials, every=0.7, burst=3) as town:
        card = await town.escalation()
        said = [f"Line {number}" for number in range(12)]
        for text in said:
            await sandbox.whatsapp.say(CARLA, text)
        await sandbox.until(lambda: said[-1] in town.thread_text(card))
        assert lines_of(town.thread(card)) == said
        assert len([each for each in town.thread(card) if "Line " in each.text]) <= 3


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_shared_post_whose_connection_broke_is_there_once(
    sandbox: Sandbox, credentials: Credentials, cut: Literal["before", "after"]
):
    async with slow_channel(sandbox, credentials, every=0.7, burst=3) as town:
        card = await town.escalation()
        sandbox.slack.faults.add(Fault(method=POST, drop=cut, when=lambda args: "Line 5" in str(args)))
        said = [f"Line {number}" for number in range(6)]
        for text in said:
            await sandbox.whatsapp.say(CARLA, text)
        await town.has_done("whatsapp.message")
        await sandbox.until(lambda: not len(sandbox.slack.faults))
        said.append("Line 6")
        await sandbox.whatsapp.say(CARLA, said[-1])
        await sandbox.until(lambda: said[-1] in town.thread_text(card))
        assert lines_of(town.thread(card)) == said


async def test_what_is_said_after_a_post_of_unknown_outcome_is_not_taken_for_part_of_it(
    sandbox: Sandbox, credentials: Credentials
):
    """By the time the first post may be looked for, the next message waits behind it: they must not be joined."""
    async with slow_channel(sandbox, credentials, every=0.3, burst=3) as town:
        card, _ = await town.escalation(CARLA), await town.escalation(DIEGO)
        sandbox.slack.faults.add(
            Fault(method=POST, drop="after", when=lambda args: "Line 1" in str(args)),
            Fault(method=POST, status=429, retry_after=3, when=lambda args: "Busy" in str(args)),
        )
        await sandbox.whatsapp.say(CARLA, "Line 1")
        await sandbox.until(lambda: len(sandbox.slack.faults) == 1)
        await sandbox.whatsapp.say(DIEGO, "Busy")
        await sandbox.whatsapp.say(CARLA, "Line 2")
        await sandbox.until(lambda: "Line 2" in town.thread_text(card))
        assert lines_of(town.thread(card)) == ["Line 1", "Line 2"]


async def test_words_of_different_people_do_not_share_a_post(sandbox: Sandbox, credentials: Credentials):
    """The handover notice of the system and the customer's next words wait together; each keeps its own name."""
    async with slow_channel(sandbox, credentials, every=0.7, burst=2) as town:
        await sandbox.whatsapp.say(CARLA, ASK_FOR_PERSON)
        await sandbox.whatsapp.say(CARLA, "Line 1")
        card = await town.card()
        await sandbox.until(lambda: "Line 1" in town.thread_text(card))
        theirs = next(each for each in town.thread(card) if "Line 1" in each.text)
        assert theirs.text == "Line 1"


# --- Rebuffs ---


async def test_when_slack_asks_for_quiet_every_thread_of_the_channel_is_quiet(town: Town):
    cards = [await town.escalation(CARLA), await town.escalation(DIEGO)]
    await town.has_done("slack.mirror")
    town.sandbox.slack.faults.add(Fault(method=POST, status=429, retry_after=1))
    await town.sandbox.whatsapp.say(CARLA, "Line 1")
    await town.sandbox.until(lambda: not len(town.sandbox.slack.faults))
    rebuffed = posted_at(town.sandbox)[-1]
    for number in range(2, 6):
        await town.sandbox.whatsapp.say(DIEGO, f"Line {number}")
    await town.sandbox.until(lambda: "Line 5" in town.thread_text(cards[1]) and "Line 1" in town.thread_text(cards[0]))
    assert posted_at(town.sandbox)[-1] > rebuffed
    assert not [at for at in posted_at(town.sandbox) if rebuffed < at < rebuffed + 0.9]


async def test_a_customer_whom_whatsapp_asks_to_spare_does_not_hold_up_another(
    sandbox: Sandbox, credentials: Credentials
):
    rates = replace(BRISK, customer=Rate(timedelta(seconds=2), 5))
    async with open_town(sandbox, credentials, rates=rates) as town:
        carlas, diegos = await town.taken(CARLA), await town.taken(DIEGO)
        sandbox.whatsapp.faults.add(Fault(code=131056, when=lambda args: "Too fast" in str(args)))
        await town.reply(ANA, carlas, "Too fast")
        await sandbox.until(lambda: not len(sandbox.whatsapp.faults))
        await town.reply(ANA, diegos, "Right away")
        await town.hears(DIEGO, "Right away")
        assert "Too fast" not in town.on_phone(CARLA)
        await town.hears(CARLA, "Too fast")


async def test_replies_to_one_customer_keep_their_order_at_whatsapps_pace(sandbox: Sandbox, credentials: Credentials):
    rates = replace(BRISK, customer=Rate(timedelta(seconds=0.2), 2))
    async with open_town(sandbox, credentials, rates=rates) as town:
        card = await town.taken()
        said = [f"Line {number}" for number in range(6)]
        for text in said:
            await town.reply(ANA, card, text)
        await town.hears(CARLA, said[-1])
        assert town.on_phone(CARLA)[-6:] == said
        sent = [each.at for each in sandbox.whatsapp.sent][-6:]
        assert sent[-1] - sent[0] > 0.7


async def test_a_slack_that_enforces_its_limits_is_never_pushed_past_them(sandbox: Sandbox, credentials: Credentials):
    """Against a channel that refuses the sixth post in a row, at our own usual rates."""
    sandbox.slack.enforce_rate = True
    async with open_town(sandbox, credentials, rates=USUAL) as town:
        card = await town.taken()
        for number in range(8):
            await sandbox.whatsapp.say(CARLA, f"Line {number}")
        await sandbox.until(lambda: "Line 7" in town.thread_text(card))
    assert not [each for each in sandbox.slack.workspace.calls if each.error == "ratelimited"]
    assert len(sandbox.slack.thread(CHANNEL, card.ts)) > 1
