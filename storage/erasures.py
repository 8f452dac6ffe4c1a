"""Forgetting a customer: what there is of them, in which tables, and how it is taken out.

What stays are rows that say nothing about anybody: that there was a customer, a conversation, escalations and their
times, so that the figures of the desk stay true, and who of the staff did what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from storage.database import connection, fetch
from storage.models import Erasure
from storage.tasks import CHANNEL
from storage.taught import made_from

_STRIDE = 20_000  # tasks looked through at a time: a statement must end before its time is up
_TELLING = 5  # letters; what is shorter would be found in anything

_ALL = "SELECT id FROM customer WHERE id = $1 OR merged_into = $1"

# WhatsApp may bring the same once more for seven days: what has arrived leaves its name behind, which says nothing.
_ARRIVED = "'whatsapp.message', 'whatsapp.echo', 'whatsapp.status', 'whatsapp.preference', 'whatsapp.unclaimed'"
_TAKEN_OUT = f"""
gone AS (
  DELETE FROM task USING found WHERE task.id = found.id AND found.kind NOT IN ({_ARRIVED})
), emptied AS (
  UPDATE task SET payload = '{{}}', lane = 'forgotten', last_error = '',
                  done_at = coalesce(done_at, now()), dead = false
  FROM found WHERE task.id = found.id AND found.kind IN ({_ARRIVED})
)
"""  # noqa: S608  # put together of nothing but what stands here

# Of waiting work only what is about them goes; of done work also what mentions them.
_SWEEP = f"""
WITH found AS (
  SELECT id, kind, payload->'status'->>'id' AS wamid FROM task
  WHERE id > $1 AND id <= $2 AND NOT starts_with(kind, 'forget.') AND (
    lane = ANY($3::text[])
    OR payload->>'conversation_id' = ANY($4::text[]) OR payload->>'other_id' = ANY($4::text[])
    OR payload->>'escalation_id' = ANY($5::text[])
    OR payload->>'message_id' = ANY($6::text[])
    OR payload->>'media_id' = ANY($7::text[])
    OR (done_at IS NOT NULL AND payload::text LIKE ANY($8::text[]))
    OR (kind = 'whatsapp.unclaimed' AND payload->>'customer' = ANY($9::text[]))
  )
), {_TAKEN_OUT}, early AS (
  DELETE FROM early_status WHERE wamid IN (SELECT wamid FROM found WHERE wamid IS NOT NULL)
)
SELECT count(*) AS many FROM found
"""  # noqa: S608  # put together of nothing but what stands here

# A lane is named after them: with nothing in it any more, it is tidied up as soon as it is due.
_TIDY = """
WITH due AS (
  UPDATE lane SET due_at = least(due_at, now())
  WHERE starts_with(name, 'unclaimed:') AND split_part(name, ':', 3) = ANY($1::text[]) RETURNING 1
)
SELECT pg_notify($2, '') FROM due
"""

# What has just come, and what waits for an inbox of its own: nobody is at work on it.
_NOT_BEGUN = f"""
WITH found AS (
  SELECT id, kind FROM task t
  WHERE t.done_at IS NULL
    AND (t.lane = ANY($1::text[]) OR (t.kind = 'whatsapp.unclaimed' AND t.payload->>'customer' = ANY($2::text[])))
    AND NOT EXISTS (SELECT 1 FROM lane WHERE name = t.lane AND leased_by IS NOT NULL)
), {_TAKEN_OUT}
SELECT 1
"""  # noqa: S608

_RUNNING = """
SELECT 1 FROM task t JOIN lane l ON l.name = t.lane
WHERE t.done_at IS NULL AND l.leased_by IS NOT NULL AND NOT starts_with(t.kind, 'forget.') AND (
  t.lane = ANY($1::text[])
  OR t.payload->>'conversation_id' = ANY($2::text[]) OR t.payload->>'escalation_id' = ANY($3::text[])
  OR t.payload->>'message_id' = ANY($4::text[]) OR t.payload->>'media_id' = ANY($5::text[])
) LIMIT 1
"""

_NAMELESS = """
UPDATE customer SET name = '', username = NULL, phone = NULL, tags = NULL, sought = NULL,
                    opted_out_at = NULL, blocked_at = NULL, blocked_by = NULL
WHERE id = ANY($1::bigint[])
"""
_MEDIA, _MESSAGES, _ESCALATIONS, _CONVERSATIONS, _CUSTOMERS = range(5)
_ROWS = (
    (_MEDIA, "DELETE FROM media_chunk WHERE media_id = ANY($1::bigint[])"),
    (_MEDIA, "DELETE FROM media WHERE id = ANY($1::bigint[])"),
    (_MESSAGES, "DELETE FROM posted WHERE message_id = ANY($1::bigint[])"),
    (_MESSAGES, "DELETE FROM customer_reaction WHERE message_id = ANY($1::bigint[])"),
    (_MESSAGES, "DELETE FROM taught WHERE message_id = ANY($1::bigint[]) AND removed_at IS NOT NULL"),
    (_MESSAGES, "UPDATE taught SET message_id = NULL WHERE message_id = ANY($1::bigint[])"),
    (_MESSAGES, "DELETE FROM message WHERE id = ANY($1::bigint[])"),
    (_ESCALATIONS, "DELETE FROM former_thread WHERE escalation_id = ANY($1::bigint[])"),
    (_ESCALATIONS, "DELETE FROM draft WHERE escalation_id = ANY($1::bigint[])"),
    (_ESCALATIONS, "DELETE FROM notice WHERE escalation_id = ANY($1::bigint[])"),
    (
        _ESCALATIONS,
        "UPDATE escalation SET reason = '', summary = '', language = '', thread_url = NULL, card_channel = NULL, "
        "card_ts = NULL WHERE id = ANY($1::bigint[])",
    ),
    (_CONVERSATIONS, "DELETE FROM lookup WHERE conversation_id = ANY($1::bigint[])"),
    (_CONVERSATIONS, "UPDATE audit SET note = '' WHERE conversation_id = ANY($1::bigint[])"),
    (
        _CONVERSATIONS,
        "UPDATE conversation SET reply_value = '', guidance = '', language = NULL, last_customer_at = NULL, "
        "happened = NULL, promises = NULL, recap = NULL, recap_through = NULL, "
        "window_refused_at = NULL, with_people = true WHERE id = ANY($1::bigint[])",
    ),
    (_CUSTOMERS, "DELETE FROM customer_note WHERE customer_id = ANY($1::bigint[])"),
    (_CUSTOMERS, _NAMELESS),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is theirs, by id, and where in Slack it is shown."""

    customers: list[int]
    conversations: list[int]
    escalations: list[int]
    messages: list[int]
    media: list[int]
    notes: int
    taught: int  # answers that the AI was taught from their conversation
    threads: list[list[str]]
    posts: list[list[str]]
    files: list[str]


async def begin(inbox_id: int, customer_id: int, asked_by: str, at: datetime) -> int:
    row = await Erasure.create(
        inbox_id=inbox_id, customer_id=customer_id, asked_by=asked_by, asked_at=at, counts=dict[str, int]()
    )
    return row.id


async def load(erasure_id: int) -> Erasure:
    return await Erasure.get(id=erasure_id)


async def count(erasure_id: int, **more: int) -> None:
    """Add these to what was counted so far."""
    await fetch(
        """
        UPDATE erasure SET counts = counts || coalesce((
          SELECT jsonb_object_agg(m.name, coalesce((counts->>m.name)::int, 0) + m.many::int)
          FROM jsonb_each_text($2::jsonb) AS m(name, many)
        ), '{}') WHERE id = $1
        """,
        erasure_id,
        orjson.dumps(more).decode(),
    )


async def end(erasure_id: int, at: datetime) -> None:
    await Erasure.filter(id=erasure_id).update(ended_at=at)


async def given_up(erasure_id: int) -> int:
    """How many steps failed for good."""
    lane = f"forget:{erasure_id}"
    [row] = await fetch("SELECT count(*) AS many FROM task WHERE lane = $1 AND dead AND done_at IS NOT NULL", lane)
    return int(row["many"])


async def hold(customer_id: int) -> list[int]:
    """The customer and whoever has become them, held until the transaction ends: no word of theirs comes meanwhile."""
    rows = await fetch(f"{_ALL} ORDER BY id FOR UPDATE", customer_id)  # ours
    return [row["id"] for row in rows]


async def names(customer_ids: Sequence[int]) -> list[str]:
    """What WhatsApp calls them, and their username."""
    rows = await fetch(
        "SELECT value FROM alias WHERE customer_id = ANY($1::bigint[]) "
        "UNION SELECT phone FROM customer WHERE id = ANY($1::bigint[]) AND phone IS NOT NULL "
        "UNION SELECT username FROM customer WHERE id = ANY($1::bigint[]) AND username IS NOT NULL ORDER BY 1",
        list(customer_ids),
    )
    return [row["value"] for row in rows]


async def unname(inbox_id: int, customer_ids: Sequence[int], names_: Sequence[str]) -> None:
    """Nobody is called so any more: whoever writes from there next is somebody new. What has just come goes, too."""
    await fetch("DELETE FROM alias WHERE customer_id = ANY($1::bigint[])", list(customer_ids))
    await fetch(_NAMELESS, list(customer_ids))
    await fetch(_NOT_BEGUN, _arrivals(inbox_id, names_), list(names_))


async def scope(customer_id: int) -> Scope:
    people = await _ids(_ALL, customer_id)
    talks = await _ids("SELECT id FROM conversation WHERE customer_id = ANY($1::bigint[])", people)
    talks += await _ids("SELECT id FROM conversation WHERE merged_into = ANY($1::bigint[])", talks)
    stretches = await _ids("SELECT id FROM escalation WHERE conversation_id = ANY($1::bigint[])", talks)
    said = await _ids("SELECT id FROM message WHERE conversation_id = ANY($1::bigint[])", talks)
    files = await fetch("SELECT id, slack_id FROM media WHERE message_id = ANY($1::bigint[]) ORDER BY id", said)
    threads = await fetch(
        "SELECT card_channel AS channel, card_ts AS ts FROM escalation "
        "WHERE id = ANY($1::bigint[]) AND card_ts IS NOT NULL "
        "UNION SELECT channel, ts FROM former_thread WHERE escalation_id = ANY($1::bigint[])",
        stretches,
    )
    told = await fetch("SELECT channel, ts FROM notice WHERE escalation_id = ANY($1::bigint[])", stretches)
    notes = await _ids("SELECT id FROM customer_note WHERE customer_id = ANY($1::bigint[])", people)
    return Scope(
        customers=people,
        conversations=sorted(set(talks)),
        escalations=stretches,
        messages=said,
        media=[row["id"] for row in files],
        notes=len(notes),
        taught=await made_from(said),
        threads=[[row["channel"], row["ts"]] for row in threads],
        posts=[[row["channel"], row["ts"]] for row in told],
        files=[row["slack_id"] for row in files if row["slack_id"]],
    )


def nothing_but(threads: list[list[str]]) -> Scope:
    """The threads alone."""
    return Scope([], [], [], [], [], 0, 0, threads, [], [])


async def first_task(erasure_id: int) -> int:
    """Before which task the erasure was asked for."""
    rows = await fetch("SELECT min(id) AS first FROM task WHERE lane = $1", f"forget:{erasure_id}")
    return int(rows[0]["first"] or 0)


async def is_running(inbox_id: int, what: Scope, names_: Sequence[str]) -> bool:
    """Whether somebody is at work on something of theirs at this moment."""
    ids = (what.conversations, what.escalations, what.messages, what.media)
    return bool(await fetch(_RUNNING, _lanes(inbox_id, what, names_), *([str(i) for i in each] for each in ids)))


async def sweep(inbox_id: int, what: Scope, names_: Sequence[str], since: int = 0) -> int:
    """Take their work out of the table: what came from them, what was done for them, what mentions them."""
    [row] = await fetch("SELECT coalesce(max(id), 0) AS last FROM task")
    ids = (what.conversations, what.escalations, what.messages, what.media)
    mentions = [*(each for each in names_ if len(each) >= _TELLING), *(ts for _, ts in what.threads)]
    values = [_lanes(inbox_id, what, names_), *([str(i) for i in each] for each in ids)]
    said, many = [f"%{_literal(each)}%" for each in mentions], 0
    for start in range(since, int(row["last"]), _STRIDE):
        [gone] = await fetch(_SWEEP, start, start + _STRIDE, *values, said, list(names_))
        many += gone["many"]
    await fetch(_TIDY, list(names_), CHANNEL)
    return many


async def erase(what: Scope) -> None:
    """Call it in a transaction."""
    values = [what.media, what.messages, what.escalations, what.conversations, what.customers]
    for number, statement in _ROWS:
        await fetch(statement, values[number])


async def blank(task_id: int, payload: Mapping[str, object]) -> None:
    """The task itself keeps no name either."""
    await connection().execute_query(
        "UPDATE task SET payload = $2::jsonb WHERE id = $1", [task_id, orjson.dumps(payload).decode()]
    )


async def _ids(query: str, of: object) -> list[int]:
    return [row["id"] for row in await fetch(query, of)]


def _arrivals(inbox_id: int, names_: Sequence[str]) -> list[str]:
    return [f"{way}:{inbox_id}:{name}" for name in names_ for way in ("in", "status")]


def _lanes(inbox_id: int, what: Scope, names_: Sequence[str]) -> list[str]:
    threads = [f"slackin:{channel}:{ts}"[:200] for channel, ts in what.threads]
    told = [f"tell:{channel}:{ts}" for channel, ts in what.threads]
    return [*_arrivals(inbox_id, names_), *threads, *told]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
