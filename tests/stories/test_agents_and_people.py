"""Bot and human at once: what rivals get wrong when a conversation changes hands (P12 to P21), one story each.

The numbers are those of the pains this product was measured against. All stories happen in one town, to another
customer each.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from bot.domain.conversation import SILENT_KINDS
from bot.domain.preferences import Extent, Preferences, Topic
from bot.flows.echoes import ON_THE_PHONE
from integrations.sandbox.people import Customer
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage import preferences
from storage.database import Credentials
from storage.models import CustomerRow, EscalationRow
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CHANNEL, Town, open_town

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER = "The AI's own words."
HANDS_OVER = Call("escalate_to_human", {"reason": "Torn tent", "summary": "It arrived torn."})
_numbers = itertools.count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(credentials_of_all: Credentials) -> AsyncGenerator[Town]:
    async with Sandbox() as sandbox, open_town(sandbox, credentials_of_all) as opened:
        yield opened


@dataclass
class Tale:
    """One customer's story in the town that all share."""

    town: Town
    name: str
    title: str
    phone: str
    asked: list[Json] = field(default_factory=list[Json])

    @property
    def read(self) -> list[str]:
        """What they have read."""
        return self.town.on_phone(self.name)

    async def says(self, text: str) -> None:
        await self.town.sandbox.whatsapp.say(self.name, text)

    async def reads(self, words: str) -> None:
        await self.town.hears(self.name, words)

    @property
    def cards(self) -> list[Message]:
        return [each for each in self.town.cards() if self.phone in each.text]

    async def card(self, number: int = 1) -> Message:
        await self.town.sandbox.until(lambda: len(self.cards) == number)
        card = self.cards[-1]
        await self.town.sandbox.until(lambda: self.town.thread(card))
        return card

    async def with_ana(self) -> Message:
        await self.says(ASK_FOR_PERSON)
        card = await self.card()
        await self.town.press(ANA, card, "take")
        await self.town.shows(card, f"<@{ANA}>")
        return card

    async def staff_see(self, card: Message, words: str) -> None:
        await self.town.sandbox.until(lambda: words in self.town.thread_text(card))

    async def status(self) -> str:
        customer = await CustomerRow.get(phone=self.phone.lstrip("+"))
        newest = await EscalationRow.filter(conversation_id=customer.id).order_by("-id").first()
        return str(newest.status) if newest else "none"


@pytest.fixture
def tale(town: Town) -> Tale:
    """A new customer; the model says `ANSWER` to everything, and every question to it is counted."""
    number = next(_numbers)
    phone = f"346009000{number:02}"
    told = Tale(town, f"customer-{number}", f"Customer {number}", f"+{phone}")
    town.sandbox.whatsapp.add_customer(
        Customer(
            id=told.name,
            name=told.title,
            bsuid=f"ES.90000000{number:02}",
            wa_id=phone,
            phone=told.phone,
        )
    )
    model_says(told, Reply(text=ANSWER))
    return told


def model_says(tale: Tale, *replies: Reply) -> None:
    """One after the other, and the last of them from then on."""
    waiting = list(replies)

    def brain(request: Json) -> Reply:
        tale.asked.append(request)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    tale.town.sandbox.openai.script(brain)


async def test_p12_the_customer_reads_one_farewell_though_the_model_writes_its_own(tale: Tale):
    goodbye = "A colleague will take over now, goodbye!"
    model_says(tale, Reply(text=goodbye, tool_calls=(HANDS_OVER,)), Reply(text=goodbye))
    await tale.says("My tent arrived torn")
    await tale.card()
    await tale.reads("I'm handing this over to a colleague")
    await tale.town.has_done("agent.think")
    assert len(tale.read) == len(tale.asked) == 1


async def test_p13_a_reply_from_slack_and_the_conversation_is_theirs_in_one_step(tale: Tale):
    await tale.says(ASK_FOR_PERSON)
    card = await tale.card()
    await tale.town.reply(ANA, card, "I have your parcel here")
    await tale.town.sandbox.until(lambda: "send_held" in str(tale.town.sandbox.slack.ephemerals(ANA)[-1:]))
    assert await tale.status() == "queued"
    await tale.town.sandbox.slack.click_ephemeral(ANA, "send_held")
    assert await tale.status() == "open"
    await tale.reads("I have your parcel here")
    await tale.says("And where is it now?")
    await tale.staff_see(card, "And where is it now?")
    assert tale.asked == []


async def test_p14_an_answer_that_comes_after_the_take_is_dropped(tale: Tale):
    openai = tale.town.sandbox.openai
    openai.hold()
    await tale.says("A question that takes long")
    await tale.town.sandbox.until(lambda: openai.waiting)
    await tale.town.sandbox.slack.command(ANA, CHANNEL, "/escalate", f"{tale.phone} mine")
    card = await tale.card()
    await tale.town.press(ANA, card, "take")
    await tale.town.shows(card, f"<@{ANA}>")
    openai.release()
    await tale.town.has_done("agent.think")
    await tale.town.reply(ANA, card, "A person speaks")
    await tale.reads("A person speaks")
    assert ANSWER not in tale.read


async def test_p15_an_answer_from_the_business_phone_is_a_person_too(tale: Tale):
    await tale.says("Are you there?")
    await tale.reads(ANSWER)
    await tale.town.sandbox.whatsapp.echoes.colleague_says(tale.name, "Ana here, from the shop's phone")
    card = await tale.card()
    assert ON_THE_PHONE in card.text
    await tale.says("Thanks, and my tent?")
    await tale.staff_see(card, "my tent?")
    assert len(tale.asked) == 1


async def test_p16_whoever_lets_go_leaves_it_with_people_and_the_ai_does_not_barge_in(tale: Tale):
    card = await tale.with_ana()
    number = (await EscalationRow.filter(taken_by=ANA).order_by("-id").first()).id  # pyright: ignore[reportOptionalMemberAccess]
    await tale.town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"release:{number}")
    await tale.town.shows(card, "Queued")
    await tale.says("Still there?")
    await tale.staff_see(card, "Still there?")
    await tale.town.press(BEN, card, "take")
    await tale.town.shows(card, f"<@{BEN}>")
    await tale.says("Anybody?")
    await tale.staff_see(card, "Anybody?")
    assert tale.asked == []
    assert ANSWER not in tale.read


async def test_p17_after_a_return_the_ai_speaks_again_whatever_was_said_of_its_silence(tale: Tale):
    card = await tale.with_ana()
    await tale.town.reply(ANA, card, "The bot will stay silent now.")
    await tale.reads("stay silent")
    await tale.town.press(ANA, card, "return_to_bot")
    await tale.town.shows(card, "Resolved")
    await tale.says("When do you open?")
    await tale.reads(ANSWER)
    told = str(tale.asked[-1]["messages"])
    assert "stay silent" in told
    assert told.index("stay silent") < told.index("That stretch is over") < told.index("When do you open?")


async def test_p18_the_customer_is_told_by_code_in_their_language_whatever_the_model_says(tale: Tale):
    model_says(tale, Reply(text="", tool_calls=(HANDS_OVER,)))
    await tale.says("Hola, mi tienda llegó rota, ¿qué puedo hacer?")
    await tale.card()
    await tale.reads("Paso tu consulta a una persona de nuestro equipo")
    await tale.says("¿Hola?")
    await tale.town.has_done("whatsapp.send")
    assert len(tale.read) == 1  # and told once


async def test_p19_a_person_promised_is_a_person_called(tale: Tale):
    model_says(tale, Reply(text="A colleague will call you about the refund today."))
    await tale.says("Where is my money?")
    card = await tale.card()
    assert "The AI promised the customer a colleague" in card.text
    assert "will call you about the refund" in card.text  # staff read what it was about to promise
    await tale.reads("I'm handing this over")
    assert not any("call you" in each for each in tale.read)


async def test_p20_nothing_that_whatsapp_carries_reaches_the_ai_while_people_have_it(tale: Tale):
    whatsapp = tale.town.sandbox.whatsapp
    card = await tale.with_ana()
    await tale.says("Words")
    said = whatsapp.sent[-1].wamid
    sends = whatsapp.gestures.sends
    await whatsapp.send_file(tale.name, b"\xff\xd8\xff\xe0" + bytes(64), "image/jpeg", caption="A picture")
    await sends(tale.name, "location", {"latitude": 38.7, "longitude": -9.1, "name": "Here I am"})
    await sends(tale.name, "contacts", [{"name": {"formatted_name": "My brother", "first_name": "B"}}])
    await sends(tale.name, "button", {"text": "A button", "payload": "x"}, context={"id": said})
    await sends(tale.name, "unsupported", {}, errors=[{"code": 131051, "title": "Message type unknown"}])
    await whatsapp.gestures.reacts(tale.name, said, "👍")
    await tale.says("The last words")
    await tale.staff_see(card, "The last words")
    await tale.staff_see(card, "A button")
    for kind in ("whatsapp.message", "agent.think"):
        await tale.town.has_done(kind)
    assert {"reaction", "unsupported"} <= SILENT_KINDS  # nor do these ever ask for an answer
    assert tale.asked == []


async def test_p21_a_bare_request_as_the_very_first_word_brings_people_and_calls_them(tale: Tale):
    await preferences.save(1, BEN, Preferences().with_extent(Topic.NEW, Extent.ALL))
    await tale.says("human")
    card = await tale.card()
    assert "The customer asked for a person" in card.text
    await tale.staff_see(card, "human")
    await tale.reads("A colleague will read this chat")
    called = tale.town.sandbox.slack.messages
    await tale.town.sandbox.until(lambda: any(tale.title in each.text for each in called(BEN)))
    assert tale.asked == []
