"""The main job, end to end: a customer writes, the AI answers, people take over, and the AI answers again."""

from __future__ import annotations

from tests.stories.town import ANA, CARLA, CHANNEL, Town


async def test_the_whole_story(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "Hello!")
    await town.sandbox.until(lambda: town.on_phone(CARLA))

    card = await town.escalation()
    assert "Queued" in card.text
    assert "Hello!" in town.thread_text(card)
    await town.hears(CARLA, "colleague")

    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")

    await town.sandbox.whatsapp.say(CARLA, "Are you there?")
    await town.sandbox.until(lambda: "Are you there?" in town.thread_text(card))

    ts = await town.reply(ANA, card, "Hi Carla, *Ana* here :wave: & ready")
    await town.hears(CARLA, "Hi Carla, *Ana* here 👋 & ready")
    await town.sandbox.until(lambda: "mailbox_with_mail" in town.sandbox.slack.reactions(CHANNEL, ts))

    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    said = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.say(CARLA, "Thanks! What are your opening hours?")
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > said)
