"""Stretches of whole days in an inbox's own time zone: what a report is about, and how its days are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MOST_DAYS, _MOST_WEEKS = 14, 20  # bars that can be told apart; Slack draws twenty
LONGEST = timedelta(days=366)
_ISO = r"\d{4}-\d\d-\d\d"
_FROM_TO = re.compile(rf"({_ISO})(?:\s*(?:\.\.|–|\bto\b)\s*|\s+)({_ISO})")
HOW = "Say `this week`, `last week`, `this month`, `last month`, a day like `2026-03-02`, or `2026-03-01..2026-03-31`."


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: a day, a week or a month, cut to the period it belongs to."""

    first: date
    label: str


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of one day to the last of another, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that is no longer in it."""
        return self._midnight(self.last + _DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days right before it; a month is compared with the month before."""
        if self.first.day == 1 and self.last == _end_of_month(self.first):
            return month_of(self.first - _DAY, self.zone)
        return Period(self.first - self.days * _DAY, self.first - _DAY, self.zone)

    @property
    def is_week(self) -> bool:
        return self.days == 7 and self.first.weekday() == 0

    def is_over(self, now: datetime) -> bool:
        return now >= self.end

    @property
    def unit(self) -> str:
        """What a bar stands for: days while there are few, else weeks, else months."""
        if self.days <= _MOST_DAYS:
            return "day"
        return "week" if self.days <= _MOST_WEEKS * 7 - 6 else "month"

    def buckets(self) -> tuple[Bucket, ...]:
        if self.unit == "month":
            return tuple(Bucket(day, f"{day:%b %Y}") for day in self._steps() if day == self.first or day.day == 1)
        firsts = (day for day in self._steps() if self.unit == "day" or day == self.first or day.weekday() == 0)
        return tuple(Bucket(day, f"{day:%a}" if self.days <= 7 else f"{day.day} {day:%b}") for day in firsts)

    def bounds(self) -> list[datetime]:
        """When each bucket begins."""
        return [self._midnight(bucket.first) for bucket in self.buckets()]

    def __str__(self) -> str:
        """In words: 2–8 Mar 2026."""
        if self.first == self.last:
            return f"{self.first.day} {self.first:%b %Y}"
        year = "" if self.first.year == self.last.year else f" {self.first:%Y}"
        month = "" if (self.first.year, self.first.month) == (self.last.year, self.last.month) else f" {self.first:%b}"
        return f"{self.first.day}{month}{year}–{self.last.day} {self.last:%b %Y}"

    def _steps(self) -> Iterator[date]:
        return (self.first + number * _DAY for number in range(self.days))

    def _midnight(self, day: date) -> datetime:
        # Where the clocks skip midnight, fold=0 names the moment of the change: the day's true beginning.
        return datetime.combine(day, time(), self.zone)

    @classmethod
    def from_iso(cls, text: str, zone: ZoneInfo) -> Self:
        """What `iso` wrote. Raises ValueError."""
        first, last = (date.fromisoformat(each) for each in text.split("..", 1))
        return cls(first, last, zone)

    @property
    def iso(self) -> str:
        return f"{self.first}..{self.last}"


def week_of(day: date, zone: ZoneInfo) -> Period:
    """Monday to Sunday (ISO 8601)."""
    monday = day - day.weekday() * _DAY
    return Period(monday, monday + 6 * _DAY, zone)


def month_of(day: date, zone: ZoneInfo) -> Period:
    return Period(day.replace(day=1), _end_of_month(day), zone)


def this_week(now: datetime, zone: ZoneInfo) -> Period:
    return week_of(now.astimezone(zone).date(), zone)


def last_week(now: datetime, zone: ZoneInfo) -> Period:
    return this_week(now, zone).before


def asked_for(text: str, now: datetime, zone: ZoneInfo) -> Period | str:
    """The period that somebody typed, or what is wrong with it."""
    words, today = " ".join(text.lower().split()), now.astimezone(zone).date()
    named = {
        "": last_week(now, zone),
        "last week": last_week(now, zone),
        "this week": this_week(now, zone),
        "week": this_week(now, zone),
        "this month": month_of(today, zone),
        "month": month_of(today, zone),
        "last month": month_of(today, zone).before,
        "today": Period(today, today, zone),
        "yesterday": Period(today - _DAY, today - _DAY, zone),
    }
    return named.get(words) or _from_to(words, today, zone)


def _from_to(words: str, today: date, zone: ZoneInfo) -> Period | str:
    match = _FROM_TO.fullmatch(words)
    given = match.groups() if match else (words, words)
    try:
        first, last = (date.fromisoformat(each) for each in given)
    except ValueError:
        return f"There is no such stretch of days. {HOW}"
    if first > last:
        return f"It ends before it begins. {HOW}"
    if first > today:
        return "That has not happened yet."
    if last - first > LONGEST:
        return "A report covers a year at most."
    return Period(first, last, zone)


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
