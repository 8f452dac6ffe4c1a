"""Opening hours hold whatever the clocks do: nobody is chased, promised or judged by an hour that was not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import Always, Hours, Span

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
ZONES = (MADRID, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC"))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = (Span.parse("09:00-14:00"), Span.parse("16:00-19:00"))
SHOP = Hours(MADRID, (*[OFFICE] * 5, (Span.parse("10:00-14:00"),), ()))


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def all_day(zone: ZoneInfo, span: str) -> Hours:
    return Hours(zone, ((Span.parse(span),),) * 7)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00"),  # Monday morning
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 13:59", "2026-11-23 13:59"),
        ("2026-11-23 14:00", "2026-11-23 16:00"),  # the afternoon's break
        ("2026-11-27 19:00", "2026-11-28 10:00"),  # Friday evening
        ("2026-11-28 14:00", "2026-11-30 09:00"),  # over the Sunday
    ],
)
def test_the_next_opening_is_now_while_open_and_else_the_next_span(moment: str, opens: str) -> None:
    assert SHOP.next_opening(at(moment)) == at(opens)
    assert SHOP.is_open(at(moment)) is (moment == opens)


def test_holidays_are_closed_and_exceptions_have_hours_of_their_own() -> None:
    dates = {date(2026, 12, 24): (Span.parse("9:00-12:00"),), date(2026, 12, 25): ()}
    shop = Hours(MADRID, SHOP.week, dates)
    assert shop.next_opening(at("2026-12-24 12:00")) == at("2026-12-26 10:00")
    assert shop.between(at("2026-12-24 00:00"), at("2026-12-26 00:00")) == 3 * HOUR


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    bar = Hours(MADRID, ((), (), (), (), (Span.parse("20:00-02:00"),), (Span.parse("20:00-02:00"),), ()))
    assert bar.is_open(at("2026-11-28 01:59"))
    assert not bar.is_open(at("2026-11-28 02:00"))
    closed = Hours(MADRID, bar.week, {date(2026, 11, 28): ()})
    assert closed.is_open(at("2026-11-28 01:59"))
    assert closed.next_opening(at("2026-11-28 02:00")) == at("2026-12-04 20:00")


def test_working_time_counts_only_what_is_open() -> None:
    assert SHOP.between(at("2026-11-27 18:30"), at("2026-11-30 09:30")) == timedelta(hours=5)
    assert SHOP.after(at("2026-11-27 18:50"), 15 * MINUTE) == at("2026-11-28 10:05")
    assert SHOP.after(at("2026-11-27 18:50"), 10 * MINUTE) == at("2026-11-27 19:00")
    assert SHOP.after(at("2026-11-27 23:00"), timedelta(0)) == at("2026-11-27 23:00")


def test_a_shift_over_the_change_of_clocks_is_as_long_as_it_is() -> None:
    night = all_day(MADRID, "22:00-06:00")
    spring, autumn = at("2026-03-28 20:00"), at("2026-10-24 20:00")
    assert night.between(spring, spring + timedelta(hours=20)) == 7 * HOUR
    assert night.between(autumn, autumn + timedelta(hours=20)) == 9 * HOUR
    assert night.after(autumn, 9 * HOUR) == at("2026-10-25 06:00")


@pytest.mark.parametrize(
    ("zone", "day", "change"),
    [(MADRID, "2026-03-29", "2026-03-29 01:00"), (NEW_YORK, "2026-03-08", "2026-03-08 07:00")],
)
def test_hours_inside_the_skipped_hour_open_when_the_clocks_have_changed(zone: ZoneInfo, day: str, change: str) -> None:
    moment = datetime.fromisoformat(change).replace(tzinfo=UTC)
    since = at(f"{day} 00:00", zone)
    assert all_day(zone, "02:30-05:00").next_opening(since) == moment
    assert all_day(zone, "00:30-02:30").after(since, 90 * MINUTE) == moment
    whole = all_day(zone, "02:10-02:50")
    assert whole.next_opening(since) == at(f"{day} 02:10", zone) + timedelta(hours=23)
    assert whole.between(since, since + timedelta(hours=20)) == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "opens"), [(MADRID, "2026-10-25 00:30"), (NEW_YORK, "2026-11-01 05:30")], ids=["Madrid", "New York"]
)
def test_a_time_that_comes_twice_means_its_first_coming(zone: ZoneInfo, opens: str) -> None:
    first = datetime.fromisoformat(opens).replace(tzinfo=UTC)
    assert first.astimezone(zone).utcoffset() != (first + HOUR).astimezone(zone).utcoffset()
    span = Span(first.astimezone(zone).time(), time(8))
    assert Hours(zone, ((span,),) * 7).next_opening(first - HOUR) == first


def test_round_the_clock_is_always_open_and_overlapping_spans_count_once() -> None:
    assert all_day(NEW_YORK, "00:00-24:00").between(at("2026-01-01 00:00"), at("2026-02-01 00:00")) == 31 * 24 * HOUR
    twice = Hours(MADRID, ((Span.parse("09:00-15:00"), Span.parse("12:00-18:00")),) * 7)
    assert twice.between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 9 * HOUR


@pytest.mark.parametrize("text", ["9-17", "09:00", "25:00-26:00", "09:00-17:60", "nine to five", "24:00-25:00"])
def test_what_is_no_opening_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"opening time|must be in"):
        Span.parse(text)


@pytest.mark.parametrize("week", [((),) * 7, (OFFICE,) * 6])
def test_a_calendar_that_never_opens_is_none(week: tuple[tuple[Span, ...], ...]) -> None:
    with pytest.raises(ValueError, match="seven days"):
        Hours(MADRID, week)


TIMES = st.integers(0, 287).map(lambda five: time(five // 12, five % 12 * 5))
DAYS = st.lists(st.builds(Span, TIMES, TIMES), max_size=3).map(tuple)
# Around the changes of 2026 in Madrid and New York, where a mistake would show.
CHANGES = ("2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01", "2026-04-05", "2011-12-29")


def around(day: str) -> st.SearchStrategy[datetime]:
    return st.integers(-4 * 1440, 10 * 1440).map(lambda minutes: at(f"{day} 00:00") + minutes * MINUTE)


MOMENTS = st.sampled_from(CHANGES).flatmap(around)
TIMELINES = st.sampled_from(CHANGES).flatmap(lambda day: st.lists(around(day), min_size=3, max_size=8))
SPANS = st.integers(0, 5000).map(lambda minutes: minutes * MINUTE)


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    week = draw(st.lists(DAYS, min_size=7, max_size=7).filter(any))
    holidays = draw(st.lists(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=4))
    return Hours(draw(st.sampled_from(ZONES)), tuple(week), dict.fromkeys(holidays, ()))


@given(calendars(), TIMELINES)
def test_opening_time_adds_up_and_is_never_more_than_time(hours: Hours, moments: list[datetime]) -> None:
    a, b, *_, c = sorted(moments)
    assert hours.between(a, b) + hours.between(b, c) == hours.between(a, c)
    assert timedelta(0) <= hours.between(a, c) <= c - a
    assert hours.between(c, a) == timedelta(0)


@given(calendars(), MOMENTS, st.lists(SPANS, min_size=2, max_size=2))
def test_after_so_much_opening_time_exactly_so_much_has_passed(
    hours: Hours, since: datetime, spans: list[timedelta]
) -> None:
    less, more = sorted(spans)
    first, last = hours.after(since, less), hours.after(since, more)
    assert since <= first <= last
    assert hours.between(since, last) == more
    assert hours.after(first, more - less) == last
    if more:  # the earliest such moment
        assert hours.between(since, last - timedelta(seconds=1)) < more


@given(calendars(), TIMELINES)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(hours: Hours, moments: list[datetime]) -> None:
    for moment, later in pairwise(sorted(moments)):
        opens = hours.next_opening(moment)
        assert opens >= moment
        assert hours.is_open(opens)
        assert hours.between(moment, opens) == timedelta(0)
        assert hours.is_open(moment) is (opens == moment)
        assert hours.next_opening(later) >= opens


@given(MOMENTS, SPANS)
def test_without_a_calendar_time_is_time(since: datetime, span: timedelta) -> None:
    always = Always()
    assert always.is_open(since)
    assert always.next_opening(since) == since
    assert always.after(since, span) == since + span
    assert always.between(since, since + span) == span
