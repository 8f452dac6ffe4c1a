"""People come by rule: words and topics of the settings, a question asked in vain, and one that nothing is known of."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.agent.no_help import ASKED_AGAIN, NOTHING_KNOWN
from integrations.sandbox.demo_files import SAMPLES
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage.database import Credentials
from tests.stories.town import ANA, CARLA, CHANNEL, DIEGO, MINA, Town, open_town

RULES = f"""
[[inboxes]]
name = "Aurora Outdoor"
whatsapp_phone_number_id = "200000000000001"
slack_channel = "{CHANNEL}"
knowledge = "pages"
[[inboxes.escalate_on]]
words = ["chargeback*", "devolución"]
reason = "Money back"
priority = "high"
[[inboxes.escalate_on]]
topic = "threats of legal action"
reason = "Legal"
priority = "urgent"
"""
WHERE = "Where is my order?"
HANDING_OVER, UNABLE = "I'm handing this over to a colleague", "I can't give you a good answer right now"


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, tmp_path: Path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/tents.md").write_text("# Tents\n\nA tent dries in a day.")
    (tmp_path / "rules.toml").write_text(RULES)
    async with open_town(sandbox, credentials, switchboard_config=tmp_path / "rules.toml") as opened:
        yield opened


async def next_card(town: Town, *before: Message) -> Message:
    known = {each.ts for each in before}
    [card] = await town.sandbox.until(lambda: [each for each in town.cards() if each.ts not in known])
    return card


async def test_words_and_topics_of_the_settings_call_people_and_the_card_says_which(town: Town):
    openai = town.sandbox.openai
    photo = (SAMPLES / "torn-tent.jpg").read_bytes()
    await town.sandbox.whatsapp.send_file(CARLA, photo, "image/jpeg", caption="Then it is a CHARGEBACK.")
    first = await next_card(town)
    for words in ("Money back", "High priority", "The rule on “chargeback*”", "Escalated by Switchboard"):
        assert words in first.text
    await town.hears(CARLA, HANDING_OVER)
    assert openai.requests == []  # it is not the model that decides

    await town.sandbox.whatsapp.say(DIEGO, "Una persona por favor, es por una DEVOLUCION")
    second = await next_card(town, first)
    for words in ("Escalated at the customer's request", "Money back", "High priority"):
        assert words in second.text
    await town.hears(DIEGO, "Por supuesto")
    assert len(town.on_phone(DIEGO)) == 1

    openai.script([Reply(tool_calls=(Call("escalate_to_human", {"reason": "legal", "summary": "Has a lawyer."}),))])
    await town.sandbox.whatsapp.say(MINA, "You will hear from somebody who knows the law")
    third = await next_card(town, first, second)
    assert "threats of legal action" in str(openai.requests[0]["messages"])
    for words in ("Legal", "Urgent", "Escalated by the AI", "The rule on threats of legal action"):
        assert words in third.text


async def test_what_the_ai_cannot_help_with_reaches_people_instead_of_one_more_answer(town: Town):
    openai = town.sandbox.openai
    openai.script(lambda _request: Reply(text="It is on its way."))
    for times, text in enumerate((WHERE, "ok", "where's my order", "Hello, where is my order??")):
        await town.sandbox.whatsapp.say(CARLA, text)
        await town.sandbox.until(lambda want=times + 1: len(town.on_phone(CARLA)) == want)
    card = await next_card(town)
    assert ASKED_AGAIN in card.text
    assert "where is my order??" in card.text
    assert [UNABLE in said for said in town.on_phone(CARLA)] == [False, False, False, True]
    assert len(openai.requests) == 3

    await town.press(ANA, card, "return_to_bot")
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) == 5)  # the count began anew: it is answered
    assert town.on_phone(CARLA)[-1] == "It is on its way."

    def looks_up(request: Json) -> Reply:
        if request["messages"][-1]["role"] == "tool":
            return Reply(text="I do not know, sorry.")
        return Reply(tool_calls=(Call("search_knowledge", {"query": "kites"}),))

    openai.script(looks_up)
    for text in ("Do you sell kites?", "Thanks!"):
        said = len(town.on_phone(DIEGO))
        await town.sandbox.whatsapp.say(DIEGO, text)
        await town.sandbox.until(lambda said=said: len(town.on_phone(DIEGO)) > said)
    await town.sandbox.whatsapp.say(DIEGO, "And kayaks?")
    lost = await next_card(town, card)
    assert NOTHING_KNOWN in lost.text
    assert "I do not know, sorry." in lost.text
    await town.hears(DIEGO, UNABLE)
    assert len(town.on_phone(DIEGO)) == 3
