"""The axle: claim a task, run it, then done, again later, or given up aloud."""

from __future__ import annotations

import asyncio
import random
from collections import Counter as Counts
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import logs
from bot.domain.work import Crew, Work
from bot.metrics import RAN, TOOK, count_failure
from integrations.errors import PATIENT, ErrorClass, ServiceError
from storage import tasks
from storage.database import Credentials, is_passing_trouble
from storage.tasks import Claim, LeaseLostError, NotYetError
from storage.wakeup import Wakeup

log = structlog.get_logger("switchboard.worker")

Clock = Callable[[], datetime]
Handler = Callable[[Any, Claim], Awaitable[None]]
GaveUp = Callable[[Claim, str], Awaitable[None]]

# A model that hangs, or a service, fills its own crew's slots and no other's.
SLOTS = {Crew.DESK: 8, Crew.THINK: 32, Crew.WHATSAPP: 24, Crew.SLACK: 16, Crew.MEDIA: 4}
SLOTS_BESIDE_A_BUSY_DOOR = {crew: slots // 4 for crew, slots in SLOTS.items()}
DRAIN_SECONDS = 6.0
SWEEP_SECONDS = 2.0  # a safety net under LISTEN and the timer
PURGE_SECONDS = 600.0
KEPT_FOR = timedelta(days=14)  # WhatsApp redelivers for 7
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds
ATTEMPTS_OF_A_BUG = 5
ATTEMPTS_IN_VAIN = 40  # at the longest pause: over half an hour


def pause(failures: int, retry_after: float | None = None) -> timedelta:
    """How long to wait before the next run: doubling, with jitter, or what the service asked for."""
    if retry_after is not None:
        return timedelta(seconds=retry_after + random.uniform(0, 0.25))  # noqa: S311  # jitter, not a secret
    seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 12))
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  # jitter


class Worker:
    """Runs tasks in several slots. `handlers` name what each kind of work does; `gave_up` says so to people."""

    def __init__(
        self,
        credentials: Credentials,
        handlers: Mapping[type[Work], Handler],
        gave_up: GaveUp,
        clock: Clock,
        door_is_busy: Callable[[], bool],
    ) -> None:
        self._handlers = handlers
        self._door_is_busy = door_is_busy
        self._gave_up = gave_up
        self._clock = clock
        self._wakeup = Wakeup(credentials)
        self._running: dict[asyncio.Task[None], Crew] = {}
        self._full: set[Crew] = set()
        self._stopping = False
        self._swept_at = self._purged_at = 0.0

    @property
    def is_alive(self) -> bool:
        return self._wakeup.is_connected and not self._stopping

    async def run(self) -> None:
        """Work until `stop` is called; a lost database is waited for, not died of."""
        while not self._stopping:
            try:
                await self._wakeup.connect()
                await self._round()
            except Exception as error:  # noqa: BLE001  # the loop outlives whatever the database does
                log.warning("worker.waiting_for_database", error=logs.name(error))
                self._wakeup.event.clear()
                await self._sleep(1.0)
        await self._drain()
        await self._wakeup.close()

    def stop(self) -> None:
        """Claim nothing more; what runs is finished, the rest stays in the table."""
        self._stopping = True
        self._wakeup.event.set()

    async def _drain(self) -> None:
        """Let what runs come to its end; what takes too long is dropped here and claimed again elsewhere or later."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=DRAIN_SECONDS)
            for each in late:
                each.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _round(self) -> None:
        self._wakeup.event.clear()
        await self._sweep()
        if not (free := self._free_slots()):
            self._full = set(SLOTS)
            return await self._sleep(SWEEP_SECONDS)  # until a slot is free
        claims = await tasks.claim(self._wakeup.worker, free, self._clock())
        for claimed in claims.tasks:
            running = asyncio.create_task(self._run_one(claimed), name=f"{claimed.work.kind} {claimed.id}")
            self._running[running] = claimed.work.crew
            running.add_done_callback(self._slot_freed)
        self._full = SLOTS.keys() - self._free_slots().keys()
        return await self._sleep(self._seconds_until(claims.next_due))

    def _free_slots(self) -> dict[Crew, int]:
        """While requests wait at the door they come first: the table is the buffer, and can wait."""
        busy = Counts(self._running.values())
        slots = SLOTS_BESIDE_A_BUSY_DOOR if self._door_is_busy() else SLOTS
        return {crew: most - busy[crew] for crew, most in slots.items() if most > busy[crew]}

    def _slot_freed(self, running: asyncio.Task[None]) -> None:
        """What comes next in the lane wakes us by itself; only a crew that had no slot left must look again."""
        if self._running.pop(running, None) in self._full:
            self._wakeup.event.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wakeup.event.wait(), seconds)
        except TimeoutError:
            return

    def _seconds_until(self, due: datetime | None) -> float:
        if due is None:
            return SWEEP_SECONDS
        return min(SWEEP_SECONDS, max(0.001, (due - self._clock()).total_seconds()))

    async def _sweep(self) -> None:
        moment = asyncio.get_running_loop().time()
        if moment - self._swept_at >= SWEEP_SECONDS or not self._swept_at:
            self._swept_at = moment
            await tasks.reap(self._clock())
        if moment - self._purged_at >= PURGE_SECONDS or not self._purged_at:
            self._purged_at = moment
            await tasks.purge(self._clock() - KEPT_FOR)

    async def _run_one(self, claimed: Claim) -> None:
        work = claimed.work
        subject = {"task": claimed.id, "kind": work.kind, "lane": work.lane_in_logs, **work.subject()}
        with structlog.contextvars.bound_contextvars(**subject):
            try:
                with TOOK.labels(claimed.work.kind).time():
                    await self._handlers[type(claimed.work)](claimed.work, claimed)
            except LeaseLostError:
                log.warning("task.lease_lost")
                RAN.labels(claimed.work.kind, "lease_lost").inc()
            except Exception as error:  # noqa: BLE001  # one task's failure is never the loop's
                await self._failed(claimed, error)
            else:
                RAN.labels(claimed.work.kind, "done").inc()
                log.info("task.done")

    async def _failed(self, claimed: Claim, error: Exception) -> None:
        if not isinstance(error, NotYetError):
            count_failure(error)
        while True:  # the lane stays leased until this is recorded, so a database that is away is waited for
            try:
                return await self._record_failure(claimed, error)
            except Exception as worse:  # noqa: BLE001  # whatever the database says while it comes and goes
                log.warning("task.unrecorded_failure", error=logs.name(worse))
                if self._stopping:
                    return None
                await asyncio.sleep(1.0)

    async def _record_failure(self, claimed: Claim, error: Exception) -> None:
        try:
            if isinstance(error, NotYetError):
                log.info("task.waits", why=error.why)
                RAN.labels(claimed.work.kind, error.why).inc()
                await tasks.defer(claimed, error, self._clock())
            elif self._is_hopeless(claimed, error):
                log.error("task.dead", exc_info=error)
                RAN.labels(claimed.work.kind, "dead").inc()
                await self._gave_up(claimed, _in_words(error))
            else:
                wait = pause(claimed.failures, error.retry_after if isinstance(error, ServiceError) else None)
                log.warning("task.again_later", error=logs.name(error), seconds=round(wait.total_seconds(), 2))
                RAN.labels(claimed.work.kind, "again").inc()
                now = self._clock()
                await tasks.postpone(claimed, logs.name(error), now + wait, now, in_doubt=_is_in_doubt(error))
        except LeaseLostError:
            log.warning("task.lease_lost")
            RAN.labels(claimed.work.kind, "lease_lost").inc()

    @staticmethod
    def _is_hopeless(claimed: Claim, error: Exception) -> bool:
        if isinstance(error, ServiceError):
            if error.error_class in PATIENT:
                return False  # nothing is wrong with the task; it waits until somebody mends the cause
            if not error.is_retryable:
                return True
            return claimed.failures + 1 >= ATTEMPTS_IN_VAIN
        if is_passing_trouble(error):
            return False
        return claimed.failures + 1 >= ATTEMPTS_OF_A_BUG


def _in_words(error: Exception) -> str:
    return error.reason if isinstance(error, ServiceError) else f"an internal error ({type(error).__name__})"


def _is_in_doubt(error: Exception) -> bool:
    return isinstance(error, ServiceError) and error.error_class is ErrorClass.UNKNOWN
