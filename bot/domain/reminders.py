"""When whoever waits is chased, and which step of a ladder is due: in opening time, where an inbox has a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.domain.conversation import Conversation
from bot.domain.hours import ALWAYS, Calendar

HOURLY = timedelta(hours=1)


class Tell(StrEnum):
    """Who learns of it. Every reminder stands in the thread; `channel` lets the whole channel see it there too."""

    THREAD = "thread"
    CHANNEL = "channel"
    ON_CALL = "on_call"  # the inbox's on-call group is mentioned in it
    LEADS = "leads"  # the inbox's leads get a direct message each


@dataclass(frozen=True, slots=True)
class Step:
    """So much opening time after the wait began, these are told."""

    after: timedelta
    tell: frozenset[Tell] = frozenset({Tell.THREAD})


_PINGS = frozenset({Tell.ON_CALL, Tell.LEADS})  # these reach into people's pockets: once for one thing

# Where a ladder says only when: first the thread, then whoever is on call, then everybody, once the leads.
_USUALLY = (
    frozenset({Tell.THREAD}),
    frozenset({Tell.THREAD, Tell.ON_CALL}),
    frozenset({Tell.THREAD, Tell.CHANNEL}),
    frozenset({Tell.THREAD, Tell.CHANNEL, Tell.LEADS}),
    frozenset({Tell.THREAD, Tell.CHANNEL}),
)


def usual_ladder(when: Sequence[timedelta]) -> tuple[Step, ...]:
    """The steps of a ladder that does not say who is told."""
    return tuple(Step(after, _USUALLY[min(number, len(_USUALLY) - 1)]) for number, after in enumerate(when))


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to send now. `step` counts from 1; `pinged` were called earlier in the same wait."""

    step: int
    waited: timedelta
    tell: frozenset[Tell]
    pinged: frozenset[Tell] = frozenset()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Its steps, by the opening time of `hours`. Where it `goes_on`, there is one an hour past its end."""

    steps: tuple[Step, ...]
    hours: Calendar
    goes_on: bool = True

    def first_due(self, since: datetime) -> datetime | None:
        """When the first reminder falls due, or None where there is no ladder."""
        return self._falls_due(since, 1)

    def due(self, since: datetime, now: datetime, told: int = 0) -> Due | None:
        """The latest step that is due. Steps missed while nothing ran are skipped: one reminder, not ten.

        `told`: the last step of this wait that was told.
        """
        step = self._reached(since, now)
        return Due(step, now - since, self._tell(step, told), _pings(self.steps[:told])) if step else None

    def next_due(self, since: datetime, now: datetime) -> datetime | None:
        """When the step after that falls due, if there is one."""
        return self._falls_due(since, self._reached(since, now) + 1)

    def _reached(self, since: datetime, now: datetime) -> int:
        opened = self.hours.between(since, now)
        step = sum(each.after <= opened for each in self.steps)
        if step and step == len(self.steps) and self.goes_on:
            step += (opened - self.steps[-1].after) // HOURLY
        falls_due = self._falls_due(since, step) if step else None
        return step - 1 if falls_due and falls_due > now else step

    def _falls_due(self, since: datetime, step: int) -> datetime | None:
        """When people are there to hear it: what ends with the day's hours is told when the next begin."""
        after = self._after(step)
        return None if after is None else self.hours.next_opening(self.hours.after(since, after))

    def _after(self, step: int) -> timedelta | None:
        if step <= len(self.steps):
            return self.steps[step - 1].after
        if not self.goes_on or not self.steps:
            return None
        return self.steps[-1].after + HOURLY * (step - len(self.steps))

    def _tell(self, step: int, told: int) -> frozenset[Tell]:
        """Each step calls whom it names once, also where it was missed; past the end nobody is called again."""
        return self.steps[min(step, len(self.steps)) - 1].tell - _PINGS | _pings(self.steps[told:step])


def _pings(steps: Sequence[Step]) -> frozenset[Tell]:
    return frozenset[Tell]().union(*(each.tell & _PINGS for each in steps))


def put_off(snoozed_until: datetime | None, hours: Calendar, now: datetime) -> datetime | None:
    """When reminders may come again, if not now: they were put off, or the business is closed."""
    at = hours.next_opening(max(now, snoozed_until or now))
    return at if at > now else None


def waits_since(conversation: Conversation, taken_at: datetime | None) -> datetime | None:
    """Since when whoever took it owes the customer an answer; None while they owe none."""
    if conversation.waiting_since is None or conversation.last_customer_message <= conversation.answered_through:
        return None
    return max(filter(None, (conversation.waiting_since, taken_at)))


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody has said anything since then; `warned_at` is when staff were told that this will end it."""

    since: datetime
    warned_at: datetime | None

    @property
    def is_warned(self) -> bool:
        return self.warned_at is not None and self.warned_at >= self.since


@dataclass(frozen=True, slots=True)
class Patience:
    """How long nobody need say anything, and how long before its end staff are warned: opening time, too."""

    close_after: timedelta
    warning: timedelta
    hours: Calendar

    def warns_at(self, quiet: Quiet) -> datetime:
        return self.hours.next_opening(self.hours.after(quiet.since, self.close_after - self.warning))

    def closes_at(self, warned_at: datetime) -> datetime:
        """Everybody has the whole warning to do something, however late it came."""
        return self.hours.next_opening(self.hours.after(warned_at, self.warning))


class Pause(StrEnum):
    """For how long staff want no reminders of a conversation."""

    HOUR = "1h"
    HOURS = "4h"
    TOMORROW = "tomorrow"

    @property
    def in_words(self) -> str:
        return {Pause.HOUR: "For 1 hour", Pause.HOURS: "For 4 hours", Pause.TOMORROW: "Until tomorrow's opening"}[self]

    def until(self, now: datetime, hours: Calendar, zone: tzinfo) -> datetime:
        """`zone`: whose tomorrow it is. Where it is always open, tomorrow begins at nine."""
        if self is not Pause.TOMORROW:
            return now + timedelta(hours=1 if self is Pause.HOUR else 4)
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        begins = time(9) if hours == ALWAYS else time()
        return hours.next_opening(datetime.combine(tomorrow, begins, zone).astimezone(UTC))
