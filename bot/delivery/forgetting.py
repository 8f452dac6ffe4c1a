"""Takes a customer out of the database and out of Slack, one piece of work at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog

from bot.delivery.pacing import Pace
from bot.domain.erasing import EraseFile, ErasePost, EraseRows, EraseThreads, Erasing, GiveReceipt
from bot.flows.forgetting import all_erased, rows_erased, threads_read
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.media import SlackFiles
from storage import erasures
from storage.tasks import Claim, NotYetError, unit

Json = dict[str, Any]
log = structlog.get_logger("switchboard.delivery")

_ENDS_WITHIN = timedelta(milliseconds=300)  # how soon work on them that runs is looked at again
_GONE = ("message_not_found", "file_not_found", "file_deleted")


@dataclass(frozen=True, slots=True)
class Forgetting:
    slack: SlackFiles
    clock: Callable[[], datetime]
    pace: Pace

    async def rows(self, work: EraseRows, claimed: Claim) -> None:
        """What runs for them comes to its end first, so that it leaves nothing behind."""
        what = await erasures.scope(work.customer_id)
        if await erasures.is_running(work.inbox_id, what, work.names):
            raise NotYetError(self.clock() + _ENDS_WITHIN, "busy")
        swept = await erasures.sweep(work.inbox_id, what, work.names)
        async with unit(self.clock(), claimed) as turn:
            await rows_erased(turn, work, claimed, await erasures.scope(work.customer_id), swept)

    async def threads(self, work: EraseThreads, claimed: Claim) -> None:
        """Read each thread: it holds more of ours than we have written down. Replies before the card they hang on."""
        us = await self.slack.identity()
        posts, files, theirs, unread = list[list[str]](), list[str](), 0, 0
        for channel, ts in work.threads:
            try:
                said = await self.slack.replies(channel, ts, "0")
            except ServiceError as error:
                if error.is_retryable or error.error_class is ErrorClass.AUTH:
                    raise
                log.warning("forget.thread_left", error=error.code)
                unread += error.code not in ("thread_not_found", "message_not_found")
                continue
            ours = [each for each in said if each.get("bot_id") == us.bot_id or each.get("user") == us.user_id]
            posts += [[channel, str(each["ts"])] for each in reversed(ours)]
            files += [str(file["id"]) for each in ours for file in cast("list[Json]", each.get("files") or [])]
            theirs += len([each for each in said if each not in ours and each.get("subtype") != "tombstone"])
        async with unit(self.clock(), claimed) as turn:
            await threads_read(turn, work, posts, files, theirs=theirs, unread=unread)

    async def post(self, work: ErasePost, claimed: Claim) -> None:
        counted = "posts"
        try:
            async with self._paced(work, claimed, "chat.delete"):
                is_deleted = await self.slack.erase(work.channel, work.ts)
            counted = "posts" if is_deleted else "posts_emptied"
        except ServiceError as error:
            counted = self._left(error, "posts")
        await self._counted(work, claimed, counted)

    async def file(self, work: EraseFile, claimed: Claim) -> None:
        counted = "slack_files"
        try:
            async with self._paced(work, claimed, "files.delete"):
                await self.slack.delete_file(work.file_id)
        except ServiceError as error:
            counted = self._left(error, "slack_files", "files_left")
        await self._counted(work, claimed, counted)

    async def receipt(self, work: GiveReceipt, claimed: Claim) -> None:
        """What Slack has told of their threads since goes too."""
        what = erasures.nothing_but(work.threads)
        await erasures.sweep(work.inbox_id, what, (), since=await erasures.first_task(work.erasure_id))
        async with unit(self.clock(), claimed) as turn:
            await all_erased(turn, work)

    @asynccontextmanager
    async def _paced(self, work: Erasing, claimed: Claim, method: str) -> AsyncGenerator[None]:
        """Both methods are counted like chat.update (research: slack.md §3, tier 3)."""
        budget = self.pace.workspace(work, method, self.pace.rates.update)
        await self.pace.turn(claimed, budget)
        async with self.pace.heeding(work.inbox_id, budget):
            yield

    def _left(self, error: ServiceError, done: str, left: str = "posts_left") -> str:
        """What is gone already is gone; what Slack does not give up is said in the receipt."""
        if error.is_retryable or error.error_class is ErrorClass.AUTH:
            raise error
        return done if error.code in _GONE else left

    async def _counted(self, work: Erasing, claimed: Claim, what: str) -> None:
        async with unit(self.clock(), claimed):
            await erasures.count(work.erasure_id, **{what: 1})
