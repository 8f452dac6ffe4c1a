"""The Escalations page: what it shows of which list, and how its viewer looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self, cast

from bot.domain.desk import EscalationView
from bot.domain.figures import Week
from bot.domain.preferences import USUALLY, Preferences, zone

Json = dict[str, object]


class Part(StrEnum):
    """The lists of the page, in the order in which they stand there."""

    MINE = "mine"
    WAITING = "waiting"
    TEAM = "team"
    ENDED = "ended"


# Slack takes 100 blocks. A row of the three lists is three, one of those that ended is one; all else is 34 at most.
ROWS, FAIR_SHARE, ENDED_ROWS = 22, 7, 5


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks at the page: one inbox or all, and from which row on they read each list."""

    inbox: int | None = None
    starts: Mapping[Part, int] = field(default_factory=dict[Part, int])

    @classmethod
    def from_json(cls, kept: object) -> Self:
        """What is kept may be of another version: whatever cannot be read counts as never chosen."""
        told = cast("Json", kept) if isinstance(kept, dict) else {}
        starts = {part: start for part in Part if (start := _number(told.get(part)))}
        return cls(_number(told.get("inbox")), starts)

    def as_json(self) -> Json:
        starts: Json = {str(part): start for part, start in self.starts.items()}
        return {"inbox": self.inbox, **starts}

    def at(self, part: Part, start: int) -> Self:
        return replace(self, starts={**self.starts, part: max(0, start)})

    def on(self, inbox: int | None) -> Self:
        """Another inbox has other lists: they are read from their beginning."""
        return replace(self, inbox=inbox, starts={})


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a list that are shown: `size` of them at most, from `start` on, of `total`."""

    start: int
    size: int
    total: int

    @property
    def end(self) -> int:
        return min(self.start + self.size, self.total)

    @property
    def previous(self) -> int | None:
        """Where the page before this one starts."""
        return max(0, self.start - self.size) if self.start else None

    @property
    def next(self) -> int | None:
        return self.end if self.end < self.total else None


@dataclass(frozen=True, slots=True)
class Rows:
    """One list: the page of it that is shown."""

    views: tuple[EscalationView, ...] = ()
    page: Page = Page(0, 1, 0)


@dataclass(frozen=True, slots=True)
class Today:
    """How many there are of each status: of those that ended, since midnight where the viewer is."""

    queued: int = 0
    open: int = 0
    resolved: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the page shows. `away` are the members who said so, and since when."""

    viewer: str
    lists: Mapping[Part, Rows] = field(default_factory=dict[Part, Rows])
    today: Today = Today()
    away: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    inboxes: Mapping[int, str] = field(default_factory=dict[int, str])
    chosen: int | None = None
    preferences: Preferences = USUALLY
    week: Week | None = None
    is_new: bool = False  # nothing was ever escalated

    def listed(self, part: Part) -> Rows:
        return self.lists.get(part, Rows())

    @property
    def away_since(self) -> datetime | None:
        return self.away.get(self.viewer)


def paged(start: int, size: int, total: int) -> Page:
    """The page that starts there; where the list has become shorter than that, its last one."""
    if start >= total:
        start = (total - 1) // size * size if total else 0
    return Page(start, size, total)


def shared(totals: Mapping[Part, int]) -> dict[Part, int]:
    """How many rows each of the three lists may show: a fair share, then what is left, to those who wait first."""
    sizes = {part: min(totals.get(part, 0), FAIR_SHARE) for part in (Part.MINE, Part.WAITING, Part.TEAM)}
    for part in (Part.WAITING, Part.MINE, Part.TEAM):
        sizes[part] += min(totals.get(part, 0) - sizes[part], ROWS - sum(sizes.values()))
    return {part: max(1, size) for part, size in sizes.items()}


def midnight(now: datetime, time_zone: str | None) -> datetime:
    """When the day began there; in UTC where nobody knows where that is."""
    return now.astimezone(zone(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else None
