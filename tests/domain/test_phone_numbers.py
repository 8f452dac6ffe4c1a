"""Numbers that staff may not see whole."""

from __future__ import annotations

import pytest

from bot.domain.text.phone_numbers import masked


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("34600111212", "+34 6** *** *12"),
        ("15550100", "+1 5** **0 0"),
        ("5511988887777", "+55 1** *** *** 77"),
        ("972912345678", "+972 9** *** *78"),
        ("1234", "+1 ***"),
        ("", "+"),
    ],
)
def test_a_masked_number_shows_its_country_its_first_and_its_last_two_digits(digits: str, shown: str) -> None:
    assert masked(digits) == shown
