"""Where the direct messages about escalations are, and how things stood when each was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.preferences import Topic
from storage.database import connection, fetch
from storage.desk_models import Notice
from storage.rows import select

_ANY = "SELECT EXISTS (SELECT FROM notice WHERE escalation_id = $1) AS found"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a direct message tells."""

    escalation_id: int
    topic: Topic
    shown: str


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """A message to one of the staff, and all that it tells, in order."""

    staff_id: str
    channel: str
    ts: str
    things: tuple[Told, ...]


async def add(inbox_id: int, message: DirectMessage, now: datetime) -> None:
    await Notice.bulk_create(
        Notice(
            inbox_id=inbox_id,
            escalation_id=each.escalation_id,
            staff_id=message.staff_id,
            kind=each.topic,
            channel=message.channel,
            ts=message.ts,
            shown=each.shown,
            said_at=now,
        )
        for each in message.things
    )


async def any_about(escalation_id: int) -> bool:
    return bool((await fetch(_ANY, escalation_id))[0]["found"])


async def outdated(escalation_id: int, shown: str) -> list[DirectMessage]:
    """The messages that tell something of this escalation which is not so any more."""
    rows = await select(
        Notice,
        "WHERE (channel, ts) IN (SELECT channel, ts FROM notice WHERE escalation_id = $1 AND shown <> $2) ORDER BY id",
        escalation_id,
        shown,
    )
    places = dict.fromkeys((row.channel, row.ts) for row in rows)
    return [_as_message([row for row in rows if (row.channel, row.ts) == place]) for place in places]


async def set_shown(channel: str, ts: str, things: Sequence[Told]) -> None:
    for each in things:
        await connection().execute_query(
            "UPDATE notice SET shown = $4 WHERE channel = $1 AND ts = $2 AND escalation_id = $3",
            [channel, ts, each.escalation_id, each.shown],
        )


def _as_message(rows: Sequence[Notice]) -> DirectMessage:
    things = tuple(Told(row.escalation_id, Topic(row.kind), row.shown) for row in rows)
    return DirectMessage(rows[0].staff_id, rows[0].channel, rows[0].ts, things)
