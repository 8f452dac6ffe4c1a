"""When people are there: opening hours by weekday in the business's own time zone, with holidays and exceptions.

Every answer is in instants, so the changes of the clocks cost nobody anything: an hour of the wall clock that is
skipped is no opening time, one that comes twice counts twice; a time of day that comes twice means its first coming.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_SPAN = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one time of the day to another; what closes no later than it opens runs past midnight."""

    opens: time
    closes: time

    @property
    def length(self) -> timedelta:
        """By the wall clock."""
        length = _since_midnight(self.closes) - _since_midnight(self.opens)
        return length if length > timedelta(0) else length + _DAY

    @classmethod
    def parse(cls, text: str) -> Self:
        """`09:00-13:30`, `20:00-02:00`, `00:00-24:00`; raises ValueError."""
        if not (match := _SPAN.fullmatch(text.strip())):
            raise ValueError(f"{text!r} is no opening time; write it like 09:00-17:30")
        opens, closes = match.groups()
        return cls(time.fromisoformat(opens.zfill(5)), time.fromisoformat(closes.zfill(5).replace("24:00", "00:00")))


@dataclass(frozen=True, slots=True)
class Always:
    """The calendar of an inbox that has none: always open."""

    def is_open(self, at: datetime) -> bool:
        return True

    def next_opening(self, at: datetime) -> datetime:
        return at

    def between(self, since: datetime, until: datetime) -> timedelta:
        return max(timedelta(0), until - since)

    def after(self, since: datetime, duration: timedelta) -> datetime:
        return since + duration


@dataclass(frozen=True, slots=True)
class Hours:
    """A week's hours, Monday first, and the dates that have their own: none of them, a holiday.

    A span belongs to the day on which it opens: what runs past midnight into a holiday still ends when it always does.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict[date, tuple[Span, ...]], hash=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a calendar has seven days, and at least one of them has opening hours")

    def is_open(self, at: datetime) -> bool:
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """When people are there next: this very moment while they are."""
        opens, _ = next(self._stretches(at))
        return opens

    def closing(self, at: datetime) -> datetime | None:
        """When what is open at that moment closes; None where that is not within a week, as round the clock."""
        closes = at
        for opens, end in self._stretches(at):
            if opens > closes:
                return closes
            if end - at > 7 * _DAY:
                return None
            closes = end
        raise AssertionError("opening hours come every week")

    def spans(self, day: date) -> tuple[Span, ...]:
        """What opens on that day."""
        return self.dates.get(day, self.week[day.weekday()])

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How much opening time lies between two moments."""
        total = timedelta(0)
        for opens, closes in self._stretches(since):
            if opens >= until:
                break
            total += min(closes, until) - opens
        return total

    def after(self, since: datetime, duration: timedelta) -> datetime:
        """The moment at which that much opening time has passed."""
        if duration <= timedelta(0):
            return since
        left = duration
        for opens, closes in self._stretches(since):
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        raise AssertionError("opening hours come every week")

    def _stretches(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it opens and closes from that moment on, in order; none overlaps another."""
        day = since.astimezone(self.zone).date() - _DAY  # whose hours may still run
        passed = since
        while True:
            for span in sorted(self.spans(day)):
                opens = datetime.combine(day, span.opens)
                begin, end = self._instant(opens), self._instant(opens + span.length)
                if end > (begins := max(begin, passed)):  # not all in a skipped hour, nor over, nor in another span
                    yield begins, end
                    passed = end
            day += _DAY

    def _instant(self, wall: datetime) -> datetime:
        """When the clock on the wall shows this, or would if that hour were not skipped."""
        moment = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) == wall:
            return moment
        return self._change(wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC), moment)

    def _change(self, before: datetime, after: datetime) -> datetime:
        """When the clocks are put forward between two moments."""
        new = after.astimezone(self.zone).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) / 2
            if middle.astimezone(self.zone).utcoffset() == new:
                after = middle
            else:
                before = middle
        return after.replace(microsecond=0)


Calendar = Hours | Always
ALWAYS = Always()


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
