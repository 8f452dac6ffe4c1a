"""Staff are chased in the thread while a customer waits for them, and not a moment longer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.escalation import Actor, Refusal, Status
from bot.domain.rules import InboxRules
from bot.flows.nobody_speaks import nobody_speaks
from bot.flows.snooze import snooze
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage import staff
from storage.database import Credentials
from storage.models import EscalationRow
from storage.tasks import unit
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

MINUTE = timedelta(minutes=1)
LADDER = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE)
RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=MINUTE)


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=LADDER) as opened:
        yield opened


def chasing(town: Town, card: Message) -> list[Message]:
    """Reminders of a customer who waits for whoever has the conversation."""
    return [each for each in town.thread(card) if "for your answer" in each.text or "for an answer" in each.text]


def not_taken(town: Town, card: Message) -> list[Message]:
    return [each for each in town.thread(card) if "Nobody has taken this yet" in each.text]


async def test_whoever_has_it_is_called_while_the_customer_waits_and_not_after_an_answer(town: Town, moved: Moved):
    card = await town.taken()
    moved.by += 15 * MINUTE + MINUTE / 60
    [reminder] = await town.sandbox.until(lambda: chasing(town, card))
    assert f"<@{ANA}>" in reminder.text
    assert "Can I talk to a person?" in reminder.text
    assert not reminder.is_root  # what one person owes is not for the channel

    await town.reply(ANA, card, "Here I am")
    await town.hears(CARLA, "Here I am")
    moved.by += timedelta(hours=3)
    await town.sandbox.whatsapp.say(CARLA, "One more thing")
    await town.sandbox.until(lambda: "One more thing" in town.thread_text(card))
    assert len(chasing(town, card)) == 1
    await staff.set_away(1, ANA, moved.now())
    moved.by += 16 * MINUTE
    await town.sandbox.until(lambda: len(chasing(town, card)) == 2)
    late = chasing(town, card)[-1].text
    assert f"<@{ANA}>" not in late  # who is away is not called
    assert "is away" in late
    assert "One more thing" in late


async def test_later_reminders_are_seen_by_the_channel_and_none_comes_while_it_is_put_off(town: Town, moved: Moved):
    card = await town.escalation()
    [row] = await EscalationRow.all()
    async with unit(moved.now()) as turn:
        until = moved.now() + 40 * MINUTE
        outcome = await snooze(turn, row.id, until, Actor(ANA), RULES)
    assert not isinstance(outcome, Refusal)
    await town.sandbox.until(lambda: "put the reminders off until" in town.thread_text(card))
    moved.by += 31 * MINUTE
    await town.sandbox.whatsapp.say(CARLA, "Hello?")
    await town.sandbox.until(lambda: "Hello?" in town.thread_text(card))
    assert not not_taken(town, card)
    moved.by += 10 * MINUTE
    [reminder] = await town.sandbox.until(lambda: not_taken(town, card))
    assert reminder.subtype == "thread_broadcast"
    assert reminder.thread_ts == card.ts
    assert await town.sandbox.slack.click(ANA, CHANNEL, reminder.ts, "take") == 200
    await town.shows(card, f"<@{ANA}>")


async def test_only_one_of_many_missed_reminders_comes_after_downtime(
    sandbox: Sandbox, credentials: Credentials, moved: Moved
):
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=LADDER) as town:
        card = await town.escalation()
    moved.by += timedelta(hours=7)
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=LADDER) as town:
        await town.sandbox.until(lambda: not_taken(town, card))
        moved.by += timedelta(hours=1)
        await town.sandbox.until(lambda: len(not_taken(town, card)) == 2)
        await town.has_done("slack.remind")
        assert len(not_taken(town, card)) == 2


async def test_the_warning_before_closing_keeps_it_open_at_a_press(town: Town, moved: Moved):
    card = await town.taken()
    await town.reply(ANA, card, "All done?")
    await town.hears(CARLA, "All done?")
    await town.has_done("whatsapp.send")
    [row] = await EscalationRow.all()
    moved.by += timedelta(hours=20)
    async with unit(moved.now()) as turn:
        await nobody_speaks(turn, row.id, replace(RULES, close_after=timedelta(hours=10)))
    [warning] = await town.sandbox.until(
        lambda: [each for each in town.thread(card) if "closes by itself" in each.text]
    )
    assert await town.sandbox.slack.click(BEN, CHANNEL, warning.ts, "keep_open") == 200
    await town.sandbox.until(lambda: "keeps this open" in town.thread_text(card))
    await town.sandbox.until(lambda: "it stays open" in warning.text)
    moved.by += timedelta(hours=2)
    async with unit(moved.now()) as turn:
        await nobody_speaks(turn, row.id, replace(RULES, close_after=timedelta(hours=10)))
    assert (await EscalationRow.get(id=row.id)).status is Status.OPEN
