"""Who is told what by direct message, and when it is not worth telling any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.conversation import Conversation
from bot.domain.escalation import Status
from bot.domain.notices import Happening, is_moot, may_be_told_at, told
from bot.domain.people import Address, AddressKind
from bot.domain.preferences import Extent, Member, Preferences, QuietHours, Topic
from tests.domain.escalations import ANA, BEN, NOON, ended_by, held_by, queued

EVE = "U0EVE"
ALL = Preferences(dict.fromkeys(Topic, Extent.ALL))
NONE = Preferences(dict.fromkeys(Topic, Extent.NONE))
SINCE_TEN = QuietHours(time(22), time(8))
NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

# Ana has it or is meant; Ben wants to be told of everything; Eve of nothing.
DESK = [Member(ANA), Member(BEN, ALL), Member(EVE, NONE)]


def happening(topic: Topic, *, by: str | None = None, pinged: tuple[str, ...] = ()) -> Happening:
    mine: frozenset[str] = frozenset() if topic is Topic.NEW else frozenset({ANA})
    return Happening(topic, 1, mine, by, frozenset(pinged))


@pytest.mark.parametrize(
    ("topic", "who"),
    [
        (Topic.NEW, [BEN]),
        (Topic.ASSIGNED, [ANA, BEN]),
        (Topic.CUSTOMER, [BEN]),
        (Topic.REMINDER, [ANA, BEN]),
        (Topic.WINDOW, [BEN]),
    ],
)
def test_who_is_told_as_they_chose(topic: Topic, who: list[str]):
    assert told(happening(topic), DESK) == who


@pytest.mark.parametrize("topic", Topic)
def test_never_whoever_caused_it(topic: Topic):
    assert BEN not in told(happening(topic, by=BEN), DESK)


@pytest.mark.parametrize("topic", Topic)
def test_never_whoever_was_called_for_the_same_thing_already(topic: Topic):
    assert BEN not in told(happening(topic, pinged=(BEN,)), DESK)


@pytest.mark.parametrize("topic", Topic)
def test_nobody_who_is_away(topic: Topic):
    assert told(happening(topic), [replace(each, is_away=True) for each in DESK]) == []


@pytest.mark.parametrize("topic", Topic)
def test_only_of_the_inboxes_they_chose(topic: Topic):
    assert told(happening(topic), [Member(BEN, replace(ALL, inboxes=frozenset({2})))]) == []


@pytest.mark.parametrize(
    ("topic", "at"),
    [
        (Topic.NEW, None),
        (Topic.ASSIGNED, MORNING),
        (Topic.CUSTOMER, None),
        (Topic.REMINDER, None),
        (Topic.WINDOW, None),
    ],
)
def test_what_was_assigned_at_night_is_told_in_the_morning_and_nothing_else(topic: Topic, at: datetime | None):
    asleep = Member(ANA, replace(ALL, quiet=SINCE_TEN), "UTC")
    assert may_be_told_at(topic, asleep, NIGHT) == at
    assert may_be_told_at(topic, asleep, MORNING) == MORNING
    assert may_be_told_at(topic, replace(asleep, time_zone="America/New_York"), NIGHT) == NIGHT
    assert may_be_told_at(topic, replace(asleep, is_away=True), NIGHT) is None
    assert may_be_told_at(topic, replace(asleep, is_away=True), MORNING) is None


def conversation(*, waits: bool, written: timedelta = timedelta(hours=1)) -> Conversation:
    return Conversation(
        id=1,
        inbox_id=1,
        customer_id=1,
        epoch=1,
        with_people=True,
        reply_to=Address(AddressKind.WA_ID, "34600111222"),
        last_customer_at=NOON - written,
        last_customer_message=5,
        answered_through=4 if waits else 5,
    )


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("final", [Status.RESOLVED, Status.CLOSED])
def test_of_what_has_ended_nothing_is_told(topic: Topic, final: Status):
    assert is_moot(topic, ANA, ended_by(ANA, final), conversation(waits=True), NOON)


@pytest.mark.parametrize("topic", Topic)
def test_nor_of_what_has_changed_hands(topic: Topic):
    by_ana = held_by(ANA)
    assert not is_moot(topic, ANA, by_ana, conversation(waits=True), NOON)
    assert is_moot(topic, ANA, replace(by_ana, taken_by=BEN), conversation(waits=True), NOON)
    assert is_moot(topic, None, by_ana, conversation(waits=True), NOON)
    assert is_moot(topic, ANA, queued(), conversation(waits=True), NOON)


@pytest.mark.parametrize("topic", Topic)
def test_nor_that_somebody_waits_who_has_been_answered(topic: Topic):
    about_waiting = topic in (Topic.CUSTOMER, Topic.REMINDER)
    assert is_moot(topic, ANA, held_by(ANA), conversation(waits=False), NOON) is about_waiting
    assert not is_moot(topic, None, queued(), conversation(waits=False), NOON)


def test_nor_that_a_window_closes_which_has_closed():
    closed = conversation(waits=True, written=timedelta(hours=25))
    assert is_moot(Topic.WINDOW, ANA, held_by(ANA), closed, NOON)
    assert not is_moot(Topic.CUSTOMER, ANA, held_by(ANA), closed, NOON)
