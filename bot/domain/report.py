"""How a desk did in a period of days: figures, and when there are enough of them to say anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.hours import Hours
from bot.domain.periods import Period, this_week
from bot.domain.reasons import Counted
from bot.domain.rules import InboxRules

ENOUGH_FOR_SHARE = 10  # below it a percentage says more than is known
ENOUGH_FOR_P90 = 10
ENOUGH_FOR_MEDIAN = 3
REPORT_AT = time(9)


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took: of how many cases, half of them faster than the median, nine of ten than `p90`."""

    count: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> int | None:
        """None where there are too few cases for a percentage."""
        return round(100 * self.part / self.whole) if self.whole >= ENOUGH_FOR_SHARE else None


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """What one of the staff did. `answered` counts conversations, `response` those in which they answered first."""

    staff_id: str
    name: str = ""
    taken: int = 0
    answered: int = 0
    resolved: int = 0
    closed: int = 0
    response: Times = Times()


@dataclass(frozen=True, slots=True)
class Volume:
    """How many escalations began in each bucket of the period, and how long people took to answer and to end them."""

    period: Period
    counts: tuple[int, ...]
    response: Times = Times()
    resolution: Times = Times()

    @property
    def escalations(self) -> int:
        return sum(self.counts)

    def bars(self) -> list[tuple[str, int]]:
        return [(bucket.label, count) for bucket, count in zip(self.period.buckets(), self.counts, strict=True)]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `ai`: of the conversations the AI answered in, those that needed no person.

    `reminders` is None where the period is older than what is remembered of them. `before` is the stretch before it.
    """

    inbox_id: int
    inbox_name: str
    volume: Volume
    before: Volume
    reasons: tuple[Counted, ...] = ()
    members: tuple[MemberFigures, ...] = ()
    resolved: int = 0
    closed: int = 0
    ai: Share = Share()
    ai_before: Share = Share()
    reminders: int | None = 0
    undelivered: int = 0
    unanswered: int = 0  # questions for which the AI found nothing, or called people after it had looked
    waiting_now: int = 0
    open_now: int = 0

    @property
    def period(self) -> Period:
        return self.volume.period

    @property
    def is_empty(self) -> bool:
        return not (self.volume.escalations or self.ai.whole or self.resolved or self.closed or self.members)


def zone_of(rules: InboxRules) -> ZoneInfo:
    """The inbox's own time zone, which its opening hours name."""
    return rules.hours.zone if isinstance(rules.hours, Hours) else ZoneInfo("UTC")


def next_report(now: datetime, zone: ZoneInfo) -> datetime:
    """Mondays at nine, when whoever works then wants to know how the last week went."""
    monday = this_week(now, zone).first
    due = datetime.combine(monday, REPORT_AT, zone)
    return due if due > now else datetime.combine(monday + timedelta(days=7), REPORT_AT, zone)
