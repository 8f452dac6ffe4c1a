"""Where messages are shown, and the reaction that a customer left on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from storage import posted, reactions
from storage.posted import Place

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST, SECOND = Place("C0SUPPORT", "1.0"), Place("C0SUPPORT", "2.0")
ABOUT = Message(7, 1, 1, Author.BOT, "text", "Green or grey?", Delivery.READ, NOW)


def reaction(emoji: str, ident: int, seconds: int) -> Message:
    said_at = NOW + timedelta(seconds=seconds)
    return replace(ABOUT, id=ident, author=Author.CUSTOMER, kind="reaction", text=emoji, said_at=said_at)


async def test_a_post_may_show_several_messages_and_a_message_fill_several_posts() -> None:
    await posted.remember(1, [7, 8], [FIRST])
    await posted.remember(1, [9], [FIRST, SECOND])
    await posted.remember(1, [9], [FIRST, SECOND])  # told again after a doubt
    await posted.remember(1, [10], [])
    assert await posted.of_message(9) == [FIRST, SECOND]
    assert await posted.messages_at("C0SUPPORT", "1.0") == [7, 8, 9]
    assert await posted.of_message(10) == []


async def test_the_newest_reaction_counts_in_whatever_order_they_come() -> None:
    assert await reactions.record(ABOUT, reaction("👍", 21, 5))
    assert await reactions.record(ABOUT, reaction("🎉", 22, 5))  # within one second the later to come
    assert not await reactions.record(ABOUT, reaction("😢", 23, 4))
    assert await reactions.record(ABOUT, reaction("", 24, 6))
    kept = await reactions.to_message(7)
    assert kept is not None
    assert (kept.emoji, kept.said_in, kept.shown) == ("", 24, "")
