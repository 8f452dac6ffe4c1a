"""How a week went, in the few numbers that fit on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Week:
    """Escalations for each day from Monday on, who answered them first, and how soon, by the median."""

    days: Mapping[date, int] = field(default_factory=dict[date, int])
    answered: int = 0
    answered_by: Mapping[str, int] = field(default_factory=dict[str, int])
    first_response: timedelta | None = None

    @property
    def total(self) -> int:
        return sum(self.days.values())
