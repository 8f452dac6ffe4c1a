"""How files move: from WhatsApp to us, and from Slack to WhatsApp. Both take their time, in a crew of their own."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.work import Crew, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMedia(Work):
    """Bring a customer's file here, whoever has the conversation: WhatsApp keeps it for a few days only."""

    kind = "media.fetch"
    crew = Crew.MEDIA
    message_id: int
    media_id: int

    @property
    def lane(self) -> str:
        return f"media:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"fetch:{self.media_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareFile(Work):
    """Bring a file of staff from Slack to WhatsApp, so that its message can name it. `cause` tells tries apart."""

    kind = "media.prepare"
    crew = Crew.MEDIA
    conversation_id: int
    message_id: int
    media_id: int
    cause: str = "said"

    @property
    def lane(self) -> str:
        return f"media:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"prepare:{self.media_id}:{self.cause}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe(Work):
    """Have what is said in a customer's recording written down, whoever has the conversation."""

    kind = "media.hear"
    crew = Crew.THINK
    message_id: int
    media_id: int

    @property
    def lane(self) -> str:
        return f"hear:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"hear:{self.media_id}"
