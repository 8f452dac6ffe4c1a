"""A colleague answers from the WhatsApp Business app: recorded, shown, and the AI stands back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.flows.echoes import ON_THE_PHONE
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from storage.models import EscalationRow, MessageRow
from tests.stories.town import ANA, CARLA, DIEGO, MINA, Moved, Town, open_town


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved):
    async with open_town(sandbox, credentials, clock=moved.now) as opened:
        yield opened


async def test_a_colleague_on_the_phone_silences_the_ai_until_staff_return_it(town: Town):
    town.sandbox.openai.hold()
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.sandbox.openai.waiting)
    said = await town.sandbox.whatsapp.echoes.colleague_says(CARLA, "We open at nine, Carla")
    card = await town.card()
    town.sandbox.openai.release()
    await town.has_done("agent.think")
    assert ON_THE_PHONE in card.text
    await town.sandbox.until(lambda: "We open at nine" in town.thread_text(card))
    assert "A colleague" in town.thread_text(card)
    await town.sandbox.whatsapp.echoes.tell(said)
    await town.sandbox.whatsapp.say(CARLA, "Thanks, and my order?")
    await town.sandbox.until(lambda: "my order?" in town.thread_text(card))
    await town.has_done("whatsapp.echo")
    assert town.on_phone(CARLA) == []
    assert await MessageRow.filter(author="staff").count() == 1
    await town.press(ANA, card, "return_to_bot")
    await town.sandbox.until(lambda: town.on_phone(CARLA))


async def test_nobody_is_chased_until_the_customer_writes_again(town: Town, moved: Moved):
    await town.sandbox.whatsapp.echoes.colleague_says(CARLA, "Your parcel is here")
    card = await town.card()
    assert (await EscalationRow.get()).remind_at is None
    moved.by += timedelta(hours=2)
    await town.sandbox.whatsapp.say(CARLA, "I come today")
    await town.sandbox.until(lambda: "I come today" in town.thread_text(card))
    row = await EscalationRow.get()
    assert row.remind_at is not None
    assert row.remind_at - row.queued_at == timedelta(minutes=5)
    assert moved.now() - row.queued_at < timedelta(minutes=1)
    await town.sandbox.whatsapp.echoes.colleague_says(CARLA, "See you")
    await town.has_done("whatsapp.echo")
    assert (await EscalationRow.get()).remind_at is None


async def test_what_we_send_ourselves_and_whatsapp_echoes_is_not_said_twice(town: Town):
    card = await town.taken()
    await town.reply(ANA, card, "Hello")
    await town.hears(CARLA, "Hello")
    await town.has_done("whatsapp.send")
    await town.sandbox.whatsapp.echoes.tell(town.sandbox.whatsapp.sent[-1])
    await town.has_done("whatsapp.echo")
    assert await MessageRow.filter(author="staff").count() == 1
    assert town.thread_text(card).count("Hello") == 1


async def test_an_echo_is_a_trace_of_a_send_whose_answer_was_lost(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
    await town.reply(ANA, card, "Once")
    await town.hears(CARLA, "Once")
    await town.sandbox.whatsapp.echoes.tell(town.sandbox.whatsapp.sent[-1])
    [reply] = [each for each in town.thread(card) if each.text == "Once"]
    await town.sandbox.until(lambda: "white_check_mark" in reply.reactions)
    await town.has_done("whatsapp.send")
    assert town.on_phone(CARLA).count("Once") == 1
    assert await MessageRow.filter(author="staff").count() == 1


async def test_an_echo_that_overtakes_the_answer_does_not_make_us_send_again(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    town.sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
    await town.reply(ANA, card, "Once")
    await town.hears(CARLA, "Once")
    said = town.sandbox.whatsapp.sent[-1]
    said.body["text"] = {"body": "Once, as the app shows it"}
    await town.sandbox.whatsapp.echoes.tell(said)
    await town.has_done("whatsapp.echo")
    town.sandbox.whatsapp.faults.release()
    await town.has_done("whatsapp.send")
    assert len([each for each in town.sandbox.whatsapp.sent if each.customer == CARLA]) == 2
    assert await MessageRow.filter(wamid=said.wamid).count() == 1


async def test_with_a_person_it_is_one_more_line_in_the_thread_and_its_progress_is_known(town: Town):
    card = await town.taken(MINA)
    said = await town.sandbox.whatsapp.echoes.colleague_says(MINA, "I have it here")
    await town.sandbox.until(lambda: "I have it here" in town.thread_text(card))
    await town.sandbox.whatsapp.report(said.wamid, "read")
    await town.has_done("whatsapp.status")
    row = await MessageRow.get(wamid=said.wamid)
    assert (row.author, row.staff_id, row.status, row.details) == ("staff", None, "read", {"is_echo": True})
    assert len(town.cards()) == 1


async def test_late_news_of_a_stretch_that_has_ended_opens_nothing(town: Town, moved: Moved):
    card = await town.taken(DIEGO)
    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    before = moved.now().timestamp() - 600
    await town.sandbox.whatsapp.echoes.colleague_says(DIEGO, "Ten minutes ago", at=before)
    await town.has_done("whatsapp.echo")
    assert len(town.cards()) == 1
