"""The state table row by row, then by a machine that tries everything in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.escalation import (
    Actor,
    Assign,
    Close,
    Escalate,
    Escalation,
    Event,
    Opening,
    Prioritise,
    Priority,
    Refusal,
    Release,
    ReturnToBot,
    Status,
    Take,
    TakeOver,
    Transition,
    Trigger,
    Why,
    decide,
    open_escalation,
    slack_time,
)
from tests.domain.escalations import ANA, BEN, NOON, ended_by, held_by, queued

CARL = "U0CARL"
LATER = NOON + timedelta(minutes=30)
A, B, LEAD, SYSTEM = Actor(ANA), Actor(BEN), Actor(BEN, is_lead=True), Actor(None)


def changed(state: Escalation, event: Event, actor: Actor) -> Transition:
    outcome = decide(state, event, actor, LATER)
    assert isinstance(outcome, Transition), outcome
    return outcome


def refused(state: Escalation, event: Event, actor: Actor) -> Refusal:
    outcome = decide(state, event, actor, LATER)
    assert isinstance(outcome, Refusal), outcome
    return outcome


# --- none → queued ---


def test_escalating_a_conversation_nobody_handles_opens_a_new_stretch() -> None:
    event = Escalate(Trigger.CUSTOMER, "Asked for a person")
    assert open_escalation(None, event, A, LATER) == Opening(event, ANA, LATER)


@pytest.mark.parametrize("final", [Status.RESOLVED, Status.CLOSED])
def test_after_an_ended_stretch_the_next_one_is_new(final: Status) -> None:
    event = Escalate(Trigger.AI, "Again")
    assert open_escalation(ended_by(ANA, final), event, SYSTEM, LATER) == Opening(event, None, LATER)


def test_escalating_what_somebody_has_names_the_holder() -> None:
    outcome = open_escalation(held_by(BEN), Escalate(Trigger.STAFF, "x"), A, LATER)
    assert isinstance(outcome, Refusal)
    assert outcome.why is Why.ALREADY_ESCALATED
    assert BEN in outcome.reason


def test_escalating_what_already_waits_says_since_when() -> None:
    outcome = refused(queued(), Escalate(Trigger.STAFF, "x"), A)
    assert outcome.why is Why.ALREADY_ESCALATED
    assert slack_time(NOON) in outcome.reason


# --- take, take over, assign, release ---


def test_whoever_takes_first_has_it() -> None:
    after = changed(queued(), Take(), A).after
    assert (after.status, after.taken_by, after.taken_at) == (Status.OPEN, ANA, LATER)


def test_second_taker_is_told_who_was_first_and_since_when() -> None:
    outcome = refused(held_by(ANA), Take(), B)
    assert outcome.why is Why.HELD_BY_OTHER
    assert f"<@{ANA}>" in outcome.reason
    assert slack_time(NOON + timedelta(minutes=5)) in outcome.reason


def test_taking_twice_tells_the_holder_they_have_it() -> None:
    assert refused(held_by(ANA), Take(), A).why is Why.HELD_BY_YOU


@pytest.mark.parametrize("event", [Take(), TakeOver(confirmed=True)])
def test_only_a_person_can_hold_a_conversation(event: Event) -> None:
    assert refused(queued(), event, SYSTEM).why is Why.NOT_A_PERSON


def test_taking_over_needs_a_second_click() -> None:
    assert refused(held_by(ANA), TakeOver(), B).why is Why.HELD_BY_OTHER


def test_a_confirmed_takeover_moves_it_and_the_audit_says_from_whom() -> None:
    moved = changed(held_by(ANA), TakeOver(confirmed=True), B)
    assert (moved.after.taken_by, moved.after.taken_at) == (BEN, LATER)
    assert moved.event == "take_over"
    assert ANA in moved.note


def test_taking_over_what_nobody_has_is_simply_taking_it() -> None:
    taken = changed(queued(), TakeOver(), B)
    assert (taken.event, taken.after.taken_by) == ("take", BEN)


def test_the_holder_may_assign_it_to_a_colleague() -> None:
    moved = changed(held_by(ANA), Assign(BEN), A)
    assert moved.after.taken_by == BEN
    assert ANA in moved.note


def test_a_lead_may_assign_what_others_hold() -> None:
    assert changed(held_by(ANA), Assign(BEN), LEAD).after.taken_by == BEN


def test_others_may_not_assign_it() -> None:
    assert refused(held_by(ANA), Assign(BEN), B).why is Why.HELD_BY_OTHER


def test_who_may_not_assign_it_is_told_who_may() -> None:
    assert f"<@{ANA}>" in refused(held_by(ANA), Assign(BEN), B).reason
    assert "lead" in refused(held_by(ANA), Assign(BEN), B).reason
    assert "leads" in refused(queued(), Assign(BEN), A).reason


def test_a_lead_may_assign_what_nobody_took() -> None:
    after = changed(queued(), Assign(ANA), LEAD).after
    assert (after.status, after.taken_by, after.taken_at) == (Status.OPEN, ANA, LATER)


@pytest.mark.parametrize(
    "event",
    [
        TakeOver(confirmed=True, held_by=CARL),
        Assign(CARL, held_by=CARL),
        ReturnToBot(confirmed=True, held_by=CARL),
        Close(confirmed=True, held_by=CARL),
    ],
)
def test_what_moved_while_somebody_made_up_their_mind_stays_where_it_is(event: Event) -> None:
    outcome = refused(held_by(ANA), event, LEAD)
    assert outcome.why is Why.HELD_BY_OTHER
    assert f"<@{ANA}>" in outcome.reason


def test_what_went_back_to_the_queue_meanwhile_is_not_assigned_as_if_it_had_not() -> None:
    assert refused(queued(), Assign(ANA, held_by=ANA), LEAD).why is Why.NOT_OPEN


def test_assigning_it_to_oneself_says_one_has_it() -> None:
    assert refused(held_by(ANA), Assign(ANA), A).why is Why.HELD_BY_YOU


def test_what_nobody_took_cannot_be_assigned() -> None:
    assert refused(queued(), Assign(BEN), A).why is Why.NOT_OPEN


def test_releasing_puts_it_back_in_the_queue_with_a_new_wait() -> None:
    after = changed(held_by(ANA), Release(), A).after
    assert (after.status, after.taken_by, after.taken_at, after.queued_at) == (Status.QUEUED, None, None, LATER)


def test_only_the_holder_may_release() -> None:
    assert refused(held_by(ANA), Release(), LEAD).why is Why.HELD_BY_OTHER
    assert refused(queued(), Release(), A).why is Why.NOT_OPEN


# --- priority ---


@pytest.mark.parametrize("state", [queued(), held_by(ANA)])
def test_anybody_may_set_the_priority_and_nothing_else_changes(state: Escalation) -> None:
    moved = changed(state, Prioritise(Priority.URGENT), B)
    assert moved.after == replace(state, priority=Priority.URGENT)
    assert moved.note == "normal to urgent"


def test_the_same_priority_again_is_no_change() -> None:
    assert refused(queued(), Prioritise(Priority.NORMAL), A).why is Why.WRONG
    assert refused(queued(), Prioritise(Priority.HIGH), SYSTEM).why is Why.NOT_A_PERSON


# --- return to bot, close ---

ENDS = [(ReturnToBot, Status.RESOLVED), (Close, Status.CLOSED)]


@pytest.mark.parametrize(("event", "final"), ENDS)
def test_anybody_may_end_what_waits(event: type[ReturnToBot | Close], final: Status) -> None:
    after = changed(queued(), event(), B).after
    assert (after.status, after.ended_by, after.ended_at) == (final, BEN, LATER)


@pytest.mark.parametrize(("event", "final"), ENDS)
def test_the_holder_may_end_it(event: type[ReturnToBot | Close], final: Status) -> None:
    after = changed(held_by(ANA), event(), A).after
    assert (after.status, after.taken_by) == (final, ANA)


@pytest.mark.parametrize(("event", "final"), ENDS)
def test_others_end_it_only_when_they_confirm(event: type[ReturnToBot | Close], final: Status) -> None:
    assert refused(held_by(ANA), event(), B).why is Why.HELD_BY_OTHER
    assert changed(held_by(ANA), event(confirmed=True), B).after.status is final


@pytest.mark.parametrize("final", [Status.RESOLVED, Status.CLOSED])
@pytest.mark.parametrize(
    "event",
    [
        Take(),
        TakeOver(confirmed=True),
        Assign(BEN),
        Release(),
        Prioritise(Priority.HIGH),
        ReturnToBot(confirmed=True),
        Close(confirmed=True),
    ],
)
def test_nothing_moves_what_has_ended_and_the_clicker_is_told_who_and_when(final: Status, event: Event) -> None:
    outcome = refused(ended_by(ANA, final), event, LEAD)
    assert outcome.why is Why.ENDED
    assert f"<@{ANA}>" in outcome.reason
    assert slack_time(NOON + timedelta(hours=1)) in outcome.reason


def test_what_the_system_ended_is_not_blamed_on_anybody() -> None:
    assert "Switchboard" in refused(ended_by(None, Status.CLOSED), Take(), A).reason


# --- everything, in any order ---

STAFF = st.sampled_from([ANA, BEN])
ACTORS = st.builds(Actor, st.one_of(st.none(), STAFF), st.booleans())
SEEN = st.one_of(st.none(), st.just(""), STAFF)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Escalate, st.sampled_from(Trigger), st.just("again")),
    st.just(Take()),
    st.builds(TakeOver, st.booleans(), SEEN),
    st.builds(Assign, STAFF, SEEN),
    st.builds(Prioritise, st.sampled_from(Priority)),
    st.just(Release()),
    st.builds(ReturnToBot, st.just(""), st.booleans()),
    st.builds(Close, st.booleans()),
)
ALLOWED = {
    Status.QUEUED: {Status.QUEUED, Status.OPEN, Status.RESOLVED, Status.CLOSED},
    Status.OPEN: {Status.OPEN, Status.QUEUED, Status.RESOLVED, Status.CLOSED},
}


class Desk(RuleBasedStateMachine):
    """Several people press everything there is to press, on one escalation after another."""

    state: Escalation
    now: datetime

    @initialize()
    def a_customer_waits(self) -> None:
        self.state, self.now = queued(), NOON

    @rule(event=EVENTS, actor=ACTORS, minutes=st.integers(0, 90))
    def somebody_presses(self, event: Event, actor: Actor, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        outcome = decide(self.state, event, actor, self.now)
        if isinstance(outcome, Refusal):
            self.check_refusal(outcome, actor)
        else:
            self.check_transition(outcome, actor)
            self.state = outcome.after

    @rule(actor=ACTORS)
    def it_is_escalated_again(self, actor: Actor) -> None:
        outcome = open_escalation(self.state, Escalate(Trigger.AI, "again"), actor, self.now)
        assert isinstance(outcome, Opening) == self.state.status.is_final
        if isinstance(outcome, Opening):
            self.state = replace(queued(), id=self.state.id + 1, created_at=self.now, queued_at=self.now)

    def check_refusal(self, refusal: Refusal, actor: Actor) -> None:
        assert refusal.reason
        if refusal.why is Why.HELD_BY_OTHER:
            assert self.state.taken_by != actor.staff_id
            assert f"<@{self.state.taken_by}>" in refusal.reason
        if refusal.why is Why.HELD_BY_YOU:
            assert self.state.taken_by == actor.staff_id
        assert (refusal.why is Why.ENDED) == self.state.status.is_final

    def check_transition(self, transition: Transition, actor: Actor) -> None:
        before, after = self.state, transition.after
        assert not before.status.is_final
        assert after.status in ALLOWED[before.status]
        assert (after.id, after.created_at, after.reason) == (before.id, before.created_at, before.reason)
        assert transition.event
        if after.status.is_final:
            assert (after.ended_by, after.ended_at) == (actor.staff_id, self.now)

    @invariant()
    def exactly_one_holder_while_open_and_none_while_queued(self) -> None:
        if self.state.status is Status.OPEN:
            assert self.state.taken_by
            assert self.state.taken_at
        if self.state.status is Status.QUEUED:
            assert self.state.taken_by is None
        assert bool(self.state.ended_at) == self.state.status.is_final


class TestDesk(Desk.TestCase):
    settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
