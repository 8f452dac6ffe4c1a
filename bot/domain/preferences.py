"""What each of the staff wants to be told by direct message, about which conversations, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ONE_DAY = timedelta(days=1)


class Topic(StrEnum):
    """What somebody can be told of."""

    NEW = "new"  # a customer waits for a person
    ASSIGNED = "assigned"  # somebody was given a conversation by a colleague
    CUSTOMER = "customer"  # the customer has written to people
    REMINDER = "reminder"  # somebody waits too long
    WINDOW = "window"  # the reply window closes soon


class Extent(StrEnum):
    """Of which conversations. A new one is nobody's yet: `mine` are those of customers whom one had before."""

    ALL = "all"
    MINE = "mine"
    NONE = "none"


USUAL: Mapping[Topic, Extent] = {
    Topic.NEW: Extent.NONE,
    Topic.ASSIGNED: Extent.MINE,
    Topic.CUSTOMER: Extent.NONE,
    Topic.REMINDER: Extent.MINE,
    Topic.WINDOW: Extent.NONE,
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a time of day until another, on the member's own clock. `until` may be on the next morning."""

    since: time
    until: time

    def end(self, now: datetime, time_zone: str | None) -> datetime | None:
        """When they end, if they are now; else None."""
        local = now.astimezone(zone(time_zone))
        clock = local.time()
        overnight = self.until <= self.since
        is_quiet = (clock >= self.since or clock < self.until) if overnight else self.since <= clock < self.until
        if not is_quiet or self.since == self.until:
            return None
        day = local.date() + _ONE_DAY if overnight and clock >= self.since else local.date()
        ends = datetime.combine(day, self.until, tzinfo=local.tzinfo)
        # The hour that comes twice in autumn: the first time it is over already.
        at = ends.astimezone(UTC)
        return at if at > now else ends.replace(fold=1).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Quiet to begin with: what one was given, and what one lets wait. `inboxes`: all of them when empty."""

    extents: Mapping[Topic, Extent] = field(default_factory=lambda: USUAL)
    inboxes: frozenset[int] = frozenset()
    quiet: QuietHours | None = None

    def extent(self, topic: Topic) -> Extent:
        return self.extents.get(topic, USUAL[topic])

    def wants(self, topic: Topic, inbox_id: int, *, is_mine: bool) -> bool:
        if self.inboxes and inbox_id not in self.inboxes:
            return False
        return self.extent(topic) is Extent.ALL or (is_mine and self.extent(topic) is Extent.MINE)

    def with_extent(self, topic: Topic, extent: Extent) -> Preferences:
        return replace(self, extents={**self.extents, topic: extent})

    def as_json(self) -> dict[str, object]:
        quiet = [f"{each:%H:%M}" for each in (self.quiet.since, self.quiet.until)] if self.quiet else None
        extents = {str(topic): str(self.extent(topic)) for topic in Topic}
        return {**extents, "inboxes": sorted(self.inboxes), "quiet": quiet}

    @classmethod
    def from_json(cls, kept: Mapping[str, object] | None) -> Preferences:
        """What is missing, or what we do not know, is as usual: an older replica may have written it, or a newer."""
        kept = kept or {}
        listed = kept.get("inboxes")
        inboxes = cast("list[object]", listed) if isinstance(listed, list) else []
        return cls(
            {topic: _extent(kept.get(topic), USUAL[topic]) for topic in Topic},
            frozenset(each for each in inboxes if isinstance(each, int)),
            _quiet(kept.get("quiet")),
        )


USUALLY = Preferences()


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff as far as telling them things is concerned. `time_zone` is Slack's name of it."""

    id: str
    preferences: Preferences = USUALLY
    time_zone: str | None = None
    is_away: bool = False


def zone(name: str | None) -> ZoneInfo:
    """A time zone by the name that Slack knows it by; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, malformed, or the name of a folder
        return ZoneInfo("UTC")


def _extent(kept: object, usual: Extent) -> Extent:
    return Extent(kept) if isinstance(kept, str) and kept in set(Extent) else usual


def _quiet(kept: object) -> QuietHours | None:
    match kept:
        case [str(since), str(until)]:
            try:
                return QuietHours(time.fromisoformat(since), time.fromisoformat(until))
            except ValueError:
                return None
        case _:
            return None
