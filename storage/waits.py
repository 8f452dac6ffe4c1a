"""When the clock next has to look at an escalation, because somebody waits for it or nobody says anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation import Escalation
from bot.domain.reminders import Quiet
from storage.database import connection, fetch
from storage.desk_models import Audit
from storage.escalations import Due
from storage.models import EscalationRow

_WARNED = "warn_of_closing"  # an event of the audit

_DUE_FOR_ANSWER = """
SELECT id, inbox_id FROM escalation WHERE status = 'open' AND waiting_at <= $2 AND inbox_id = ANY($1::int[])
ORDER BY waiting_at LIMIT $3
"""

# One that was never looked at has no time yet: its inbox may have begun to close what is silent only now.
_DUE_FOR_CLOSING = """
SELECT id, inbox_id FROM escalation
WHERE status = 'open' AND inbox_id = ANY($1::int[]) AND (idle_at <= $2 OR idle_at IS NULL)
ORDER BY idle_at NULLS FIRST LIMIT $3
"""

_SILENCE = """
SELECT greatest(
         e.taken_at, e.snoozed_until,
         (SELECT said_at FROM message WHERE conversation_id = e.conversation_id ORDER BY id DESC LIMIT 1),
         (SELECT max(at) FROM audit WHERE escalation_id = e.id AND event <> $2)
       ) AS since,
       (SELECT max(at) FROM audit WHERE escalation_id = e.id AND event = $2) AS warned_at,
       EXISTS (
         SELECT FROM message WHERE conversation_id = e.conversation_id AND escalation_id = e.id
         AND status IN ('held', 'parked', 'queued', 'unconfirmed', 'failed')
       ) AS is_unfinished
FROM escalation e WHERE e.id = $1
"""

_SPOKE = """
SELECT greatest(e.taken_at, (
         SELECT max(said_at) FROM message
         WHERE conversation_id = e.conversation_id AND escalation_id = e.id AND author = 'staff' AND kind <> 'note'
       )) AS at
FROM escalation e WHERE e.id = $1
"""

_ANSWERED = """
SELECT created_at, first_answer_at FROM escalation
WHERE inbox_id = $1 AND created_at > $2 AND first_answer_at IS NOT NULL ORDER BY created_at DESC LIMIT $3
"""

_BEFORE = """
SELECT count(*) AS before FROM escalation e, escalation mine
WHERE mine.id = $1 AND e.inbox_id = mine.inbox_id AND e.status = 'queued' AND e.id < mine.id
"""


@dataclass(frozen=True, slots=True)
class Silence:
    """`is_unfinished`: something that staff wrote has not reached the customer."""

    quiet: Quiet
    is_unfinished: bool


async def look_for_answer(escalation_id: int, at: datetime | None) -> None:
    await EscalationRow.filter(id=escalation_id).update(waiting_at=at)


async def look_for_silence(escalation_id: int, at: datetime | None) -> None:
    await EscalationRow.filter(id=escalation_id).update(idle_at=at)


async def told_of(escalation_id: int, since: datetime) -> int:
    """Through which step of its ladder staff were told of the wait that began then."""
    rows = await EscalationRow.filter(id=escalation_id, told_since=since).values_list("told_step", flat=True)
    return int(str(rows[0])) if rows else 0


async def tell_of(escalation_id: int, since: datetime, step: int) -> None:
    await EscalationRow.filter(id=escalation_id).update(told_since=since, told_step=step)


async def put_off(escalation_id: int, until: datetime) -> None:
    """What is looked at, is not before then. Where nobody is chased, nobody will be."""
    await fetch(
        "UPDATE escalation SET remind_at = CASE WHEN remind_at IS NOT NULL THEN $2::timestamptz END, "
        "waiting_at = CASE WHEN waiting_at IS NOT NULL THEN $2::timestamptz END WHERE id = $1",
        escalation_id,
        until,
    )


async def due_for_answer(inbox_ids: Sequence[int], now: datetime, limit: int = 100) -> list[Due]:
    """Open ones of these inboxes whose customers may have waited too long."""
    rows = await connection().execute_query_dict(_DUE_FOR_ANSWER, [list(inbox_ids), now, limit])
    return [Due(row["id"], row["inbox_id"]) for row in rows]


async def due_for_closing(inbox_ids: Sequence[int], now: datetime, limit: int = 100) -> list[Due]:
    """Open ones of these inboxes, in which nobody may have said anything for too long."""
    if not inbox_ids:
        return []
    rows = await connection().execute_query_dict(_DUE_FOR_CLOSING, [list(inbox_ids), now, limit])
    return [Due(row["id"], row["inbox_id"]) for row in rows]


async def silence(escalation_id: int) -> Silence:
    (row,) = await connection().execute_query_dict(_SILENCE, [escalation_id, _WARNED])
    return Silence(Quiet(row["since"], row["warned_at"]), bool(row["is_unfinished"]))


async def warned_of_closing(escalation: Escalation, at: datetime) -> None:
    await Audit.create(
        inbox_id=escalation.inbox_id,
        conversation_id=escalation.conversation_id,
        escalation_id=escalation.id,
        event=_WARNED,
        from_status=escalation.status,
        to_status=escalation.status,
        at=at,
    )


async def staff_spoke_at(escalation_id: int) -> datetime | None:
    """When somebody of the staff last said something to the customer in it, or took it."""
    (row,) = await connection().execute_query_dict(_SPOKE, [escalation_id])
    return row["at"]


async def last_answered(inbox_id: int, since: datetime, count: int) -> list[tuple[datetime, datetime]]:
    """The last ones of this inbox: when they began, and when a person first answered."""
    rows = await connection().execute_query_dict(_ANSWERED, [inbox_id, since, count])
    return [(row["created_at"], row["first_answer_at"]) for row in rows]


async def waiting_before(escalation_id: int) -> int:
    """How many others of its inbox nobody has taken yet that came earlier."""
    (row,) = await connection().execute_query_dict(_BEFORE, [escalation_id])
    return int(row["before"])
