"""What members of staff want to be told, and their quiet hours, on their own clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.domain.preferences import Extent, Preferences, QuietHours, Topic

MADRID, LAGOS, NEW_YORK = "Europe/Madrid", "Africa/Lagos", "America/New_York"
NIGHT = QuietHours(time(22), time(8))
LUNCH = QuietHours(time(13), time(14, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_usual_is_quiet():
    usual = Preferences()
    told = {topic for topic in Topic if usual.wants(topic, 1, is_mine=True)}
    assert told == {Topic.ASSIGNED, Topic.REMINDER}
    assert not any(usual.wants(topic, 1, is_mine=False) for topic in Topic)


@pytest.mark.parametrize(
    ("extent", "mine", "others"), [(Extent.ALL, True, True), (Extent.MINE, True, False), (Extent.NONE, False, False)]
)
def test_of_all_of_mine_or_of_none(extent: Extent, mine: bool, others: bool):
    chosen = Preferences().with_extent(Topic.CUSTOMER, extent)
    assert chosen.wants(Topic.CUSTOMER, 1, is_mine=True) is mine
    assert chosen.wants(Topic.CUSTOMER, 1, is_mine=False) is others


def test_only_of_the_inboxes_that_were_chosen():
    chosen = Preferences(inboxes=frozenset({2}))
    assert chosen.wants(Topic.ASSIGNED, 2, is_mine=True)
    assert not chosen.wants(Topic.ASSIGNED, 1, is_mine=True)


def test_what_is_kept_is_read_back():
    chosen = Preferences(inboxes=frozenset({2, 7}), quiet=NIGHT).with_extent(Topic.NEW, Extent.ALL)
    assert Preferences.from_json(chosen.as_json()) == chosen.with_extent(Topic.WINDOW, Extent.NONE)


@pytest.mark.parametrize(
    "kept",
    [None, {}, {"new": "loudly", "quiet": "night"}, {"quiet": ["25:00", "08:00"]}, {"inboxes": 3, "assigned": None}],
)
def test_what_cannot_be_read_is_as_usual(kept: dict[str, object] | None):
    assert Preferences.from_json(kept).as_json() == Preferences().as_json()


@pytest.mark.parametrize(
    ("quiet", "time_zone", "now", "ends"),
    [
        (NIGHT, MADRID, "2026-11-23T20:59", None),
        (NIGHT, MADRID, "2026-11-23T21:00", "2026-11-24T07:00"),
        (NIGHT, MADRID, "2026-11-24T06:59", "2026-11-24T07:00"),
        (NIGHT, MADRID, "2026-11-24T07:00", None),
        (NIGHT, NEW_YORK, "2026-11-24T03:00", "2026-11-24T13:00"),
        (NIGHT, LAGOS, "2026-11-23T21:00", "2026-11-24T07:00"),
        (LUNCH, MADRID, "2026-11-23T12:00", "2026-11-23T13:30"),
        (LUNCH, MADRID, "2026-11-23T13:30", None),
        (NIGHT, "Atlantis/Sunken", "2026-11-23T22:00", "2026-11-24T08:00"),
        (NIGHT, None, "2026-11-23T21:59", None),
        (QuietHours(time(8), time(8)), MADRID, "2026-11-23T12:00", None),
    ],
)
def test_quiet_hours_are_on_the_members_own_clock(quiet: QuietHours, time_zone: str | None, now: str, ends: str | None):
    assert quiet.end(at(now), time_zone) == (at(ends) if ends else None)


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        # Spring: on 29 March 2026 the clock goes from 2:00 to 3:00 (1:00 UTC).
        (NIGHT, "2026-03-28T20:59", None),
        (NIGHT, "2026-03-28T21:00", "2026-03-29T06:00"),
        (NIGHT, "2026-03-29T05:59", "2026-03-29T06:00"),
        (NIGHT, "2026-03-29T06:00", None),
        (QuietHours(time(22), time(2, 30)), "2026-03-29T00:30", "2026-03-29T01:30"),  # a time that does not exist
        # Autumn: on 25 October 2026 it goes from 3:00 back to 2:00 (1:00 UTC).
        (NIGHT, "2026-10-24T20:00", "2026-10-25T07:00"),
        (NIGHT, "2026-10-25T06:59", "2026-10-25T07:00"),
        (QuietHours(time(22), time(2, 30)), "2026-10-25T00:15", "2026-10-25T00:30"),  # the first 2:15
        (QuietHours(time(22), time(2, 30)), "2026-10-25T00:45", None),
        (QuietHours(time(22), time(2, 30)), "2026-10-25T01:15", "2026-10-25T01:30"),  # the second
    ],
)
def test_quiet_hours_when_the_clocks_change(quiet: QuietHours, now: str, ends: str | None):
    assert quiet.end(at(now), MADRID) == (at(ends) if ends else None)
