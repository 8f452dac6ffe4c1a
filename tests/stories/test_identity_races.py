"""A customer goes on writing while WhatsApp's word of their new number is on its way, in whatever order it comes."""

from __future__ import annotations

import asyncio
import random

import pytest

from storage.engine_models import Task
from storage.models import Alias, ConversationRow, CustomerRow, EscalationRow, MessageRow
from tests.stories.town import ANA, CARLA, Town

WORDS = 6


@pytest.mark.parametrize("seed", range(3))
async def test_no_word_is_lost_and_all_end_in_one_conversation(town: Town, seed: int):
    dice = random.Random(seed)
    whatsapp = town.sandbox.whatsapp
    card = await town.taken() if seed % 2 else None
    start, step = town.sandbox.world.now(), iter(range(60, 600, 60))

    def later() -> None:
        now = start + next(step)
        town.sandbox.world.clock = lambda: now

    before = [whatsapp.writes(CARLA, f"Old {number}")[1] for number in range(WORDS)]
    later()
    told = await whatsapp.changes.number(CARLA, "34699888777", "ES.70000000000000000099", tell=False)
    later()
    after = [whatsapp.writes(CARLA, f"New {number}")[1] for number in range(WORDS)]
    later()
    again = await whatsapp.changes.number(CARLA, "34699000111", "ES.70000000000000000098", tell=False)
    later()
    last = [whatsapp.writes(CARLA, f"Last {number}")[1] for number in range(WORDS)]
    bodies = [*before, told, *after, again, *last]
    dice.shuffle(bodies)
    assert await asyncio.gather(*map(whatsapp.deliver, bodies)) == [200] * len(bodies)
    for kind in ("whatsapp.message", "agent.think", "whatsapp.send", "whatsapp.after", "slack.mirror", "slack.joined"):
        await town.has_done(kind)
    [whole] = await ConversationRow.filter(merged_into=None)
    said = await MessageRow.filter(author="customer", text__contains=" ").exclude(text__startswith="Can I")
    assert sorted(each.text for each in said) == sorted(
        f"{n} {i}" for n in ("Old", "New", "Last") for i in range(WORDS)
    )
    assert {each.conversation_id for each in await MessageRow.all()} == {whole.id}
    assert {each.customer_id for each in await Alias.all()} == {whole.customer_id}
    assert await CustomerRow.filter(merged_into=None).count() == 1
    assert await EscalationRow.filter(status__in=["queued", "open"]).count() <= 1
    assert await Task.filter(dead=True).count() == 0
    assert await Task.filter(last_error__not="").exclude(kind__startswith="slack").count() == 0
    assert (whole.reply_kind, whole.reply_value) == ("wa_id", "34699000111")
    assert (await CustomerRow.get(id=whole.customer_id)).phone == "34699000111"
    if card:
        await town.reply(ANA, card, "All read")
        await town.hears(CARLA, "All read")


async def test_a_first_word_from_the_newest_number_outdoes_older_news(town: Town):
    whatsapp = town.sandbox.whatsapp
    told = await whatsapp.changes.number(CARLA, "34699888777", "ES.70000000000000000099", tell=False)
    await whatsapp.changes.number(CARLA, "34699000111", "ES.70000000000000000098", tell=False)
    again = whatsapp.writes(CARLA, "Hello from my newest number")[1]
    body = told["entry"][0]["changes"][0]["value"]["messages"][0]["system"]
    body["user_id"] = "ES.70000000000000000098"  # their account as it is by now, with the number of then
    assert await whatsapp.deliver(told) == 200
    await town.has_done("whatsapp.message")
    assert await whatsapp.deliver(again) == 200
    await town.has_done("whatsapp.message")
    [customer] = await CustomerRow.filter(merged_into=None)
    assert customer.phone == "34699000111"
