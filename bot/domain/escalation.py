"""The escalation state table: who may do what to a conversation that people handle, and what it becomes.

from          | event                     | to
none          | escalate                  | queued
queued        | take, assign              | open
open          | take over, assign         | open, other assignee
open          | release, give back        | queued
queued, open  | return to bot             | resolved
queued, open  | close                     | closed
queued, open  | set the priority, snooze  | unchanged
open          | keep open                 | unchanged
any final     | anything                  | refused: who ended it, and when
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

# What the customer is told about why people come in.
Told = Literal["requested", "handover", "unavailable"]


class Status(StrEnum):
    """Queued: waiting for someone. Open: a person has it. Resolved: back with the AI. Closed: ended."""

    QUEUED = "queued"
    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_final(self) -> bool:
        return self in (Status.RESOLVED, Status.CLOSED)


class Trigger(StrEnum):
    """Who or what asked for a person."""

    AI = "ai"
    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One stretch of a conversation that people handle. Staff are Slack user ids; times are aware UTC."""

    id: int
    inbox_id: int
    conversation_id: int
    status: Status
    trigger: Trigger
    reason: str
    created_at: datetime
    queued_at: datetime
    summary: str = ""
    priority: Priority = Priority.NORMAL
    language: str = "en"
    started_by: str | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    trigger: Trigger
    reason: str
    summary: str = ""
    priority: Priority = Priority.NORMAL
    language: str = "en"
    told: Told | None = None  # None: what goes with the trigger


@dataclass(frozen=True, slots=True)
class Take:
    pass


@dataclass(frozen=True, slots=True)
class TakeOver:
    """`held_by`: who had it in the eyes of the one who asks, "" for nobody; None where that was not looked at."""

    confirmed: bool = False
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """`held_by` as in `TakeOver`: two who assign at once must not undo each other unawares."""

    to: str
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    pass


@dataclass(frozen=True, slots=True)
class Prioritise:
    priority: Priority


@dataclass(frozen=True, slots=True)
class ReturnToBot:
    """`held_by` as in `TakeOver`: who insists does so against the colleague they were told of, and nobody else."""

    guidance: str = ""
    confirmed: bool = False
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """`held_by` as in `ReturnToBot`."""

    confirmed: bool = False
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    until: datetime


@dataclass(frozen=True, slots=True)
class KeepOpen:
    pass


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Switchboard itself: whoever has it leaves the customer waiting."""


Event = Escalate | Take | TakeOver | Assign | Release | Prioritise | ReturnToBot | Close | Snooze | KeepOpen | GiveBack


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it. `is_lead` members may move what others hold; the system has no Slack id."""

    staff_id: str | None
    is_lead: bool = False


class Why(StrEnum):
    """The kind of a refusal, so that a door can offer the next step without reading the words."""

    ENDED = "ended"
    HELD_BY_OTHER = "held_by_other"
    HELD_BY_YOU = "held_by_you"
    NOT_OPEN = "not_open"
    ALREADY_ESCALATED = "already_escalated"
    NOT_ESCALATED = "not_escalated"
    NOT_A_PERSON = "not_a_person"
    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"
    WRONG = "wrong"  # what was asked for cannot be done as it is


@dataclass(frozen=True, slots=True)
class Refusal:
    """The event changes nothing. `reason` is Slack mrkdwn that tells the person why, and who has it since when."""

    why: Why
    reason: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new escalation will be; it has no id before it is stored."""

    event: Escalate
    started_by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Transition:
    """The escalation as it now stands, and the line for the audit."""

    after: Escalation
    event: str
    note: str = ""


def slack_time(moment: datetime) -> str:
    """A moment as Slack's date token: each reader sees it in their own time zone.

    Source: docs.slack.dev/messaging/formatting-message-text.
    """
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def slack_date(moment: datetime, url: str | None = None) -> str:
    """The same for a day alone, with a link where there is one."""
    link = f"^{url}" if url else ""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}{link}|{moment:%Y-%m-%d}>"


def open_escalation(active: Escalation | None, event: Escalate, actor: Actor, now: datetime) -> Opening | Refusal:
    """Start a new stretch unless people have the conversation already."""
    if active is None or active.status.is_final:
        return Opening(event, actor.staff_id, now)
    if active.status is Status.OPEN:
        return Refusal(Why.ALREADY_ESCALATED, f"Already with <@{active.taken_by}>{_since(active.taken_at)}.")
    return Refusal(Why.ALREADY_ESCALATED, f"Already waiting in the queue{_since(active.queued_at)}.")


def decide(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    """Apply one event to an escalation: the state table, row by row."""
    if state.status.is_final:
        return _ended(state)
    if isinstance(event, Escalate):
        refusal = open_escalation(state, event, actor, now)
        assert isinstance(refusal, Refusal)
        return refusal
    return _ROWS[type(event)](state, event, actor, now)


def _take(state: Escalation, _event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    if state.status is Status.QUEUED:
        return _hand_to(state, actor.staff_id, now, "take")
    return _held(state, actor)


def may_assign(state: Escalation, actor: Actor) -> Refusal | None:
    """Why this person may not give it to somebody, or None when they may."""
    if state.status.is_final:
        return _ended(state)
    if actor.is_lead or (state.status is Status.OPEN and state.taken_by == actor.staff_id):
        return None
    if state.status is Status.OPEN:
        return Refusal(Why.HELD_BY_OTHER, f"{_held(state, actor).reason} Only they or a lead can assign it.")
    return Refusal(
        Why.NOT_OPEN, "Nobody has taken this yet. Take it first, then assign it; leads can assign it at once."
    )


def _take_over(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    assert isinstance(event, TakeOver)
    if state.status is Status.QUEUED:
        return _hand_to(state, actor.staff_id, now, "take")
    if state.taken_by == actor.staff_id or not event.confirmed or _has_moved(state, event.held_by):
        return _held(state, actor)
    return _hand_to(state, actor.staff_id, now, "take_over", f"from <@{state.taken_by}>")


def _assign(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    assert isinstance(event, Assign)
    if refusal := may_assign(state, actor):
        return refusal
    if _has_moved(state, event.held_by) or state.taken_by == event.to:
        return _held(state, actor)
    return _hand_to(state, event.to, now, "assign", f"by <@{actor.staff_id}>")


def _release(state: Escalation, _event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    if state.status is not Status.OPEN:
        return Refusal(Why.NOT_OPEN, "Nobody has taken this yet; it is waiting in the queue.")
    if state.taken_by != actor.staff_id:
        only_they = "Only they can put it back in the queue; you can take it over."
        return Refusal(Why.HELD_BY_OTHER, f"{_held(state, actor).reason} {only_they}")
    return Transition(_queued(state, now), "release")


def _prioritise(state: Escalation, event: Event, actor: Actor, _now: datetime) -> Transition | Refusal:
    assert isinstance(event, Prioritise)
    if not actor.staff_id:
        return Refusal(Why.NOT_A_PERSON, "Only a member of staff can set the priority.")
    if state.priority is event.priority:
        return Refusal(Why.WRONG, f"The priority is {state.priority} already.")
    change = f"{state.priority} to {event.priority}"
    return Transition(replace(state, priority=event.priority), "prioritise", change)


def _return_to_bot(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    assert isinstance(event, ReturnToBot)
    return _end(state, Status.RESOLVED, actor, now, "return_to_bot", confirmed=_insists(state, event))


def _close(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    assert isinstance(event, Close)
    return _end(state, Status.CLOSED, actor, now, "close", confirmed=_insists(state, event))


def _snooze(state: Escalation, event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    assert isinstance(event, Snooze)
    if not actor.staff_id:
        return Refusal(Why.NOT_A_PERSON, "Only a member of staff can put reminders off.")
    if state.status is Status.OPEN and state.taken_by != actor.staff_id and not actor.is_lead:
        return Refusal(Why.HELD_BY_OTHER, f"{_held(state, actor).reason} Only they or a lead can put reminders off.")
    if event.until <= now:
        return Refusal(Why.WRONG, "That moment is over already.")
    return Transition(replace(state, snoozed_until=event.until), "snooze", slack_time(event.until))


def _keep_open(state: Escalation, _event: Event, actor: Actor, _now: datetime) -> Transition | Refusal:
    if state.status is not Status.OPEN:
        return Refusal(Why.NOT_OPEN, "Nobody has this now; it waits in the queue and does not close by itself.")
    if not actor.staff_id:
        return Refusal(Why.NOT_A_PERSON, "Only a member of staff can keep it open.")
    return Transition(state, "keep_open")


def _give_back(state: Escalation, _event: Event, actor: Actor, now: datetime) -> Transition | Refusal:
    if state.status is not Status.OPEN or actor.staff_id:
        return _release(state, Release(), actor, now)
    return Transition(_queued(state, now), "give_back", f"<@{state.taken_by}>")


_ROWS: dict[type[Event], Callable[[Escalation, Event, Actor, datetime], Transition | Refusal]] = {
    Take: _take,
    TakeOver: _take_over,
    Assign: _assign,
    Release: _release,
    Prioritise: _prioritise,
    ReturnToBot: _return_to_bot,
    Close: _close,
    Snooze: _snooze,
    KeepOpen: _keep_open,
    GiveBack: _give_back,
}


def _hand_to(
    state: Escalation, staff_id: str | None, now: datetime, event: str, note: str = ""
) -> Transition | Refusal:
    if not staff_id:
        return Refusal(Why.NOT_A_PERSON, "Only a member of staff can hold a conversation.")
    taken = replace(state, status=Status.OPEN, taken_by=staff_id, taken_at=now, snoozed_until=None)
    return Transition(taken, event, note)


def _queued(state: Escalation, now: datetime) -> Escalation:
    return replace(state, status=Status.QUEUED, queued_at=now, taken_by=None, taken_at=None, snoozed_until=None)


def _end(
    state: Escalation, final: Status, actor: Actor, now: datetime, event: str, *, confirmed: bool
) -> Transition | Refusal:
    if state.status is Status.OPEN and state.taken_by != actor.staff_id and not confirmed:
        return _held(state, actor)
    return Transition(replace(state, status=final, ended_by=actor.staff_id, ended_at=now), event)


def _insists(state: Escalation, event: ReturnToBot | Close) -> bool:
    return event.confirmed and not _has_moved(state, event.held_by)


def _held(state: Escalation, actor: Actor) -> Refusal:
    if state.status is Status.QUEUED:
        return Refusal(Why.NOT_OPEN, f"It is back in the queue{_since(state.queued_at)}.")
    if state.taken_by == actor.staff_id:
        return Refusal(Why.HELD_BY_YOU, f"You already have this{_since(state.taken_at)}.")
    return Refusal(Why.HELD_BY_OTHER, f"<@{state.taken_by}> has this{_since(state.taken_at)}.")


def _has_moved(state: Escalation, held_by: str | None) -> bool:
    """Whether somebody else has it than the one who asks had in mind."""
    return held_by is not None and held_by != (state.taken_by or "")


def _ended(state: Escalation) -> Refusal:
    verb = "returned this to the bot" if state.status is Status.RESOLVED else "closed this"
    who = f"<@{state.ended_by}>" if state.ended_by else "Switchboard"
    when = f" {slack_time(state.ended_at)}" if state.ended_at else ""
    return Refusal(Why.ENDED, f"{who} {verb}{when}. If the customer writes again, the bot answers them.")


def _since(moment: datetime | None) -> str:
    return f" since {slack_time(moment)}" if moment else ""
