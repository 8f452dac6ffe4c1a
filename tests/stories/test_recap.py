"""A long conversation: what was said long ago is remembered in few words, and no customer waits for that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app import wall_clock
from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from integrations.sandbox import support_agent
from integrations.sandbox.note_taker import is_asked
from integrations.sandbox.reply import Reply
from integrations.sandbox.wire import Json
from storage import messages
from storage.messages import NewMessage
from storage.models import ConversationRow, MessageRow
from tests.stories.town import CARLA, Town

pytestmark = pytest.mark.usefixtures("town")


async def told_before(count: int) -> None:
    """What the two have said in earlier days."""
    conversation = await ConversationRow.get()
    for number in range(count):
        author, status = ((Author.CUSTOMER, Delivery.RECEIVED), (Author.BOT, Delivery.READ))[number % 2]
        await messages.add(
            NewMessage(
                inbox_id=1,
                conversation_id=conversation.id,
                author=author,
                text=f"Line {number:02}: about the tent.",
                status=status,
                said_at=wall_clock() - timedelta(days=3),
                wamid=f"wamid.before.{number}",
            )
        )
    last = await MessageRow.all().order_by("-id").first()
    assert last
    await ConversationRow.all().update(answered_through=last.id)


def without_recaps(request: Json) -> Reply:
    return Reply(text="") if is_asked(request) else support_agent.answer(request)


async def asks(town: Town, text: str) -> str:
    """What the model was shown for the answer."""
    before = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.say(CARLA, text)
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > before)
    await town.has_done("agent.recap")
    return next(str(each["messages"]) for each in reversed(town.sandbox.openai.requests) if not is_asked(each))


async def test_what_was_said_long_ago_is_remembered_in_few_words(town: Town):
    first = await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await told_before(50)
    town.sandbox.openai.script(without_recaps)
    await asks(town, "How long does delivery take?")
    assert (await ConversationRow.get()).recap is None  # a model that gives none leaves all as it was

    town.sandbox.openai.script(support_agent.answer)
    assert "Line 00" in await asks(town, "Where is your shop?")
    kept = await ConversationRow.get()
    assert "Line 00" in (kept.recap or "")
    shown = await asks(town, "Do you repair tents?")
    assert "What was said before, in few words" in shown
    assert "content': 'Line 00" not in shown
    assert "Where is your shop?" in shown

    await town.sandbox.whatsapp.gestures.edits(CARLA, first, "Never mind")
    await town.has_done("whatsapp.message")
    assert (await ConversationRow.get()).recap is None  # it speaks of words that the customer has changed
