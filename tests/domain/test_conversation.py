"""Who speaks now, and what waits for an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import (
    Conversation,
    answer_due,
    awaits_answer,
    bot_may_speak,
    opens_turn,
)
from bot.domain.people import Address, AddressKind
from tests.domain.escalations import NOON

CARLA = Conversation(
    id=3, inbox_id=1, customer_id=9, epoch=4, with_people=False, reply_to=Address(AddressKind.WA_ID, "34600111222")
)
DEBOUNCE = timedelta(seconds=1.5)


def test_the_bot_speaks_while_nobody_else_does() -> None:
    assert bot_may_speak(CARLA, begun_in=4)


def test_an_answer_begun_before_people_came_in_never_leaves() -> None:
    taken = replace(CARLA, with_people=True, epoch=5)
    assert not bot_may_speak(taken, begun_in=4)


def test_an_answer_begun_before_people_came_in_is_stale_even_after_they_left() -> None:
    returned = replace(CARLA, epoch=6)
    assert not bot_may_speak(returned, begun_in=4)
    assert bot_may_speak(returned, begun_in=6)


def test_the_bot_is_silent_for_as_long_as_people_have_it() -> None:
    assert not bot_may_speak(replace(CARLA, with_people=True), begun_in=4)


def test_what_the_customer_said_last_awaits_an_answer_until_it_got_one() -> None:
    assert awaits_answer(replace(CARLA, last_customer_message=12, answered_through=11))
    assert not awaits_answer(replace(CARLA, last_customer_message=12, answered_through=12))


def test_what_people_should_answer_does_not_await_the_bot() -> None:
    assert not awaits_answer(replace(CARLA, with_people=True, last_customer_message=12, answered_through=11))


@pytest.mark.parametrize("kind", ["text", "image", "audio", "location", "button", "interactive", "sticker"])
def test_what_a_customer_says_opens_a_turn(kind: str) -> None:
    assert opens_turn(kind)


@pytest.mark.parametrize("kind", ["reaction", "system", "unsupported"])
def test_what_is_not_said_opens_none(kind: str) -> None:
    assert not opens_turn(kind)


def test_a_single_message_is_answered_after_a_quiet_moment() -> None:
    assert answer_due(NOON, NOON, DEBOUNCE) == NOON + DEBOUNCE


@given(st.lists(st.floats(0, 1.5), max_size=30))
def test_a_customer_who_never_pauses_is_answered_all_the_same(gaps: list[float]) -> None:
    now = NOON
    for gap in [0.0, *gaps]:
        now += timedelta(seconds=gap)
        due = answer_due(now, NOON, DEBOUNCE)
        assert now <= due <= max(now, NOON + 4 * DEBOUNCE)
