"""What staff are warned of before the AI tells it to everybody."""

from __future__ import annotations

import pytest

from bot.domain.people import Customer
from bot.domain.teaching import Lesson, personal_in

CARLA = Customer(1, 1, "Carla Mendes 🌸", username="carla.m", phone="34600111222")


@pytest.mark.parametrize(
    ("text", "warned_of"),
    [
        ("Yes Carla, we ship to Porto.", ["Carla"]),
        ("MENDES is right: write to @carla.m", ["MENDES", "carla.m"]),
        ("We called you at 600 111 222.", ["600 111 222"]),
        ("Write to help@aurora.example or call +44 20 7946 0958", ["help@aurora.example", "+44 20 7946 0958"]),
        ("Your order 10422 left; the parcel is RX-10422-ES", ["order 10422", "RX-10422-ES"]),
        ("About #1042: done", ["#1042"]),
        ("Tents dry in 24 hours. Open 9:00-18:00, from 2026-03-02 to 01.04.2026, at 1,299 EUR.", []),
        ("Scarlatti sizes run small; a 3XL fits up to 120 cm.", []),
        ("", []),
    ],
)
def test_what_is_about_one_customer_is_pointed_out(text: str, warned_of: list[str]) -> None:
    assert list(personal_in(text, CARLA)) == warned_of


def test_who_is_not_known_has_no_name_to_look_for() -> None:
    assert personal_in("Yes Carla, of course.", None) == ()
    assert personal_in("Ana here. We do.", None, "Ana Ruiz") == ("Ana",)
    assert personal_in("Hello Al", Customer(2, 1, "Al")) == ()


def test_a_lesson_has_a_question_and_an_answer() -> None:
    assert not Lesson(1, "Do you ship to Porto?", "Yes.").trouble
    assert Lesson(1, " ", "Yes.").trouble
    assert Lesson(1, "Do you?", "\n").trouble
