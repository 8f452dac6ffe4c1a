"""Who waits is chased: each step once, in opening time, never in a heap, and hourly for as long as it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import Always, Calendar, Hours, Span
from bot.domain.reminders import Ladder, Pause, Step, Tell, usual_ladder
from tests.domain.escalations import NOON

MINUTE = timedelta(minutes=1)
WHEN = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE)
LADDER = Ladder(usual_ladder(WHEN), Always())
OFFICE = Hours(ZoneInfo("Europe/Madrid"), (*[(Span.parse("09:00-17:00"),)] * 5, (), ()))
CALENDARS = st.sampled_from([Always(), OFFICE])
LADDERS = st.lists(st.integers(1, 600), min_size=1, max_size=6, unique=True).map(
    lambda minutes: usual_ladder([each * MINUTE for each in sorted(minutes)])
)


def madrid(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE.zone).astimezone(UTC)


def test_the_first_reminder_waits_for_the_first_step() -> None:
    assert LADDER.first_due(NOON) == NOON + 5 * MINUTE
    assert LADDER.due(NOON, NOON + 5 * MINUTE - timedelta(seconds=1)) is None


def test_without_a_ladder_nobody_is_chased() -> None:
    none = Ladder((), Always())
    assert none.first_due(NOON) is None
    assert none.due(NOON, NOON + timedelta(days=3)) is None
    assert none.next_due(NOON, NOON + timedelta(days=3)) is None


def test_each_step_falls_due_at_its_own_minute() -> None:
    seen = [LADDER.due(NOON, NOON + minutes * MINUTE) for minutes in (5, 15, 30, 60)]
    assert [(each.step, each.waited) for each in seen if each] == list(enumerate(WHEN, 1))


def tells(ladder: Ladder, *moments: int, told: int = 0) -> list[set[Tell]]:
    """Whom the reminders at these minutes tell beside the thread, when no other came between them."""
    seen: list[set[Tell]] = []
    for minutes in moments:
        due = ladder.due(NOON, NOON + minutes * MINUTE, told)
        assert due
        seen.append({*due.tell} - {Tell.THREAD})
        told = due.step
    return seen


def test_a_ladder_that_names_nobody_tells_the_thread_then_who_is_on_call_then_all_then_the_leads_once_each() -> None:
    everybody = {Tell.CHANNEL}
    assert tells(LADDER, 5, 15, 30, 60, 120, 180) == [
        set(),
        {Tell.ON_CALL},
        everybody,
        everybody | {Tell.LEADS},
        everybody,
        everybody,
    ]
    long = Ladder(usual_ladder([each * MINUTE for each in range(1, 8)]), Always())
    assert [Tell.LEADS in each for each in tells(long, *range(1, 8))] == [False] * 3 + [True] + [False] * 3


def test_whom_a_missed_step_would_have_called_the_next_reminder_calls_once() -> None:
    assert tells(LADDER, 47, 60, 120) == [{Tell.CHANNEL, Tell.ON_CALL}, {Tell.CHANNEL, Tell.LEADS}, {Tell.CHANNEL}]
    assert tells(LADDER, 5, 600, 660) == [set(), {Tell.CHANNEL, Tell.ON_CALL, Tell.LEADS}, {Tell.CHANNEL}]


def test_what_was_put_off_and_comes_again_calls_nobody_again() -> None:
    assert tells(LADDER, 15, 29, 35) == [{Tell.ON_CALL}, set(), {Tell.CHANNEL}]
    again = LADDER.due(NOON, NOON + 60 * MINUTE, told=3)
    assert again
    assert again.pinged == {Tell.ON_CALL}  # so that they are not written to as leads too


def test_what_a_business_wrote_holds_for_each_step_once() -> None:
    loud = Step(5 * MINUTE, frozenset({Tell.THREAD, Tell.ON_CALL}))
    louder = Step(10 * MINUTE, frozenset({Tell.THREAD, Tell.ON_CALL, Tell.LEADS, Tell.CHANNEL}))
    seen = tells(Ladder((loud, louder), Always()), 5, 10, 70, 130)
    assert seen == [{Tell.ON_CALL}, {Tell.ON_CALL, Tell.LEADS, Tell.CHANNEL}, {Tell.CHANNEL}, {Tell.CHANNEL}]


def test_steps_missed_while_nothing_ran_are_one_reminder_not_ten() -> None:
    missed = LADDER.due(NOON, NOON + 47 * MINUTE)
    assert missed
    assert (missed.step, LADDER.next_due(NOON, NOON + 47 * MINUTE)) == (3, NOON + 60 * MINUTE)


def test_past_the_ladder_it_is_once_an_hour() -> None:
    later = LADDER.due(NOON, NOON + 150 * MINUTE)
    assert later
    assert (later.step, LADDER.next_due(NOON, NOON + 150 * MINUTE)) == (5, NOON + 180 * MINUTE)


def test_a_ladder_that_does_not_go_on_ends_with_its_last_step() -> None:
    ladder = Ladder((Step(15 * MINUTE),), Always(), goes_on=False)
    assert ladder.next_due(NOON, NOON) == NOON + 15 * MINUTE
    assert ladder.next_due(NOON, NOON + 15 * MINUTE) is None
    due = ladder.due(NOON, NOON + timedelta(days=2))
    assert due
    assert due.step == 1


def test_nobody_is_chased_while_the_business_is_closed_and_the_wait_goes_on_when_it_opens() -> None:
    ladder, friday = Ladder(usual_ladder(WHEN), OFFICE), madrid("2026-11-27 16:50")
    assert ladder.first_due(friday) == madrid("2026-11-27 16:55")
    assert ladder.next_due(friday, madrid("2026-11-27 16:55")) == madrid("2026-11-30 09:05")
    assert ladder.due(madrid("2026-11-28 12:00"), madrid("2026-11-29 23:00")) is None
    assert ladder.first_due(madrid("2026-11-28 12:00")) == madrid("2026-11-30 09:05")


def test_what_falls_due_as_the_doors_close_is_told_when_they_open() -> None:
    ladder, friday = Ladder(usual_ladder(WHEN), OFFICE), madrid("2026-11-27 16:55")
    assert ladder.first_due(friday) == madrid("2026-11-30 09:00")
    assert ladder.due(friday, madrid("2026-11-27 17:00")) is None
    due = ladder.due(friday, madrid("2026-11-30 09:00"))
    assert due
    assert due.step == 1


@given(LADDERS, CALENDARS, st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_however_often_the_clock_ticks_each_step_comes_once_in_order_and_in_opening_time(
    steps: tuple[Step, ...], hours: Calendar, ticks: list[int]
) -> None:
    """Ticks are minutes apart; like the clock, a tick looks again only once the time it was told has come."""
    ladder = Ladder(steps, hours)
    now, wake = NOON, ladder.first_due(NOON)
    seen: list[int] = []
    for minutes in ticks:
        now += minutes * MINUTE
        if wake and now >= wake:
            if reminder := ladder.due(NOON, now):
                seen.append(reminder.step)
            wake = ladder.next_due(NOON, now)
            assert wake
            assert wake > now
            assert hours.is_open(wake)
    assert seen == sorted(set(seen))


@given(LADDERS, CALENDARS, st.integers(1, 60))
def test_a_clock_that_never_sleeps_skips_no_step(steps: tuple[Step, ...], hours: Calendar, count: int) -> None:
    ladder = Ladder(steps, hours)
    wake = ladder.first_due(NOON)
    for step in range(1, count + 1):
        assert wake
        reminder = ladder.due(NOON, wake)
        assert reminder
        assert reminder.step == step
        wake = ladder.next_due(NOON, wake)


def test_reminders_are_put_off_until_people_are_back() -> None:
    """It is noon on a Friday."""
    friday = madrid("2026-03-06 12:00")
    assert Pause.HOUR.until(friday, OFFICE, OFFICE.zone) == friday + 60 * MINUTE
    assert Pause.TOMORROW.until(friday, OFFICE, OFFICE.zone) == madrid("2026-03-09 09:00")
    assert Pause.TOMORROW.until(friday, Always(), OFFICE.zone) == madrid("2026-03-07 09:00")
