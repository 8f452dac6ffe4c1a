"""Whatever the figures are called, Slack takes the table or chart, and the same figures in letters."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.data_blocks import Number, bar, bars, chart, distinct, plain_version, table
from bot.blocks.parts import MESSAGE_ROOM, Block, section
from integrations.sandbox.block_kit import block_problems
from tests.blocks.slack_rules import check_blocks, words

names = st.text(max_size=80) | st.sampled_from(["", "\u200b", "😀" * 60, "Cancel an order", "x" * 300])
values = st.integers(0, 10_000) | st.floats(0, 1e6, allow_nan=False)
quick = settings(deadline=None, max_examples=60)


@quick
@given(st.text(min_size=1, max_size=50), st.lists(st.tuples(names, values), min_size=1, max_size=300))
def test_a_table_of_anybodys_names_is_one_that_slack_takes(caption: str, rows: list[tuple[str, float]]):
    block = table(caption, ["Who", "Taken"], [(name, Number(value, f"{value:g}")) for name, value in rows])
    assert block_problems([block]) == []
    assert len(cast("list[object]", block["rows"])) > 1


@quick
@given(st.lists(st.tuples(names, values), min_size=1, max_size=40))
def test_a_chart_of_anybodys_reasons_is_one_that_slack_takes(points: list[tuple[str, float]]):
    series = {"Escalations": [value for _, value in points], "escalations" * 9: [1] * len(points)}
    block = chart("bar", "Reasons " * 20, [name for name, _ in points], series, x_label="x" * 99)
    assert block_problems([block]) == []


@quick
@given(st.lists(st.tuples(names, values), min_size=1, max_size=60))
def test_the_plain_version_is_made_of_what_every_workspace_takes(rows: list[tuple[str, float]]):
    cells = [(name, Number(value, f"{value:g}")) for name, value in rows]
    series = {"Escalations": [value for _, value in rows]}
    drawn = chart("bar", "By day", [name for name, _ in rows], series)
    blocks = [section("Before"), table("By member", ["Who", "Taken"], cells), drawn, drawn]
    plain = plain_version(blocks)
    assert plain is not None
    check_blocks(plain)
    assert plain[0] == blocks[0]
    assert len(json.dumps(plain)) < MESSAGE_ROOM


def test_letters_say_what_the_chart_and_the_table_show():
    shown: list[Block] = [
        chart("bar", "Escalations by day", ["Mon", "Tue", "Wed"], {"Escalations": [4, 0, 1]}),
        table(
            "By member", ["Who", "Taken", "Median"], [("Ana", Number(12, "12"), "4 min"), ("Ben", Number(3, "3"), "")]
        ),
    ]
    plain = cast("list[Any]", plain_version(shown))
    assert words(plain[0]).splitlines() == [
        "Escalations by day",
        "Mon  ████████████████ 4",
        "Tue  0",
        "Wed  ████ 1",
    ]
    assert words(plain[1]).splitlines() == [
        "By member",
        "Who  Taken  Median",
        "Ana     12   4 min",
        "Ben      3       –",
    ]


def test_several_series_are_named_in_letters():
    drawn = chart("line", "Response", ["Mon", "Tue"], {"Median": [1, 2], "90th": [4, 8]})
    assert [each.split()[0] for each in words(plain_version([drawn])).splitlines()] == [
        "Response",
        *("Median", "Mon", "Tue"),
        *("90th", "Mon", "Tue"),
    ]


def test_a_message_without_figures_has_no_other_version():
    assert plain_version([section("Words")]) is None


def test_labels_that_cutting_makes_alike_stay_apart():
    assert distinct(["Wants to cancel an order", "Wants to cancel an offer", ""]) == [
        "Wants to cancel an…",
        "Wants to cancel… 2",
        "–",
    ]


@pytest.mark.parametrize(("value", "drawn"), [(0, ""), (8, "████████"), (4, "████"), (1, "█"), (0.01, "▏"), (0.5, "▌")])
def test_a_bar_is_as_long_as_its_value_and_never_hides_a_single_case(value: float, drawn: str):
    assert bar(value, 8, 8) == drawn


def test_bars_stand_in_one_column():
    assert bars([("Mon", 2), ("Thursday", 1)], 4) == ["Mon       ████ 2", "Thursday  ██ 1"]
