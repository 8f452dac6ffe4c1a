"""What the AI does for the staff: words that only whoever asked for them sees, until they press a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.conversation import Message
from bot.domain.knowledge import Citation
from bot.domain.thread_work import InThread
from bot.domain.work import Crew, Work

# What a text field of a modal takes, and so what somebody can still edit: docs.slack.dev, "Plain-text input element".
LONGEST = 3_000


class DraftKind(StrEnum):
    REPLY = "reply"
    SUMMARY = "summary"


class DraftStatus(StrEnum):
    """`asked`: the AI is at it. `ready`: it waits for a click. Whatever was pressed first is final."""

    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"
    SENT = "sent"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the AI wrote for one of the staff. `through` is the last message of the conversation that it knew of."""

    id: int
    inbox_id: int
    escalation_id: int
    staff_id: str
    kind: DraftKind
    status: DraftStatus
    text: str = ""
    through: int = 0
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a draft. `text` is what it would say; of one without words `failure` says why."""

    text: str
    through: int = 0
    sources: tuple[Citation, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Newer:
    """What was said after the AI had read the conversation, and what those who said it are called."""

    said: tuple[Message, ...] = ()
    customer: str = ""
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def __bool__(self) -> bool:
        return bool(self.said)

    @property
    def through(self) -> int:
        return self.said[-1].id if self.said else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDraft(Work):
    """Let the AI write what one of the staff has asked for. Nothing waits for it, and it waits for nothing."""

    kind = "agent.draft"
    crew = Crew.THINK
    escalation_id: int
    draft_id: int

    @property
    def lane(self) -> str:
        return f"draft:{self.draft_id}"

    @property
    def key(self) -> str | None:
        return f"draft:{self.draft_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDraft(InThread):
    """Show whoever asked what the AI has written, or why it has not. In a lane of its own: words never wait for it."""

    kind = "slack.draft"
    draft_id: int

    @property
    def lane(self) -> str:
        return f"draft:{self.draft_id}"

    @property
    def key(self) -> str | None:
        return f"draft_shown:{self.draft_id}"


def shortened(text: str) -> str:
    """A draft that nobody could edit whole is cut, and seen to be."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
