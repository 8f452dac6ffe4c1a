"""The 24 hours after a customer's last message in which free text may be sent, and how staff are told of their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.conversation import Conversation

WINDOW = timedelta(hours=24)

# How long before the end staff are warned in the thread, each once.
WARNINGS = (timedelta(hours=2), timedelta(minutes=30))
# How long before the end the card is drawn again: nobody reads a number there that is much too large.
_DRAWN = tuple(
    timedelta(minutes=each)
    for each in (*range(23 * 60, 120, -60), *(120, 105, 90, 75, 60, 45, 30, 25, 20, 15, 10, 5, 0))
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the way to the end has come: `warns` says which warning is due, `next_at` when the next comes."""

    warns: timedelta | None
    next_at: datetime | None


def window_closes_at(conversation: Conversation) -> datetime | None:
    """When free text may no longer be sent; None when the customer never wrote.

    Source: WhatsApp customer service window, 24 hours from the customer's last message.
    """
    return window_end(conversation.last_customer_at, conversation.window_refused_at)


def window_end(last_customer_at: datetime | None, refused_at: datetime | None) -> datetime | None:
    """24 hours after the customer's last word, or the moment since then at which WhatsApp called the window closed:
    it knows better, as when the customer's word was no message in its eyes.
    """
    if last_customer_at is None:
        return None
    closes = last_customer_at + WINDOW
    return min(closes, refused_at) if refused_at and refused_at > last_customer_at else closes


def is_closed(conversation: Conversation, now: datetime) -> bool:
    """Whether WhatsApp would refuse free text now. Where the customer never wrote, its own answer decides."""
    closes = window_closes_at(conversation)
    return closes is not None and now >= closes


def next_mark(closes: datetime | None, now: datetime) -> datetime | None:
    """When staff should next see how little is left; None when nothing changes any more."""
    return next((at for each in _DRAWN if closes and (at := closes - each) > now), None)


def mark(closes: datetime | None, now: datetime) -> Mark:
    """What is due now. Of warnings that were missed while nothing ran only the latest is given; after the end, none."""
    due = [each for each in WARNINGS if closes and closes - each <= now < closes]
    return Mark(min(due, default=None), next_mark(closes, now))


def is_worth_warning(conversation: Conversation, *, is_held: bool) -> bool:
    """While somebody has the conversation, or the customer's last word still waits for an answer."""
    return is_held or conversation.last_customer_message > conversation.answered_through
