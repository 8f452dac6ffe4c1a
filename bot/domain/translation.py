"""Threads in two languages: staff read and write in theirs, the customer in their own; the original is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.thread_work import InThread
from bot.domain.work import Crew

OFF = "off"  # staff have switched it off in a thread whose inbox has it on
_CODE = re.compile(r"\s*([a-z]{2,3})(?:[-_]\w+)?\s*\n+(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Translation:
    """Somebody's words in another language. `spoken` is the one that they are in."""

    text: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the customer would get in place of a reply, while its author has not decided. `failure`: why nothing."""

    id: int
    message_id: int
    original: str
    text: str
    language: str
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateMessage(InThread):
    """Put what the customer said into the thread's language. The words themselves are shown without waiting for it."""

    kind = "agent.translate"
    crew = Crew.THINK
    message_id: int
    to: str

    @property
    def lane(self) -> str:
        return f"translate:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"translate:{self.message_id}:{self.to}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTranslation(InThread):
    """Add it to the post that shows the message. One at a time: a post may show several messages."""

    kind = "slack.translation"
    message_id: int
    failed: bool = False

    @property
    def lane(self) -> str:
        return f"translated:{self.escalation_id}"

    @property
    def key(self) -> str | None:
        return f"translated:{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateReply(InThread):
    """Put a held reply into the customer's language, for its author to look at. Each `edition` of it anew."""

    kind = "agent.translate_reply"
    crew = Crew.THINK
    message_id: int
    to: str
    edition: str = ""
    answer_id: int | None = None

    @property
    def lane(self) -> str:
        return f"translate:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"translate_reply:{self.message_id}{self.edition}"


def read_translation(answer: str) -> Translation | None:
    """The model names the language it found on the first line. What looks otherwise is no translation."""
    match = _CODE.fullmatch(answer.strip())
    text = match[2].strip() if match else ""
    return Translation(text, match[1].lower()) if match and text else None
