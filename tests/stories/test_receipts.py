"""Blue ticks and "typing…": the customer sees that somebody is there, and nothing else ever waits for it."""

from __future__ import annotations

from bot.agent.typing import typing_while
from bot.app import wall_clock
from bot.flows.agent_answers import begin_turn
from integrations.sandbox.faults import Fault
from integrations.sandbox.whatsapp_state import WrittenMessage
from integrations.sandbox.wire import Json
from storage.engine_models import Task
from tests.stories.town import ANA, CARLA, Town


class Receipts:
    """Every receipt WhatsApp was asked for; a fault that never happens."""

    def __init__(self, town: Town) -> None:
        self.typed: list[str] = []
        self.read: list[str] = []
        town.sandbox.whatsapp.faults.add(Fault(method="receipt", when=self._note))

    def _note(self, body: Json) -> bool:
        (self.typed if "typing_indicator" in body else self.read).append(body["message_id"])
        return False


def ticks(town: Town) -> list[bool]:
    """For each of Carla's messages, whether she sees it read."""
    chat = town.sandbox.whatsapp.phones.of(CARLA).chat
    return [each.read for each in chat if isinstance(each, WrittenMessage)]


def sees_typing(town: Town) -> bool:
    return town.sandbox.whatsapp.phones.of(CARLA).sees_typing(town.sandbox.world.now())


async def test_the_customer_sees_typing_while_the_ai_thinks_and_never_after(town: Town):
    asked = Receipts(town)
    town.sandbox.openai.hold()
    wamid = await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: sees_typing(town))
    assert ticks(town) == [True]
    town.sandbox.openai.release()
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    assert not sees_typing(town)
    assert (asked.typed, asked.read) == ([wamid], [])


async def test_a_model_that_takes_long_is_typing_twice_and_no_more(town: Town):
    town.sandbox.openai.hold()
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: sees_typing(town))
    begun = await begin_turn(1)
    assert begun is not None
    async with typing_while(begun, wall_clock, again_after=0.01):
        while await Task.filter(kind="whatsapp.typing").count() < 2:
            await town.sandbox.world.change(0.02)
    await town.has_done("whatsapp.typing")
    assert await Task.filter(kind="whatsapp.typing").count() == 2
    town.sandbox.openai.release()


async def test_ticks_wait_until_a_person_is_there_and_nobody_types(town: Town):
    asked = Receipts(town)
    card = await town.escalation(CARLA)
    first = await town.sandbox.whatsapp.say(CARLA, "Hello?")
    await town.sandbox.until(lambda: "Hello?" in town.thread_text(card))
    assert ticks(town) == [False, False]
    await town.press(ANA, card, "take")
    await town.sandbox.until(lambda: all(ticks(town)))
    second = await town.sandbox.whatsapp.say(CARLA, "My tent is torn")
    await town.sandbox.until(lambda: "torn" in town.thread_text(card))
    assert ticks(town) == [True, True, False]
    await town.reply(ANA, card, "I see")
    await town.sandbox.until(lambda: all(ticks(town)))
    await town.reply(ANA, card, "One moment")
    await town.hears(CARLA, "One moment")
    await town.has_done("whatsapp.read")
    assert (asked.typed, asked.read) == ([], [first, second])


async def test_a_receipt_that_whatsapp_refuses_is_let_go_and_holds_up_nothing(town: Town):
    town.sandbox.whatsapp.faults.add(Fault(method="receipt", status=500, lasting=True))
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    card = await town.taken(CARLA)
    await town.reply(ANA, card, "Hello")
    await town.hears(CARLA, "Hello")
    for kind in ("whatsapp.typing", "whatsapp.read"):
        await town.has_done(kind)
    assert await Task.filter(kind__in=["whatsapp.typing", "whatsapp.read"], failures__gt=0).count() == 0
    assert await Task.filter(dead=True).count() == 0
