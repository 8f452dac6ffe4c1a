"""When the older part of a conversation is put into few words, and which part that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.text.tokens import tokens
from bot.domain.work import Crew, Work

# The AI reads 6,000 tokens and 60 messages word by word; the recap is made before the first of them drop out.
DUE_AT_TOKENS, DUE_AT_MESSAGES = 4_000, 40
# What stays word by word: the last exchanges, which the next question most likely is about.
KEPT_TOKENS, KEPT_AT_LEAST, KEPT_AT_MOST = 1_500, 4, 20

_OPEN = frozenset({Delivery.QUEUED, Delivery.SENT, Delivery.HELD, Delivery.PARKED, Delivery.UNCONFIRMED})
_SETTLED_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap(Work):
    """Put what was said long ago into few words. Its own lane: no customer waits for it."""

    kind = "agent.recap"
    crew = Crew.THINK
    conversation_id: int

    @property
    def lane(self) -> str:
        return f"recap:{self.conversation_id}"

    @property
    def latest(self) -> str | None:
        return self.lane


def recap_due(unsummed: Sequence[Message]) -> bool:
    """Whether what no recap covers has become long. Oldest first."""
    return len(unsummed) > DUE_AT_MESSAGES or sum(map(_weight, unsummed)) > DUE_AT_TOKENS


def part_to_recap(conversation: Conversation, unsummed: Sequence[Message], now: datetime) -> Sequence[Message]:
    """The older part. What is unanswered stays, and what the customer may yet get, or not get, with all after it."""
    end = len(unsummed) - _kept(unsummed)
    for index, message in enumerate(unsummed[:end]):
        unanswered = message.author is Author.CUSTOMER and message.id > conversation.answered_through
        if unanswered or (message.status in _OPEN and now - message.said_at < _SETTLED_AFTER):
            return unsummed[:index]
    return unsummed[:end]


def _kept(unsummed: Sequence[Message]) -> int:
    """How many of the newest stay word by word."""
    spent = 0
    for count, message in enumerate(reversed(unsummed)):
        spent += _weight(message)
        if count >= KEPT_AT_LEAST and (spent > KEPT_TOKENS or count >= KEPT_AT_MOST):
            return count
    return len(unsummed)


def _weight(message: Message) -> int:
    return tokens(message.text) + tokens(message.heard)
