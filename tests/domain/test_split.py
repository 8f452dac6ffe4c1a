"""Long texts go out in parts: nothing is lost, no character is broken, and code stays code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text.graphemes import clusters, utf16_units
from bot.domain.text.slack_out import clip, escape, plain_rich_text, split_for_slack
from bot.domain.text.split import split_for_whatsapp

FAMILY, FLAG, THUMB, HANGUL = "👨‍👩‍👧‍👦", "🇪🇸", "👍🏽", "\u1112\u1161\u11ab"
CHARACTERS = [FAMILY, FLAG, THUMB, HANGUL, "é", "e\u0301", "a", "b", " ", ". ", "\n", "\n\n", "नी", "字", "。"]
TEXTS = st.lists(st.sampled_from(CHARACTERS), max_size=120).map("".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- characters ---


def test_a_character_is_what_a_reader_sees() -> None:
    text = f"{FAMILY}{FLAG}{FLAG}{THUMB}{HANGUL}e\u0301\r\n1\ufe0f\u20e3"
    assert list(clusters(text)) == [FAMILY, FLAG, FLAG, THUMB, HANGUL, "e\u0301", "\r\n", "1\ufe0f\u20e3"]


@given(st.text())
def test_characters_together_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@given(st.text())
def test_units_are_counted_as_utf_16_does(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le")) // 2


# --- WhatsApp ---


def test_what_fits_is_one_message() -> None:
    assert split_for_whatsapp("x" * 4096) == ["x" * 4096]
    assert len(split_for_whatsapp("x" * 4097)) == 2


def test_an_emoji_counts_twice() -> None:
    assert [utf16_units(part) for part in split_for_whatsapp("😀" * 2049)] == [4096, 2]


def test_paragraphs_are_kept_whole_where_they_can() -> None:
    first, second = "One. Two words here.", "Three. Four."
    assert split_for_whatsapp(f"{first}\n\n{second}", limit=24) == [first, second]


def test_then_lines_then_sentences_then_words() -> None:
    assert split_for_whatsapp("one two\nthree four five", limit=18) == ["one two", "three four five"]
    assert split_for_whatsapp("Is it so? Yes it is so", limit=18) == ["Is it so?", "Yes it is so"]
    assert split_for_whatsapp("one two three four", limit=12) == ["one two", "three four"]


def test_an_early_break_does_not_leave_a_stub() -> None:
    parts = split_for_whatsapp("Hi\n\n" + "word " * 30, limit=100)
    assert len(parts) == 2


def test_nothing_but_spaces_is_no_message() -> None:
    assert split_for_whatsapp(" \n\n ") == []


def test_code_that_must_be_cut_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {number}" for number in range(12))
    parts = split_for_whatsapp(f"Look:\n\n```\n{code}\n```\n\nDone", limit=60)
    assert all(utf16_units(part) <= 60 for part in parts)
    assert all(part.count("```") % 2 == 0 for part in parts)
    inside = "\n".join(part.replace("```", "") for part in parts)
    assert [line for line in inside.split("\n") if line.startswith("line")] == code.split("\n")


def test_code_keeps_its_indentation_across_a_cut() -> None:
    parts = split_for_whatsapp("```\nif x:\n    first()\n    second()\n```", limit=34)
    assert parts == ["```\nif x:\n    first()\n```", "```\n    second()\n```"]


@pytest.mark.parametrize("length", range(1, 45))
def test_wherever_a_cut_falls_no_code_block_is_empty_or_torn(length: int) -> None:
    for text in (
        f"{'w' * length} ```\ncode\n``` end of it all",
        f"```{'x' * length}```{'y' * 30}",
        f"{'v' * length}```x```",
    ):
        parts = split_for_whatsapp(text, limit=40)
        assert squeezed("".join(parts).replace("```", "")) == squeezed(text.replace("```", ""))
        assert all(part.count("```") % 2 == 0 and "````" not in part for part in parts)
        assert all(utf16_units(part) <= 40 and not part.replace("`", "").isspace() for part in parts)
        assert not any(re.search(r"```\s*```", part) for part in parts)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(16, 60))
def test_parts_fit_and_lose_nothing(text: str, limit: int) -> None:
    parts = split_for_whatsapp(text, limit)
    assert squeezed("".join(parts)) == squeezed(text)
    assert all(0 < utf16_units(part) <= limit for part in parts)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(16, 60))
def test_no_cut_falls_inside_a_character(text: str, limit: int) -> None:
    kept = [each for part in split_for_whatsapp(text, limit) for each in clusters(part) if not each.isspace()]
    assert kept == [each for each in clusters(text) if not each.isspace()]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["```", "\n", "code ", "    x = 1\n", "word ", "\n\n"]), max_size=60).map("".join))
def test_code_or_not_nothing_is_lost_and_everything_fits(text: str) -> None:
    parts = split_for_whatsapp(text, limit=40)
    assert all(utf16_units(part) <= 40 for part in parts)
    assert squeezed("".join(parts).replace("```", "")) == squeezed(text.replace("```", ""))
    if text.count("```") % 2 == 0:
        assert all(part.count("```") % 2 == 0 for part in parts)


def test_one_character_longer_than_a_message_is_cut_all_the_same() -> None:
    monster = "e" + "\u0301" * 100
    assert "".join(split_for_whatsapp(monster, limit=40)) == monster


# --- Slack ---


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab &<>\n."), max_size=200))
def test_slack_parts_are_the_text_and_fit_even_escaped(text: str) -> None:
    parts = split_for_slack(text, limit=30)
    assert "".join(parts) == text
    assert all(len(escape(part)) <= 30 for part in parts)


def test_customers_ping_nobody() -> None:
    assert escape("<!channel> & <@U0ANA>") == "&lt;!channel&gt; &amp; &lt;@U0ANA&gt;"


def test_customer_text_is_a_leaf_that_slack_does_not_parse() -> None:
    assert plain_rich_text("<!channel> *hi*") == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "<!channel> *hi*"}]}],
    }


def test_slack_is_never_given_an_empty_leaf() -> None:
    assert plain_rich_text("") == plain_rich_text(" ")


def test_a_preview_is_one_line_and_says_that_there_is_more() -> None:
    assert clip("two\n lines", 20) == "two lines"
    assert clip("one two three", 8) == "one two…"


@given(TEXTS, st.integers(1, 30))
def test_previews_fit_and_break_no_character(text: str, limit: int) -> None:
    shown = clip(text, limit)
    assert len(shown) <= limit
    assert set(clusters(shown)) <= {*clusters(" ".join(text.split())), "…"}
