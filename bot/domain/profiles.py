"""A customer as staff know them beyond one conversation: what they are called, what came of them, what was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation import Escalation
from bot.domain.people import Customer

MOST_TAGS, LONGEST_TAG = 20, 40
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class StaffNote:
    """What one of the staff wrote down about a customer."""

    staff_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """One stretch that people handled, with its thread."""

    escalation: Escalation
    thread_url: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that their page shows. `theirs` and `ours` count messages; lists begin with the newest."""

    customer: Customer
    inbox_name: str = ""
    conversation_id: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    window_closes_at: datetime | None = None
    language: str | None = None
    with_people: bool = False
    blocked_by: str | None = None
    promises: str = ""  # what people have promised them, which the AI keeps to
    tags: tuple[str, ...] = ()
    theirs: int = 0
    ours: int = 0
    escalations: int = 0
    past: tuple[Past, ...] = ()
    notes: tuple[StaffNote, ...] = ()
    note_count: int = 0


def tags_in(typed: str) -> tuple[str, ...]:
    """The tags that somebody has listed with commas between them: each once, whatever its case."""
    found = dict[str, str]()
    for each in typed.replace("\n", ",").replace("#", " ").split(","):
        if tag := " ".join(each.split())[:LONGEST_TAG]:
            found.setdefault(tag.casefold(), tag)
    return tuple(list(found.values())[:MOST_TAGS])
