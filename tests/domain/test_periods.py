"""Days begin and end where the inbox is, also on the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import Period, asked_for, last_week, month_of, this_week, week_of
from bot.domain.report import next_report

MADRID, SYDNEY, BEIRUT = ZoneInfo("Europe/Madrid"), ZoneInfo("Australia/Sydney"), ZoneInfo("Asia/Beirut")
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday


def period(first: str, last: str, zone: ZoneInfo = MADRID) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), zone)


def test_a_week_runs_from_monday_to_sunday_where_the_inbox_is():
    assert this_week(NOW, MADRID) == period("2026-03-02", "2026-03-08")
    assert last_week(NOW, MADRID) == period("2026-02-23", "2026-03-01")
    late_on_sunday = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert this_week(late_on_sunday, MADRID).first == date(2026, 3, 2)
    assert this_week(late_on_sunday, ZoneInfo("UTC")).first == date(2026, 2, 23)
    assert this_week(late_on_sunday, SYDNEY).start == datetime(2026, 3, 1, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "zone", "hours"),
    [
        ("2026-03-23", MADRID, 7 * 24 - 1),  # forward on the 29th, at two
        ("2026-10-19", MADRID, 7 * 24 + 1),  # back on the 25th
        ("2026-03-16", MADRID, 7 * 24),
        ("2026-10-05", SYDNEY, 7 * 24),
        ("2026-09-28", SYDNEY, 7 * 24 - 1),
    ],
)
def test_a_week_in_which_the_clocks_change_is_an_hour_shorter_or_longer(first: str, zone: ZoneInfo, hours: int):
    week = week_of(date.fromisoformat(first), zone)
    assert week.end.astimezone(UTC) - week.start.astimezone(UTC) == timedelta(hours=hours)
    assert len(week.bounds()) == 7


def test_a_day_that_has_no_midnight_begins_when_the_clocks_jump():
    day = period("2026-03-29", "2026-03-29", BEIRUT)  # 00:00 becomes 01:00
    assert day.start.astimezone(UTC) == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert day.end.astimezone(UTC) - day.start.astimezone(UTC) == timedelta(hours=23)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 365), st.sampled_from([MADRID, SYDNEY, BEIRUT]))
def test_bars_are_few_begin_with_the_period_and_go_forward(first: date, days: int, zone: ZoneInfo):
    whole = Period(first, first + timedelta(days=days), zone)
    bounds = whole.bounds()
    assert bounds[0] == whole.start
    assert bounds == sorted(bounds)
    assert bounds[-1] < whole.end
    assert len(bounds) <= 20
    labels = [bucket.label for bucket in whole.buckets()]
    assert len(set(labels)) == len(labels)
    assert Period.from_iso(whole.iso, zone) == whole
    assert whole.before.last == whole.first - timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2026-03-02", "2026-03-08", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
        ("2026-03-28", "2026-04-08", ["28 Mar", "29 Mar", "30 Mar", "31 Mar", *[f"{day} Apr" for day in range(1, 9)]]),
        ("2026-03-01", "2026-03-31", ["1 Mar", "2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]),
        (
            "2026-01-15",
            "2026-07-02",
            ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026", "Jul 2026"],
        ),
    ],
)
def test_days_are_drawn_while_they_can_be_told_apart_then_weeks_then_months(first: str, last: str, labels: list[str]):
    assert [bucket.label for bucket in period(first, last).buckets()] == labels


def test_a_period_is_compared_with_as_many_days_before_it_and_a_month_with_a_month():
    assert period("2026-03-02", "2026-03-08").before == period("2026-02-23", "2026-03-01")
    assert period("2026-03-10", "2026-03-12").before == period("2026-03-07", "2026-03-09")
    assert month_of(date(2026, 3, 9), MADRID).before == period("2026-02-01", "2026-02-28")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ("2026-02-23", "2026-03-01")),
        ("last week", ("2026-02-23", "2026-03-01")),
        ("  This   Week ", ("2026-03-02", "2026-03-08")),
        ("this month", ("2026-03-01", "2026-03-31")),
        ("last month", ("2026-02-01", "2026-02-28")),
        ("today", ("2026-03-04", "2026-03-04")),
        ("yesterday", ("2026-03-03", "2026-03-03")),
        ("2026-02-10", ("2026-02-10", "2026-02-10")),
        ("2026-02-10..2026-02-20", ("2026-02-10", "2026-02-20")),
        ("2026-02-10 to 2026-02-20", ("2026-02-10", "2026-02-20")),
        ("2026-02-10 2026-02-20", ("2026-02-10", "2026-02-20")),
    ],
)
def test_what_people_type_is_understood(typed: str, meant: tuple[str, str]):
    assert asked_for(typed, NOW, MADRID) == period(*meant)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("next week", "no such stretch"),
        ("2026-02-30", "no such stretch"),
        ("2026-02-20..2026-02-10", "ends before it begins"),
        ("2026-03-05", "not happened yet"),
        ("2024-01-01..2026-01-01", "a year at most"),
    ],
)
def test_what_makes_no_period_gets_one_helpful_line(typed: str, told: str):
    answer = asked_for(typed, NOW, MADRID)
    assert isinstance(answer, str)
    assert told in answer


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-03-02", "2026-03-08", "2–8 Mar 2026"),
        ("2026-02-23", "2026-03-01", "23 Feb–1 Mar 2026"),
        ("2025-12-29", "2026-01-04", "29 Dec 2025–4 Jan 2026"),
        ("2026-03-04", "2026-03-04", "4 Mar 2026"),
    ],
)
def test_a_period_is_said_without_saying_anything_twice(first: str, last: str, words: str):
    assert str(period(first, last)) == words


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02T07:59:59+00:00", "2026-03-02T09:00:00+01:00"),
        ("2026-03-02T08:00:00+00:00", "2026-03-09T09:00:00+01:00"),
        ("2026-03-08T22:00:00+00:00", "2026-03-09T09:00:00+01:00"),
        ("2026-03-27T12:00:00+00:00", "2026-03-30T09:00:00+02:00"),  # nine by the new clocks
    ],
)
def test_the_weekly_report_is_due_on_mondays_at_nine_by_the_clock_on_the_wall(now: str, due: str):
    assert next_report(datetime.fromisoformat(now), MADRID) == datetime.fromisoformat(due)
