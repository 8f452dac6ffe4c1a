"""What the AI is told when people give a conversation back: what happened, what they promised, and some guidance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conversation import Author, Message, was_said
from bot.domain.work import Crew, Work

LONGEST_STORY, LONGEST_PROMISES, LONGEST_GUIDANCE = 1_500, 1_000, 500


@dataclass(frozen=True, slots=True)
class Brief:
    """What happened while people had it, and what they promised, one on each line: as the AI understands it."""

    happened: str = ""
    promises: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What staff tell the AI. `promises` is None where they were not asked: those that are known stay."""

    happened: str = ""
    promises: str | None = None
    guidance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareBrief(Work):
    """Ask the AI what it believes happened, for the window of somebody who has just given a conversation back."""

    kind = "agent.brief"
    crew = Crew.THINK
    escalation_id: int
    view_id: str

    @property
    def lane(self) -> str:
        return f"brief:{self.escalation_id}"

    @property
    def key(self) -> str | None:
        return f"brief:{self.view_id}"


def has_spoken(stretch: Sequence[Message], escalation_id: int) -> bool:
    """Whether people said anything that could be remembered; without it there is nothing to ask the AI about."""
    theirs = (each for each in stretch if each.author is Author.STAFF and each.escalation_id == escalation_id)
    return any(map(was_said, theirs))


def lines_of(text: str) -> str:
    """One promise on each line, without the marks that lists begin with."""
    lines = (" ".join(each.split()).lstrip("-*• ").strip() for each in text.splitlines())
    return "\n".join(filter(None, lines))
