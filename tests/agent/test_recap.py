"""The AI's memory: only what the customer has said and got, and nothing where the model fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.agent.recap import LONGEST_RECAP, make_recap
from bot.agent.turn import Answer, run_turn
from bot.domain.conversation import Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.people import Address, AddressKind
from bot.flows.recaps import RecapBegun
from tests.agent.conversations import bot, customer, script, staff
from tests.agent.test_turn import turn
from tests.scripted_model import ScriptedModel, says, scripted_model


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as served:
        yield served


def begun(*lines: Message, recap: str = "") -> RecapBegun:
    conversation = Conversation(1, 1, 1, 0, False, Address(AddressKind.WA_ID, "15550100"), recap=recap)
    return RecapBegun(conversation, script(*lines))


async def test_notes_and_what_never_left_are_in_no_recap(server: ScriptedModel):
    server.will(says("They have a tent."))
    never = (Delivery.KEPT, Delivery.FAILED, Delivery.DROPPED)
    unsaid = [replace(staff(f"Secret {each}"), status=each) for each in never]
    made = await make_recap(begun(customer("My tent leaks"), *unsaid, bot("Sorry!")), "Aurora", server.model())
    assert made == "They have a tent."
    assert "Secret" not in str(server.heard)
    assert [each["content"] for each in server.heard if each["role"] == "user"] == ["My tent leaks"]


async def test_a_recap_goes_on_from_the_one_before(server: ScriptedModel):
    server.will(says("x" * 10_000))
    made = await make_recap(begun(customer("Hi"), recap="Order 4711 is late."), "Aurora", server.model())
    assert "Order 4711 is late." in server.heard[1]["content"]
    assert len(made) == LONGEST_RECAP


async def test_a_refusal_is_no_recap(server: ScriptedModel):
    server.will(says(None, refusal="No."), says("The customer", finish_reason="length"))
    for _ in range(2):
        assert await make_recap(begun(customer("Hi")), "Aurora", server.model()) == ""


async def test_the_turn_reads_the_recap_as_a_note_and_not_from_the_system(server: ScriptedModel):
    server.will(says("It comes on Friday."))
    asked = replace(turn(customer("When?")), recap="Order 4711 is late.")
    assert await run_turn(asked, server.model(), None) == Answer("It comes on Friday.")
    assert [each["role"] for each in server.heard if "Order 4711" in each["content"]] == ["user"]
