"""The closed list of what can arrive at Switchboard: stored as tasks before it is acknowledged."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from bot.domain.work import Crew, Json, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCustomer(Work):
    """Something WhatsApp tells about one customer, whose address ends the lane: `<way>:<inbox>:<address>`."""

    is_internal = True
    crew = Crew.DESK

    @property
    def lane_in_logs(self) -> str:
        way, inbox, address = self.lane.split(":", 2)
        return f"{way}:{inbox}:{_pseudonym(address)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWrote(AboutCustomer):
    """One entry of a webhook's `messages`, with the contact it belongs to."""

    kind = "whatsapp.message"
    sender: str
    message: Json
    contact: Json | None = None

    @property
    def lane(self) -> str:
        return f"in:{self.inbox_id}:{self.sender}"

    @property
    def key(self) -> str | None:
        wamid = self.message.get("id")
        return f"wamid:{self.inbox_id}:{_nameless(wamid)}" if wamid else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueWrote(AboutCustomer):
    """One entry of a webhook's `message_echoes`. In the lane of what its customer writes."""

    kind = "whatsapp.echo"
    customer: str
    echo: Json

    @property
    def lane(self) -> str:
        return f"in:{self.inbox_id}:{self.customer}"

    @property
    def key(self) -> str | None:
        return f"echo:{self.inbox_id}:{_nameless(self.echo.get('id'))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReported(AboutCustomer):
    """One entry of a webhook's `statuses`."""

    kind = "whatsapp.status"
    recipient: str
    status: Json

    @property
    def lane(self) -> str:
        return f"status:{self.inbox_id}:{self.recipient}"

    @property
    def key(self) -> str | None:
        return f"status:{self.inbox_id}:{_nameless(self.status.get('id'))}:{self.status.get('status')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceTold(AboutCustomer):
    """One entry of a webhook's `user_preferences`: what a customer chose about advertising."""

    kind = "whatsapp.preference"
    customer: str
    preference: Json

    @property
    def lane(self) -> str:
        return f"in:{self.inbox_id}:{self.customer}"

    @property
    def key(self) -> str | None:
        told = json.dumps(self.preference, sort_keys=True).encode()
        return f"preference:{self.inbox_id}:{hashlib.sha256(told).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(Work):
    """What became of a message template, as a webhook tells it."""

    kind = "whatsapp.template"
    is_internal = True
    crew = Crew.DESK
    digest: str
    change: Json

    @property
    def lane(self) -> str:
        return f"template:{self.inbox_id}"

    @property
    def key(self) -> str | None:
        return f"template:{self.inbox_id}:{self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookKept(Work):
    """Authentic, but nothing we know how to act on: kept as it came, so that nothing is lost."""

    kind = "whatsapp.kept"
    is_internal = True
    crew = Crew.DESK
    digest: str
    body: Json
    why: str

    @property
    def lane(self) -> str:
        return f"kept:{self.digest[:2]}"

    @property
    def key(self) -> str | None:
        return f"kept:{self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclaimed(AboutCustomer):
    """What a customer wrote to a number that has no inbox: it waits until it has one. `told` is `what`'s payload."""

    kind = "whatsapp.unclaimed"
    number: str
    customer: str
    what: str
    told: Json
    name: str | None

    @property
    def lane(self) -> str:
        return f"unclaimed:{self.number}:{self.customer}"

    @property
    def key(self) -> str | None:
        return f"unclaimed:{self.number}:{self.name}" if self.name else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackEvent(Work):
    """One Events API envelope, stored before its 200 and replayed into Bolt."""

    kind = "slack.event"
    is_internal = True
    thread: str
    envelope: Json

    @property
    def lane(self) -> str:
        return f"slackin:{self.thread}"

    @property
    def key(self) -> str | None:
        event_id = self.envelope.get("event_id")
        return f"event:{event_id}" if event_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack(Work):
    """Look through a thread for replies that Slack may have told nobody about. In the lane of the thread's events."""

    kind = "slack.read_back"
    escalation_id: int
    channel: str
    thread_ts: str
    at: datetime | None = None

    @property
    def lane(self) -> str:
        return f"slackin:{self.channel}:{self.thread_ts}"

    @property
    def latest(self) -> str | None:
        return f"read_back:{self.escalation_id}"

    @property
    def not_before(self) -> datetime | None:
        return self.at


def _nameless(wamid: object) -> str:
    """A wamid holds the customer's number. The key outlives them, so that what is brought again stays forgotten."""
    return hashlib.sha256(str(wamid).encode("utf-8", "replace")).hexdigest()


def _pseudonym(address: str) -> str:
    """The same for the same customer, and so short that many phone numbers share it: nobody can guess back."""
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:6]
