"""The effects that go to WhatsApp: a part of the closed list in effects.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.domain.conversation import Message
from bot.domain.work import Crew, Later, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToCustomer(Later):
    """Carry one stored message to WhatsApp, not before `at`. `attempt` grows with each Retry by staff."""

    kind = "whatsapp.send"
    crew = Crew.WHATSAPP
    conversation_id: int
    message_id: int
    attempt: int = 1

    @classmethod
    def of(cls, message: Message, attempt: int = 1, at: datetime | None = None) -> Self:
        return cls(
            inbox_id=message.inbox_id,
            conversation_id=message.conversation_id,
            message_id=message.id,
            attempt=attempt,
            at=at,
        )

    @property
    def lane(self) -> str:
        return f"whatsapp:{self.conversation_id}"

    @property
    def key(self) -> str | None:
        return f"send:{self.message_id}:{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAfter(Work):
    """Two conversations have become one: what was on its way in the other leaves before anything new does."""

    kind = "whatsapp.after"
    crew = Crew.WHATSAPP
    conversation_id: int
    other_id: int

    @property
    def lane(self) -> str:
        return f"whatsapp:{self.conversation_id}"

    @property
    def key(self) -> str | None:
        return f"after:{self.conversation_id}:{self.other_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(Work):
    """Blue ticks for a customer's message and all before it. In a lane of its own: no word ever waits for it."""

    kind = "whatsapp.read"
    crew = Crew.WHATSAPP
    conversation_id: int
    message_id: int

    @property
    def lane(self) -> str:
        return f"seen:{self.conversation_id}"

    @property
    def key(self) -> str | None:
        return f"read:{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTyping(Work):
    """Let the customer see that the AI works on an answer; WhatsApp gives them their blue ticks with it."""

    kind = "whatsapp.typing"
    crew = Crew.WHATSAPP
    conversation_id: int
    message_id: int
    epoch: int
    time: int  # how often it has been shown for this answer, this one included

    @property
    def lane(self) -> str:
        return f"seen:{self.conversation_id}"

    @property
    def key(self) -> str | None:
        return f"typing:{self.message_id}:{self.epoch}:{self.time}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchTemplates(Work):
    """Ask WhatsApp which templates there are; the modal that waits for them, if one does, then shows them."""

    kind = "whatsapp.templates"
    crew = Crew.WHATSAPP
    about: str  # what asks for it, so that it is asked once
    escalation_id: int | None = None
    view_id: str | None = None
    view_hash: str | None = None

    @property
    def lane(self) -> str:
        return f"templates:{self.inbox_id}"

    @property
    def key(self) -> str | None:
        return f"templates:{self.inbox_id}:{self.about}"

    def subject(self) -> dict[str, int]:
        return {} if self.escalation_id is None else {"escalation": self.escalation_id}
