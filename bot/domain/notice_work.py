"""Direct messages about escalations: what is told, and what keeps it true afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.work import Json, Later, Work

# These are told together when they happen together; each of the others waits for its own moment.
_TOLD_TOGETHER = ("new", "reminder", "window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(Later):
    """Tell one of the staff one thing, once, if it is still worth telling when its moment comes.

    `also` are others of the kind that wait for the same person: they are told in the same message.
    """

    kind = "slack.notice"
    user: str
    escalation_id: int
    topic: str
    about: str  # what tells it from other things of the same topic
    holder: str | None = None  # who had the conversation when it happened
    also: list[Json] = field(default_factory=list[Json])

    @property
    def is_told_with_others(self) -> bool:
        return self.topic in _TOLD_TOGETHER

    @property
    def lane(self) -> str:
        if self.is_told_with_others:
            return f"notice:{self.inbox_id}:{self.user}"
        return f"notice:{self.inbox_id}:{self.user}:{self.escalation_id}:{self.topic}"

    @property
    def key(self) -> str | None:
        return f"notice:{self.user}:{self.escalation_id}:{self.topic}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOfReminder(Work):
    """Find out whom a reminder concerns: Slack knows who is in the groups.

    `leads`: the group for which this reminder is; `calls`: the group that was mentioned in the thread for it, and
    `pinged` the people that were. None of those who were mentioned gets a message too. `called`: the group that was
    mentioned earlier, for the same wait; it is not for them once more.
    """

    kind = "slack.notify"
    escalation_id: int
    about: str  # the wait and the step of its ladder
    holder: str | None = None  # whose conversation it is; nobody's, while it is queued
    leads: str | None = None
    calls: str | None = None
    called: str | None = None
    pinged: list[str] = field(default_factory=list[str])

    @property
    def lane(self) -> str:
        return f"notify:{self.escalation_id}"

    @property
    def key(self) -> str | None:
        return f"notify:{self.escalation_id}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleNotices(Work):
    """Let the direct messages about an escalation say how it stands, and offer nothing that somebody has done."""

    kind = "slack.settle"
    escalation_id: int

    @property
    def lane(self) -> str:
        return f"settle:{self.escalation_id}"

    @property
    def latest(self) -> str | None:
        return self.lane
