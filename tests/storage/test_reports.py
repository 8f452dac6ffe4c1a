"""The figures of a month that can be reckoned by hand, and of one in which nothing happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.periods import Period
from bot.domain.reasons import Counted
from bot.domain.report import MemberFigures, Report, Share, Times, Volume
from storage import reports
from storage.models import Inbox
from tests.storage.month import AI, ANA, BEN, CLOCKS_WEEK, CUSTOMER, FIRST_WEEK, MADRID, MARCH, SYSTEM, at, lived

pytestmark = pytest.mark.usefixtures("database")
SOON_AFTER = at("2026-03-09 09:00")


def took(count: int, median: float, p90: float) -> Times:
    """In minutes."""
    return Times(count, timedelta(minutes=median), timedelta(minutes=p90))


async def test_a_week_says_what_happened_in_it_and_nothing_of_its_neighbours():
    inbox_id = await lived()
    week = await reports.report(inbox_id, FIRST_WEEK, SOON_AFTER)
    assert week == Report(
        inbox_id=inbox_id,
        inbox_name="Support",
        # Sunday's 23:30 belongs to the week before, and so does the minute it was answered in; its end is this Monday.
        volume=Volume(FIRST_WEEK, (3, 0, 1, 0, 0, 0, 1), took(4, 7, 9.4), took(5, 50, 60)),
        before=Volume(FIRST_WEEK.before, (0, 0, 0, 0, 0, 0, 1), took(1, 15, 15)),
        reasons=(
            Counted(AI, "Wants a refund for a broken lamp", 2),
            Counted(SYSTEM, "AI unavailable", 1),
            Counted(CUSTOMER, "Asked for a person", 1),
            Counted(AI, "Parcel has not arrived", 1),
        ),
        members=(
            MemberFigures(ANA, "Ana", taken=3, answered=3, resolved=2, closed=1, response=took(3, 6, 7.6)),
            MemberFigures(BEN, "Ben", taken=1, answered=1, closed=2, response=took(1, 10, 10)),
        ),
        resolved=2,
        closed=3,
        ai=Share(3, 8),  # the AI spoke with eight customers; five of them needed a person, one long before
        ai_before=Share(0, 1),
        reminders=2,
        undelivered=1,
        waiting_now=2,
        open_now=1,
    )


async def test_a_week_in_which_the_clocks_change_counts_each_day_where_the_inbox_is():
    volume = await reports.volume([await lived()], CLOCKS_WEEK)
    assert volume.bars() == [("Mon", 0), ("Tue", 0), ("Wed", 0), ("Thu", 0), ("Fri", 0), ("Sat", 1), ("Sun", 1)]
    assert volume.response == took(1, 60, 60)
    assert volume.resolution == took(1, 180, 180)  # from half past eleven to half past three: three hours


async def test_a_month_is_drawn_by_weeks():
    volume = await reports.volume([await lived()], MARCH)
    assert volume.bars() == [("1 Mar", 1), ("2 Mar", 5), ("9 Mar", 0), ("16 Mar", 0), ("23 Mar", 2), ("30 Mar", 1)]
    assert volume.response == took(6, 9, 37.5)
    assert volume.escalations == 9


async def test_where_nothing_happened_there_are_no_times_and_no_shares():
    inbox = await Inbox.create(phone_number_id="1", name="Support", slack_channel="C0SUPPORT")
    empty = await reports.report(inbox.id, FIRST_WEEK, SOON_AFTER)
    assert empty == Report(
        inbox.id, "Support", Volume(FIRST_WEEK, (0,) * 7), before=Volume(FIRST_WEEK.before, (0,) * 7)
    )
    assert empty.is_empty


async def test_what_is_older_than_the_memory_of_reminders_has_no_number_of_them():
    inbox_id = await lived()
    assert (await reports.report(inbox_id, FIRST_WEEK, at("2026-03-16 00:00"))).reminders == 2
    assert (await reports.report(inbox_id, FIRST_WEEK, at("2026-03-16 00:01"))).reminders is None


async def test_another_inbox_is_another_desk_and_several_can_be_told_together():
    inbox_id = await lived()
    other = await Inbox.create(phone_number_id="2", name="Shop", slack_channel="C0SHOP")
    assert (await reports.report(other.id, FIRST_WEEK, SOON_AFTER)).is_empty
    both = await reports.volume([inbox_id, other.id], FIRST_WEEK)
    assert both == await reports.volume([inbox_id], FIRST_WEEK)


async def test_the_zone_decides_which_day_it_was():
    utc = Period(date(2026, 3, 2), date(2026, 3, 8), MADRID.__class__("UTC"))
    volume = await reports.volume([await lived()], utc)
    assert volume.counts == (3, 0, 1, 0, 0, 0, 1)
    assert (await reports.volume([1], utc.before)).counts[-1] == 1
    first_of_march = Period(date(2026, 3, 30), date(2026, 3, 30), MADRID)
    assert (await reports.volume([1], first_of_march)).escalations == 1
    assert datetime(2026, 3, 29, 22, tzinfo=UTC) == first_of_march.start
