"""Direct messages: to those who want them, once, together when they come together, and true afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest

from bot.domain.escalation import Actor, Assign, Escalation
from bot.domain.notice_work import NotifyOfReminder
from bot.domain.people import StaffMember
from bot.domain.preferences import Extent, Preferences, QuietHours, Topic
from bot.domain.rules import InboxRules
from bot.flows.staff_presses import staff_presses
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage import escalations, preferences, staff, tasks
from storage.database import Credentials
from storage.models import EscalationRow
from storage.tasks import unit
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CARLA, DIEGO, MINA, Moved, Town, open_town

RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))
ALL_NEW = Preferences().with_extent(Topic.NEW, Extent.ALL)
GATHERED = timedelta(seconds=2)


@pytest.fixture
async def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials, moved.now) as opened:
        yield opened


def direct(town: Town, user: str) -> list[Message]:
    return town.sandbox.slack.messages(user)


def buttons(message: Message) -> list[str]:
    return [each["action_id"] for block in message.blocks for each in _elements(block)]


def _elements(block: Json) -> list[Json]:
    return block.get("elements", []) if block["type"] == "actions" else []


async def the_escalation() -> Escalation:
    return escalations.as_escalation(await EscalationRow.get())


async def assign(town: Town, moved: Moved, to: str, by: str = ANA) -> Escalation:
    async with unit(moved.now()) as turn:
        outcome = await staff_presses(turn, (await the_escalation()).id, Assign(to), Actor(by), RULES)
    assert isinstance(outcome, Escalation)
    return outcome


async def gather(town: Town, moved: Moved, by: timedelta = GATHERED) -> None:
    """Time passes until what was gathered is told."""
    moved.by += by
    await town.has_done("slack.notice")


async def test_a_new_one_is_taken_from_a_direct_message_and_pressing_late_tells_who_has_it(town: Town, moved: Moved):
    for user in (ANA, BEN):
        await preferences.save(1, user, ALL_NEW)
    card = await town.escalation()
    await gather(town, moved)
    [to_ben], [to_ana] = direct(town, BEN), direct(town, ANA)
    assert "Carla Mendes needs a person" in to_ben.text
    assert buttons(to_ben) == ["take", "open_thread"]
    await town.sandbox.slack.click(BEN, to_ben.channel, to_ben.ts, "take")
    await town.shows(card, f"<@{BEN}>")
    await town.sandbox.until(lambda: all(buttons(each) == ["open_thread"] for each in (to_ben, to_ana)))
    pressed = (await the_escalation()).id
    await town.sandbox.slack.click(ANA, to_ana.channel, to_ana.ts, "take", str(pressed), stale=True)
    await town.sandbox.until(lambda: f"<@{BEN}> has this" in town.told(ANA))
    await town.press(BEN, card, "close")
    await town.sandbox.until(lambda: "Closed by" in str(to_ana.blocks))


async def test_what_comes_together_is_told_together_and_kept_true_one_by_one(town: Town, moved: Moved):
    await preferences.save(1, BEN, ALL_NEW)
    for customer in (CARLA, DIEGO, MINA):
        await town.sandbox.whatsapp.say(customer, ASK_FOR_PERSON)
    await town.sandbox.until(lambda: len(town.cards()) == 3)
    await town.has_done("slack.open")
    await gather(town, moved)
    [told] = direct(town, BEN)
    assert buttons(told) == ["take", "open_thread"] * 3
    await town.press(ANA, town.cards()[0], "take")
    await town.sandbox.until(lambda: buttons(told).count("take") == 2)


async def test_whoever_is_given_a_conversation_is_told_once_and_not_at_night(town: Town, moved: Moved):
    clock = moved.now().astimezone(UTC)
    asleep = QuietHours((clock - timedelta(hours=1)).time(), (clock + timedelta(hours=1)).time())
    at_home = Preferences(quiet=QuietHours(time(clock.hour), time(clock.hour)))
    await preferences.save(1, ANA, at_home)
    town.sandbox.slack.workspace.users[BEN] = replace(town.sandbox.slack.workspace.users[BEN], tz="UTC")
    await preferences.save(1, BEN, Preferences(quiet=asleep))
    await staff.describe(1, StaffMember(BEN, "Ben Okafor", time_zone="UTC"), moved.now())
    card = await town.taken()
    await assign(town, moved, BEN)
    await town.shows(card, f"<@{BEN}>")
    assert direct(town, BEN) == []
    moved.by += timedelta(hours=1, minutes=1)
    await town.sandbox.until(lambda: direct(town, BEN))
    assert "Carla Mendes was assigned to you" in direct(town, BEN)[0].text
    assert direct(town, ANA) == []
    assert "*Ben Okafor* has this now" in town.thread_text(card)  # named, not called: the message calls him


async def test_what_was_assigned_at_night_and_ended_before_morning_is_never_told(town: Town, moved: Moved):
    clock = moved.now().astimezone(UTC)
    town.sandbox.slack.workspace.users[BEN] = replace(town.sandbox.slack.workspace.users[BEN], tz="UTC")
    asleep = QuietHours((clock - timedelta(hours=1)).time(), (clock + timedelta(hours=1)).time())
    await preferences.save(1, BEN, Preferences(quiet=asleep))
    card = await town.taken()
    await assign(town, moved, BEN)
    await town.press(BEN, card, "close")
    await town.shows(card, "Closed")
    await gather(town, moved, timedelta(hours=2))
    assert direct(town, BEN) == []


async def test_a_customer_who_writes_and_writes_is_told_once_until_somebody_answers(town: Town, moved: Moved):
    await preferences.save(1, ANA, Preferences().with_extent(Topic.CUSTOMER, Extent.MINE))
    card = await town.taken()
    await town.reply(ANA, card, "How can I help?")
    await town.hears(CARLA, "How can I help?")
    for words in ("My tent is torn", "Since yesterday", "Hello?"):
        await town.sandbox.whatsapp.say(CARLA, words)
    await town.sandbox.until(lambda: "Hello?" in town.thread_text(card))
    assert direct(town, ANA) == []  # she may be at the thread
    await gather(town, moved, timedelta(seconds=31))
    [told] = direct(town, ANA)
    assert "Carla Mendes has written" in told.text
    await town.sandbox.whatsapp.say(CARLA, "Anybody?")
    await town.sandbox.until(lambda: "Anybody?" in town.thread_text(card))
    await gather(town, moved, timedelta(seconds=31))
    assert len(direct(town, ANA)) == 1
    await town.reply(ANA, card, "A new one leaves today.")
    await town.hears(CARLA, "A new one leaves today.")
    await town.sandbox.whatsapp.say(CARLA, "Thank you!")
    await town.sandbox.until(lambda: "Thank you!" in town.thread_text(card))
    await town.reply(ANA, card, "You are welcome.")
    await town.hears(CARLA, "You are welcome.")
    await gather(town, moved, timedelta(seconds=31))
    assert len(direct(town, ANA)) == 1  # she was quicker than her notice


async def test_a_reminder_for_leads_reaches_those_who_were_not_called_in_the_thread(town: Town, moved: Moved):
    town.sandbox.slack.add_group("S0LEADS", "leads", [ANA, BEN])
    town.sandbox.slack.add_group("S0CALL", "call", [ANA])
    await town.escalation()
    waiting = await the_escalation()
    work = NotifyOfReminder(inbox_id=1, escalation_id=waiting.id, about="1:4", leads="S0LEADS", calls="S0CALL")
    await tasks.enqueue([work, work], moved.now())
    await town.has_done("slack.notify")
    await gather(town, moved)
    assert direct(town, ANA) == []
    assert ["still waiting" in each.text for each in direct(town, BEN)] == [True]


async def test_somebody_who_cannot_be_written_to_holds_up_nobody(town: Town, moved: Moved):
    for user in (ANA, BEN):
        await preferences.save(1, user, ALL_NEW)
    for word in ("channel_not_found", "messages_tab_disabled"):
        town.sandbox.slack.faults.add(
            Fault(method="chat.postMessage", code=word, when=lambda args: args["channel"] == ANA)
        )
    for customer in (CARLA, DIEGO):
        card = await town.escalation(customer)
        await gather(town, moved)
    assert direct(town, ANA) == []
    assert [buttons(each) for each in direct(town, BEN)] == [["take", "open_thread"]] * 2
    await town.press(BEN, card, "take")
    await town.shows(card, f"<@{BEN}>")
    await town.reply(BEN, card, "Here I am.")
    await town.hears(DIEGO, "Here I am.")
    assert "could not be shown" not in town.thread_text(card)
