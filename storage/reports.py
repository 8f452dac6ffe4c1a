"""How a desk did: figures by bounded SQL over what happened in a period, never over a whole table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.delivery import LEFT, Delivery
from bot.domain.escalation import Trigger
from bot.domain.periods import Period
from bot.domain.reasons import Counted, grouped
from bot.domain.report import MemberFigures, Report, Share, Times, Volume
from storage.database import Row, fetch, fetch_one
from storage.lookups import MISSED
from storage.models import Inbox

REASONS = 7  # of a chart's bars one says what is left over
_WORDINGS = 500  # different ones that are looked at: who words a thousand reasons a week has no top ten
_MEMBERS = 60
REMINDERS_KNOWN_FOR = timedelta(days=14)  # as long as tasks that are done are kept
_SAID = [*LEFT, Delivery.QUEUED, Delivery.UNCONFIRMED]

# Of two replicas that tick together the second waits for the first one's lock, and then finds nothing due.
_TAKE_DUE = """
WITH due AS (
  SELECT id, report_due_at FROM inbox WHERE id = $1 AND (report_due_at IS NULL OR report_due_at <= $2) FOR UPDATE
)
UPDATE inbox SET report_due_at = $3 FROM due WHERE inbox.id = due.id RETURNING due.report_due_at AS due_at
"""
_DUE = "SELECT id FROM inbox WHERE id = ANY($1::int[]) AND (report_due_at IS NULL OR report_due_at <= $2) ORDER BY id"

_BEGUN = """
SELECT width_bucket(created_at, $4::timestamptz[]) AS bucket, count(*) AS count FROM escalation
WHERE inbox_id = ANY($1::int[]) AND created_at >= $2 AND created_at < $3 GROUP BY 1
"""

_RESPONSE = """
SELECT count(*) AS count,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM first_answer_at - created_at)) AS took
FROM escalation
WHERE inbox_id = ANY($1::int[]) AND created_at >= $2 AND created_at < $3 AND first_answer_at IS NOT NULL
"""

_ENDED = """
SELECT count(*) AS count, count(*) FILTER (WHERE status = 'resolved') AS resolved,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)) AS took
FROM escalation WHERE inbox_id = ANY($1::int[]) AND ended_at >= $2 AND ended_at < $3
"""

_REASONS = """
SELECT trigger, reason, count(*) AS count, sum(count(*)) OVER () AS total FROM escalation
WHERE inbox_id = ANY($1::int[]) AND created_at >= $2 AND created_at < $3
GROUP BY trigger, reason ORDER BY count(*) DESC, reason LIMIT $4
"""

_MEMBERS_DID = """
WITH taken AS (
  SELECT coalesce(holder, actor) AS who, count(DISTINCT escalation_id) AS taken FROM audit
  WHERE inbox_id = ANY($1::int[]) AND at >= $2 AND at < $3 AND event IN ('take', 'take_over', 'assign') GROUP BY 1
), answered AS (
  SELECT staff_id AS who, count(DISTINCT escalation_id) AS answered FROM message
  WHERE inbox_id = ANY($1::int[]) AND said_at >= $2 AND said_at < $3 AND author = 'staff' AND status = ANY($4::text[])
  GROUP BY 1
), ended AS (
  SELECT ended_by AS who, count(*) FILTER (WHERE status = 'resolved') AS resolved,
         count(*) FILTER (WHERE status = 'closed') AS closed
  FROM escalation WHERE inbox_id = ANY($1::int[]) AND ended_at >= $2 AND ended_at < $3 GROUP BY 1
), first AS (
  SELECT first_answer_by AS who, count(*) AS count,
         percentile_cont(ARRAY[0.5, 0.9])
           WITHIN GROUP (ORDER BY extract(epoch FROM first_answer_at - created_at)) AS took
  FROM escalation
  WHERE inbox_id = ANY($1::int[]) AND created_at >= $2 AND created_at < $3 AND first_answer_at IS NOT NULL GROUP BY 1
)
SELECT who, coalesce(staff.name, '') AS name, coalesce(taken, 0) AS taken, coalesce(answered, 0) AS answered,
       coalesce(resolved, 0) AS resolved, coalesce(closed, 0) AS closed, coalesce(first.count, 0) AS count, took
FROM taken FULL JOIN answered USING (who) FULL JOIN ended USING (who) FULL JOIN first USING (who)
LEFT JOIN staff ON staff.id = who
WHERE who IS NOT NULL
ORDER BY coalesce(taken, 0) DESC, coalesce(answered, 0) DESC, who LIMIT $5
"""

_AI = """
WITH spoken AS (
  SELECT DISTINCT conversation_id AS id FROM message
  WHERE inbox_id = ANY($1::int[]) AND said_at >= $2 AND said_at < $3 AND author = 'bot' AND status = ANY($4::text[])
)
SELECT count(*) AS whole, count(*) FILTER (WHERE NOT EXISTS (
  SELECT 1 FROM escalation e WHERE e.conversation_id = spoken.id
    AND e.created_at < $3 AND (e.ended_at IS NULL OR e.ended_at >= $2)
)) AS alone FROM spoken
"""

_REMINDERS = """
SELECT count(*) AS count FROM task
WHERE inbox_id = ANY($1::int[]) AND kind IN ('slack.remind', 'slack.remind_holder')
  AND done_at >= $2 AND done_at < $3 AND NOT dead
"""

_UNDELIVERED = """
SELECT count(*) AS count FROM message
WHERE inbox_id = ANY($1::int[]) AND status = 'failed' AND said_at >= $2 AND said_at < $3
"""

_UNANSWERED = f"""
SELECT count(DISTINCT (l.conversation_id, l.message_id)) AS count FROM lookup l
WHERE l.inbox_id = ANY($1::int[]) AND l.at >= $2 AND l.at < $3 AND {MISSED}
"""  # noqa: S608 - both parts are ours

_NOW = """
SELECT count(*) FILTER (WHERE status = 'queued') AS waiting, count(*) FILTER (WHERE status = 'open') AS open
FROM escalation WHERE inbox_id = ANY($1::int[]) AND status IN ('queued', 'open')
"""


async def due(inbox_ids: Sequence[int], now: datetime) -> list[int]:
    """Of these inboxes those whose weekly report is due, or was not planned yet."""
    return [int(row["id"]) for row in await fetch(_DUE, list(inbox_ids), now)]


async def take_due(inbox_id: int, now: datetime, next_at: datetime) -> bool:
    """Whether the weekly report was due and is ours to cause. From here on it is due at `next_at`."""
    row = await fetch_one(_TAKE_DUE, inbox_id, now, next_at)
    return row is not None and row["due_at"] is not None


async def volume(inbox_ids: Sequence[int], period: Period) -> Volume:
    """Escalations that began in it, by day, week or month; how long until a person answered them; and how long those
    that ended in it had lasted."""
    began = {int(row["bucket"]): int(row["count"]) for row in await _rows(_BEGUN, inbox_ids, period, period.bounds())}
    counts = tuple(began.get(number, 0) for number in range(1, len(period.buckets()) + 1))
    response, ended = await _row(_RESPONSE, inbox_ids, period), await _row(_ENDED, inbox_ids, period)
    return Volume(period, counts, _times(response), _times(ended))


async def ai_share(inbox_ids: Sequence[int], period: Period) -> Share:
    """Of the conversations in which the AI answered, those that no person had or was asked for at any time of it."""
    row = await _row(_AI, inbox_ids, period, _SAID)
    return Share(int(row["alone"]), int(row["whole"]))


async def reasons(inbox_ids: Sequence[int], period: Period, most: int = REASONS) -> tuple[Counted, ...]:
    """Why people were needed, the most frequent first, similar reasons told as one."""
    rows = await _rows(_REASONS, inbox_ids, period, _WORDINGS)
    found = [Counted(Trigger(row["trigger"]), str(row["reason"]), int(row["count"])) for row in rows]
    unseen = int(rows[0]["total"]) - sum(each.count for each in found) if rows else 0
    return grouped(found, most, unseen)


async def members(inbox_ids: Sequence[int], period: Period) -> tuple[MemberFigures, ...]:
    """What each of the staff did, the busiest first."""
    return tuple(
        MemberFigures(
            staff_id=str(row["who"]),
            name=str(row["name"]),
            taken=int(row["taken"]),
            answered=int(row["answered"]),
            resolved=int(row["resolved"]),
            closed=int(row["closed"]),
            response=_times(row),
        )
        for row in await _rows(_MEMBERS_DID, inbox_ids, period, _SAID, _MEMBERS)
    )


async def report(inbox_id: int, period: Period, now: datetime) -> Report:
    """Everything about one inbox in one period, with what can be compared of the period before it."""
    ids = [inbox_id]
    ended, standing = await _row(_ENDED, ids, period), await fetch_one(_NOW, ids)
    assert standing is not None
    return Report(
        inbox_id=inbox_id,
        inbox_name=(await Inbox.get(id=inbox_id)).name,
        volume=await volume(ids, period),
        before=await volume(ids, period.before),
        reasons=await reasons(ids, period),
        members=await members(ids, period),
        resolved=int(ended["resolved"]),
        closed=int(ended["count"]) - int(ended["resolved"]),
        ai=await ai_share(ids, period),
        ai_before=await ai_share(ids, period.before),
        reminders=await _reminders(ids, period, now),
        undelivered=int((await _row(_UNDELIVERED, ids, period))["count"]),
        unanswered=int((await _row(_UNANSWERED, ids, period))["count"]),
        waiting_now=int(standing["waiting"]),
        open_now=int(standing["open"]),
    )


async def _reminders(inbox_ids: Sequence[int], period: Period, now: datetime) -> int | None:
    if period.start < now - REMINDERS_KNOWN_FOR:
        return None
    return int((await _row(_REMINDERS, inbox_ids, period))["count"])


async def _rows(query: str, inbox_ids: Sequence[int], period: Period, *more: object) -> Sequence[Row]:
    return await fetch(query, list(inbox_ids), period.start, period.end, *more)


async def _row(query: str, inbox_ids: Sequence[int], period: Period, *more: object) -> Row:
    return (await _rows(query, inbox_ids, period, *more))[0]


def _times(row: Row) -> Times:
    took: list[Any] | None = row["took"]
    if not took or took[0] is None:
        return Times()
    median, p90 = (timedelta(seconds=round(float(each))) for each in took)
    return Times(int(row["count"]), median, p90)
