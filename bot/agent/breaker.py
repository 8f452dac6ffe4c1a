"""The fuse before a model: after failures in a row nobody asks it for a while, then one asks for all.

Each process has its own, in memory: what it protects is a customer's time and a failing server's, and both are safe
with a few calls more per replica. A row in the database would cost every turn a query for that. A restart asks at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

FAILURES_IN_A_ROW = 5
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
# A quota may name a day. Somebody may raise it before that, and one call an hour does not hurt.
LONGEST_NAMED = 3600.0


class State(StrEnum):
    CLOSED = "closed"  # the model is asked
    OPEN = "open"  # nobody asks
    HALF_OPEN = "half-open"  # one may ask for all, or is asking


class Attempt:
    """One call that the breaker has let through."""


@dataclass(slots=True)
class Breaker:
    """Who wants to ask gets an attempt or nothing, and says what became of it."""

    clock: Callable[[], float] = time.monotonic
    why: str = ""  # what the latest failure was, in words
    _failures: int = 0
    _pause: float = FIRST_PAUSE
    _open_until: float | None = None
    _probe: Attempt | None = None

    @property
    def state(self) -> State:
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if self._probe is None and self.wait > 0 else State.HALF_OPEN

    @property
    def wait(self) -> float:
        """Seconds until somebody may try."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self.clock())

    def admit(self) -> Attempt | None:
        attempt = Attempt()
        if self._open_until is None:
            return attempt
        if self._probe is not None or self.wait > 0:
            return None
        self._probe = attempt
        return attempt

    def worked(self) -> None:
        """Whoever asked, and whenever they began: it answers now."""
        self._failures, self._pause, self._open_until, self._probe, self.why = 0, FIRST_PAUSE, None, None, ""

    def failed(self, attempt: Attempt, why: str) -> None:
        """A failure that the next caller would meet too. One that began before the pause does not prolong it."""
        self._failures, self.why = self._failures + 1, why
        if attempt is self._probe:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._open_for(self._pause)
        elif self._open_until is None and self._failures >= FAILURES_IN_A_ROW:
            self._open_for(self._pause)

    def told_to_wait(self, seconds: float, why: str) -> None:
        """The server itself said for how long it wants to be left alone."""
        self.why = why
        self._open_for(min(seconds, LONGEST_NAMED))

    def left(self, attempt: Attempt) -> None:
        """It ended without telling anything of the server. If it was the one that asked for all, the next one is."""
        if attempt is self._probe:
            self._probe = None

    def _open_for(self, seconds: float) -> None:
        self._open_until, self._probe = self.clock() + seconds, None


@dataclass(frozen=True, slots=True)
class Breakers:
    """One for each model that this process asks, by its name."""

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, Breaker] = field(default_factory=dict[str, Breaker])

    def of(self, model: str) -> Breaker:
        return self._known.setdefault(model, Breaker(self.clock))

    def states(self) -> dict[str, str]:
        return {model: breaker.state.value for model, breaker in self._known.items()}
