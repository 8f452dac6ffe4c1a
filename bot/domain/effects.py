"""The closed list of what Switchboard can cause: each effect becomes a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from bot.domain.arrivals import (
    ColleagueWrote,
    CustomerWrote,
    PreferenceTold,
    ReadBack,
    SlackEvent,
    StatusReported,
    TemplateChanged,
    WebhookKept,
)
from bot.domain.file_work import FetchMedia, PrepareFile
from bot.domain.whatsapp_work import FetchTemplates, MarkRead, SendAfter, SendToCustomer, ShowTyping
from bot.domain.work import Crew, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Think(Work):
    """Let the AI answer what the customer said. Overtaken turns are redone, never sent."""

    kind = "agent.think"
    crew = Crew.THINK
    conversation_id: int
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"think:{self.conversation_id}"

    @property
    def latest(self) -> str | None:
        return self.lane

    @property
    def not_before(self) -> datetime | None:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class InThread(Work):
    """Something to do in an escalation's Slack thread, after all that was to be done there before."""

    escalation_id: int

    @property
    def lane(self) -> str:
        return f"slack:{self.escalation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread(InThread):
    """Post the card, then what was said so far."""

    kind = "slack.open"

    @property
    def key(self) -> str | None:
        return f"open:{self.escalation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCard(InThread):
    """Redraw the card in place. In a lane of its own: words never wait for a card's turn."""

    kind = "slack.card"

    @property
    def lane(self) -> str:
        return f"card:{self.escalation_id}"

    @property
    def latest(self) -> str | None:
        return f"card:{self.escalation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAnew(InThread):
    """The thread is lost: go on in a new one, unless that has happened meanwhile."""

    kind = "slack.anew"
    lost_channel: str
    lost_ts: str
    can_still_read: bool = False  # only the card is gone, and the thread can say where it goes on

    @property
    def key(self) -> str | None:
        return f"anew:{self.escalation_id}:{self.lost_ts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorMessage(InThread):
    """Show one message of the conversation in the thread, and in the same post those `also` said right after it."""

    kind = "slack.mirror"
    message_id: int
    also: list[int] = field(default_factory=list[int])

    @property
    def key(self) -> str | None:
        return f"mirror:{self.escalation_id}:{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowJoined(InThread):
    """Show what was said in a conversation that has just become a part of this one."""

    kind = "slack.joined"
    message_ids: list[int]
    other_id: int

    @property
    def key(self) -> str | None:
        return f"joined:{self.escalation_id}:{self.other_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFile(InThread):
    """Show a customer's file in the thread by itself: it was said before people came, or came later than its words."""

    kind = "slack.share"
    media_id: int
    is_late: bool = False

    @property
    def key(self) -> str | None:
        return f"share:{self.escalation_id}:{self.media_id}:{int(self.is_late)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindThread(InThread):
    """Chase an escalation that nobody has taken. In a lane of its own: a customer's words never wait behind it."""

    kind = "slack.remind"
    step: int
    waited_seconds: int
    queued_at: int  # unix seconds: each time it is queued, the ladder starts again

    @property
    def lane(self) -> str:
        return f"remind:{self.escalation_id}"

    @property
    def key(self) -> str | None:
        return f"reminder:{self.escalation_id}:{self.queued_at}:{self.step}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfWindow(InThread):
    """Say that free text can soon not be sent any more: each step once in the window that one message opened."""

    kind = "slack.window"
    conversation_id: int
    wrote: int  # unix seconds: when the customer opened this window
    minutes: int  # how long before its end this warning belongs

    @property
    def lane(self) -> str:
        return f"window:{self.escalation_id}"

    @property
    def key(self) -> str | None:
        return f"window:{self.conversation_id}:{self.wrote}:{self.minutes}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInThread(InThread):
    """One line of Switchboard's own in the thread: who did what, or what went wrong."""

    kind = "slack.note"
    text: str
    about: str  # what it is about, so that the same line is posted once

    @property
    def key(self) -> str | None:
        return f"note:{self.escalation_id}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInChannel(Work):
    """One line of Switchboard's own to everybody in the inbox's channel."""

    kind = "slack.channel"
    text: str
    about: str  # what it is about, so that the same line is posted once

    @property
    def lane(self) -> str:
        return f"channel:{self.inbox_id}"

    @property
    def key(self) -> str | None:
        return f"channel:{self.inbox_id}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFailure(InThread):
    """Say in the thread that a message did not reach the customer, or may not have, why, and offer to send it again."""

    kind = "slack.failure"
    message_id: int
    attempt: str  # which try failed, so that each failure is told once

    @property
    def key(self) -> str | None:
        return f"failure:{self.message_id}:{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutHeld(InThread):
    """Ask the author of a held reply whether the customer should get it. Each `edition` of its words asks anew."""

    kind = "slack.ask"
    message_id: int
    edition: str = ""

    @property
    def key(self) -> str | None:
        return f"ask:{self.message_id}{self.edition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallHeld(Work):
    """If a held reply is still undecided after a minute, say so where everybody sees it."""

    kind = "slack.recall"
    escalation_id: int
    message_id: int
    edition: str = ""
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"recall:{self.message_id}"

    @property
    def key(self) -> str | None:
        return f"recall:{self.message_id}{self.edition}"

    @property
    def not_before(self) -> datetime | None:
        return self.at


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
class MarkReply(Work):
    """Let the reaction on a staff message tell how far it got."""

    kind = "slack.mark"
    message_id: int
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"mark:{self.message_id}"

    @property
    def latest(self) -> str | None:
        return self.lane

    @property
    def not_before(self) -> datetime | None:
        return self.at


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
class RefreshHome(Work):
    """Redraw the Escalations page of one person who has it open."""

    kind = "slack.home"
    user: str
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"home:{self.user}"

    @property
    def latest(self) -> str | None:
        return self.lane

    @property
    def not_before(self) -> datetime | None:
        return self.at


KINDS: dict[str, type[Work]] = {
    cast("type[Work]", each).kind: each
    for each in (
        CustomerWrote,
        ColleagueWrote,
        PreferenceTold,
        TemplateChanged,
        StatusReported,
        WebhookKept,
        SlackEvent,
        ReadBack,
        Think,
        SendToCustomer,
        SendAfter,
        MarkRead,
        ShowTyping,
        FetchTemplates,
        OpenThread,
        RefreshCard,
        BeginAnew,
        MirrorMessage,
        ShowJoined,
        ShareFile,
        FetchMedia,
        PrepareFile,
        RemindThread,
        WarnOfWindow,
        NoteInThread,
        NoteInChannel,
        ReportFailure,
        AskAboutHeld,
        RecallHeld,
        OfferCorrection,
        RecallOffer,
        TellStaff,
        WriteToStaff,
        MarkReply,
        ShowReaction,
        RefreshHome,
    )
}
