"""Who waits in the queue is chased: each step once, never in a heap, and hourly for as long as it takes."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders import due, first_due, step_at
from tests.domain.escalations import NOON

MINUTE = timedelta(minutes=1)
LADDER = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE)
LADDERS = st.lists(st.integers(1, 600), min_size=1, max_size=6, unique=True).map(
    lambda minutes: tuple(each * MINUTE for each in sorted(minutes))
)


def test_the_first_reminder_waits_for_the_first_step() -> None:
    assert first_due(LADDER, NOON) == NOON + 5 * MINUTE
    assert due(LADDER, NOON, NOON + 5 * MINUTE - timedelta(seconds=1)) is None


def test_without_a_ladder_nobody_is_chased() -> None:
    assert first_due((), NOON) is None
    assert due((), NOON, NOON + timedelta(days=3)) is None


def test_each_step_falls_due_at_its_own_minute() -> None:
    seen = [due(LADDER, NOON, NOON + minutes * MINUTE) for minutes in (5, 15, 30, 60)]
    assert [(each.step, each.waited) for each in seen if each] == list(enumerate(LADDER, 1))


def test_steps_missed_while_nothing_ran_are_one_reminder_not_ten() -> None:
    missed = due(LADDER, NOON, NOON + 47 * MINUTE)
    assert missed
    assert (missed.step, missed.next_at) == (3, NOON + 60 * MINUTE)


def test_past_the_ladder_it_is_once_an_hour() -> None:
    assert [step_at(LADDER, step) for step in (4, 5, 6)] == [60 * MINUTE, 120 * MINUTE, 180 * MINUTE]
    later = due(LADDER, NOON, NOON + 150 * MINUTE)
    assert later
    assert (later.step, later.next_at) == (5, NOON + 180 * MINUTE)


@given(LADDERS, st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_however_often_the_clock_ticks_each_step_comes_once_and_in_order(
    ladder: tuple[timedelta, ...], ticks: list[int]
) -> None:
    """Ticks are minutes apart; like the clock, a tick looks again only once the time it was told has come."""
    now, wake = NOON, first_due(ladder, NOON)
    steps: list[int] = []
    for minutes in ticks:
        now += minutes * MINUTE
        if wake and now >= wake and (reminder := due(ladder, NOON, now)):
            steps.append(reminder.step)
            wake = reminder.next_at
            assert wake > now
    assert steps == sorted(set(steps))


@given(LADDERS, st.integers(1, 60))
def test_a_clock_that_never_sleeps_skips_no_step(ladder: tuple[timedelta, ...], count: int) -> None:
    wake = first_due(ladder, NOON)
    for step in range(1, count + 1):
        assert wake
        reminder = due(ladder, NOON, wake)
        assert reminder
        assert reminder.step == step
        wake = reminder.next_at
