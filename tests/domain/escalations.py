"""Escalations to start a test from, with the fixed cast."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.escalation import Escalation, Status, Trigger

ANA, BEN = "U0ANA", "U0BEN"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def queued() -> Escalation:
    """Carla's conversation, waiting for anybody since noon."""
    return Escalation(
        id=7,
        inbox_id=1,
        conversation_id=3,
        status=Status.QUEUED,
        trigger=Trigger.AI,
        reason="Wants a refund",
        created_at=NOON,
        queued_at=NOON,
    )


def held_by(staff_id: str) -> Escalation:
    """The same, taken five minutes later."""
    return replace(queued(), status=Status.OPEN, taken_by=staff_id, taken_at=NOON + timedelta(minutes=5))


def ended_by(staff_id: str | None, status: Status) -> Escalation:
    """The same, taken by Ana and ended an hour later."""
    return replace(held_by(ANA), status=status, ended_by=staff_id, ended_at=NOON + timedelta(hours=1))
