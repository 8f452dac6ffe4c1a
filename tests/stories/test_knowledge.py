"""What staff answer once, the AI answers from then on; and what it could not answer, staff hear of."""

from __future__ import annotations

from integrations.sandbox.slack_state import Message
from storage.agent_models import Lookup, Taught
from storage.desk_models import Audit
from storage.models import MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, MINA, Town

QUESTION = "Do you ship surfboards to Porto?"


async def knowledge(town: Town, user: str, text: str = "") -> str:
    """What /knowledge answers, at once or by the command's URL."""
    before = len(town.sandbox.slack.ephemerals(user))
    said = str(await town.sandbox.slack.command(user, CHANNEL, "/knowledge", text))
    if said:
        return said
    await town.sandbox.until(lambda: len(town.sandbox.slack.ephemerals(user)) > before)
    return shown(town, user)


def shown(town: Town, user: str) -> str:
    newest = town.sandbox.slack.ephemerals(user)[-1]
    return f"{newest.text}\n{newest.blocks}"


async def answered(town: Town, words: str) -> tuple[Message, str]:
    """Carla has asked, the AI did not know, and Ana has answered; her card and Ana's message."""
    await town.sandbox.whatsapp.say(CARLA, QUESTION)
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    card = await town.taken()
    ts = await town.reply(ANA, card, words)
    await town.hears(CARLA, words)
    return card, ts


async def test_what_staff_teach_the_next_customer_is_told(town: Town):
    slack = town.sandbox.slack
    card, ts = await answered(town, "Yes Carla, surfboards ship to Porto within three days.")
    await slack.shortcut(BEN, CHANNEL, ts, "teach_the_bot")
    asked = str(slack.modal(BEN))
    assert QUESTION in asked  # not the wish for a person that came after it
    assert "“Carla”" in asked
    assert "within three days" in asked
    # On what the customer wrote it asks for the answer.
    await slack.dismiss(BEN)
    await town.sandbox.whatsapp.say(CARLA, "And to Faro?")
    [told] = await town.sandbox.until(lambda: [each for each in town.thread(card) if "And to Faro?" in each.text])
    await slack.shortcut(BEN, CHANNEL, told.ts, "teach_the_bot")
    assert "And to Faro?" in str(slack.modal(BEN))
    assert "within three days" not in str(slack.modal(BEN))
    await slack.dismiss(BEN)
    await slack.shortcut(BEN, CHANNEL, ts, "teach_the_bot")
    # A number that was typed in since is pointed out before it is told to everybody.
    answer = "Yes, surfboards ship to Porto within three days. Call +351 21 000 0000."
    await slack.submit(BEN, values={"teach_answer": answer})
    assert "+351 21 000 0000" in str(slack.modal(BEN))
    await slack.submit(BEN, values={"teach_answer": "Yes, surfboards ship to Porto within three days."})
    assert slack.modal(BEN) is None
    assert "The AI knows this now" in town.told(BEN)
    [row] = await Taught.all()
    assert (row.question, row.staff_id) == (QUESTION, BEN)
    assert row.message_id == (await MessageRow.get(slack_ts=ts)).id

    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    await town.sandbox.whatsapp.say(DIEGO, "Hi! Can you ship surfboards to Porto?")
    await town.hears(DIEGO, "within three days")
    theirs = await town.escalation(DIEGO)
    assert f"📎 Looked up: 🎓 {QUESTION}" in town.thread_text(theirs)
    assert not [each for each in town.on_phone(DIEGO) if "Looked up" in each]

    # In the list it is changed and taken back, and what was done can be undone.
    listed = await knowledge(town, ANA, "list")
    assert f"taught by <@{BEN}>" in listed
    await slack.click_ephemeral(ANA, "edit_taught")
    await slack.submit(ANA, values={"teach_answer": "Yes, surfboards ship to Porto within a week."})
    assert "within a week" in await knowledge(town, ANA, "search surfboards")
    await slack.click_ephemeral(ANA, "remove_taught")
    await town.sandbox.until(lambda: "does not know this any more" in shown(town, ANA))
    removal = slack.ephemerals(ANA)[-1].id
    assert "Nothing. The AI would say" in await knowledge(town, ANA, "search surfboards")
    await slack.click_ephemeral(ANA, "undo_teaching", ephemeral_id=removal)
    assert f"taught by <@{ANA}>" in await knowledge(town, ANA, "search surfboards")
    events = [each.event for each in await Audit.filter(event__contains="teach").order_by("id")]
    assert events == ["teach", "unteach", "teach", "unteach", "teach"]


async def test_what_the_ai_was_asked_in_vain_is_told_and_taught(town: Town):
    slack = town.sandbox.slack
    assert "Nothing: whatever the AI looked up" in await knowledge(town, ANA, "unanswered")
    assert "Do you mean `/knowledge search tents`" in await knowledge(town, ANA, "serch tents")
    assert "What should the AI look up" in await knowledge(town, ANA, "search")
    assert "`/knowledge search bike tents`" in await knowledge(town, ANA, "bike tents")
    assert "/knowledge unanswered" in await knowledge(town, ANA)
    _, ts = await answered(town, "Yes, *kayaks* are for rent from May on.")
    await slack.shortcut(ANA, CHANNEL, ts, "teach_the_bot")
    await slack.submit(ANA, values={"teach_question": "Do you rent kayaks?"})

    await town.sandbox.whatsapp.say(MINA, "Is there a bicycle pump?")
    await town.sandbox.until(lambda: len(town.on_phone(MINA)) == 1)
    await town.sandbox.whatsapp.say(MINA, "A bicycle pump, please!")
    card = await town.card()
    await town.sandbox.until(lambda: len(town.cards()) == 2 and town.thread(town.cards()[1]))
    assert await Lookup.filter(found=0).exists()
    said = await knowledge(town, ANA, "unanswered")
    assert "bicycle pump" in said
    assert "asked 2 times" in said
    assert "1 handed to people" in said
    await town.sandbox.until(lambda: town.thread(card))
    assert "Open thread" in await knowledge(town, ANA, "unanswered")
    await slack.click_ephemeral(ANA, "teach_about")
    assert "A bicycle pump, please!" in str(slack.modal(ANA))
    await slack.submit(ANA, values={"teach_question": "Is there a bicycle pump?", "teach_answer": "At the door."})
    assert "finds something by now" in await knowledge(town, ANA, "unanswered")
