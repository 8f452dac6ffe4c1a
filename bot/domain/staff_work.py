"""What Switchboard does for single people of the staff: questions, quiet words, marks on their messages, their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.thread_work import InThread
from bot.domain.work import Later, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutHeld(InThread):
    """Ask the author of a held reply whether the customer should get it. Each `edition` of its words asks anew.

    `answer_id`: the message with which a colleague has answered the customer meanwhile.
    """

    kind = "slack.ask"
    message_id: int
    edition: str = ""
    answer_id: int | None = None

    @property
    def key(self) -> str | None:
        return f"ask:{self.message_id}{self.edition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallHeld(Later):
    """If a held reply is still undecided after a minute, say so where everybody sees it."""

    kind = "slack.recall"
    escalation_id: int
    message_id: int
    edition: str = ""

    @property
    def lane(self) -> str:
        return f"recall:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"recall:{self.message_id}{self.edition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCorrection(InThread):
    """Tell the author of an edited reply that the customer has other words, and offer to send the new ones."""

    kind = "slack.offer"
    message_id: int
    edition: str

    @property
    def key(self) -> str | None:
        return f"offer:{self.message_id}:{self.edition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallOffer(InThread):
    """If the customer still has other words than the thread shows after a minute, say so where everybody sees it."""

    kind = "slack.recall_offer"
    message_id: int
    edition: str
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"recall:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"recall_offer:{self.message_id}:{self.edition}"

    @property
    def not_before(self) -> datetime | None:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStaff(Work):
    """An ephemeral word to one person, in the thread they wrote in."""

    kind = "slack.tell"
    channel: str
    thread_ts: str
    user: str
    text: str
    about: str

    @property
    def lane(self) -> str:
        return f"tell:{self.channel}:{self.thread_ts}"

    @property
    def key(self) -> str | None:
        return f"tell:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToStaff(Work):
    """A direct message to one person, for what their channel cannot tell them."""

    kind = "slack.direct"
    user: str
    text: str
    about: str

    @property
    def lane(self) -> str:
        return f"direct:{self.user}"

    @property
    def key(self) -> str | None:
        return f"direct:{self.user}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkReply(Later):
    """Let the reaction on a staff message tell how far it got."""

    kind = "slack.mark"
    message_id: int

    @property
    def lane(self) -> str:
        return f"mark:{self.message_id}"

    @property
    def latest(self) -> str | None:
        return self.lane


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowReaction(Work):
    """Let the reaction that a customer left on a message be seen in Slack. In a lane of its own: words never wait."""

    kind = "slack.reaction"
    message_id: int

    @property
    def lane(self) -> str:
        return f"reaction:{self.message_id}"

    @property
    def latest(self) -> str | None:
        return self.lane


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshHome(Later):
    """Redraw the Escalations page of one person who has it open."""

    kind = "slack.home"
    user: str

    @property
    def lane(self) -> str:
        return f"home:{self.user}"

    @property
    def latest(self) -> str | None:
        return self.lane
