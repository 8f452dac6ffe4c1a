"""Reports on demand: `/queue stats` and `/queue report`, and the buttons under what they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, report, thread_notes
from bot.blocks.data_blocks import plain_version
from bot.blocks.parts import Post
from bot.domain.inboxes import Inbox
from bot.domain.periods import Period, asked_for, this_week
from bot.domain.report import zone_of
from bot.domain.report_work import PostReport, SendReportFile
from bot.listeners.slack_front import Click, Dispatcher, Front
from integrations.errors import ServiceError
from storage import reports
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
WORDS = ("stats", "report")
_MOST = 4  # answers: a response URL is good for five (docs.slack.dev, handling user interaction)
_STALE = "This button is from another time; ask for the report again with `/queue report`."
_LEADS_ONLY = "Only leads may download what customers asked for; ask one of them, or whoever runs Switchboard."


@dataclass(frozen=True, slots=True)
class SlackReports:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.SHARE_REPORT)(self.on_share)
        app.action(action_ids.DOWNLOAD_REPORT)(self.on_download)

    async def answer(self, command: Json, word: str, typed: str) -> Post | None:
        """What to say to somebody who may ask; None where they have been shown it already.

        Through the URL that came with the command: what is answered at once Slack refuses without telling us.
        """
        seen = await self.front.seen_by(command["user_id"], command.get("channel_id"))
        for inbox_id in seen[:_MOST]:
            post = await self._drawn(self.front.inboxes[inbox_id], word, typed)
            if isinstance(post, str):
                return thread_notes.note(post)
            try:
                url = str(command.get("response_url") or "")
                await self.front.slack.respond(url, post.text, post.blocks, plain_version(post.blocks))
            except ServiceError as error:
                log.warning("answer.not_shown", user=command.get("user_id"), error=error.code)
        return None

    async def on_share(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        about = await self._about(click)
        if isinstance(about, str):
            return await self.front.answer(click, about)
        inbox, period = about
        async with unit(self.front.clock()) as turn:
            shared = PostReport(inbox_id=inbox.id, period=period.iso, by=click.user, about=click.message_ts or "")
            turn.cause(shared)
        return await self.front.answer(click, f"It will be in <#{inbox.channel}> in a moment.")

    async def on_download(self, ack: AsyncAck, body: Json) -> None:
        """Each press sends the rows as they are then."""
        await ack()
        click = Click.from_body(body)
        about = await self._about(click)
        if isinstance(about, str):
            return await self.front.answer(click, about)
        inbox, period = about
        if not (await self.front.actor(click.user, inbox.id)).is_lead:
            return await self.front.answer(click, _LEADS_ONLY)
        async with unit(self.front.clock()) as turn:
            about_click = click.trigger_id or ""
            turn.cause(SendReportFile(inbox_id=inbox.id, period=period.iso, user=click.user, about=about_click[:100]))
        return await self.front.answer(click, "The file comes to you as a direct message in a moment.")

    async def _drawn(self, inbox: Inbox, word: str, typed: str) -> Post | str:
        now, zone = self.front.clock(), zone_of(inbox.rules)
        period = this_week(now, zone) if word == "stats" and not typed else asked_for(typed, now, zone)
        if isinstance(period, str):
            return period
        found = await reports.report(inbox.id, period, now)
        return report.stats(found, now) if word == "stats" else report.report(found, now, is_offered=True)

    async def _about(self, click: Click) -> tuple[Inbox, Period] | str:
        """What the button was about, or why nothing comes of it."""
        number, _, days = click.value.partition(":")
        inbox = self.front.inboxes.get(int(number)) if number.isascii() and number.isdigit() else None
        if refusal := await self.front.admits(click, inbox.id if inbox else None):
            return refusal
        if inbox is None:
            return _STALE
        try:
            return inbox, Period.from_iso(days, zone_of(inbox.rules))
        except ValueError:
            return _STALE
