"""A conversation as its history shows it: the AI first, then people, with everything that can happen to a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from bot.domain.desk import HistoryPage, Quoted, Said, Told, ToldFile
from bot.domain.escalation import Status
from bot.domain.stretches import Stretch
from tests.blocks.samples import ANA, BEN, NOW, SOURCES, escalation, minutes, view

_POST = "https://a.slack.com/archives/C0SUPPORT/p1?thread_ts=1.0&cid=C0SUPPORT"
_SPEAKERS = {Author.CUSTOMER: "Carla Mendes", Author.BOT: "AI", Author.SYSTEM: "Switchboard"}
_STRETCH = Stretch(7, "Wants a refund <!here>", "https://a.slack.com/archives/C0SUPPORT/p1")


def told(ident: int, author: Author, text: str, status: Delivery = Delivery.RECEIVED, **more: Any) -> Told:
    """One message, a minute after the one before it."""
    said_at = NOW - timedelta(days=2) + minutes(ident)
    message = Message(ident, 1, 3, author, str(more.pop("kind", "text")), text, status, said_at)
    staff_id = more.pop("staff_id", None)
    speaker = {ANA: "Ana Ruiz", BEN: "Ben Okafor"}.get(str(staff_id), _SPEAKERS.get(author, "Staff"))
    quoted = more.pop("quoted", None)
    message = replace(message, **more)
    about = quoted if isinstance(quoted, Quoted) else None
    return Told(message, speaker, Said.from_message(message, about))


def conversation() -> tuple[Told, ...]:
    now = NOW - timedelta(days=2)
    with_people: dict[str, Any] = {"escalation_id": 7}
    photo = told(3, Author.CUSTOMER, "the lamp", kind="image")
    lost = told(
        12, Author.STAFF, "", Delivery.FAILED, kind="document", staff_id=ANA, failure="too large", **with_people
    )
    return (
        told(1, Author.CUSTOMER, "Hi, my lamp arrived broken <!channel>", edited_at=now),
        told(2, Author.BOT, "Which order is it?", Delivery.READ, sources=SOURCES * 3),
        replace(photo, files=(ToldFile("lamp.jpg", "https://a.slack.com/files/F1/lamp.jpg"),)),
        told(4, Author.CUSTOMER, "a secret", revoked_at=now),
        told(5, Author.SYSTEM, "A colleague will answer you here.", Delivery.DELIVERED, **with_people),
        told(6, Author.STAFF, "She is a VIP", Delivery.KEPT, kind="note", staff_id=BEN, **with_people),
        replace(told(7, Author.STAFF, "We refund you", Delivery.FAILED, staff_id=ANA, failure="No route"), url=_POST),
        told(
            8,
            Author.STAFF,
            "It leaves today",
            Delivery.SENT,
            staff_id=ANA,
            edited_at=NOW,
            leaving_at=now,
            **with_people,
        ),
        told(9, Author.STAFF, "Wait for me", Delivery.HELD, staff_id=BEN, **with_people),
        told(10, Author.CUSTOMER, "Thanks!", quoted=Quoted("Ana Ruiz", "It leaves today"), **with_people),
        told(11, Author.CUSTOMER, "", kind="edit", quoted=Quoted("Carla Mendes", "told by the message itself")),
        replace(lost, files=(ToldFile("terms.pdf", None, "WhatsApp takes no such files"),)),
        told(3_000, Author.CUSTOMER, "Two days later"),
    )


def page(**more: Any) -> HistoryPage:
    whole = HistoryPage(view(escalation(Status.OPEN)), conversation(), {7: _STRETCH})
    return replace(whole, **more)


def huge(text: str) -> HistoryPage:
    return page(told=tuple(told(ident, Author.CUSTOMER, text) for ident in range(1, 21)))
