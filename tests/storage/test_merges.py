"""Rows of two who are one: what the AI may not say any more does not become sayable by the joining."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Author, Conversation
from bot.domain.delivery import Delivery
from bot.domain.people import Address, AddressKind
from storage import conversations, merges, messages
from storage.database import transaction
from storage.models import ConversationRow, CustomerRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def made(epoch: int, *, with_people: bool = False) -> Conversation:
    customer = await CustomerRow.create(inbox_id=1)
    row = await ConversationRow.create(
        inbox_id=1,
        customer_id=customer.id,
        epoch=epoch,
        with_people=with_people,
        reply_kind="bsuid",
        reply_value="ES.1",
    )
    return conversations.as_conversation(row)


async def to_be_said(conversation: Conversation, epoch: int) -> int:
    new = messages.NewMessage(
        inbox_id=1,
        conversation_id=conversation.id,
        author=Author.BOT,
        text="An answer",
        status=Delivery.QUEUED,
        said_at=NOON,
        epoch=epoch,
    )
    return (await messages.add(new)).id


async def may_speak(message_id: int) -> bool:
    message = await messages.load(message_id)
    async with conversations.bot_speaks(message.conversation_id, message.epoch) as may:
        return may


@pytest.mark.usefixtures("database")
async def test_an_answer_from_before_people_came_stays_unsaid_after_the_joining() -> None:
    ours, theirs = await made(epoch=0), await made(epoch=2)
    stale, fresh = await to_be_said(theirs, epoch=0), await to_be_said(theirs, epoch=2)
    async with transaction():
        await merges.conversations(ours, theirs)
    assert not await may_speak(stale)
    assert await may_speak(fresh)


@pytest.mark.usefixtures("database")
async def test_whatever_still_names_the_other_conversation_finds_the_one_it_became() -> None:
    first, second, third = await made(0), await made(0), await made(0)
    async with transaction():
        await merges.conversations(second, first)
        await merges.conversations(third, second)
    for each in (first, second, third):
        assert (await conversations.load(each.id)).id == third.id
        async with transaction():
            assert (await conversations.lock(each.id)).id == third.id
        found = await conversations.of_customer(each.customer_id)
        assert found is not None
        assert found.id == third.id
    assert Address(AddressKind.BSUID, "ES.1") == third.reply_to


@pytest.mark.usefixtures("database")
async def test_the_speech_of_the_other_is_the_speech_of_the_one_it_became() -> None:
    ours, theirs = await made(epoch=3, with_people=True), await made(epoch=3)
    answer = await to_be_said(theirs, epoch=3)
    async with transaction():
        await merges.conversations(ours, theirs)
    assert not await may_speak(answer)
    async with conversations.bot_speaks(theirs.id, 3) as may:
        assert not may


@pytest.mark.usefixtures("database")
async def test_whoever_was_told_when_people_are_back_is_not_told_again_for_having_become_one() -> None:
    for ours, theirs in ((None, NOON), (NOON, None), (NOON, NOON - timedelta(days=1))):
        one, other = await made(epoch=0), await made(epoch=0)
        for each, opening in ((one, ours), (other, theirs)):
            if opening:
                await conversations.told_to_wait(each.id, opening)
        async with transaction():
            await merges.conversations(one, other)
        assert await conversations.told_until(one.id) == NOON
