"""The 24-hour window: staff see it closing, what comes too late is held, and it leaves when the customer is back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4
A_DAY = timedelta(hours=24, seconds=1)


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=(timedelta(days=30),)) as opened:
        yield opened


async def held(town: Town, card: Message, *texts: str) -> list[str]:
    """Replies that Ana wrote too late; each is asked about before the next is written."""
    stamps: list[str] = []
    for text in texts:
        before = len(town.sandbox.slack.ephemerals(ANA))
        stamps.append(await town.reply(ANA, card, text))
        await town.sandbox.until(lambda seen=before: len(town.sandbox.slack.ephemerals(ANA)) > seen)
    return stamps


async def marked(town: Town, ts: str, name: str) -> None:
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {name})


async def test_staff_are_warned_twice_and_once_after_downtime_and_see_the_end(town: Town, moved: Moved):
    card = await town.taken()
    moved.by = timedelta(hours=22, seconds=1)
    await town.sandbox.until(lambda: "closes in *2 h*" in town.thread_text(card))
    await town.shows(card, "Reply window closes in 2 h")
    assert f"<@{ANA}>" in next(each.text for each in town.thread(card) if "reply window closes" in each.text)

    moved.by = timedelta(hours=23, minutes=35)
    await town.shows(card, "Reply window closes in 25 min")
    await town.sandbox.until(lambda: "closes in *25 min*" in town.thread_text(card))

    moved.by = A_DAY
    await town.shows(card, "Reply window closed")
    assert town.thread_text(card).count("reply window closes in") == 2

    await town.sandbox.whatsapp.say(CARLA, "I am back")
    await town.shows(card, "Reply window closes in 24 h")
    moved.by += timedelta(hours=23, minutes=40)  # both warnings fell due while nobody looked
    await town.sandbox.until(lambda: "closes in *20 min*" in town.thread_text(card))
    await town.shows(card, "Reply window closes in 20 min")
    assert town.thread_text(card).count("reply window closes in") == 3


async def test_replies_too_late_are_held_parked_and_leave_once_in_order_before_later_ones(town: Town, moved: Moved):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    moved.by = A_DAY
    first, second, third = await held(town, card, "First", "Second", "Better not")
    assert "takes only templates" in town.told(ANA)
    prompts = [each.id for each in town.sandbox.slack.ephemerals(ANA)][-3:]
    click = town.sandbox.slack.click_ephemeral
    assert await click(ANA, "send_when_they_write", ephemeral_id=prompts[0]) == 200
    assert await click(ANA, "send_when_they_write", ephemeral_id=prompts[1]) == 200
    assert await click(ANA, "keep_note", ephemeral_id=prompts[2]) == 200
    await marked(town, first, "zzz")
    await marked(town, third, "lock")
    assert "First" not in town.on_phone(CARLA)

    await town.sandbox.whatsapp.say(CARLA, "Good morning")
    await town.sandbox.until(lambda: "Good morning" in town.thread_text(card))
    await town.reply(ANA, card, "Later")
    await town.hears(CARLA, "Later")
    assert town.on_phone(CARLA)[-3:] == ["First", "Second", "Later"]
    await town.sandbox.until(lambda: "mailbox_with_mail" in town.sandbox.slack.reactions(CHANNEL, second))
    assert "zzz" not in town.sandbox.slack.reactions(CHANNEL, second)
    await town.sandbox.whatsapp.say(CARLA, "And again")
    await town.sandbox.until(lambda: "And again" in town.thread_text(card))
    assert town.on_phone(CARLA).count("First") == 1


async def test_what_was_parked_stays_when_people_leave_and_its_author_is_told(town: Town, moved: Moved):
    card = await town.taken()
    moved.by = A_DAY
    [ts] = await held(town, card, "I have good news")
    await town.sandbox.slack.click_ephemeral(ANA, "send_when_they_write")
    await marked(town, ts, "zzz")
    await town.press(ANA, card, "return_to_bot")
    await town.sandbox.until(lambda: f"<@{ANA}>, your reply *was not sent*" in town.thread_text(card))
    await marked(town, ts, "lock")
    asked = len(town.sandbox.openai.requests)
    await town.sandbox.whatsapp.say(CARLA, "Hello?")
    await town.sandbox.until(lambda: len(town.sandbox.openai.requests) > asked)
    assert "I have good news" not in town.on_phone(CARLA)
    assert len(town.cards()) == 1  # nothing the AI could not say has brought people back


async def test_a_reply_held_for_another_reason_offers_what_the_window_allows(town: Town, moved: Moved):
    card = await town.taken()
    ts = await town.reply(BEN, card, "I know the answer")
    await town.sandbox.until(lambda: "has this conversation" in town.told(BEN))
    moved.by = A_DAY
    assert await town.sandbox.slack.click_ephemeral(BEN, "send_held") == 200
    await town.sandbox.until(lambda: "takes only templates" in town.told(BEN))
    assert "I know the answer" not in town.on_phone(CARLA)
    await town.sandbox.slack.click_ephemeral(BEN, "send_when_they_write")
    await marked(town, ts, "zzz")
    await town.sandbox.whatsapp.say(CARLA, "Anybody?")
    await town.hears(CARLA, "I know the answer")


@pytest.mark.parametrize("with_photo", [False, True])
async def test_a_reply_that_whatsapp_refused_can_wait_for_the_customer(town: Town, moved: Moved, with_photo: bool):
    card, slack = await town.taken(), town.sandbox.slack
    await town.hears(CARLA, "colleague")
    moved.by = timedelta(seconds=2)
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131047))
    files = [slack.attach(ANA, "tent.jpg", JPEG)] if with_photo else []
    await slack.reply(ANA, CHANNEL, card.ts, "Too late after all", files=files)
    [line] = await town.sandbox.until(lambda: [each for each in town.thread(card) if "Not delivered" in each.text])
    await town.shows(card, "Reply window closed")
    assert await town.sandbox.slack.click(BEN, CHANNEL, line.ts, "send_when_they_write") == 200
    moved.by *= 2
    await town.sandbox.whatsapp.say(CARLA, "Hello?")
    await town.hears(CARLA, "Too late after all")
    assert town.sandbox.whatsapp.sent[-1].body["type"] == ("image" if with_photo else "text")
    await town.sandbox.until(lambda: "leaves as soon as the customer writes" in line.text)
