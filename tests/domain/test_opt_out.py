"""Words that end what a customer did not ask for, and words that only look like it."""

from __future__ import annotations

import pytest

from bot.domain.opt_out import confirmation, wish_in

SPOKEN = ("en", "es", "pt", "fr", "de", "sw", "ar", "hi")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("STOP", None),
        ("stop.", None),
        ("  Unsubscribe!", "en"),
        ("Stop promotions", "en"),
        ("Baja", "es"),
        ("PARE", "pt"),
        ("sair", "pt"),
        ("Arrêt", "fr"),
        ("Stopp", "de"),
        ("ACHA", "sw"),
        ("إيقاف", "ar"),
        ("बंद करें", "hi"),
    ],
)
def test_the_whole_message_is_the_wish(text: str, language: str | None) -> None:
    asked = wish_in(text, is_opted_out=False)
    assert asked is not None
    assert (asked.wish, asked.language) == ("stop", language)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop the delivery",
        "Can you stop by today?",
        "cancel",
        "Start",
        "no",
        "",
        "🛑",
        "Ist der Bus-Stopp weit?",
    ],
)
def test_what_is_about_something_else_is_left_alone(text: str) -> None:
    assert wish_in(text, is_opted_out=False) is None


@pytest.mark.parametrize(("text", "language"), [("START", None), ("alta", "es"), ("ANZA", "sw"), ("ابدأ", "ar")])
def test_it_is_taken_back_only_by_those_who_said_it(text: str, language: str | None) -> None:
    assert wish_in(text, is_opted_out=False) is None
    asked = wish_in(text, is_opted_out=True)
    assert asked is not None
    assert (asked.wish, asked.language) == ("start", language)


@pytest.mark.parametrize("language", SPOKEN)
def test_the_confirmation_is_in_their_language_and_names_a_word_that_works(language: str) -> None:
    undoing, ending = confirmation("stop", language), confirmation("start", language)
    assert undoing != confirmation("stop", "xx") or language == "en"
    words_in = [word.strip("«».,:") for word in undoing.split()]
    assert any((asked := wish_in(word, is_opted_out=True)) and asked.wish == "start" for word in words_in)
    ends = [word.strip("«».,:।") for word in ending.split()]
    assert any((asked := wish_in(word, is_opted_out=True)) and asked.wish == "stop" for word in ends)
