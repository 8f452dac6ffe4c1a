"""Rows on their way into a file: all of them, in order, with names, and without words unless they are wanted."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.delivery import csv_file
from bot.domain.periods import Period
from storage import exports
from storage.database import connection
from storage.exports import Export
from storage.models import EscalationRow, Inbox
from tests.storage.month import ANA, FIRST_WEEK, MADRID, MARCH, MONTH, lived

pytestmark = pytest.mark.usefixtures("database")


async def exported(
    what: Export, inbox_ids: Sequence[int], period: Period = FIRST_WEEK, *, with_words: bool = False
) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    async with exports.opened(what, inbox_ids, period.start, period.end, with_words=with_words) as rows:
        count = await csv_file.write(rows, out, period.zone)
    found = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert len(found) == count
    return found


async def test_a_week_of_escalations_with_who_and_when_in_the_time_of_the_inbox():
    found = await exported(Export.ESCALATIONS, [await lived()])
    assert [row["asked_at"] for row in found] == [
        "2026-03-02T09:00:00+01:00",
        "2026-03-02T10:00:00+01:00",
        "2026-03-02T23:50:00+01:00",
        "2026-03-04T09:00:00+01:00",
        "2026-03-08T23:59:00+01:00",
    ]
    first, waiting = found[0], found[-1]
    assert (first["taken_by"], first["taken_by_name"], first["ended_by_name"]) == (ANA, "Ana", "Ana")
    assert (first["first_response_seconds"], first["resolution_seconds"]) == ("240", "1800")
    assert (waiting["status"], waiting["taken_by"], waiting["ended_at"]) == ("queued", "", "")
    assert "summary" not in first


async def test_the_audit_has_every_change_and_whose_it_was_from_then_on():
    inbox_id = await lived()
    found = await exported(Export.AUDIT, [inbox_id], MARCH)
    assert len(found) == sum(1 + bool(case.by) + bool(case.ended) for case in MONTH)
    changes = [(row["event"], row["actor_name"], row["holder_name"]) for row in found if row["escalation"] == "2"]
    assert changes == [("escalate", "", ""), ("take", "Ana", "Ana"), ("return_to_bot", "Ana", "Ana")]
    moments = [datetime.fromisoformat(row["at"]) for row in found]
    assert moments == sorted(moments)


async def test_what_was_said_is_in_the_file_only_where_it_is_asked_for():
    inbox_id = await lived()
    without, with_words = [
        await exported(Export.MESSAGES, [inbox_id], MARCH, with_words=each) for each in (False, True)
    ]
    assert all("text" not in row for row in without)
    assert {row["text"] for row in with_words} == {"Hello"}
    assert len(without) == len(with_words)


async def test_of_another_inbox_there_is_a_header_and_nothing_else():
    await lived()
    other = await Inbox.create(phone_number_id="2", name="Shop", slack_channel="C0SHOP")
    assert await exported(Export.ESCALATIONS, [other.id]) == []


async def test_what_a_customer_wrote_cannot_be_run_by_a_spreadsheet():
    inbox_id = await lived()
    await EscalationRow.filter(id=2).update(reason='=HYPERLINK("http://evil.example","Click")')
    found = await exported(Export.ESCALATIONS, [inbox_id])
    assert found[0]["reason"] == '\'=HYPERLINK("http://evil.example","Click")'


class Nowhere(io.TextIOBase):
    """A file that remembers how much was written."""

    def __init__(self) -> None:
        self.letters = 0

    def write(self, text: str) -> int:
        self.letters += len(text)
        return len(text)


async def test_however_many_rows_there_are_few_of_them_are_in_memory():
    inbox_id = await lived()
    await connection().execute_query(
        """INSERT INTO audit (inbox_id, conversation_id, escalation_id, event, note, at)
           SELECT $1, 1, 1, 'take', 'from somebody', $2 FROM generate_series(1, 20000)""",
        [inbox_id, datetime(2026, 3, 3, 12, tzinfo=MADRID)],
    )
    out = Nowhere()
    tracemalloc.start()
    try:
        async with exports.opened(Export.AUDIT, [inbox_id], FIRST_WEEK.start, FIRST_WEEK.end) as rows:
            assert await csv_file.write(rows, out, MADRID) > 20_000  # pyright: ignore[reportArgumentType]
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.letters > 1_000_000
    assert most < 3_000_000
