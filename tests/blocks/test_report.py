"""The report in every state, with Slack's own charts and without them; it never says more than the figures do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import external_file

from bot.blocks.data_blocks import plain_version
from bot.blocks.parts import Post
from bot.blocks.report import report, stats
from bot.domain.escalation import Trigger
from bot.domain.periods import Period, month_of, this_week
from bot.domain.reasons import OTHER, Counted
from bot.domain.report import MemberFigures, Report, Share, Times, Volume
from integrations.sandbox.block_kit import block_problems
from tests.blocks.slack_rules import check_blocks, check_post, words

MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # nine o'clock
WEDNESDAY = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
WEEK = this_week(WEDNESDAY, MADRID)


def took(count: int, median: float, p90: float) -> Times:
    return Times(count, timedelta(minutes=median), timedelta(minutes=p90))


BUSY = Report(
    inbox_id=1,
    inbox_name="Aurora Outdoor",
    volume=Volume(WEEK, (9, 4, 7, 12, 8, 2, 0), took(40, 4, 21), took(38, 55, 300)),
    before=Volume(WEEK.before, (5, 4, 3, 6, 2, 1, 0), took(20, 6, 30), took(21, 61, 280)),
    reasons=(
        Counted(Trigger.AI, "Wants a refund for a broken lamp", 17),
        Counted(Trigger.CUSTOMER, "Asked for a person", 11),
        Counted(Trigger.AI, "Parcel has not arrived", 8),
        Counted(Trigger.SYSTEM, OTHER, 6),
    ),
    members=(
        MemberFigures("U0ANA", "Ana", 22, 21, 15, 6, took(20, 3, 9)),
        MemberFigures("U0BEN", "Ben", 17, 16, 4, 12, took(2, 8, 12)),
        MemberFigures("U0NEW", "", 0, 1, 0, 0),
    ),
    resolved=20,
    closed=18,
    ai=Share(310, 352),
    ai_before=Share(280, 340),
    reminders=14,
    undelivered=1,
    unanswered=4,
    waiting_now=2,
    open_now=5,
)
EMPTY = Report(1, "Aurora Outdoor", Volume(WEEK, (0,) * 7), Volume(WEEK.before, (0,) * 7))
FEW = replace(
    EMPTY,
    volume=Volume(WEEK, (2, 0, 0, 0, 0, 0, 0), took(2, 5, 7), took(1, 30, 30)),
    before=Volume(WEEK.before, (1, 0, 0, 0, 0, 0, 0), took(1, 1, 1)),
    reasons=(Counted(Trigger.AI, "Refund", 2),),
    members=(MemberFigures("U0ANA", "Ana", 2, 2, 1, 0, took(2, 5, 7)),),
    resolved=1,
    ai=Share(2, 3),
    reminders=None,
)
POSTS = {
    "report_week": report(BUSY, MONDAY),
    "report_offered": report(BUSY, MONDAY, is_offered=True),
    "report_so_far": report(BUSY, WEDNESDAY),
    "report_few": report(FEW, MONDAY),
    "report_empty": report(EMPTY, MONDAY, is_offered=True),
    "stats_week": stats(BUSY, WEDNESDAY),
    "stats_empty": stats(EMPTY, WEDNESDAY),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_report_looks_as_agreed_with_charts_and_without(name: str):
    post = POSTS[name]
    check_post(post)
    assert block_problems(post.blocks) == []
    plain = plain_version(post.blocks)
    shown = {"text": post.text, "blocks": post.blocks} | ({"plain": plain} if plain else {})
    assert shown == external_file(f"snapshots/{name}.json")
    if plain:
        check_blocks(plain)


def said(post: Post) -> str:
    return words(post.blocks)


def test_of_three_cases_there_is_no_percentage_and_of_two_no_tenth():
    shown = said(report(FEW, MONDAY))
    assert "2 of 3 conversations" in shown
    assert "%" not in shown
    assert "5 min (2 cases only)" in shown
    assert "30 min (1 case only)" in shown
    assert "9 of 10" not in shown
    assert "not known any more" in shown


def test_a_week_that_is_not_over_is_compared_with_none():
    assert "the week before" in said(report(BUSY, MONDAY))
    unfinished = said(report(BUSY, WEDNESDAY))
    assert "so far" in unfinished
    assert "before" not in unfinished


def test_times_of_few_cases_are_compared_with_nothing():
    shown = said(report(replace(BUSY, before=FEW.before), MONDAY))
    assert "1 min the week before" not in shown
    assert "_1 the week before_" in shown  # how many there were is known exactly


def test_where_nothing_happened_nothing_is_drawn_but_how_things_stand():
    post = report(replace(EMPTY, waiting_now=1), MONDAY)
    assert [block["type"] for block in post.blocks] == ["header", "section", "actions"]
    assert "Nothing was escalated" in post.text
    assert "1 queued" in said(post)


@pytest.mark.parametrize(
    ("period", "words_for_it"),
    [
        (WEEK, "the week before"),
        (month_of(date(2026, 2, 1), MADRID), "in the 31 days before"),
        (Period(date(2026, 3, 2), date(2026, 3, 2), MADRID), "the day before"),
    ],
)
def test_what_it_is_compared_with_has_a_name(period: Period, words_for_it: str):
    volume = Volume(period, (3,) * len(period.buckets()))
    assert words_for_it in said(report(replace(BUSY, volume=volume), MONDAY))


names = st.text(max_size=60) | st.sampled_from(["<!channel>", "&" * 200, "😀" * 100, "*Ana*", ""])
times = st.builds(took, st.integers(1, 400), st.floats(0, 9e4), st.floats(0, 9e5)) | st.just(Times())
people = st.builds(MemberFigures, st.just("U0ANA"), names, *[st.integers(0, 10**6)] * 4, times)


@settings(deadline=None, max_examples=40)
@given(
    names,
    st.lists(people, max_size=80),
    st.lists(st.builds(Counted, st.sampled_from(Trigger), names, st.integers(1, 10**6)), max_size=7),
    st.integers(0, 365),
    times,
)
def test_whatever_the_figures_slack_takes_the_report(
    name: str, members: list[MemberFigures], reasons: list[Counted], days: int, response: Times
):
    period = Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days), MADRID)
    volume = Volume(period, tuple(range(1, len(period.buckets()) + 1)), response)
    whole = replace(BUSY, inbox_name=name, volume=volume, members=tuple(members), reasons=tuple(reasons))
    for post in (report(whole, MONDAY, is_offered=True), stats(whole, MONDAY)):
        check_post(post)
        assert block_problems(post.blocks) == []
        check_blocks(plain_version(post.blocks) or [])
