"""Conversations for the agent's tests, written as a script of who says what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery

_BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_STATUS = {Author.CUSTOMER: Delivery.RECEIVED}


def said(author: Author, text: str, escalation: int | None = None, kind: str = "text") -> Message:
    """One line; `script` gives it its place."""
    status = _STATUS.get(author, Delivery.DELIVERED)
    return Message(0, 1, 1, author, kind, text, status, _BEGIN, escalation, "U0ANA" if author is Author.STAFF else None)


def customer(text: str, escalation: int | None = None, kind: str = "text") -> Message:
    return said(Author.CUSTOMER, text, escalation, kind)


def bot(text: str) -> Message:
    return said(Author.BOT, text)


def staff(text: str, escalation: int | None = 7) -> Message:
    return said(Author.STAFF, text, escalation)


def system(text: str, escalation: int | None = 7) -> Message:
    return said(Author.SYSTEM, text, escalation)


def script(*lines: Message) -> list[Message]:
    """The lines in order, a minute apart, numbered from 1."""
    return [
        replace(line, id=number, said_at=_BEGIN + timedelta(minutes=number)) for number, line in enumerate(lines, 1)
    ]
