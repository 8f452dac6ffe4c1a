"""Shows what the AI has written to whoever asked for it, with what was said since it read the conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import copilot
from bot.blocks.parts import Post
from bot.delivery.slack_people import SlackPeople
from bot.domain.copilot import Draft, DraftKind, DraftStatus, ShowDraft
from bot.flows.copilot import newer_than
from storage import drafts, escalations, tasks
from storage.tasks import Claim


@dataclass(frozen=True, slots=True)
class SlackDrafts:
    people: SlackPeople
    clock: Callable[[], datetime]

    async def show(self, work: ShowDraft, claimed: Claim) -> None:
        draft = await drafts.find(work.draft_id)
        if draft and (post := await _face(draft)):
            thread = await escalations.thread_of(work.escalation_id)
            await self.people.whisper(claimed, thread.channel, draft.staff_id, post, thread.ts)
        await tasks.finish(claimed, self.clock())


async def _face(draft: Draft) -> Post | None:
    if draft.status is DraftStatus.FAILED:
        return copilot.failed(draft)
    if draft.status is not DraftStatus.READY:
        return None
    if draft.kind is DraftKind.SUMMARY:
        return copilot.summary(draft)
    return copilot.draft(draft, await newer_than(draft, draft.through))
