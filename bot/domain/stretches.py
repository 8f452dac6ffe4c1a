"""What came of the times that people had a conversation: how each ended, and how long it waited and was handled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.escalation import Status


@dataclass(frozen=True, slots=True)
class Earlier:
    """An escalation that has ended. `ended_by` is a name, empty for Switchboard itself."""

    id: int
    status: Status
    reason: str
    ended_at: datetime
    ended_by: str = ""
    thread_url: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that people had the conversation."""

    id: int
    reason: str
    thread_url: str | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """How long nobody had it, and how long somebody did, whatever went back and forth."""

    waited: timedelta
    handled: timedelta


def spent(changes: Sequence[tuple[datetime, Status]], ended_at: datetime) -> Spent:
    """`changes`: since when it had which status, in order."""
    waited = handled = timedelta(0)
    for (since, status), (until, _) in pairwise([*changes, (ended_at, Status.CLOSED)]):
        if status is Status.OPEN:
            handled += until - since
        elif status is Status.QUEUED:
            waited += until - since
    return Spent(waited, handled)
