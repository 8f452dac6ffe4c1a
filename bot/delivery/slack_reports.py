"""Brings reports to Slack: to everybody in an inbox's channel, and their rows as a file to one person."""

from __future__ import annotations

import io
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from bot.blocks import report
from bot.blocks.parts import Post, context, escaped
from bot.blocks.thread_notes import note
from bot.delivery import csv_file
from bot.delivery.pacing import Pace
from bot.delivery.slack_posts import SlackPosts
from bot.domain.inboxes import Inbox
from bot.domain.periods import Period
from bot.domain.report import zone_of
from bot.domain.report_work import PostReport, SendReportFile
from bot.domain.staff_work import WriteToStaff
from integrations.errors import ServiceError
from integrations.slack.media import SlackFiles
from storage import exports, inboxes, reports, tasks
from storage.escalations import Thread
from storage.exports import Export
from storage.tasks import Claim

_PIECE = 64 * 1024
_IN_MEMORY = 1024 * 1024  # bytes; longer files wait on disk for their turn


@dataclass(frozen=True, slots=True)
class SlackReports:
    slack: SlackFiles
    posts: SlackPosts
    inboxes: Mapping[int, Inbox]
    clock: Callable[[], datetime]
    pace: Pace

    async def post(self, work: PostReport, claimed: Claim) -> None:
        """The figures are those of the moment at which it is shown."""
        channel = Thread(await inboxes.channel(work.inbox_id), None, None, 0)
        await self.pace.turn(claimed, self.pace.posts(work, channel.channel))
        now = self.clock()
        found = await reports.report(work.inbox_id, self._period(work), now)
        await self.posts.once(channel, _shared(report.report(found, now), work.by), claimed, "report")
        await tasks.finish(claimed, self.clock())

    async def send_file(self, work: SendReportFile, claimed: Claim) -> None:
        """After a doubt they may get it twice: in direct messages we cannot look for it."""
        period = self._period(work)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            count = await _fill(file, work.inbox_id, period)
            try:
                await self._share(file, f"escalations-{period.first}-{period.last}.csv", work, period, count)
            except ServiceError as error:
                if error.is_retryable:
                    raise
                await self._did_not_go(work, claimed, error)
            else:
                await tasks.finish(claimed, self.clock())

    async def _did_not_go(self, work: SendReportFile, claimed: Claim, error: ServiceError) -> None:
        told = f"📊 The file you asked for could not be sent: {error.reason}."
        direct = WriteToStaff(inbox_id=work.inbox_id, user=work.user, text=told, about=f"report_file:{claimed.id}")
        async with tasks.unit(self.clock(), claimed) as turn:
            turn.cause(direct)

    async def _share(self, file: IO[bytes], name: str, work: SendReportFile, period: Period, count: int) -> None:
        length = file.tell()
        upload = await self.slack.begin_upload(name, length)
        await self.slack.push(upload, _pieces(file), length)
        inbox = self.inboxes[work.inbox_id].name
        counted = f"{count} escalation{'' if count == 1 else 's'}"
        said = note(f"📊 *{escaped(inbox, 200)}*: {counted}, {period}. What customers wrote is not in the file.")
        where, ts = await self.slack.write(work.user, said.text, said.blocks)  # only a post tells where that is
        await self.slack.share(upload.file_id, f"{inbox}, {period}", where, ts, "")

    def _period(self, work: PostReport | SendReportFile) -> Period:
        return Period.from_iso(work.period, zone_of(self.inboxes[work.inbox_id].rules))


async def _fill(file: IO[bytes], inbox_id: int, period: Period) -> int:
    # With a byte order mark, or Excel takes every accent for two letters.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    async with exports.opened(Export.ESCALATIONS, [inbox_id], period.start, period.end) as rows:
        count = await csv_file.write(rows, text, period.zone)
    text.flush()
    text.detach()
    return count


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _shared(post: Post, by: str | None) -> Post:
    if by is None:
        return post
    return replace(post, text=f"{post.text}\nShared by <@{by}>", blocks=[*post.blocks, context(f"Shared by <@{by}>")])
