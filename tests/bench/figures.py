"""What a measurement found, ready for the table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `holds` is None where DESIGN §9 sets no goal."""

    what: str
    measured: str
    goal: str = ""
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Latency:
    """How long something took, in seconds."""

    samples: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """By nearest rank: a value that was really seen, so few samples cannot invent one in between."""
        ordered = sorted(self.samples)
        return ordered[math.ceil(0.99 * len(ordered)) - 1]

    def __str__(self) -> str:
        return f"p50 {_ms(self.p50)}, p99 {_ms(self.p99)}, worst {_ms(max(self.samples))} ({len(self.samples)})"


def per_second(rate: float) -> str:
    return f"{rate:,.0f}/s"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
