"""The clock: a ticker and nothing else. Every due time lives in our rows, so any replica may tick and none doubles."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.inboxes import Inboxes
from bot.domain.rules import InboxRules
from bot.domain.unanswered import KEPT_FOR as LOOKUPS_KEPT_FOR
from bot.flows.customer_waits import customer_waits
from bot.flows.nobody_speaks import nobody_speaks
from bot.flows.reminder_falls_due import reminder_falls_due
from bot.flows.weekly_report import weekly_report_falls_due
from bot.flows.window import window_falls_due
from storage import escalations, lookups, media, reports, taught, waits
from storage.database import is_passing_trouble
from storage.escalations import Due
from storage.tasks import Unit, unit

log = structlog.get_logger("switchboard.clock")

TICK_SECONDS = 1.0
PURGE_SECONDS = 3600.0
FILES_KEPT_FOR = timedelta(days=30)
LAST_TICK_SECONDS = 1.0  # a tick takes milliseconds, unless the database hangs

Find = Callable[[list[int], datetime], Awaitable[list[Due]]]
Story = Callable[[Unit, int, InboxRules], Awaitable[None]]


class ClockDoor:
    def __init__(self, inboxes: Inboxes, clock: Callable[[], datetime]) -> None:
        self._inboxes = inboxes
        self._reporting = [each.id for each in inboxes.values() if each.rules.weekly_report]
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticking = asyncio.Lock()
        self._purged_at = float("-inf")
        self._stories: tuple[tuple[Find, Story], ...] = (
            (escalations.due_for_reminder, reminder_falls_due),
            (escalations.due_for_window, window_falls_due),
            (waits.due_for_answer, customer_waits),
            (self._closable, nobody_speaks),
        )

    def start(self) -> None:
        """Tick now, for what fell due while we were away, and each second from here on."""
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]  # APScheduler 3 has no types
            self.tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(UTC),  # the scheduler goes by the wall clock, whatever ours says
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # the default of one second silently drops late ticks
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """No tick begins any more, and the one that runs is let end: the scheduler would break it off."""
        self._scheduler.pause()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_TICK_SECONDS), self._ticking:
                pass
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Begin what is due. What a database that is away keeps us from is still due at the next tick."""
        async with self._ticking:
            try:
                for find, story in self._stories:
                    await self._begin(await find(self._inboxes.served, self._clock()), story)
                for inbox_id in await reports.due(self._reporting, self._clock()):
                    async with unit(self._clock()) as turn:
                        await weekly_report_falls_due(turn, inbox_id, self._inboxes[inbox_id].rules)
                await self._purge()
            except Exception as error:
                if not is_passing_trouble(error):
                    raise
                log.warning("clock.database_away", error=repr(error))

    async def _begin(self, due: Iterable[Due], story: Story) -> None:
        for escalation_id, inbox_id in due:
            async with unit(self._clock()) as turn:
                await story(turn, escalation_id, self._inboxes[inbox_id].rules)

    async def _closable(self, _served: list[int], now: datetime) -> list[Due]:
        closing = [each.id for each in self._inboxes.values() if each.rules.close_after]
        return await waits.due_for_closing(closing, now)

    async def _purge(self) -> None:
        """Customers' files are kept as long as Meta keeps its own: Slack has them, and we are no archive.

        What was looked up for them is kept as long as anybody reads of it, and so are answers that were taken back.
        """
        moment = asyncio.get_running_loop().time()
        if moment - self._purged_at >= PURGE_SECONDS:
            await media.purge(self._clock() - FILES_KEPT_FOR)
            await lookups.purge(self._clock() - LOOKUPS_KEPT_FOR)
            await taught.purge(self._clock() - LOOKUPS_KEPT_FOR)
            self._purged_at = moment
