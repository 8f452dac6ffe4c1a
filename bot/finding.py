"""One line of the doctor's: what is well, wrong or worth knowing, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    WRONG = "✗"
    NOTE = "!"  # works, or cannot be told; worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    mark: Mark
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}" + (f" → {self.advice}" if self.advice else "")
