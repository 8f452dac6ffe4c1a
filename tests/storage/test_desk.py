"""What the Escalations page asks of the database, and for whom it is drawn again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.figures import Figures
from bot.domain.escalation import Status
from bot.domain.home import Look, Part
from bot.domain.staff_work import RefreshHome
from storage import desk, staff, tasks
from storage.models import EscalationRow
from tests.stories.town import ANA, BEN

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday
SOON, LATER = NOW + timedelta(seconds=1), NOW + timedelta(seconds=9)


async def escalated(minutes: int, inbox_id: int = 1, **more: Any) -> int:
    """One that was asked for so many minutes ago; all else as `more` says. Each of a conversation of its own."""
    at = NOW - timedelta(minutes=minutes)
    values: dict[str, Any] = {"status": Status.QUEUED, "trigger": "customer", "reason": "", "priority": "normal"}
    values |= {"inbox_id": inbox_id, "conversation_id": await EscalationRow.all().count() + 1, "language": "en"}
    values |= {"queued_at": at, "created_at": at}
    return (await EscalationRow.create(**values | more)).id


async def test_the_urgent_come_first_and_then_who_waits_longest() -> None:
    later, first = await escalated(5), await escalated(60)
    urgent, high = await escalated(1, priority="urgent"), await escalated(2, priority="high")
    assert await desk.active([1], ANA) == {Part.WAITING: [urgent, high, first, later]}


async def test_every_active_one_stands_in_one_list_of_each_viewer() -> None:
    waits = await escalated(5)
    anas = await escalated(6, status=Status.OPEN, taken_by=ANA, taken_at=NOW)
    bens = await escalated(7, status=Status.OPEN, taken_by=BEN, taken_at=NOW)
    elsewhere = await escalated(8, inbox_id=2)
    await escalated(9, status=Status.CLOSED, ended_at=NOW)
    assert await desk.active([1], ANA) == {Part.MINE: [anas], Part.WAITING: [waits], Part.TEAM: [bens]}
    assert await desk.active([1, 2], BEN) == {Part.MINE: [bens], Part.WAITING: [elsewhere, waits], Part.TEAM: [anas]}


async def test_what_ended_before_midnight_is_not_of_today() -> None:
    midnight = NOW.replace(hour=0)
    await escalated(2_000, status=Status.CLOSED, ended_at=midnight - timedelta(seconds=1))
    closed = await escalated(100, status=Status.CLOSED, ended_at=midnight)
    resolved = await escalated(50, status=Status.RESOLVED, ended_at=NOW)
    assert await desk.ended([1], midnight) == {Status.CLOSED: 1, Status.RESOLVED: 1}
    assert await desk.lately_ended([1], midnight, 5, 0) == [resolved, closed]
    assert await desk.lately_ended([1], midnight, 5, 1) == [closed]
    assert await desk.has_any([1])
    assert not await desk.has_any([2])


# --- Whose page is drawn again, and when ---


async def test_a_page_is_drawn_for_those_who_opened_it_and_see_this_inbox() -> None:
    await staff.saw_home(1, ANA, NOW)
    await staff.saw_home(1, BEN, NOW - timedelta(days=1))
    assert [user for user, _ in await staff.homes_to_draw(1, NOW, SOON)] == [ANA]
    await staff.looks(ANA, Look(inbox=2))
    assert await staff.homes_to_draw(1, NOW, SOON) == []
    assert [user for user, _ in await staff.homes_to_draw(2, NOW, SOON)] == [ANA]
    await staff.has_no_home(ANA)
    assert await staff.homes_to_draw(2, NOW, SOON) == []


async def test_changes_that_follow_each_other_do_not_put_a_drawing_off() -> None:
    await staff.saw_home(1, ANA, NOW)
    assert await staff.homes_to_draw(1, NOW, SOON) == [(ANA, SOON)]
    await tasks.enqueue([RefreshHome(inbox_id=1, user=ANA, at=SOON)], NOW)
    assert await staff.homes_to_draw(1, NOW, LATER) == [(ANA, SOON)]
    await tasks.claim(1, {RefreshHome.crew: 1}, SOON)
    assert await staff.homes_to_draw(1, NOW, LATER) == [(ANA, LATER)]  # the one that runs may have read too early


async def test_who_says_twice_that_they_are_away_has_been_so_since_the_first_time() -> None:
    await staff.set_away(1, ANA, NOW)
    await staff.set_away(1, ANA, LATER)
    assert await staff.away() == {ANA: NOW}
    assert await staff.away([BEN]) == {}
    await staff.set_away(1, ANA, None)
    assert await staff.away() == {}


# --- This week ---


async def test_a_week_is_counted_in_the_viewers_days_at_most_once_a_minute() -> None:
    clock = [NOW]
    figures, madrid = Figures(lambda: clock[0]), ZoneInfo("Europe/Madrid")
    await escalated(10, first_answer_by=ANA, first_answer_at=NOW - timedelta(minutes=4))
    await escalated(61 * 60)  # in Madrid the first moment of Monday, in London still Sunday
    week = await figures.week([1], madrid)
    assert [(f"{day:%a}", many) for day, many in week.days.items()] == [("Mon", 1), ("Tue", 0), ("Wed", 1)]
    assert (week.answered, week.answered_by, week.first_response) == (1, {ANA: 1}, timedelta(minutes=6))
    await escalated(1)
    clock[0] += timedelta(seconds=59)
    assert await figures.week([1], madrid) == week
    clock[0] += timedelta(seconds=1)
    assert (await figures.week([1], madrid)).total == 3
    assert (await figures.week([1], ZoneInfo("Europe/London"))).total == 2
