"""Staff put reminders off and keep things open; Switchboard gives back what lies about. Nothing else moves by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.escalation import (
    Actor,
    Assign,
    Event,
    GiveBack,
    KeepOpen,
    Refusal,
    Release,
    Snooze,
    Status,
    Take,
    TakeOver,
    Transition,
    Why,
    decide,
)
from tests.domain.escalations import ANA, BEN, NOON, ended_by, held_by, queued

LATER, TOMORROW = NOON + timedelta(minutes=30), NOON + timedelta(days=1)
A, B, LEAD, SYSTEM = Actor(ANA), Actor(BEN), Actor(BEN, is_lead=True), Actor(None)


def test_anybody_puts_off_what_waits_and_nothing_else_changes() -> None:
    change = decide(queued(), Snooze(TOMORROW), B, LATER)
    assert isinstance(change, Transition)
    assert change.after == replace(queued(), snoozed_until=TOMORROW)


@pytest.mark.parametrize(("actor", "may"), [(A, True), (LEAD, True), (B, False), (SYSTEM, False)])
def test_what_somebody_has_is_put_off_by_them_or_a_lead(actor: Actor, may: bool) -> None:
    outcome = decide(held_by(ANA), Snooze(TOMORROW), actor, LATER)
    assert isinstance(outcome, Transition) is may
    if actor is B:
        assert isinstance(outcome, Refusal)
        assert outcome.why is Why.HELD_BY_OTHER
        assert f"<@{ANA}>" in outcome.reason


def test_what_is_over_cannot_be_waited_for() -> None:
    outcome = decide(queued(), Snooze(LATER), A, LATER)
    assert isinstance(outcome, Refusal)
    assert outcome.why is Why.WRONG


@pytest.mark.parametrize(
    ("state", "event", "actor"),
    [
        (queued(), Take(), A),
        (held_by(ANA), TakeOver(confirmed=True), B),
        (held_by(ANA), Assign(BEN), A),
        (held_by(ANA), Release(), A),
        (held_by(ANA), GiveBack(), SYSTEM),
    ],
)
def test_new_hands_end_what_the_former_put_off(state: object, event: Event, actor: Actor) -> None:
    assert isinstance(state, type(queued()))
    change = decide(replace(state, snoozed_until=TOMORROW), event, actor, LATER)
    assert isinstance(change, Transition)
    assert change.after.snoozed_until is None


def test_switchboard_gives_back_what_somebody_has_and_the_wait_begins_anew() -> None:
    change = decide(held_by(ANA), GiveBack(), SYSTEM, LATER)
    assert isinstance(change, Transition)
    assert (change.after.status, change.after.queued_at, change.after.taken_by) == (Status.QUEUED, LATER, None)
    assert f"<@{ANA}>" in change.note
    assert isinstance(decide(queued(), GiveBack(), SYSTEM, LATER), Refusal)


def test_nobody_else_can_give_back_what_another_has() -> None:
    assert isinstance(decide(held_by(ANA), GiveBack(), B, LATER), Refusal)


def test_keeping_it_open_changes_nothing_but_the_silence() -> None:
    change = decide(held_by(ANA), KeepOpen(), B, LATER)
    assert isinstance(change, Transition)
    assert change.after == held_by(ANA)
    assert isinstance(decide(queued(), KeepOpen(), B, LATER), Refusal)


@pytest.mark.parametrize("event", [Snooze(TOMORROW), KeepOpen(), GiveBack()])
def test_what_has_ended_stays_ended(event: Event) -> None:
    outcome = decide(ended_by(ANA, Status.CLOSED), event, A, LATER)
    assert isinstance(outcome, Refusal)
    assert outcome.why is Why.ENDED
