"""What customers who wait for a person are told about time: nothing that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.hours import Calendar, Hours
from bot.domain.text.times import back_at, lately_took, place_in_line

ENOUGH = 20  # waits, before anything is said about how long they are
AT_MOST = 50
LATELY = timedelta(days=30)
# Nobody reads more exactness out of a number than is in it.
_ROUND = tuple(timedelta(minutes=each) for each in (5, 10, 15, 20, 30, 45, 60, 120, 180, 240))


def usual_wait(waits: Sequence[tuple[datetime, datetime]], hours: Calendar) -> timedelta | None:
    """The middle one of the last waits in opening time, rounded up; None where it is not known, or too long to help."""
    if len(waits) < ENOUGH:
        return None
    middle = sorted(hours.between(*each) for each in waits)[len(waits) // 2]
    return next((each for each in _ROUND if middle <= each), None)


def when_back(language: str | None, hours: Calendar, told_until: datetime | None, now: datetime) -> str | None:
    """When people are there again, while they are not; once for each time the business is closed."""
    if not isinstance(hours, Hours):
        return None
    opening = hours.next_opening(now)
    return None if opening in (now, told_until) else back_at(language, opening, now, hours.zone)


def how_long(language: str | None, wait: timedelta | None, before: int) -> str | None:
    """For somebody who waits now, while people are there."""
    if wait is None:
        return None
    place = [place_in_line(language, before + 1)] if before else []
    return " ".join([*place, lately_took(language, wait)])
