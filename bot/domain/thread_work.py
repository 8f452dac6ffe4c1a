"""What Switchboard does in an escalation's thread and in its inbox's channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class InThread(Work):
    """Something to do in an escalation's Slack thread, after all that was to be done there before."""

    escalation_id: int

    @property
    def lane(self) -> str:
        return f"slack:{self.escalation_id}"


def again(until: int) -> str:
    """What tells a reminder that comes once more from the one before."""
    return f":{until}" if until else ""


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
class ShowHeard(InThread):
    """Show what a machine has heard in a recording that the thread shows already."""

    kind = "slack.heard"
    message_id: int

    @property
    def key(self) -> str | None:
        return f"heard:{self.escalation_id}:{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside(InThread):
    """In a lane of its own: a customer's words never wait behind it."""

    @property
    def lane(self) -> str:
        return f"remind:{self.escalation_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder(Aside):
    """Some step of a ladder."""

    step: int
    again: int = 0  # unix seconds: what was put off until then comes once more
    calls: str | None = None  # the user group that is mentioned
    to_all: bool = False  # the channel sees it too


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindThread(Reminder):
    """Chase an escalation that nobody has taken."""

    kind = "slack.remind"
    waited_seconds: int
    queued_at: int  # unix seconds: each time it is queued, the ladder starts again

    @property
    def key(self) -> str | None:
        return f"reminder:{self.escalation_id}:{self.queued_at}:{self.step}{again(self.again)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindHolder(Reminder):
    """Chase whoever has a conversation in which the customer waits."""

    kind = "slack.remind_holder"
    holder: str
    since: int  # unix seconds: each time the customer waits anew, the ladder starts again

    @property
    def key(self) -> str | None:
        return f"waiting:{self.escalation_id}:{self.holder}:{self.since}:{self.step}{again(self.again)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfClosing(Aside):
    """Say that nobody says anything any more, and that it closes by itself unless somebody keeps it open."""

    kind = "slack.closing"
    silent_since: int  # unix seconds: each silence is warned of once
    closes_at: int

    @property
    def key(self) -> str | None:
        return f"closing:{self.escalation_id}:{self.silent_since}"


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
    """One line of Switchboard's own to everybody in the inbox's channel, or in `channel` where it has several."""

    kind = "slack.channel"
    text: str
    about: str  # what it is about, so that the same line is posted once
    channel: str | None = None

    @property
    def lane(self) -> str:
        return f"channel:{self.inbox_id}:{self.channel}" if self.channel else f"channel:{self.inbox_id}"

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
