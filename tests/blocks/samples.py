"""The cast as the faces meet them: Carla waits, Diego and Mina have written too; Ana and Ben are staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.conversation import Author
from bot.domain.desk import EscalationView, TranscriptLine
from bot.domain.escalation import Escalation, Priority, Status, Trigger
from bot.domain.people import Customer

ANA, BEN = "U0ANA", "U0BEN"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

CARLA = Customer(1, 1, "Carla Mendes", phone="15550101")
DIEGO = Customer(2, 1, "Diego", username="diego.r", phone="15550102")
MINA = Customer(3, 1, "Mina", username="mina")


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


def bare() -> EscalationView:
    """The least that is ever known: no name, no number, no summary, nothing said yet."""
    asked = replace(escalation(), reason="", summary="", trigger=Trigger.SYSTEM, language="")
    return EscalationView(asked, Customer(9, 1), inbox_name="")


TRANSCRIPT = (
    TranscriptLine(Author.CUSTOMER, "Carla Mendes", "Hi, my lamp arrived broken", NOW - minutes(14)),
    TranscriptLine(Author.BOT, "", "I am sorry to hear that.\nWhich order is it?", NOW - minutes(14)),
    TranscriptLine(Author.CUSTOMER, "Carla Mendes", "1234 <!channel> & *please* hurry", NOW - minutes(13)),
    TranscriptLine(Author.SYSTEM, "", "A colleague will answer you here.", NOW - minutes(12)),
)
