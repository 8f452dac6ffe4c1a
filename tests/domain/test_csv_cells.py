"""A file of rows gives back what was written into it, and no spreadsheet runs what customers wrote."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.csv_cells import cell, guarded

MADRID = ZoneInfo("Europe/Madrid")
# PostgreSQL has no NUL in texts, and UTF-8 no half of a surrogate pair.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60) | st.sampled_from(
    ["=1+1", "-2", "'quoted", "a\r\nb", 'say "hi", please', " =HYPERLINK(1)", "\t=1", "＝1", "@SUM(A1)", "+34600"]
)


@given(st.lists(st.lists(texts, min_size=2, max_size=4), max_size=8))
def test_what_was_written_is_read_again(rows: list[list[str]]):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([[cell(each, MADRID) for each in row] for row in rows])
    read = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert [[each.removeprefix("'") for each in row] for row in read] == rows


@given(texts)
def test_no_text_begins_what_a_spreadsheet_would_run(text: str):
    assert not guarded(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["Wants a refund", "1 + 1", "", "a=b", "12", "Ana-Maria"])
def test_ordinary_text_stays_as_it_is(text: str):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 3, 29, 0, 59, 59, 700000, tzinfo=UTC), "2026-03-29T01:59:59+01:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T03:00:00+02:00"),
        (-5, "-5"),
        (None, ""),
    ],
)
def test_times_say_how_far_they_are_from_utc_and_numbers_stay_numbers(value: datetime | int | None, shown: str):
    assert cell(value, MADRID) == shown
