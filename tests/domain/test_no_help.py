"""When the AI is of no help: what counts as the same question in any language, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.conversation import Message
from bot.domain.delivery import Delivery
from bot.domain.no_help import asked_in_vain, asks_the_same, is_small_talk, knew_nothing_before
from tests.agent.conversations import bot, customer, script, staff, system

WHERE = "Where is my order?"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (WHERE, "where's my order??"),
        (WHERE, "I asked where my order is"),
        ("Where is my oder", "Hello, where is my order please"),
        ("¿Dónde está mi pedido?", "donde esta mi pedido"),
        ("Price?", "price"),
        ("我的订单在哪里?", "我的订单在哪里"),
        ("أين طلبي؟", "اين طلبي"),
        ("मेरा ऑर्डर कहाँ है?", "मेरा ऑर्डर कहाँ"),
        ("ฉันต้องการคืนเงิน", "ฉันต้องการคืนเงินครับ"),
        ("4711", "4711."),
    ],
)
def test_the_same_question_is_known_again(text: str, again: str) -> None:
    assert asks_the_same(text, again)
    assert asks_the_same(again, text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("What does the Aurora tent cost?", "What does the Boreal tent cost?"),
        ("Do you have it in size M?", "Do you have it in size L?"),
        ("Where is order 1234?", "Where is order 1235?"),
        ("A tent in red", "A tent in blue"),
        ("Are you open on Tuesday?", "Are you open on Thursday?"),
        ("Do you ship to Iceland?", "Do you ship to Ireland?"),
        ("Order?", "Where is my order 4711, which I need in Lisbon on Friday?"),
        ("我的订单在哪里?", "这个多少钱?"),
        ("ok", "ok"),
        ("Hi!", "hi"),
        ("Thanks a lot", "👍"),
    ],
)
def test_another_question_is_another(text: str, other: str) -> None:
    assert not asks_the_same(text, other)
    assert not asks_the_same(other, text)


@pytest.mark.parametrize("text", ["Ok, thanks!", "👍🏽", "sí, gracias", "Hallo", "شكرا", "धन्यवाद", "merci !", "…"])
def test_small_talk_is_no_question(text: str) -> None:
    assert is_small_talk(text)


def thrice(*asked: str) -> list[Message]:
    lines = [line for each in asked[:-1] for line in (customer(each), bot("I do not know."))]
    return script(*lines, customer(asked[-1]))


def vain(history: list[Message]) -> str | None:
    return asked_in_vain(history, max((each.id for each in history[:-1]), default=0))


def test_the_third_time_is_too_often_and_the_second_is_not() -> None:
    assert vain(thrice(WHERE, "where is my order", "Where's my order!")) == "Where's my order!"
    assert vain(thrice(WHERE, WHERE)) is None


def test_other_questions_between_them_do_not_matter() -> None:
    assert vain(thrice(WHERE, "Do you sell tents?", WHERE, "ok", WHERE)) == WHERE


@pytest.mark.parametrize("said", ["ok", "Hello?", "thanks", "👍"])
def test_small_talk_never_counts(said: str) -> None:
    assert vain(thrice(said, said, said, said)) is None


def test_what_is_repeated_before_an_answer_came_is_one_question() -> None:
    burst = script(customer(WHERE), customer(WHERE), customer(WHERE))
    assert asked_in_vain(burst, 0) is None
    unsaid = replace(bot("Never left"), status=Delivery.DROPPED)
    assert vain(script(customer(WHERE), unsaid, customer(WHERE), bot("Soon."), customer(WHERE))) is None


def test_whoever_asks_again_another_day_was_helped() -> None:
    history = thrice(WHERE, WHERE, WHERE)
    history[-1] = replace(history[-1], said_at=history[-1].said_at + timedelta(hours=7))
    assert vain(history) is None


def test_people_who_had_a_say_begin_the_count_anew() -> None:
    before = (customer(WHERE), bot("Soon."), customer(WHERE), bot("Soon."))
    people = (customer("A person please", 7), system("A colleague will answer."), staff("On Friday."))
    assert vain(script(*before, *people, customer(WHERE))) is None
    assert vain(script(*before, *people, *before, customer(WHERE))) == WHERE


def test_what_was_deleted_or_only_reacted_is_not_asked() -> None:
    history = thrice(WHERE, WHERE, WHERE)
    history[0] = replace(history[0], revoked_at=history[0].said_at)
    assert vain(history) is None
    assert vain(script(customer(WHERE), bot("."), customer(WHERE), bot("."), customer(WHERE, kind="reaction"))) is None


# --- Nothing is known of it -------------------------------------------------------------------------------------------


def knew(history: list[Message], found: dict[int, bool]) -> bool:
    return knew_nothing_before(history, max((each.id for each in history[:-1]), default=0), found)


def test_two_questions_in_a_row_of_which_nothing_was_found() -> None:
    history = thrice("Do you sell kites?", "And kayaks?")
    assert knew(history, {1: False})
    assert not knew(history, {1: True})
    assert not knew(history, {})  # what needed no search was known


def test_small_talk_between_them_is_no_answer_found() -> None:
    assert knew(thrice("Do you sell kites?", "ok", "And kayaks?"), {1: False})


def test_one_that_was_found_between_them_begins_the_count_anew() -> None:
    assert not knew(thrice("Do you sell kites?", "When do you open?", "And kayaks?"), {1: False, 3: True})
    assert not knew(thrice("Do you sell kites?", "Who are you?", "And kayaks?"), {1: False})


def test_the_first_question_and_small_talk_never_count() -> None:
    assert not knew(script(customer("Do you sell kites?")), {})
    assert not knew(thrice("Do you sell kites?", "Ok, thanks"), {1: False})


def test_what_people_have_answered_since_does_not_count() -> None:
    history = script(customer("Do you sell kites?"), bot("No idea."), staff("No, sorry."), customer("And kayaks?"))
    assert not knew(history, {1: False})
