"""Everything between one customer and one inbox: who answers now, what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.delivery import LEFT, Delivery
from bot.domain.inbound import PLAIN, Details
from bot.domain.knowledge import Citation
from bot.domain.people import Address


class Author(StrEnum):
    """Who said it. `system` is Switchboard itself speaking to the customer, by code."""

    CUSTOMER = "customer"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Conversation:
    """`epoch` grows on each change of hands; `answered_through` is the last message id that got an answer."""

    id: int
    inbox_id: int
    customer_id: int
    epoch: int
    with_people: bool
    reply_to: Address
    reply_since: datetime | None = None
    last_customer_at: datetime | None = None
    last_customer_message: int = 0
    window_refused_at: datetime | None = None
    waiting_since: datetime | None = None
    answered_through: int = 0
    guidance: str = ""
    happened: str = ""  # what people did before they gave it back, in their own words
    promises: str = ""  # what people have promised the customer
    recap: str = ""  # what was said through `recap_through`, in few words
    recap_through: int = 0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. `said_at` is the sender's clock, `id` the order in which we learned of it."""

    id: int
    inbox_id: int
    conversation_id: int
    author: Author
    kind: str
    text: str
    status: Delivery
    said_at: datetime
    escalation_id: int | None = None
    staff_id: str | None = None
    wamid: str | None = None
    slack_channel: str | None = None
    slack_ts: str | None = None
    epoch: int = 0
    quoted_wamid: str | None = None
    failure: str = ""
    details: Details = PLAIN
    edited_at: datetime | None = None
    revoked_at: datetime | None = None
    heard: str = ""  # what a machine has read or heard in its file
    spoken_language: str | None = None
    translation: str = ""  # its words in the thread's language
    sources: tuple[Citation, ...] = ()  # what the AI looked up for its answer
    leaving_at: datetime | None = None  # from here on the customer may have it


def said_in(message: Message) -> str:
    """Its words, written or spoken. What a machine has read in a document is not what its sender says."""
    return message.text.strip() or (message.heard if message.kind == "audio" else "")


def may_have_left(message: Message) -> bool:
    """Whether the customer has it, or may have: what its author changes now comes too late."""
    if message.status in (Delivery.QUEUED, Delivery.FAILED):
        return message.status is Delivery.QUEUED and message.leaving_at is not None
    return message.status in LEFT or message.status is Delivery.UNCONFIRMED


def is_shown_by_us(message: Message) -> bool:
    """Whether whoever said it wrote no message in the thread: ours shows it, and its marks stand on that one."""
    return message.kind == "template" or message.details.is_drafted


# What a customer sends that is not something said: it is recorded and shown, but nobody answers it.
SILENT_KINDS = frozenset({"reaction", "system", "unsupported", "unknown", "edit", "revoke"})


# What the customer never got is no part of the conversation; notes must not reach them through a model either.
_UNSAID = frozenset(
    {
        Delivery.KEPT,
        Delivery.HELD,
        Delivery.PARKED,
        Delivery.WITHDRAWN,
        Delivery.FAILED,
        Delivery.DROPPED,
    }
)


def was_said(message: Message) -> bool:
    """Whether the customer said it, or has it or will."""
    return message.status not in _UNSAID and message.kind not in SILENT_KINDS


# What a customer does to messages, or WhatsApp tells of them: the 24 hours begin with messages of their own. Whether a
# reaction counts Meta does not say; a window that we take for open too long costs staff a refused reply.
_WINDOWLESS_KINDS = SILENT_KINDS - {"unsupported", "unknown"}


def opens_window(kind: str) -> bool:
    """Whether a customer's message of this WhatsApp type begins the 24 hours in which we may write freely."""
    return kind not in _WINDOWLESS_KINDS


def opens_turn(kind: str) -> bool:
    """Whether a customer's message of this WhatsApp type asks for an answer at all."""
    return kind not in SILENT_KINDS


def bot_may_speak(conversation: Conversation, begun_in: int) -> bool:
    """Promise 2: only while no person has the conversation, and only in the epoch the answer was begun in."""
    return not conversation.with_people and conversation.epoch == begun_in


def awaits_answer(conversation: Conversation) -> bool:
    """Whether the customer said something the bot has not answered, and the bot is the one to answer."""
    return not conversation.with_people and conversation.last_customer_message > conversation.answered_through


def answer_due(now: datetime, waiting_since: datetime, debounce: timedelta) -> datetime:
    """When to answer a burst: after a quiet moment, but never later than four debounces after its first message."""
    return max(now, min(now + debounce, waiting_since + 4 * debounce))
