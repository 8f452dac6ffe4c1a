"""Chases staff in an escalation's thread; what anybody did meanwhile has made it pointless."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.blocks import reminders
from bot.blocks.parts import Post
from bot.blocks.reminders import Chased
from bot.delivery.pacing import Pace
from bot.delivery.slack_posts import SlackPosts
from bot.domain.escalation import Escalation, Status
from bot.domain.reminders import waits_since
from bot.domain.thread_work import InThread, RemindHolder, RemindThread, WarnOfClosing
from storage import conversations, escalations, staff, tasks, waits
from storage.tasks import Claim, NotYetError

_CARD_COMES_FIRST = timedelta(seconds=2)  # how soon a reminder looks again for its thread


@dataclass(frozen=True, slots=True)
class SlackReminders:
    posts: SlackPosts
    clock: Callable[[], datetime]
    pace: Pace

    async def not_taken(self, work: RemindThread, claimed: Claim) -> None:
        view = await escalations.view(work.escalation_id)
        escalation = view.escalation
        if escalation.status is Status.QUEUED and int(escalation.queued_at.timestamp()) == work.queued_at:
            waited = timedelta(seconds=work.waited_seconds)
            post = reminders.not_taken(view, waited, work.step, work.calls, to_all=work.to_all)
            await self._say(work, claimed, post)
        await tasks.finish(claimed, self.clock())

    async def not_answered(self, work: RemindHolder, claimed: Claim) -> None:
        view = await escalations.view(work.escalation_id)
        since = await _owed_since(view.escalation)
        if view.escalation.taken_by == work.holder and since and int(since.timestamp()) == work.since:
            chased = Chased(work.holder, since, self.clock(), await _away_as(work.holder))
            post = reminders.not_answered(view, chased, work.calls, to_all=work.to_all)
            await self._say(work, claimed, post)
        await tasks.finish(claimed, self.clock())

    async def closing(self, work: WarnOfClosing, claimed: Claim) -> None:
        view = await escalations.view(work.escalation_id)
        since = (await waits.silence(work.escalation_id)).quiet.since
        if view.escalation.status is Status.OPEN and int(since.timestamp()) == work.silent_since:
            closes_at = datetime.fromtimestamp(work.closes_at, UTC)
            await self._say(work, claimed, reminders.closing_soon(view, self.clock() - since, closes_at))
        await tasks.finish(claimed, self.clock())

    async def _say(self, work: InThread, claimed: Claim, post: Post) -> None:
        thread = await escalations.thread_of(work.escalation_id)
        if thread.ts is None:
            raise NotYetError(self.clock() + _CARD_COMES_FIRST, "unopened")
        await self.pace.spare_turn(claimed, self.pace.posts(work, thread.channel))
        await self.posts.say(work, claimed, [post])


async def _owed_since(escalation: Escalation) -> datetime | None:
    if escalation.status is not Status.OPEN:
        return None
    return waits_since(await conversations.load(escalation.conversation_id), escalation.taken_at)


async def _away_as(holder: str) -> str | None:
    if holder not in await staff.away([holder]):
        return None
    return (await staff.names({holder})).get(holder) or "Whoever has this"
