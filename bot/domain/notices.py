"""Who is told what by direct message: never whoever caused it, never twice, and not while they want quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.conversation import Conversation
from bot.domain.escalation import Escalation, Status
from bot.domain.preferences import Member, Topic
from bot.domain.window import is_closed

GATHERED_FOR = timedelta(seconds=1)  # what happens together is told in one message
# Whoever is at the thread answers at once, and need not be told that the customer has written.
ANSWERED_WITHIN = timedelta(seconds=30)
_WAITS_FOR_MORNING = frozenset({Topic.ASSIGNED})  # anything else will have been seen to by others


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that staff may want to be told. `mine`: those whose conversation it is, or for whom a reminder is."""

    topic: Topic
    inbox_id: int
    mine: frozenset[str] = frozenset()
    by: str | None = None  # who caused it
    pinged: frozenset[str] = frozenset()  # who has been called for the same thing in another way


def told(happening: Happening, members: Iterable[Member]) -> list[str]:
    """Whom to write to."""
    return sorted(each.id for each in members if _is_told(happening, each))


def _is_told(happening: Happening, member: Member) -> bool:
    if member.is_away or member.id == happening.by or member.id in happening.pinged:
        return False
    return member.preferences.wants(happening.topic, happening.inbox_id, is_mine=member.id in happening.mine)


def may_be_told_at(topic: Topic, member: Member, now: datetime) -> datetime | None:
    """When: now, or when their quiet hours are over; None where it is not worth telling then."""
    quiet = member.preferences.quiet
    ends = quiet.end(now, member.time_zone) if quiet else None
    if ends is None:
        return None if member.is_away else now
    return ends if topic in _WAITS_FOR_MORNING and not member.is_away else None


def is_moot(
    topic: Topic, holder: str | None, escalation: Escalation, conversation: Conversation, now: datetime
) -> bool:
    """Whether somebody has seen to it since. `holder` is who had it when it happened; nobody, while it was queued."""
    if escalation.status.is_final or escalation.taken_by != holder:
        return True
    if topic is Topic.WINDOW:
        return is_closed(conversation, now)
    owes = conversation.last_customer_message > conversation.answered_through
    is_about_waiting = topic in (Topic.CUSTOMER, Topic.REMINDER) and escalation.status is Status.OPEN
    return is_about_waiting and not owes
