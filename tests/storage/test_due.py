"""What is due: nothing that nobody here can act on stands before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.escalation import Priority, Status, Trigger
from bot.listeners.clock import Find
from storage import escalations, waits
from storage.models import EscalationRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OURS, FORMER = 1, 99  # of the second this process knows no rules


def row(inbox_id: int, number: int, status: Status, at: datetime) -> EscalationRow:
    return EscalationRow(
        inbox_id=inbox_id,
        conversation_id=number,
        status=status,
        trigger=Trigger.AI,
        reason="",
        priority=Priority.NORMAL,
        language="en",
        queued_at=NOON,
        created_at=NOON,
        remind_at=at,
        waiting_at=at,
        window_due_at=at,
    )


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("status", "due"),
    [
        (Status.QUEUED, escalations.due_for_reminder),
        (Status.OPEN, waits.due_for_answer),
        (Status.QUEUED, escalations.due_for_window),
    ],
)
async def test_however_much_a_former_inbox_leaves_behind_what_is_ours_comes_up(status: Status, due: Find) -> None:
    old = [row(FORMER, number, status, NOON - timedelta(days=1)) for number in range(150)]
    await EscalationRow.bulk_create([*old, row(OURS, 1000, status, NOON)])  # pyright: ignore[reportUnknownMemberType]
    found = await due([OURS], NOON)
    assert [each.inbox_id for each in found] == [OURS]
