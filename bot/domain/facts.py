"""What the agent is told of the customer and of this hour: only what is known, and nothing of anybody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.hours import Calendar, Hours

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AHEAD = 7  # days: "are you open on Saturday?" is asked of the next one
_NO_HOURS = "Our opening hours are not given here: of them you know only what is written above or in a page."
_LONGEST_NAME = 60
_NUMBER = re.compile(r"\d(?:[\s().\-/]*\d){5,}")  # as many digits as no name has, however they are grouped


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """`name` is theirs to choose; everything else is ours."""

    name: str = ""
    first_wrote: datetime | None = None
    escalations: int = 0
    tags: tuple[str, ...] = ()
    language: str | None = None


NOBODY = CustomerFacts()


def name_of_theirs(facts: CustomerFacts) -> str:
    """What they call themselves, on one line; nothing where it is, or holds, a phone number."""
    name = " ".join("".join(each if each.isprintable() else " " for each in facts.name).split())
    return "" if _NUMBER.search(name) else name[:_LONGEST_NAME].strip()


def in_words(facts: CustomerFacts, calendar: Calendar, now: datetime) -> str:
    return "\n".join(filter(None, (hour_in_words(calendar, now), customer_in_words(facts, calendar, now))))


def hour_in_words(calendar: Calendar, now: datetime) -> str:
    """The time where the business is, and whether it is open, where its hours are known: nobody is told a guess."""
    if not isinstance(calendar, Hours):
        return f"- It is {_day(now.date())}, {now:%H:%M} in UTC; our own time zone is not given here.\n- {_NO_HOURS}"
    here = now.astimezone(calendar.zone)
    lines = [f"It is {_day(here.date())}, {here:%H:%M} ({calendar.zone.key}).", *_opening(calendar, here)]
    days = [_hours(calendar, day, here) for day in _days(calendar, here)]
    lines += [f"Our hours: {'; '.join(days)}."] if days else []
    lines.append("Where what is written above or a page gives other hours, as of a shop, those hold for it.")
    return "\n".join(f"- {each}" for each in lines)


def _opening(calendar: Hours, here: datetime) -> list[str]:
    if not calendar.is_open(here):
        opening = calendar.next_opening(here).astimezone(calendar.zone)
        return [f"We are closed now, and open next {_moment(opening, here)}."]
    if not _has_hours(calendar):
        return [_NO_HOURS]
    closing = calendar.closing(here)
    return [f"We are open now, until {_moment(closing.astimezone(calendar.zone), here)}."] if closing else []


def _has_hours(calendar: Hours) -> bool:
    """A calendar of nothing but holidays says of no other day that it is open round the clock."""
    return any(span.length < timedelta(days=1) for day in calendar.week for span in day) or not all(calendar.week)


def _days(calendar: Hours, here: datetime) -> list[date]:
    """Those to come, and yesterday while what opened then is still open."""
    today = here.date()
    yesterday = today - timedelta(days=1)
    still_runs = any(span.closes <= span.opens and here.time() < span.closes for span in calendar.spans(yesterday))
    days = [today + timedelta(days=each) for each in range(-1 if still_runs else 0, _AHEAD)]
    return days if _has_hours(calendar) else [day for day in days if day in calendar.dates]


def customer_in_words(facts: CustomerFacts, calendar: Calendar, now: datetime) -> str:
    """Nothing that they have written themselves: their name stands among their words."""
    lines = [_since(facts.first_wrote, calendar, now)] if facts.first_wrote else []
    if facts.escalations:
        times = "once" if facts.escalations == 1 else f"{facts.escalations} times"
        lines.append(f"Colleagues have been called to them {times} before.")
    if facts.language:
        lines.append(f"The language they were last seen to write in: {facts.language}.")
    if facts.tags:
        lines.append(f"Colleagues have tagged them, for us alone: {', '.join(facts.tags)}.")
    return "\n".join(f"- {each}" for each in lines)


def _since(first_wrote: datetime, calendar: Calendar, now: datetime) -> str:
    zone = calendar.zone if isinstance(calendar, Hours) else now.tzinfo
    day = first_wrote.astimezone(zone).date()
    is_new = day == now.astimezone(zone).date()
    return "They are new: they first wrote to us today." if is_new else f"They first wrote to us on {day}."


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day}"


def _moment(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return f"today at {at:%H:%M}"
    is_tomorrow = at.date() == now.date() + timedelta(days=1)
    return f"{'tomorrow, ' if is_tomorrow else 'on '}{_day(at.date())}, at {at:%H:%M}"


def _hours(calendar: Hours, day: date, here: datetime) -> str:
    spans = " and ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in sorted(calendar.spans(day)))
    return f"{'today' if day == here.date() else _day(day)} {spans or 'closed'}"
