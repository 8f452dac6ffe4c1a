"""When a queued escalation is chased, and which step of the ladder is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HOURLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to send now: `step` counts from 1; `next_at` is when the one after it falls due."""

    step: int
    waited: timedelta
    next_at: datetime


def step_at(ladder: tuple[timedelta, ...], step: int) -> timedelta:
    """How long after queueing step `step` (from 1) falls due; past the ladder's end, once an hour."""
    if step <= len(ladder):
        return ladder[step - 1]
    return ladder[-1] + HOURLY * (step - len(ladder))


def first_due(ladder: tuple[timedelta, ...], queued_at: datetime) -> datetime | None:
    """When the first reminder falls due, or None where there is no ladder."""
    return queued_at + ladder[0] if ladder else None


def due(ladder: tuple[timedelta, ...], queued_at: datetime, now: datetime) -> Due | None:
    """The latest step that is due. Steps missed while nothing ran are skipped: one reminder, not ten."""
    if not ladder or queued_at + ladder[0] > now:
        return None
    step = 1
    while queued_at + step_at(ladder, step + 1) <= now:
        step += 1
    return Due(step, now - queued_at, queued_at + step_at(ladder, step + 1))
