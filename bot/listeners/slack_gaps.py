"""Gaps: stretches in which Slack may have told us what nobody wrote down. Afterwards live threads are read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.arrivals import ReadBack
from bot.flows.staff_edits import StaffDeletion
from bot.listeners.slack_messages import Heard, SlackMessages
from integrations.errors import ErrorClass, ServiceError
from storage import corrections, escalations, messages, tasks
from storage.database import is_passing_trouble
from storage.tasks import Claim, unit

Json = dict[str, Any]
log = structlog.get_logger("switchboard.slack")

# conversations.replies allows 50 calls a minute and some more in a burst; staff use some of them when in doubt.
_AT_ONCE, _EVERY = 30, timedelta(seconds=1.5)
_FURTHEST = timedelta(days=7)  # within the 14 days for which tasks remember what staff were told about a message
_AGAIN_SECONDS = 1.0
_SURELY_SHOWN = timedelta(seconds=10)  # a thread read sooner after a message may not have it yet


class Gaps:
    """Whether there is a gap. There is one at the start: who knows what was said while we were away."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._found = asyncio.Event()
        self._found.set()
        self._filling = asyncio.Lock()

    def note(self) -> None:
        """From here on, something may be missing."""
        self._found.set()

    async def fill(self) -> None:
        """Have the live threads read back. To be awaited before newer words are stored, or they would overtake."""
        if not (self._found.is_set() or self._filling.locked()):
            return
        async with self._filling:  # whoever comes while another fills waits until that is done
            if not self._found.is_set():
                return
            self._found.clear()
            try:
                await self._ask()
            except BaseException:
                self._found.set()
                raise

    async def watch(self) -> None:
        """Fill gaps in which nothing newer comes along either."""
        while True:
            await self._found.wait()
            try:
                await self.fill()
            except Exception as error:  # as the worker's loop, it outlives whatever the database says
                if not is_passing_trouble(error):
                    log.error("slack.not_reading_back", exc_info=error)
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _ask(self) -> None:
        now, threads = self._clock(), await escalations.live_threads()
        await tasks.enqueue([self._work(number, each, now) for number, each in enumerate(threads)], now)
        log.info("slack.reading_back", threads=len(threads))

    def _work(self, number: int, thread: escalations.LiveThread, now: datetime) -> ReadBack:
        return ReadBack(
            inbox_id=thread.inbox_id,
            escalation_id=thread.escalation_id,
            channel=thread.channel,
            thread_ts=thread.ts,
            at=now + max(0, number - _AT_ONCE + 1) * _EVERY,
        )


@dataclass(frozen=True, slots=True)
class ThreadReader:
    """Reads a thread back and relays what it did not know."""

    messages: SlackMessages

    async def read_back(self, work: ReadBack, claimed: Claim) -> None:
        front = self.messages.front
        now = front.clock()
        waiting = await corrections.waiting_in(work.escalation_id, now - _FURTHEST, now - _SURELY_SHOWN)
        said = [each | {"channel": work.channel, "thread_ts": work.thread_ts} for each in await self._said(work)]
        known = await messages.known_ts(work.channel, [str(each["ts"]) for each in said])
        missed: list[Heard | None] = [
            await (self.messages.understand_edit if each["ts"] in known else self.messages.understand)(each, None)
            for each in said
        ]
        async with unit(front.clock(), claimed) as turn:
            for each in filter(None, [*missed, *self._deleted(work, waiting, said)]):
                await self.messages.write_down(turn, each)

    @staticmethod
    def _deleted(work: ReadBack, waiting: Mapping[str, str], said: Sequence[Json]) -> Iterator[StaffDeletion]:
        """What waits to leave and is not in the thread any more; a thread lost as a whole says nothing about that."""
        there = {str(each["ts"]) for each in said}
        for ts, author in waiting.items():
            if there and ts not in there:
                yield StaffDeletion(work.channel, work.thread_ts, ts, author)

    async def _said(self, work: ReadBack) -> list[Json]:
        front = self.messages.front
        oldest = (front.clock() - _FURTHEST).timestamp()
        try:
            return await front.slack.replies(work.channel, work.thread_ts, f"{oldest:.6f}")
        except ServiceError as error:
            if error.error_class is not ErrorClass.GONE:
                raise
            return []  # somebody deleted the thread: there is nothing to relay
