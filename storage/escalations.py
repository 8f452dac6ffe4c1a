"""Escalations: their rows, their Slack threads, their audit, and the lists that staff look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, cast

from bot.domain.conversation import Author
from bot.domain.desk import EscalationView
from bot.domain.escalation import Escalation, Opening, Priority, Status, Transition, Trigger
from bot.domain.people import Customer
from bot.domain.window import window_end
from storage import inboxes, stretches
from storage.database import connection, fetch, transaction
from storage.desk_models import Audit
from storage.models import EscalationRow, FormerThread
from storage.rows import first, one, select

_ANSWERED_FIRST = """
UPDATE escalation SET first_answer_at = $3, first_answer_by = $2 WHERE id = $1 AND first_answer_at IS NULL
"""
_ACTIVE = "WHERE conversation_id = $1 AND status IN ('queued', 'open')"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an escalation lives in Slack. `opened_after` is the last message its opening transcript holds."""

    channel: str
    ts: str | None
    url: str | None
    opened_after: int


def as_escalation(row: EscalationRow) -> Escalation:
    return Escalation(
        id=row.id,
        inbox_id=row.inbox_id,
        conversation_id=row.conversation_id,
        status=row.status,
        trigger=row.trigger,
        reason=row.reason,
        created_at=row.created_at,
        queued_at=row.queued_at,
        summary=row.summary,
        priority=row.priority,
        language=row.language,
        started_by=row.started_by,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        snoozed_until=row.snoozed_until,
    )


async def load(escalation_id: int) -> Escalation | None:
    row = await first(EscalationRow, "WHERE id = $1", escalation_id)
    return as_escalation(row) if row else None


async def active_of(conversation_id: int) -> Escalation | None:
    row = await first(EscalationRow, _ACTIVE, conversation_id)
    return as_escalation(row) if row else None


async def of_thread(channel: str, ts: str) -> Escalation | None:
    """Whose thread this is, or was before Slack lost it."""
    if row := await first(EscalationRow, "WHERE card_channel = $1 AND card_ts = $2", channel, ts):
        return as_escalation(row)
    former = await FormerThread.get_or_none(channel=channel, ts=ts)
    return await load(former.escalation_id) if former else None


async def former_holder(conversation_id: int, before: int) -> str | None:
    """Who had this customer the last time that people had them."""
    rows = await select(
        EscalationRow,
        "WHERE conversation_id = $1 AND id < $2 AND taken_by IS NOT NULL ORDER BY id DESC LIMIT 1",
        conversation_id,
        before,
    )
    return rows[0].taken_by if rows else None


async def holders(inbox_id: int) -> list[str]:
    """Who has a conversation of this inbox now."""
    rows = (
        await EscalationRow.filter(inbox_id=inbox_id, status=Status.OPEN).distinct().values_list("taken_by", flat=True)
    )
    return sorted(str(each) for each in rows if each)


async def held_by(staff_id: str) -> list[int]:
    """What this person has now, in all inboxes."""
    rows = await EscalationRow.filter(status=Status.OPEN, taken_by=staff_id).order_by("id").values_list("id", flat=True)
    return cast("list[int]", list(rows))


async def thread_of(escalation_id: int) -> Thread:
    row = await one(EscalationRow, "WHERE id = $1", escalation_id)
    channel = row.card_channel or await inboxes.channel_for(row.inbox_id, row.id)
    return Thread(channel, row.card_ts, row.thread_url, row.opened_after)


class Due(NamedTuple):
    """Something is due for this escalation, by the rules of this inbox."""

    escalation_id: int
    inbox_id: int


@dataclass(frozen=True, slots=True)
class LiveThread:
    """The thread of an escalation that people are at, or are wanted for."""

    inbox_id: int
    escalation_id: int
    channel: str
    ts: str


async def live_threads() -> list[LiveThread]:
    """Those somebody has first: what is written there leaves without a click."""
    rows = await connection().execute_query_dict(
        """
        SELECT id, inbox_id, card_channel, card_ts FROM escalation
        WHERE status IN ('queued', 'open') AND card_ts IS NOT NULL
        ORDER BY status <> 'open', queued_at
        """
    )
    return [LiveThread(row["inbox_id"], row["id"], row["card_channel"], row["card_ts"]) for row in rows]


async def set_thread(escalation_id: int, channel: str, ts: str) -> None:
    await EscalationRow.filter(id=escalation_id).update(card_channel=channel, card_ts=ts)


async def move_thread(escalation_id: int, lost: Thread, thread: Thread, now: datetime) -> None:
    """The escalation goes on in another thread; what is written in the lost one is still heard."""
    async with transaction():
        row = await EscalationRow.filter(id=escalation_id).select_for_update().get()
        if lost.ts is not None and row.card_ts == lost.ts:
            await FormerThread.create(
                inbox_id=row.inbox_id, escalation_id=row.id, channel=lost.channel, ts=lost.ts, left_at=now
            )
        await EscalationRow.filter(id=escalation_id).update(
            card_channel=thread.channel, card_ts=thread.ts, thread_url=thread.url
        )


async def set_thread_url(escalation_id: int, url: str) -> None:
    await EscalationRow.filter(id=escalation_id).update(thread_url=url)


async def add(
    inbox_id: int, conversation_id: int, opening: Opening, opened_after: int, remind_at: datetime | None
) -> Escalation:
    row = await EscalationRow.create(
        inbox_id=inbox_id,
        conversation_id=conversation_id,
        status=Status.QUEUED,
        trigger=opening.event.trigger,
        reason=opening.event.reason,
        summary=opening.event.summary,
        priority=opening.event.priority,
        language=opening.event.language,
        started_by=opening.started_by,
        queued_at=opening.at,
        created_at=opening.at,
        opened_after=opened_after,
        remind_at=remind_at,
    )
    await _audit(as_escalation(row), None, "escalate", opening.started_by, opening.event.reason, opening.at)
    return as_escalation(row)


async def save(before: Escalation, change: Transition, actor: str | None, at: datetime) -> None:
    """Store a transition. The caller holds the conversation's lock, so `before` is what the row says."""
    after = change.after
    await EscalationRow.filter(id=after.id).update(
        status=after.status,
        priority=after.priority,
        queued_at=after.queued_at,
        taken_by=after.taken_by,
        taken_at=after.taken_at,
        ended_by=after.ended_by,
        ended_at=after.ended_at,
        snoozed_until=after.snoozed_until,
    )
    await _audit(after, before.status, change.event, actor, change.note, at)


async def answered_first(escalation_id: int, by: str | None, at: datetime) -> None:
    """A person's words are on their way to the customer; only the first ones count."""
    await fetch(_ANSWERED_FIRST, escalation_id, by, at)


async def set_reminder(escalation_id: int, at: datetime | None) -> None:
    await EscalationRow.filter(id=escalation_id).update(remind_at=at)


async def wake(escalation_id: int, queued_at: datetime, remind_at: datetime) -> None:
    """Nobody was chased about it; from here on the ladder begins again."""
    await EscalationRow.filter(id=escalation_id, status=Status.QUEUED, remind_at=None).update(
        queued_at=queued_at, remind_at=remind_at
    )


async def newest_of(conversation_id: int) -> int | None:
    row = await EscalationRow.filter(conversation_id=conversation_id).order_by("-id").first()
    return row.id if row else None


async def last_end(conversation_id: int) -> datetime | None:
    """When people last gave this conversation up."""
    row = (
        await EscalationRow.filter(conversation_id=conversation_id).exclude(ended_at=None).order_by("-ended_at").first()
    )
    return row.ended_at if row else None


async def due_for_reminder(inbox_ids: Sequence[int], now: datetime, limit: int = 100) -> list[Due]:
    """Those of these inboxes alone: what nobody here can act on would keep its place before all that is due later."""
    rows = (
        await EscalationRow.filter(status=Status.QUEUED, remind_at__lte=now, inbox_id__in=list(inbox_ids))
        .order_by("remind_at")
        .limit(limit)
        .values_list("id", "inbox_id")
    )
    return [Due(*row) for row in cast("list[tuple[int, int]]", rows)]


async def set_window_due(escalation_id: int, at: datetime | None) -> None:
    await EscalationRow.filter(id=escalation_id).update(window_due_at=at)


async def due_for_window(inbox_ids: Sequence[int], now: datetime, limit: int = 100) -> list[Due]:
    """Those whose reply window has come nearer to its end than staff last saw."""
    rows = await connection().execute_query_dict(
        "SELECT id, inbox_id FROM escalation WHERE status IN ('queued', 'open') AND window_due_at <= $1 "
        "AND inbox_id = ANY($3::int[]) ORDER BY window_due_at LIMIT $2",
        [now, limit, list(inbox_ids)],
    )
    return [Due(int(row["id"]), int(row["inbox_id"])) for row in rows]


async def view(escalation_id: int) -> EscalationView:
    """One escalation with all its card shows."""
    found = (await _views("e.id = $1", [escalation_id], 1))[0]
    escalation = found.escalation
    earlier = await stretches.earlier(escalation.conversation_id, escalation.id)
    time = await stretches.spent(escalation.id, escalation.ended_at) if escalation.ended_at else None
    return replace(found, earlier=earlier, spent=time)


async def views(ids: Sequence[int]) -> list[EscalationView]:
    """Several of them, in the order in which they are asked for; what is not there any more is left out."""
    if not ids:
        return []
    found = {each.escalation.id: each for each in await _views("e.id = ANY($1::bigint[])", [list(ids)], len(ids))}
    return [found[each] for each in ids if each in found]


_LISTS = {
    "mine": "e.status = 'open' AND e.taken_by = $2",
    "waiting": "e.status = 'queued' AND ($2::text IS NOT NULL)",
    "team": "e.status = 'open' AND e.taken_by IS DISTINCT FROM $2",
    "all": "e.status IN ('queued', 'open') AND ($2::text IS NOT NULL)",
}


async def listed(
    inbox_ids: Sequence[int], which: str, viewer: str, limit: int = 40, skip: int = 0
) -> list[EscalationView]:
    """One list of active escalations: `mine`, `waiting`, `team` or `all`."""
    where = f"e.inbox_id = ANY($1::int[]) AND {_LISTS[which]}"
    return await _views(where, [list(inbox_ids), viewer], limit, skip)


async def counted(inbox_ids: Sequence[int], which: str, viewer: str) -> int:
    """How many there are of that list."""
    where = f"e.inbox_id = ANY($1::int[]) AND {_LISTS[which]}"
    rows = await connection().execute_query_dict(
        f"SELECT count(*) AS many FROM escalation e WHERE {where}",  # noqa: S608  # ours, never a person's words
        [list(inbox_ids), viewer],
    )
    return int(rows[0]["many"])


_VIEW = """
SELECT e.*, c.id AS customer_id, c.name, c.username, c.phone, c.opted_out_at, c.blocked_at,
       i.name AS inbox_name, i.masks_numbers,
       v.last_customer_at, v.window_refused_at, m.author AS last_author, m.text AS last_text, m.said_at AS last_at,
       m.kind AS last_kind
FROM escalation e
JOIN conversation v ON v.id = e.conversation_id
JOIN customer c ON c.id = v.customer_id
JOIN inbox i ON i.id = e.inbox_id
LEFT JOIN LATERAL (
  SELECT author, text, kind, said_at FROM message
  WHERE conversation_id = v.id AND author <> 'system' AND kind NOT IN ('note', 'reaction', 'system', 'edit', 'revoke')
    AND revoked_at IS NULL
    AND status NOT IN ('held', 'parked', 'withdrawn', 'dropped', 'kept')
  ORDER BY id DESC LIMIT 1
) m ON true
WHERE {where}
ORDER BY CASE e.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, e.queued_at, e.id
LIMIT {limit}
"""


async def _views(where: str, values: list[object], limit: int, skip: int = 0) -> list[EscalationView]:
    sql = _VIEW.format(where=where, limit=int(limit)) + f"OFFSET {int(skip)}"  # both are ours, never a person's words
    return [_as_view(row) for row in await connection().execute_query_dict(sql, values)]


def _as_view(row: dict[str, Any]) -> EscalationView:
    return EscalationView(
        escalation=_escalation_in(row),
        customer=_customer_in(row),
        inbox_name=row["inbox_name"],
        last_author=Author(row["last_author"]) if row["last_author"] else None,
        last_text=row["last_text"] or "",
        last_kind=row["last_kind"] or "text",
        last_at=row["last_at"],
        window_closes_at=window_end(row["last_customer_at"], row["window_refused_at"]),
        thread_url=row["thread_url"],
    )


def _customer_in(row: dict[str, Any]) -> Customer:
    traits = ("customer_id", "inbox_id", "name", "username", "phone", "masks_numbers", "opted_out_at", "blocked_at")
    return Customer(*(row[each] for each in traits))


def _escalation_in(row: dict[str, Any]) -> Escalation:
    """As `as_escalation`, but from raw SQL, where enums arrive as plain words."""
    return Escalation(
        id=row["id"],
        inbox_id=row["inbox_id"],
        conversation_id=row["conversation_id"],
        status=Status(row["status"]),
        trigger=Trigger(row["trigger"]),
        reason=row["reason"],
        created_at=row["created_at"],
        queued_at=row["queued_at"],
        summary=row["summary"],
        priority=Priority(row["priority"]),
        language=row["language"],
        started_by=row["started_by"],
        taken_by=row["taken_by"],
        taken_at=row["taken_at"],
        ended_by=row["ended_by"],
        ended_at=row["ended_at"],
        snoozed_until=row["snoozed_until"],
    )


async def _audit(
    after: Escalation, before: Status | None, event: str, actor: str | None, note: str, at: datetime
) -> None:
    await Audit.create(
        inbox_id=after.inbox_id,
        conversation_id=after.conversation_id,
        escalation_id=after.id,
        event=event,
        actor=actor,
        from_status=before,
        to_status=after.status,
        holder=after.taken_by,
        note=note,
        at=at,
    )
