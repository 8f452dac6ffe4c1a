"""What was looked up in vain, and what was taught: counted truly, told once, and not kept for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.escalation import Status
from bot.domain.teaching import Lesson
from bot.domain.unanswered import KEPT_FOR
from storage import lookups, reports, taught
from storage.agent_models import Lookup, Taught
from storage.exports import Export
from storage.models import EscalationRow
from tests.storage.month import ANA, FIRST_WEEK, lived
from tests.storage.test_exports import exported

pytestmark = pytest.mark.usefixtures("database")
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def looked_up(
    inbox_id: int, message_id: int, query: str, found: int, *, days: int = 0, over: bool = False
) -> None:
    """For a message of its own conversation; `over`: people were called in after it."""
    at = MONDAY + timedelta(days=days)
    await Lookup.create(
        inbox_id=inbox_id,
        conversation_id=message_id,
        message_id=message_id,
        query=query,
        found=found,
        handed_over=over,
        at=at,
    )


async def test_what_found_nothing_or_did_not_do_is_missed_and_what_was_found_beside_it_is_not():
    inbox_id = await lived()
    await looked_up(inbox_id, 901, "wifi", 0)
    await looked_up(inbox_id, 902, "bycicle", 0)
    await looked_up(inbox_id, 902, "bicycle", 3)
    await looked_up(inbox_id, 903, "refund", 2, days=1, over=True)
    await looked_up(inbox_id, 904, "from another week", 0, days=-3)
    await looked_up(inbox_id + 1, 905, "from another inbox", 0)
    asked = MONDAY + timedelta(days=1, minutes=5)
    await EscalationRow.create(
        inbox_id=inbox_id,
        conversation_id=903,
        status=Status.QUEUED,
        trigger="ai",
        priority="normal",
        language="en",
        reason="",
        summary="",
        created_at=asked,
        queued_at=asked,
        thread_url="https://a.slack.com/p1",
    )
    missed = await lookups.missed(inbox_id, MONDAY - timedelta(days=1))
    assert [(each.query, each.thread_url) for each in missed] == [("refund", "https://a.slack.com/p1"), ("wifi", None)]
    report = await reports.report(inbox_id, FIRST_WEEK, MONDAY + timedelta(days=9))
    assert report.unanswered == 2
    told = await exported(Export.LOOKUPS, [inbox_id])
    assert [(row["found"], row.get("query")) for row in told] == [("0", None), ("0", None), ("3", None), ("2", None)]
    assert (await exported(Export.LOOKUPS, [inbox_id], with_words=True))[0]["query"] == "wifi"


async def test_searches_and_what_was_taken_back_are_kept_for_a_time_only():
    await looked_up(1, 901, "old", 0)
    await looked_up(1, 902, "new", 0, days=1)
    old, kept = [await taught.add(Lesson(1, f"Question {each}", "Yes."), ANA, MONDAY) for each in range(2)]
    assert await taught.remove(old, ANA, MONDAY)
    assert not await taught.remove(old, ANA, MONDAY)
    before = MONDAY + timedelta(hours=1)
    await lookups.purge(before)
    await taught.purge(before)
    assert [each.query for each in await Lookup.all()] == ["new"]
    assert [each.id for each in await Taught.all()] == [kept]
    assert timedelta(days=30) < KEPT_FOR
