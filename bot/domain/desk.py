"""What the faces show: an escalation together with whom it is about and how things stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.domain.conversation import Author, Message
from bot.domain.escalation import Escalation
from bot.domain.inbound import PLAIN, Details
from bot.domain.knowledge import Citation
from bot.domain.people import Customer
from bot.domain.stretches import Earlier, Spent, Stretch
from bot.domain.templates import Template, Values


@dataclass(frozen=True, slots=True)
class EscalationView:
    """One escalation as staff see it. `window_closes_at` is None when the customer never wrote to us."""

    escalation: Escalation
    customer: Customer
    inbox_name: str
    last_author: Author | None = None
    last_text: str = ""
    last_kind: str = "text"
    last_at: datetime | None = None
    window_closes_at: datetime | None = None
    thread_url: str | None = None
    earlier: tuple[Earlier, ...] = ()  # their last escalations before this one, the newest first
    spent: Spent | None = None  # once it has ended


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation that the AI has: with whom, and what was said last. `last_at` is the customer's last word."""

    conversation_id: int
    customer: Customer
    last_at: datetime
    last_author: Author | None = None
    last_text: str = ""
    last_kind: str = "text"


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """What the modal for templates shows: what there is, and what was chosen and filled in so far."""

    view: EscalationView
    templates: tuple[Template, ...]
    chosen: Template | None = None
    values: Values | None = None
    sought: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that another is about. Without words: we never had it, or it has none."""

    speaker: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it is shown. `quoted` is the one it answers, reacts to, edits or deletes."""

    text: str
    kind: str = "text"
    details: Details = PLAIN
    quoted: Quoted | None = None
    is_edited: bool = False
    is_deleted: bool = False
    heard: str = ""  # what a machine has heard in it; what it read in a document is for the AI alone

    @classmethod
    def from_message(cls, message: Message, quoted: Quoted | None = None) -> Self:
        edited, deleted = message.edited_at is not None, message.revoked_at is not None
        heard = message.heard if message.kind == "audio" else ""
        return cls(message.text, message.kind, message.details, quoted, edited, deleted, heard)

    @property
    def is_told_by_another(self) -> bool:
        """An edit or deletion of a message that we have: whoever reads that one knows."""
        return self.kind in ("edit", "revoke") and self.quoted is not None and bool(self.quoted.words)


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One thing said before people came in. `speaker` is a name for staff and customers, plain text."""

    author: Author
    speaker: str
    text: str
    at: datetime
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldFile:
    """A file of a message. Without an address: nobody has shown it in Slack."""

    name: str
    url: str | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the history: who said it, how far it got, and the post that shows it."""

    message: Message
    speaker: str
    said: Said
    files: tuple[ToldFile, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some messages of a conversation, oldest first. `stretches` are the escalations they belong to, by id."""

    view: EscalationView
    told: tuple[Told, ...]
    stretches: dict[int, Stretch]
    has_older: bool = False
    has_newer: bool = False
    is_from_older: bool = False  # what does not fit is left for the page after it, not for the one before

    def shorter(self) -> Self:
        """Without the message that is farthest from where the reader comes from."""
        if self.is_from_older:
            return replace(self, told=self.told[:-1], has_newer=True)
        return replace(self, told=self.told[1:], has_older=True)
