"""Where the time of an escalation went, whatever went back and forth."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.escalation import Status
from bot.domain.stretches import Spent, spent
from tests.domain.escalations import NOON

QUEUED, OPEN = Status.QUEUED, Status.OPEN


def at(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def test_what_nobody_took_only_waited() -> None:
    assert spent([(NOON, QUEUED)], NOON + at(30)) == Spent(at(30), at(0))


def test_a_release_makes_it_wait_again_and_a_takeover_does_not() -> None:
    changes = [
        (NOON, QUEUED),
        (NOON + at(5), OPEN),
        (NOON + at(9), OPEN),  # taken over, or its priority changed
        (NOON + at(15), QUEUED),
        (NOON + at(35), OPEN),
        (NOON + at(60), Status.RESOLVED),
    ]
    assert spent(changes, NOON + at(60)) == Spent(at(25), at(35))


def test_nothing_known_is_nothing_said() -> None:
    assert spent([], NOON) == Spent(at(0), at(0))
