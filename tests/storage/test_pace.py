"""Budgets on a real PostgreSQL: whoever asks, and however many at once, no more is handed out than the rate allows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.pace import Budget, Rate
from storage import pace, tasks
from storage.engine_models import Pace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POSTS = Budget("1:posts:C0SUPPORT", Rate(SECOND, 3))

pytestmark = pytest.mark.usefixtures("database")


async def reserve(budget: Budget = POSTS, now: datetime = NOW) -> datetime:
    return await pace.reserve(1, [budget], now)


async def reserved(count: int) -> list[float]:
    """The send times of so many calls, in seconds from now."""
    return [(await reserve() - NOW).total_seconds() for _ in range(count)]


def never_exceeds(times: Sequence[datetime], rate: Rate) -> bool:
    """Whether no stretch of time, wherever it begins and ends, holds more than the burst and what is refilled."""
    ordered = sorted(times)
    return all(
        last - first + 1 <= rate.burst + (ordered[last] - ordered[first]) / rate.every + 1e-6
        for first in range(len(ordered))
        for last in range(first, len(ordered))
    )


async def test_a_burst_goes_at_once_and_the_rest_in_step():
    assert await reserved(6) == [0, 0, 0, 1, 2, 3]


async def test_after_a_rest_there_is_a_burst_again():
    await reserved(3)
    later = NOW + 3 * SECOND
    assert [(await reserve(now=later) - later) / SECOND for _ in range(4)] == [0, 0, 0, 1]


async def test_several_calls_at_once_wait_until_all_of_them_may_go():
    two = Budget(POSTS.key, POSTS.rate, calls=2)
    assert [(await reserve(two) - NOW) / SECOND for _ in range(3)] == [0, 1, 3]


async def test_replicas_that_ask_at_the_same_moment_share_one_budget():
    times = await asyncio.gather(*(reserve() for _ in range(120)))
    assert sorted((each - NOW) / SECOND for each in times) == [0, 0, *range(118)]


async def test_what_needs_two_budgets_waits_for_the_scarcer_one():
    number = Budget("1:number", Rate(SECOND / 80, 80))
    for expected in (0, 0, 0, 1):
        assert await pace.reserve(1, [number, POSTS], NOW) == NOW + expected * SECOND
    assert await pace.reserve(1, [number], NOW) == NOW  # and does not use up the other's


async def test_replicas_that_book_two_budgets_never_wait_for_each_other_crosswise():
    pair = [Budget("b", Rate(SECOND, 1)), Budget("a", Rate(SECOND, 1))]
    async with asyncio.timeout(10):
        await asyncio.gather(*(pace.reserve(1, pair[:: 1 - 2 * (n % 2)], NOW) for n in range(100)))
    assert await Pace.filter(booked_until=NOW + 100 * SECOND).count() == 2


@pytest.mark.parametrize("seed", range(4))
async def test_no_stretch_of_time_ever_holds_more_than_the_rate_allows(seed: int):
    chance = random.Random(seed)
    rate = Rate(timedelta(milliseconds=chance.choice([7, 100, 1000])), chance.randint(1, 6))
    now, times = NOW, list[datetime]()
    for _ in range(60):
        now += chance.choice([timedelta(0), rate.every / 3, rate.every * 4])
        calls = chance.randint(1, rate.burst)
        times += [await reserve(Budget("any", rate, calls), now)] * calls
        if chance.random() < 0.1:
            spare = await pace.take_spare(1, Budget("any", rate), now)
            times += [spare] if spare == now else []
    assert never_exceeds(times, rate)


# --- Retry-After ---


async def test_a_service_that_asks_for_quiet_gets_it_from_everybody():
    await pace.hold_off(1, [POSTS], NOW + 30 * SECOND)
    assert await reserved(3) == [30, 31, 32]  # and no burst at its end
    assert await pace.is_held([POSTS], NOW + 29 * SECOND)
    assert not await pace.is_held([POSTS], NOW + 30 * SECOND)


async def test_a_shorter_quiet_does_not_end_a_longer_one():
    await pace.hold_off(1, [POSTS], NOW + 30 * SECOND)
    await pace.hold_off(1, [POSTS], NOW + 5 * SECOND)
    assert await reserve() == NOW + 30 * SECOND
    assert await pace.is_held([POSTS], NOW + 20 * SECOND)


async def test_other_channels_need_not_be_quiet():
    await pace.hold_off(1, [POSTS], NOW + 30 * SECOND)
    assert await reserve(Budget("1:posts:C0OTHER", POSTS.rate)) == NOW


# --- What can wait ---


async def test_what_can_wait_leaves_half_of_the_burst():
    rate = Rate(SECOND, 4)
    budget = Budget("half", rate)
    assert [await pace.take_spare(1, budget, NOW) == NOW for _ in range(3)] == [True, True, False]
    assert await reserve(budget) == await reserve(budget) == NOW


async def test_what_can_wait_never_queues_before_what_cannot():
    """A hundred refused reminders book nothing: the next message goes as soon as it would have gone without them."""
    await reserved(3)
    for _ in range(100):
        assert await pace.take_spare(1, POSTS, NOW) > NOW
    assert await reserve() == NOW + SECOND


async def test_what_can_wait_is_told_a_time_at_which_it_gets_its_turn():
    await reserved(8)
    again = await pace.take_spare(1, POSTS, NOW)
    assert await pace.take_spare(1, POSTS, again) == again


async def test_old_budgets_are_forgotten():
    await reserve()
    await tasks.purge(NOW + timedelta(days=14))
    assert not await Pace.exists()
