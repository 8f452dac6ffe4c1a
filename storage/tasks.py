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
from typing import cast

import orjson

from bot.domain.effects import KINDS
from bot.domain.work import Crew, Json, Work
from storage import tasks_sql
from storage.database import Row, connection, fetch, transaction

CHANNEL = "switchboard_tasks"
LIVENESS = 0x5B0B  # class of the advisory locks by which processes show that they live
_INTERNAL = [kind for kind, work in KINDS.items() if work.is_internal]
LEASE = timedelta(minutes=5)  # a bound for tasks that hang; a dead process is noticed at once


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
    if not works:
        return 0
    return int((await fetch(tasks_sql.ENQUEUE, *_columns(works, now, since)))[0]["added"])


@dataclass(frozen=True, slots=True)
class Claims:
    """What a claim brought; `next_due` is when these crews' next free lane falls due, None while there is none."""

    tasks: list[Claim]
    next_due: datetime | None


async def claim(worker: int, free: Mapping[Crew, int], now: datetime) -> Claims:
    """Lease as many due lanes as each crew has slots `free`, and return their first tasks."""
    slots = list(free.values())
    rows = await connection().execute_query_dict(
        tasks_sql.CLAIM, [now, list(free), worker, now + LEASE, slots, _INTERNAL]
    )
    leased = [row for row in rows if row["name"] is not None]
    empty = [row for row in leased if row["id"] is None]
    for row in empty:  # the lane's first task is not due yet, or another worker has just done it
        await _free(Lease(row["name"], worker, row["lease"]), now)
    claims = [_claimed(row, worker) for row in leased if row["id"] is not None]
    return Claims(claims, now if empty else cast("datetime | None", rows[0]["due"]))


async def finish(claimed: Claim, now: datetime, caused: Sequence[Work] = (), *, dead: bool = False) -> None:
    """Mark the task done and free its lane, in the transaction of the moment, or in one of its own.

    `caused` becomes due with it. A render-latest task that was asked for again meanwhile stays, and runs again.
    Raises `LeaseLostError`.
    """
    # One statement cannot fill a lane and look whether it is empty.
    if any(work.lane == claimed.lane for work in caused):
        await enqueue(caused, now, claimed.created_at)
        caused = ()
    await _free(claimed, now, claimed, caused, dead=dead)


async def postpone(claimed: Claim, error: str, until: datetime, now: datetime, *, in_doubt: bool = False) -> None:
    """The run failed: keep the task's place in its lane and try again at `until`.

    `in_doubt`: it may have done its work all the same.
    """
    async with transaction():
        await hold(claimed)
        values = [claimed.id, error[:2000], until, int(in_doubt), claimed.revision, now]
        await connection().execute_query(tasks_sql.POSTPONE, values)
        await connection().execute_query(tasks_sql.FREE, [claimed.lane, now, None, None, False, CHANNEL])


async def defer(claimed: Claim, wait: NotYetError, now: datetime) -> None:
    """The run had to stop before its call: keep the task's place in its lane. Nothing failed."""
    async with transaction():
        await hold(claimed)
        values = [claimed.id, wait.until, wait.waits_for, wait.has_begun, now]
        reserved_at = wait.until if wait.is_reserved else None
        await connection().execute_query(tasks_sql.DEFER, [*values, reserved_at, claimed.revision])
        await connection().execute_query(tasks_sql.FREE, [claimed.lane, now, None, None, False, CHANNEL])


async def reap(now: datetime) -> None:
    """Free the lanes of processes that are gone, and of tasks that hang."""
    await connection().execute_query(tasks_sql.REAP, [now, LIVENESS])


async def purge(before: datetime) -> None:
    """Forget tasks done before this time, and reports whose message never came. Dead tasks stay."""
    await connection().execute_query(tasks_sql.PURGE, [before])
    await connection().execute_query("DELETE FROM early_status WHERE created_at < $1", [before])
    await connection().execute_query("DELETE FROM pace WHERE booked_until < $1", [before])


class Unit:
    """One turn of the wheel: a transaction that changes state and causes work.

    Work that a task causes is as old as the task: what a customer wrote counts from its arrival to its last effect.
    """

    def __init__(self, now: datetime, since: datetime) -> None:
        self.now = now
        self._since = since
        self.caused: list[Work] = []

    def cause(self, *works: Work) -> None:
        """Have this done once the transaction has committed."""
        self.caused.extend(works)

    async def flush(self) -> None:
        """Store what was caused. All at once and sorted, so that two units never wait for each other crosswise."""
        await enqueue(self.caused, self.now, self._since)
        self.caused = []


@asynccontextmanager
async def unit(now: datetime, claimed: Claim | None = None) -> AsyncGenerator[Unit]:
    """State, the work it causes, and the end of the task that led to it: one transaction, all or nothing."""
    async with transaction():
        turn = Unit(now, since=claimed.created_at if claimed else now)
        yield turn
        if claimed:
            await finish(claimed, now, turn.caused)
        else:
            await turn.flush()


def _columns(works: Sequence[Work], now: datetime, since: datetime | None) -> tuple[object, ...]:
    """The first ten values of the statements that store tasks."""
    works = _newest(works)
    return (
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
    )


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


def as_work(row: Row) -> Work:
    payload = orjson.loads(row["payload"]) if isinstance(row["payload"], str | bytes) else row["payload"]
    return KINDS[row["kind"]].from_payload(row["inbox_id"], payload)


def _claimed(row: Row, worker: int) -> Claim:
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
    if not await fetch(tasks_sql.HOLD, lease.lane, lease.worker, lease.lease):
        raise LeaseLostError(lease.lane)


async def _free(
    lease: Lease, now: datetime, done: Claim | None = None, caused: Sequence[Work] = (), *, dead: bool = False
) -> None:
    """Let go of the lane; `done` is the task that ends with it."""
    task, revision = (done.id, done.revision) if done else (None, None)
    stored = _columns(caused, now, done.created_at if done else now)
    may_be_lost = done is not None and done.work.is_internal
    ours = (lease.lane, lease.worker, lease.lease)
    [row] = await fetch(tasks_sql.END, *stored, *ours, now, task, revision, dead, may_be_lost)
    if row["is_over"]:
        return
    async with transaction():
        await hold(lease)
        await fetch(tasks_sql.FREE, lease.lane, now, task, revision, dead, CHANNEL)
