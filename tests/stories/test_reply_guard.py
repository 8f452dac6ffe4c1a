"""A slip of the finger reaches nobody: answers that a colleague has just given, and two who answer first at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.rules import InboxRules
from bot.domain.text.slack_in import Mentions
from bot.flows.staff_replies import StaffReply, staff_replies
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import EscalationRow
from storage.tasks import unit
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))
FIRST_TAKES = replace(RULES, first_reply_takes=True)


async def bens_answer(town: Town, card: Message, words: str = "Your tent left today.") -> None:
    """A colleague answers in Ana's conversation, by a click."""
    await town.reply(BEN, card, words)
    await town.sandbox.until(lambda: "has this" in town.told(BEN))
    await town.sandbox.slack.click_ephemeral(BEN, "send_held")
    await town.hears(CARLA, words)


async def test_an_answer_that_crosses_a_colleagues_is_held_and_shows_what_they_said(town: Town):
    card = await town.taken()
    await bens_answer(town, card)
    ts = await town.reply(ANA, card, "It leaves tomorrow.")
    await town.sandbox.until(lambda: f"<@{BEN}> has just answered" in town.told(ANA))
    assert "Your tent left today." in town.told(ANA)
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"hourglass"})
    [prompt] = town.sandbox.slack.ephemerals(ANA)
    assert "Send anyway" in str(prompt.blocks)
    await town.reply(ANA, card, "Sorry, today of course.")  # by now she has seen it
    await town.hears(CARLA, "Sorry, today of course.")
    assert "It leaves tomorrow." not in town.on_phone(CARLA)
    await town.sandbox.slack.click_ephemeral(ANA, "send_held")
    await town.hears(CARLA, "It leaves tomorrow.")


async def test_after_a_while_or_once_the_customer_has_answered_it_is_no_longer_held(
    sandbox: Sandbox, credentials: Credentials
):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        card = await town.taken()
        await bens_answer(town, card)
        await sandbox.whatsapp.say(CARLA, "With which carrier?")
        await sandbox.until(lambda: "With which carrier?" in town.thread_text(card))
        await town.reply(ANA, card, "By bicycle.")
        await town.hears(CARLA, "By bicycle.")
        await bens_answer(town, card, "It is on its way.")
        moved.by += timedelta(seconds=31)
        await town.reply(ANA, card, "Anything else?")
        await town.hears(CARLA, "Anything else?")


async def test_of_two_who_answer_first_at_once_one_has_it_and_the_others_words_wait(town: Town):
    card = await town.escalation()
    now = town.sandbox.world.now()

    async def answers(user: str, words: str, after: int) -> None:
        reply = StaffReply(CHANNEL, card.ts, f"{now + after:.6f}", user, words, Mentions())
        async with unit(moved) as turn:
            await staff_replies(turn, reply, FIRST_TAKES)

    moved = (await EscalationRow.get()).created_at + timedelta(seconds=5)
    await asyncio.gather(answers(ANA, "Ana is here.", 1), answers(BEN, "Ben is here.", 2))
    taken = await EscalationRow.get()
    first, second = (ANA, BEN) if taken.taken_by == ANA else (BEN, ANA)
    words = {ANA: "Ana is here.", BEN: "Ben is here."}
    await town.hears(CARLA, words[first])
    await town.sandbox.until(lambda: f"<@{first}> has this" in town.told(second))
    assert words[second] not in town.on_phone(CARLA)
    await town.shows(card, f"<@{first}> has this")
    assert town.thread_text(card).count("took this") == 1
