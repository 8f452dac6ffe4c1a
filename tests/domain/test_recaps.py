"""What is put into few words, and what stays as it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.people import Address, AddressKind
from bot.domain.recaps import DUE_AT_MESSAGES, KEPT_AT_LEAST, KEPT_AT_MOST, part_to_recap, recap_due
from bot.domain.text.tokens import tokens

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL_ANSWERED = Conversation(1, 1, 1, 0, False, Address(AddressKind.WA_ID, "15550100"), answered_through=10_000)


def talk(count: int, text: str = "Words.") -> list[Message]:
    authors = (Author.CUSTOMER, Author.BOT)
    status = {Author.CUSTOMER: Delivery.RECEIVED, Author.BOT: Delivery.READ}
    return [
        Message(number, 1, 1, authors[number % 2], "text", text, status[authors[number % 2]], NOW)
        for number in range(1, count + 1)
    ]


def ids(part: Sequence[Message]) -> list[int]:
    return [each.id for each in part]


def test_a_conversation_is_recapped_when_it_is_long_in_messages_or_in_words():
    assert not recap_due(talk(DUE_AT_MESSAGES))
    assert recap_due(talk(DUE_AT_MESSAGES + 1))
    assert recap_due(talk(5, "word " * 1_000))
    assert recap_due([replace(talk(1)[0], heard="word " * 4_000)])


def test_the_last_exchanges_stay_word_by_word():
    assert ids(part_to_recap(ALL_ANSWERED, talk(50), NOW)) == list(range(1, 50 - KEPT_AT_MOST + 1))
    assert ids(part_to_recap(ALL_ANSWERED, talk(50, "word " * 4_000), NOW)) == list(range(1, 50 - KEPT_AT_LEAST + 1))
    assert ids(part_to_recap(ALL_ANSWERED, talk(KEPT_AT_LEAST, "word " * 4_000), NOW)) == []


def test_what_is_unanswered_is_in_no_recap():
    assert ids(part_to_recap(replace(ALL_ANSWERED, answered_through=7), talk(50, "word " * 400), NOW))[-1] == 9 - 2


@pytest.mark.parametrize(
    "status", [Delivery.QUEUED, Delivery.SENT, Delivery.HELD, Delivery.PARKED, Delivery.UNCONFIRMED]
)
def test_what_the_customer_may_yet_get_or_not_get_is_in_no_recap_for_two_days(status: Delivery):
    talked = talk(50, "word " * 400)
    talked[20] = replace(talked[20], status=status)
    assert ids(part_to_recap(ALL_ANSWERED, talked, NOW)) == list(range(1, 21))
    assert len(part_to_recap(ALL_ANSWERED, talked, NOW + timedelta(days=3))) == 50 - KEPT_AT_LEAST


@pytest.mark.parametrize(("text", "least", "most"), [("", 0, 0), ("word " * 100, 100, 150), ("नमस्ते" * 10, 30, 60)])
def test_tokens_are_reckoned_rather_too_many(text: str, least: int, most: int):
    assert least <= tokens(text) <= most
