"""The cast as the faces meet them: Carla waits, Diego and Mina have written too; Ana and Ben are staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.conversation import Author
from bot.domain.desk import EscalationView, TemplateChoice, TranscriptLine
from bot.domain.escalation import Escalation, Priority, Status, Trigger
from bot.domain.figures import Week
from bot.domain.home import Desk, Page, Part, Rows, Today
from bot.domain.knowledge import Citation
from bot.domain.people import Customer
from bot.domain.stretches import Earlier, Spent
from bot.domain.templates import Listed, Template, understand

ANA, BEN = "U0ANA", "U0BEN"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

CARLA = Customer(1, 1, "Carla Mendes", phone="15550101")
DIEGO = Customer(2, 1, "Diego", username="diego.r", phone="15550102")
MINA = Customer(3, 1, "Mina", username="mina")


WEEK = Week(
    days={date(2026, 3, 2): 12, date(2026, 3, 3): 0, date(2026, 3, 4): 1},
    answered=11,
    answered_by={ANA: 4, BEN: 7},
    first_response=timedelta(minutes=3, seconds=20),
)


SOURCES = tuple(
    Citation(f"shop/{name}.md", title) for name, title in (("returns", "Returns › <By> post"), ("faq", "faq"))
)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def escalation(status: Status = Status.QUEUED, ident: int = 7) -> Escalation:
    """Asked for twelve minutes ago; Ana took it four minutes later and ended it one minute ago, as far as it got."""
    asked = NOW - minutes(12)
    waiting = Escalation(
        id=ident,
        inbox_id=1,
        conversation_id=3,
        status=status,
        trigger=Trigger.AI,
        reason="Wants a refund for a broken lamp",
        created_at=asked,
        queued_at=asked,
        summary="The lamp of order 1234 arrived broken.\nShe has sent a photo and prefers a refund.",
        language="pt",
    )
    if status is Status.QUEUED:
        return waiting
    taken = replace(waiting, taken_by=ANA, taken_at=NOW - minutes(8))
    return replace(taken, ended_by=ANA, ended_at=NOW - minutes(1)) if status.is_final else taken


def view(of: Escalation | None = None, customer: Customer = CARLA) -> EscalationView:
    of = of or escalation()
    return EscalationView(
        escalation=of,
        customer=customer,
        inbox_name="Support",
        last_author=Author.CUSTOMER,
        last_text="Can I talk to a person please?",
        last_at=NOW - minutes(3),
        window_closes_at=NOW + timedelta(hours=23, minutes=57),
        thread_url=f"https://example.slack.com/archives/C0SUPPORT/p{of.id}",
    )


def urgent() -> EscalationView:
    """Everything that may stand on a card at once: urgent, asked for by staff, the window nearly closed."""
    asked = replace(escalation(), priority=Priority.URGENT, trigger=Trigger.STAFF, started_by=BEN)
    return replace(view(asked, DIEGO), window_closes_at=NOW + minutes(90))


def rows_of(*views: EscalationView, start: int = 0, total: int | None = None) -> Rows:
    """A page of a list that is as long as `total`, or holds nothing else."""
    return Rows(views, Page(start, max(1, len(views)), len(views) if total is None else total))


def busy_desk() -> Desk:
    """Ana has Carla, Diego waits and so does somebody urgent, Ben has Mina, and two ended today."""
    held_by_ben = replace(view(replace(escalation(Status.OPEN, ident=9), taken_by=BEN), MINA), last_author=Author.STAFF)
    ended = (
        view(escalation(Status.RESOLVED, ident=5)),
        view(replace(escalation(Status.CLOSED, ident=6), ended_by=None)),
    )
    return Desk(
        viewer=ANA,
        lists={
            Part.MINE: rows_of(view(escalation(Status.OPEN))),
            Part.WAITING: rows_of(urgent(), view(escalation(ident=8), DIEGO)),
            Part.TEAM: rows_of(held_by_ben),
            Part.ENDED: rows_of(*ended),
        },
        today=Today(2, 2, 1, 1),
        week=WEEK,
    )


def bare() -> EscalationView:
    """The least that is ever known: no name, no number, no summary, nothing said yet."""
    asked = replace(escalation(), reason="", summary="", trigger=Trigger.SYSTEM, language="")
    return EscalationView(asked, Customer(9, 1), inbox_name="")


def ended(status: Status = Status.RESOLVED) -> EscalationView:
    """It was released once: the four minutes it waited are not all in one piece."""
    return replace(view(escalation(status)), spent=Spent(minutes(4), minutes(7)))


EARLIER = (
    Earlier(
        5, Status.CLOSED, "Wants a refund <!here>", NOW - timedelta(days=3), "Ben Okafor", "https://a.slack.com/p5"
    ),
    Earlier(4, Status.RESOLVED, "", NOW - timedelta(days=9), "Ana Ruiz"),
    Earlier(2, Status.CLOSED, "Asked for a person", NOW - timedelta(days=40), "", "https://a.slack.com/p2"),
)


def back_again() -> EscalationView:
    """People have had this conversation three times before."""
    return replace(view(), earlier=EARLIER)


def _template(ident: int, name: str, *parts: dict[str, Any], **more: Any) -> Template:
    listed = Listed(name, "en", "UTILITY", "APPROVED", parts)
    return understand(ident, replace(listed, **more))


_GREETING: dict[str, Any] = {"type": "BODY", "text": "Hi {{1}}, your order is *on its way* & <b>.", "example": {}}
_PICTURE: dict[str, Any] = {"type": "HEADER", "format": "IMAGE"}
_LINK: dict[str, Any] = {
    "type": "URL",
    "text": "Track",
    "url": "https://a.example/{{1}}",
    "example": ["https://a.example/7"],
}
TEMPLATES = (
    _template(1, "parcel", _GREETING, {"type": "FOOTER", "text": "Aurora"}, {"type": "BUTTONS", "buttons": [_LINK]}),
    _template(2, "sale", {"type": "BODY", "text": "Everything must go"}, category="MARKETING"),
    _template(3, "new_tent", _PICTURE, {"type": "BODY", "text": "Look!"}, category="MARKETING"),
    *(_template(number, f"notice_{number}", {"type": "BODY", "text": "x" * 900}) for number in range(4, 140)),
)


def choosing(chosen: int | None = None, *, few: bool = True, **more: Any) -> TemplateChoice:
    """The modal for templates, as far as it was filled in."""
    templates = TEMPLATES[:3] if few else TEMPLATES
    picked = None if chosen is None else TEMPLATES[chosen - 1]
    return replace(TemplateChoice(view(escalation(Status.OPEN)), templates, picked), **more)


TRANSCRIPT = (
    TranscriptLine(Author.CUSTOMER, "Carla Mendes", "Hi, my lamp arrived broken", NOW - minutes(14)),
    TranscriptLine(Author.BOT, "", "I am sorry to hear that.\nWhich order is it?", NOW - minutes(14), SOURCES),
    TranscriptLine(Author.CUSTOMER, "Carla Mendes", "1234 <!channel> & *please* hurry", NOW - minutes(13)),
    TranscriptLine(Author.SYSTEM, "", "A colleague will answer you here.", NOW - minutes(12)),
)
