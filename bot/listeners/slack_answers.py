"""The answer to a slash command: within three seconds, to the one who typed it, whatever it takes to find it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import thread_notes
from bot.blocks.parts import Post
from bot.listeners.slack_front import Front
from integrations.errors import ServiceError

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
ANSWERS_WITHIN_SECONDS = 2.0  # Slack waits three, and the way to it takes its time


@dataclass(frozen=True, slots=True)
class Answers:
    front: Front
    _late: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def give(self, ack: AsyncAck, command: Json, story: Awaitable[Post | None]) -> None:
        """What the story comes to, unless this person may not act. Without a post they see what the story opened."""
        work = asyncio.ensure_future(self._admitted(command, story))
        await asyncio.wait({work}, timeout=ANSWERS_WITHIN_SECONDS)
        if not work.done():
            later = asyncio.create_task(self._later(work, str(command.get("response_url") or "")))
            self._late.add(later)
            later.add_done_callback(self._late.discard)
            await ack()
        elif (post := work.result()) and post.plain:
            # What is answered at once Slack refuses without telling us, and then the plain words cannot follow.
            await self._later(work, str(command.get("response_url") or ""))
            await ack()
        elif post:
            await ack(text=post.text, blocks=post.blocks, response_type="ephemeral")
        else:
            await ack()

    async def _admitted(self, command: Json, story: Awaitable[Post | None]) -> Post | None:
        refusal = await self.front.may_act(
            command["user_id"], command.get("team_id"), channel=command.get("channel_id")
        )
        if refusal is None:
            return await story
        if asyncio.iscoroutine(story):
            story.close()
        return thread_notes.note(refusal)

    async def _later(self, work: asyncio.Future[Post | None], response_url: str) -> None:
        """Through the URL that came with the command: it is good for half an hour."""
        try:
            if post := await work:
                await self.front.slack.respond(response_url, post.text, post.blocks, post.plain)
        except ServiceError as error:
            log.warning("answer.not_shown", error=error.code)
