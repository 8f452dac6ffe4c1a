"""Languages as settings and file names say them, and words as they are written, typed and mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.knowledge_languages import configuration, of_page
from bot.domain.knowledge_words import deletions, fold, is_slip, words

KNOWN = frozenset({"simple", "english", "spanish", "arabic", "hindi", "portuguese", "norwegian"})


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("spanish", "spanish"),
        ("Spanish", "spanish"),
        ("es", "spanish"),
        ("ES", "spanish"),
        ("pt-BR", "portuguese"),
        ("pt_br", "portuguese"),
        ("nb", "norwegian"),
        ("ar", "arabic"),
        ("sw", "simple"),
        ("ja", "simple"),
        ("pl", "simple"),  # newer ones have its grammar, this one has not
        ("klingon", None),
        ("xx", None),
        ("", None),
    ],
)
def test_a_code_or_postgresqls_name_is_a_language(named: str, found: str | None):
    assert configuration(named, KNOWN) == found


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("returns.md", "english"),
        ("returns.es.md", "spanish"),
        ("es/returns.md", "spanish"),
        ("pages/spanish/2026/returns.md", "spanish"),
        ("es/returns.pt-BR.md", "portuguese"),
        ("ja/returns.html", "simple"),
        ("prices.v2.csv", "english"),
        ("tent.care.md", "english"),
    ],
)
def test_a_page_says_its_language_by_its_name_or_folder(source: str, language: str):
    assert of_page(source, "english", KNOWN) == language


def test_words_are_cut_in_every_script():
    assert words("¿Está la DEVOLUCIÓN pagada?") == ["está", "la", "devolución", "pagada"]
    assert words("don't; 30-day, size:43.5") == ["don", "t", "30", "day", "size", "43", "5"]
    assert words("किस्तों में भुगतान") == ["किस्तों", "में", "भुगतान"]
    assert words("返品について") == ["返品", "品に", "につ", "つい", "いて"]
    assert words("返 M-Pesa") == ["返", "m", "pesa"]


def test_what_is_written_two_ways_is_one_word():
    assert fold("devolución") == fold("devolucion")
    assert fold("größe") == "grosse"
    assert fold("مدرسة") == fold("مدرسه")
    assert fold("إرجاع") == fold("ارجاع")


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("retrun", "return", True),
        ("lable", "label", True),
        ("waranty", "warranty", True),
        ("temprature", "temperature", True),
        ("tnet", "tent", True),
        ("ten", "tent", False),
        ("boat", "boot", True),
        ("boots", "books", True),
        ("return", "refund", False),
        ("delivery", "delayed", False),
    ],
)
def test_a_slip_is_near_and_another_word_is_not(typed: str, meant: str, *, near: bool):
    assert is_slip(typed, meant) is near


@settings(max_examples=60)
@given(st.text("abc", min_size=4, max_size=8), st.integers(0, 7), st.sampled_from("abc"))
def test_words_one_slip_apart_share_a_deletion(word: str, at: int, letter: str):
    other = word[:at] + letter + word[at + 1 :]
    assert set(deletions(word)) & set(deletions(other))


@settings(max_examples=40)
@given(st.text())
def test_any_text_has_words_that_are_words(text: str):
    for word in words(text):
        assert word
        assert " " not in word
        fold(word)
