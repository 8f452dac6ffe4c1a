"""Names are found however they are half remembered: case, accents, beginnings, a slip of the finger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.profiles import tags_in
from bot.domain.text.names import Nearness, keys_of, nearness, slips, words_of


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("carla", "Carla Mendes", Nearness.WHOLE),
        ("MENDES carla", "Carla Mendes", Nearness.WHOLE),
        ("jose nunez", "José Núñez", Nearness.WHOLE),
        ("Zoë", "zoe", Nearness.WHOLE),
        ("lukasz", "Łukasz", Nearness.WHOLE),
        ("иван", "Иван", Nearness.WHOLE),
        ("明美", "明美", Nearness.WHOLE),
        ("mend", "Carla Mendes", Nearness.PART),
        ("car men", "Carla Mendes", Nearness.PART),
        ("crala", "Carla Mendes", Nearness.ALIKE),
        ("Carlla Mendez", "Carla Mendes", Nearness.ALIKE),
        ("Peter", "Carla Mendes", Nearness.FAR),
        ("", "Carla Mendes", Nearness.FAR),
        ("😀", "Carla Mendes", Nearness.FAR),
    ],
)
def test_a_name_answers_to_what_is_nearly_it(typed: str, name: str, near: Nearness) -> None:
    assert nearness(words_of(typed), name, None)[0] is near


def test_the_username_is_a_name_too() -> None:
    assert nearness(words_of("@mina.p"), "", "mina.p")[0] is Nearness.WHOLE


@given(st.text("abcdefgh", min_size=4, max_size=10), st.integers(0, 9), st.sampled_from("abcz"))
def test_one_slip_never_hides_a_name_from_the_index(word: str, at: int, letter: str) -> None:
    at %= len(word)
    missing, wrong, extra = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + letter + word[at:],
    )
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    for typed in (word, missing, wrong, extra, swapped):
        assert set(slips(typed)) & set(keys_of(word, None)), typed


def test_tags_are_kept_once_each_whatever_their_case() -> None:
    assert tags_in(" VIP, vip ,, whole  sale\nlate payer,#new") == ("VIP", "whole sale", "late payer", "new")
    assert tags_in(" , ") == ()
