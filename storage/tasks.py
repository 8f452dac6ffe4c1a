"""The task engine: lanes of work in PostgreSQL, claimed by lease, finished in the transaction that did the work.

A lane has a row while it has work. Whoever leases the row runs the lane's first task; finishing it frees the lane.
Enqueueing locks the lane's row too, so a task can neither slip past a lane that is just being emptied nor overtake.
A lease ends with the database session of the process that holds it, so a kill -9 frees its lanes at once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import orjson

from bot.domain.effects import KINDS
from bot.domain.work import Crew, Json, Work
from storage.database import connection, fetch, transaction

CHANNEL = "switchboard_tasks"
LIVENESS = 0x5B0B  # class of the advisory locks by which processes show that they live
_INTERNAL = [kind for kind, work in KINDS.items() if work.is_internal]
LEASE = timedelta(minutes=5)  # a bound for tasks that hang; a dead process is noticed at once

# Lanes are locked first, in the order of their names, and only then tasks: everybody who ends a task does so too,
# or two of them would wait for each other. A lane that turns out to have no new task is tidied up by its next claim.
_ENQUEUE = """
WITH wanted AS (
  SELECT w.inbox_id, w.kind, w.lane, w.key, w.latest_key, w.payload::jsonb AS payload, w.not_before, w.crew, w.n
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $10::text[])
       WITH ORDINALITY AS w(inbox_id, kind, lane, key, latest_key, payload, not_before, crew, n)
), lanes AS (
  INSERT INTO lane (name, crew, due_at, lease)
  SELECT lane, min(crew), min(not_before), 0 FROM wanted GROUP BY lane ORDER BY lane
  ON CONFLICT (name) DO UPDATE SET due_at = least(lane.due_at, excluded.due_at)
  RETURNING 1
), once AS (
  INSERT INTO task (inbox_id, kind, lane, key, payload, not_before, created_at,
                    revision, started, failures, doubts, last_error, dead)
  SELECT inbox_id, kind, lane, key, payload, not_before, $8, 0, 0, 0, 0, '', false
  FROM wanted WHERE latest_key IS NULL AND (SELECT count(*) FROM lanes) > 0 ORDER BY n
  ON CONFLICT (key) DO NOTHING
  RETURNING 1
), newest AS (
  INSERT INTO task (inbox_id, kind, lane, latest_key, payload, not_before, created_at,
                    revision, started, failures, doubts, last_error, dead)
  SELECT inbox_id, kind, lane, latest_key, payload, not_before, $8, 0, 0, 0, 0, '', false
  FROM wanted WHERE latest_key IS NOT NULL AND (SELECT count(*) FROM lanes) > 0 ORDER BY latest_key
  ON CONFLICT (latest_key) WHERE done_at IS NULL AND latest_key IS NOT NULL
  DO UPDATE SET revision = task.revision + 1, payload = excluded.payload,
                not_before = greatest(excluded.not_before, task.reserved_at)
  RETURNING 1
)
SELECT (SELECT count(*) FROM once) AS added, pg_notify($9, '')
FROM (SELECT count(*) FROM newest) AS done
"""

# Only what is about to leave must be on disk first: that it was started, and all that led to it (the log of
# PostgreSQL is written in order). What changes only our own rows would after a crash of the database run again.
_CLAIM = """
WITH free AS (
  SELECT due.name FROM unnest($2::text[], $5::int[]) AS slots(crew, free) CROSS JOIN LATERAL (
    SELECT name FROM lane WHERE leased_by IS NULL AND lane.crew = slots.crew AND due_at <= $1
    ORDER BY due_at LIMIT slots.free FOR UPDATE SKIP LOCKED
  ) AS due
), leased AS (
  UPDATE lane SET leased_by = $3, lease = lane.lease + 1, leased_until = $4
  FROM free WHERE lane.name = free.name
  RETURNING lane.name, lane.lease
), heads AS (
  UPDATE task SET started = task.started + 1
  FROM leased CROSS JOIN LATERAL (
    SELECT id FROM task AS t WHERE t.lane = leased.name AND t.done_at IS NULL ORDER BY id LIMIT 1
  ) AS head
  WHERE task.id = head.id AND task.done_at IS NULL AND task.not_before <= $1
  RETURNING task.id, task.inbox_id, task.kind, task.lane, task.payload, task.revision,
            task.started, task.failures, task.doubts, task.last_error, task.created_at, task.reserved_at
)
SELECT coming.due, leased.name, leased.lease, heads.*,
       CASE WHEN NOT EXISTS (SELECT 1 FROM heads WHERE NOT kind = ANY($6::text[]))
            THEN set_config('synchronous_commit', 'off', true) END
FROM (
  SELECT min(next.due_at) AS due FROM unnest($2::text[]) AS crews(crew) CROSS JOIN LATERAL (
    SELECT due_at FROM lane
    WHERE leased_by IS NULL AND lane.crew = crews.crew AND name NOT IN (SELECT name FROM free)
    ORDER BY due_at LIMIT 1
  ) AS next
) AS coming LEFT JOIN leased ON true LEFT JOIN heads ON heads.lane = leased.name
"""

_HOLD = "SELECT 1 FROM lane WHERE name = $1 AND leased_by = $2 AND lease = $3 FOR UPDATE"

# Needs the lane's lock in a statement before it, so that it sees whatever was enqueued until then.
_FREE = """
WITH ended AS (
  UPDATE task SET done_at = $2, dead = $5 WHERE id = $3 AND revision = $4 AND done_at IS NULL RETURNING id
), head AS (
  SELECT not_before FROM task
  WHERE lane = $1 AND done_at IS NULL AND id NOT IN (SELECT id FROM ended) ORDER BY id LIMIT 1
), freed AS (
  UPDATE lane SET leased_by = NULL, leased_until = NULL, due_at = (SELECT not_before FROM head)
  WHERE name = $1 AND EXISTS (SELECT 1 FROM head)
), gone AS (
  DELETE FROM lane WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM head)
)
SELECT pg_notify($6, '') FROM head WHERE not_before <= $2
"""

# Both at once, where nobody touched the lane since this statement began: whoever changes what is in a lane writes a new
# version of its row, and a statement does not see what was committed while it waited for a lock.
_HOLD_AND_FREE = """
WITH seen AS MATERIALIZED (
  SELECT xmin FROM lane WHERE name = $1
), held AS MATERIALIZED (
  SELECT xmin FROM lane WHERE name = $1 AND leased_by = $7 AND lease = $8 FOR UPDATE
), ours AS MATERIALIZED (
  SELECT 1 FROM held JOIN seen ON held.xmin = seen.xmin
), ended AS (
  UPDATE task SET done_at = $2, dead = $5
  WHERE id = $3 AND revision = $4 AND done_at IS NULL AND EXISTS (SELECT 1 FROM ours) RETURNING id
), head AS MATERIALIZED (
  SELECT not_before FROM task
  WHERE lane = $1 AND done_at IS NULL AND id NOT IN (SELECT id FROM ended) ORDER BY id LIMIT 1
), freed AS (
  UPDATE lane SET leased_by = NULL, leased_until = NULL, due_at = (SELECT not_before FROM head)
  WHERE name = $1 AND EXISTS (SELECT 1 FROM head) AND EXISTS (SELECT 1 FROM ours)
), gone AS (
  DELETE FROM lane WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM head) AND EXISTS (SELECT 1 FROM ours)
)
SELECT (SELECT pg_notify($6, '') FROM head WHERE not_before <= $2),
       CASE WHEN $9::bool THEN set_config('synchronous_commit', 'off', true) END
FROM ours
"""

# A run that ended without a word adds to the doubts, and so does one that says itself that it may have done its work.
_POSTPONE = """
UPDATE task SET doubts = doubts + started - 1 - failures + $4, failures = started, last_error = $2,
                not_before = CASE WHEN key IS NOT NULL AND revision <> $5 THEN $6::timestamptz
                                  ELSE $3::timestamptz END,
                waits_for = NULL, reserved_at = NULL
WHERE id = $1
"""

# Whoever lifts the pause deletes its row and then wakes what waits behind it: the row is held, so that a task cannot
# lie down behind a pause that has just been lifted.
_DEFER = """
WITH still AS (SELECT 1 FROM pause WHERE key = $3 FOR KEY SHARE)
UPDATE task SET doubts = CASE WHEN $4::bool THEN doubts + started - 1 - failures ELSE doubts END,
                failures = CASE WHEN $4 THEN started ELSE failures END,
                started = CASE WHEN $4 THEN started ELSE started - 1 END,
                not_before = CASE WHEN key IS NOT NULL AND revision <> $7 THEN $5::timestamptz
                                  WHEN $3::text IS NULL OR EXISTS (SELECT 1 FROM still) THEN $2::timestamptz
                                  ELSE $5::timestamptz END,
                waits_for = $3, reserved_at = $6
WHERE id = $1
"""

_REAP = """
UPDATE lane SET leased_by = NULL, leased_until = NULL
WHERE leased_by IS NOT NULL AND (
  leased_until < $1
  OR leased_by NOT IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid::bigint = $2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )
)
"""

_PURGE = """
DELETE FROM task WHERE id IN (SELECT id FROM task WHERE done_at < $1 AND NOT dead ORDER BY done_at LIMIT 5000)
"""


class LeaseLostError(Exception):
    """Somebody else runs this lane now; whatever this transaction did is undone."""


class NotYetError(Exception):
    """Nothing is wrong with the task, it only has to wait: it keeps its place in its lane and comes again at `until`.

    `why` names the reason in a word, `waits_for` the pause it waits behind. A run that `has_begun` counts as one that
    ended; any other is as though the task had never been claimed. `is_reserved`: the pace gave it that time.
    """

    def __init__(
        self,
        until: datetime,
        why: str,
        *,
        waits_for: str | None = None,
        has_begun: bool = False,
        is_reserved: bool = False,
    ) -> None:
        super().__init__(f"{why} until {until.isoformat()}")
        self.until = until
        self.why = why
        self.waits_for = waits_for
        self.has_begun = has_begun
        self.is_reserved = is_reserved


@dataclass(frozen=True, slots=True)
class Lease:
    """A lane that is ours for now."""

    lane: str
    worker: int
    lease: int


@dataclass(frozen=True, slots=True)
class Claim(Lease):
    """One task, leased. `started` counts this run too; `failures` counts the runs whose end is recorded.

    `doubts` counts the earlier runs that may have done the work without our knowing.
    """

    id: int
    revision: int
    work: Work
    started: int
    failures: int
    doubts: int
    last_error: str
    created_at: datetime
    reserved_at: datetime | None = None  # the send time that the pace gave it

    @property
    def was_interrupted(self) -> bool:
        """The last run ended without a word: a crash. What it sent may have arrived."""
        return self.started > self.failures + 1


async def enqueue(works: Sequence[Work], now: datetime, since: datetime | None = None) -> int:
    """Store tasks in one statement and wake the workers; returns how many keyed tasks were not known before.

    `since`: when what caused them arrived, if that was earlier.
    """
    works = _newest(works)
    if not works:
        return 0
    rows = await connection().execute_query_dict(
        _ENQUEUE,
        [
            [work.inbox_id for work in works],
            [work.kind for work in works],
            [work.lane for work in works],
            [work.key for work in works],
            [work.latest for work in works],
            [as_json(work.payload()) for work in works],
            [work.not_before or now for work in works],
            since or now,
            CHANNEL,
            [work.crew for work in works],
        ],
    )
    return int(cast("int", rows[0]["added"]))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a claim brought; `next_due` is when these crews' next free lane falls due, None while there is none."""

    tasks: list[Claim]
    next_due: datetime | None


async def claim(worker: int, free: Mapping[Crew, int], now: datetime) -> Claims:
    """Lease as many due lanes as each crew has slots `free`, and return their first tasks."""
    slots = list(free.values())
    rows = await connection().execute_query_dict(_CLAIM, [now, list(free), worker, now + LEASE, slots, _INTERNAL])
    leased = [row for row in rows if row["name"] is not None]
    empty = [row for row in leased if row["id"] is None]
    for row in empty:  # the lane's first task is not due yet, or another worker has just done it
        await _free(Lease(row["name"], worker, row["lease"]), now)
    claims = [_claimed(row, worker) for row in leased if row["id"] is not None]
    return Claims(claims, now if empty else cast("datetime | None", rows[0]["due"]))


async def finish(claimed: Claim, now: datetime, *, dead: bool = False) -> None:
    """Mark the task done and free its lane, in the transaction of the moment, or in one of its own.

    A render-latest task that was asked for again meanwhile stays, and runs again. Raises `LeaseLostError`.
    """
    await _free(claimed, now, claimed, dead=dead)


async def postpone(claimed: Claim, error: str, until: datetime, now: datetime, *, in_doubt: bool = False) -> None:
    """The run failed: keep the task's place in its lane and try again at `until`.

    `in_doubt`: it may have done its work all the same.
    """
    async with transaction():
        await hold(claimed)
        values = [claimed.id, error[:2000], until, int(in_doubt), claimed.revision, now]
        await connection().execute_query(_POSTPONE, values)
        await connection().execute_query(_FREE, [claimed.lane, now, None, None, False, CHANNEL])


async def defer(claimed: Claim, wait: NotYetError, now: datetime) -> None:
    """The run had to stop before its call: keep the task's place in its lane. Nothing failed."""
    async with transaction():
        await hold(claimed)
        values = [claimed.id, wait.until, wait.waits_for, wait.has_begun, now]
        reserved_at = wait.until if wait.is_reserved else None
        await connection().execute_query(_DEFER, [*values, reserved_at, claimed.revision])
        await connection().execute_query(_FREE, [claimed.lane, now, None, None, False, CHANNEL])


async def reap(now: datetime) -> None:
    """Free the lanes of processes that are gone, and of tasks that hang."""
    await connection().execute_query(_REAP, [now, LIVENESS])


async def purge(before: datetime) -> None:
    """Forget tasks done before this time, and reports whose message never came. Dead tasks stay."""
    await connection().execute_query(_PURGE, [before])
    await connection().execute_query("DELETE FROM early_status WHERE created_at < $1", [before])
    await connection().execute_query("DELETE FROM pace WHERE booked_until < $1", [before])


class Unit:
    """One turn of the wheel: a transaction that changes state and causes work.

    Work that a task causes is as old as the task: what a customer wrote counts from its arrival to its last effect.
    """

    def __init__(self, now: datetime, since: datetime) -> None:
        self.now = now
        self._since = since
        self._caused: list[Work] = []

    def cause(self, *works: Work) -> None:
        """Have this done once the transaction has committed."""
        self._caused.extend(works)

    async def flush(self) -> None:
        """Store what was caused. All at once and sorted, so that two units never wait for each other crosswise."""
        await enqueue(self._caused, self.now, self._since)
        self._caused = []


@asynccontextmanager
async def unit(now: datetime, claimed: Claim | None = None) -> AsyncGenerator[Unit]:
    """State, the work it causes, and the end of the task that led to it: one transaction, all or nothing."""
    async with transaction():
        turn = Unit(now, since=claimed.created_at if claimed else now)
        yield turn
        await turn.flush()
        if claimed:
            await finish(claimed, now)


def _newest(works: Sequence[Work]) -> list[Work]:
    """Of render-latest tasks that are asked for twice at once, the last."""
    last = {work.latest: number for number, work in enumerate(works) if work.latest}
    return [work for number, work in enumerate(works) if work.latest is None or last[work.latest] == number]


def as_json(payload: Json) -> str:
    """PostgreSQL's jsonb cannot hold a NUL, which JSON and so a webhook can: it becomes U+FFFD."""
    text = orjson.dumps(payload).decode()
    return text if r"\u0000" not in text else orjson.dumps(_without_nul(payload)).decode()


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(each) for name, each in cast("Json", value).items()}
    if isinstance(value, list):
        return [_without_nul(each) for each in cast("list[object]", value)]
    return value


def as_work(row: dict[str, Any]) -> Work:
    payload = orjson.loads(row["payload"]) if isinstance(row["payload"], str | bytes) else row["payload"]
    return KINDS[row["kind"]].from_payload(row["inbox_id"], payload)


def _claimed(row: dict[str, Any], worker: int) -> Claim:
    return Claim(
        id=row["id"],
        lane=row["name"],
        worker=worker,
        lease=row["lease"],
        revision=row["revision"],
        work=as_work(row),
        started=row["started"],
        failures=row["failures"],
        doubts=row["doubts"] + row["started"] - 1 - row["failures"],
        last_error=row["last_error"],
        created_at=row["created_at"],
        reserved_at=row["reserved_at"],
    )


async def hold(lease: Lease) -> None:
    """Make sure that the lane is still ours, and stays so until the transaction ends; raises `LeaseLostError`."""
    if not await fetch(_HOLD, lease.lane, lease.worker, lease.lease):
        raise LeaseLostError(lease.lane)


async def _free(lease: Lease, now: datetime, done: Claim | None = None, *, dead: bool = False) -> None:
    """Let go of the lane; `done` is the task that ends with it."""
    task, revision = (done.id, done.revision) if done else (None, None)
    values = (lease.lane, now, task, revision, dead, CHANNEL)
    may_be_lost = done is not None and done.work.is_internal
    if await fetch(_HOLD_AND_FREE, *values, lease.worker, lease.lease, may_be_lost):
        return
    async with transaction():
        await hold(lease)
        await fetch(_FREE, *values)
