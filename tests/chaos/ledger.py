"""What the harness itself knows: everything anybody said, pressed or was asked, and the moment of each."""

from __future__ import annotations

import asyncio
import re
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

TICK = 0.01
# c3-17 is a customer's message, s-ana-c3-5 a reply to them, n-ana-c3-6 a note; ai/c3/12 an answer of the model.
CUSTOMER_TOKEN = re.compile(r"(?<![\w/-])c\d+-\d+(?![\w-])")
STAFF_TOKEN = re.compile(r"(?<![\w/-])[sn]-[a-z0-9]+-c\d+-\d+(?![\w-])")
AI_TOKEN = re.compile(r"(?<![\w/-])ai/(c\d+)/(\d+)(?![\w/-])")  # words may follow it


@dataclass(slots=True)
class Spoken:
    """One thing that a customer or a member of staff said.

    The bot got it at some moment between `tried`, when it was first brought, and `taken`, when the first 200 was seen.
    """

    token: str
    by: str
    customer: str
    written: float
    thread: str = ""  # of a reply: the `ts` of its card
    ts: str = ""  # of a reply: its own
    is_note: bool = False
    tried: float | None = None
    taken: float | None = None

    def was_certainly_before(self, other: Spoken) -> bool:
        return self.taken is not None and other.tried is not None and self.taken < other.tried


@dataclass(slots=True)
class Press:
    """A button pressed until the bot answered 200, or until the card showed that it had been heard."""

    by: str
    card: str
    action: str
    begun: float
    answered: float | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request to send that reached WhatsApp, whatever became of it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline; `about` is a token, a customer, or empty for what concerns everybody."""

    at: float
    about: str
    what: str


@dataclass(slots=True)
class Ledger:
    said: dict[str, Spoken] = field(default_factory=dict[str, Spoken])
    presses: list[Press] = field(default_factory=list[Press])
    answers: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])  # and what each had read
    cases: dict[str, str] = field(default_factory=dict[str, str])  # a customer's word: what the model did to its turn
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    traces: dict[str, float] = field(default_factory=dict[str, float])  # wamid: when the bot first took a status of it
    retried: set[str] = field(default_factory=set[str])  # replies for which somebody pressed Retry
    events: list[Event] = field(default_factory=list[Event])
    faults: Counter[str] = field(default_factory=Counter[str])
    stalls: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def note(self, about: str, what: str) -> None:
        self.events.append(Event(time.time(), about, what))

    def says(self, spoken: Spoken) -> Spoken:
        self.said[spoken.token] = spoken
        self.note(spoken.token, f"{spoken.by} writes it")
        return spoken

    def fault(self, kind: str, about: str = "", what: str = "") -> None:
        self.faults[kind] += 1
        self.note(about, f"FAULT {kind} {what}".rstrip())

    async def watch_the_clock(self) -> None:
        """The people and the stand-ins share one event loop: note when it was late, and by how much."""
        last = time.time()
        while True:
            await asyncio.sleep(TICK)
            now = time.time()
            if now - last > 2 * TICK:
                self.stalls.append((now, now - last))
            last = now

    def lateness(self, at: float) -> float:
        """How much later than it came something that we read at `at` may have been read."""
        first = bisect_left(self.stalls, (at - 0.5, 0.0))
        near = [late for ended, late in self.stalls[first:] if ended - late <= at + TICK]
        return 2 * TICK + 2 * max(near, default=0.0)
