"""Writes an escalation's thread: the card, what was said, reminders, notes and failures, each posted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import escalation_card, thread_notes
from bot.blocks.parts import Post
from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from bot.domain.desk import TranscriptLine
from bot.domain.effects import (
    InThread,
    MirrorMessage,
    NoteInThread,
    OpenThread,
    RecallHeld,
    RefreshCard,
    RemindThread,
    ReportFailure,
)
from bot.domain.escalation import Status
from bot.domain.rules import InboxRules
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Posting, Slack
from storage import conversations, customers, escalations, messages, staff
from storage.escalations import Thread
from storage.tasks import Claim, unit

_TRANSCRIPT = 20  # messages; the rest is counted


@dataclass(frozen=True, slots=True)
class SlackThread:
    slack: Slack
    rules: InboxRules
    clock: Callable[[], datetime]

    async def open(self, work: OpenThread, claimed: Claim) -> None:
        """Post the card, remember its place, then post what was said so far under it."""
        thread = await escalations.thread_of(work.escalation_id)
        if thread.ts is None:
            view = await escalations.view(work.escalation_id)
            ts = await self._post(thread, escalation_card.card(view, self.clock()), claimed, "card")
            await escalations.set_thread(work.escalation_id, thread.channel, ts)
            thread = await escalations.thread_of(work.escalation_id)
        await self._post(thread, await self._transcript(work.escalation_id, thread), claimed, "transcript")
        if thread.url is None and thread.ts and (url := await self.slack.permalink(thread.channel, thread.ts)):
            await escalations.set_thread_url(work.escalation_id, url)
        async with unit(self.clock(), claimed) as turn:
            # Somebody may have pressed a button between the drawing and the recording of the card.
            turn.cause(RefreshCard(inbox_id=work.inbox_id, escalation_id=work.escalation_id))

    async def refresh(self, work: RefreshCard, claimed: Claim) -> None:
        thread = await escalations.thread_of(work.escalation_id)
        if thread.ts is not None:
            view = await escalations.view(work.escalation_id)
            card = escalation_card.card(view, self.clock())
            try:
                await self.slack.update(thread.channel, thread.ts, card.text, card.blocks)
            except ServiceError as error:
                if error.error_class is not ErrorClass.GONE:
                    raise
        await self._done(claimed)

    async def mirror(self, work: MirrorMessage, claimed: Claim) -> None:
        message = await messages.load(work.message_id)
        conversation = await conversations.load(message.conversation_id)
        speaker = (await customers.load(conversation.customer_id)).label
        posts = thread_notes.mirrored(message.author, speaker, message.text, message.kind)
        await self._write(work, claimed, posts)

    async def remind(self, work: RemindThread, claimed: Claim) -> None:
        """Only if it still waits: any action since has made the reminder pointless."""
        view = await escalations.view(work.escalation_id)
        waiting = view.escalation.status is Status.QUEUED
        if waiting and int(view.escalation.queued_at.timestamp()) == work.queued_at:
            post = thread_notes.reminder(view, timedelta(seconds=work.waited_seconds), work.step)
            return await self._write(work, claimed, [post])
        return await self._done(claimed)

    async def note(self, work: NoteInThread, claimed: Claim) -> None:
        await self._write(work, claimed, [thread_notes.note(work.text)])

    async def failure(self, work: ReportFailure, claimed: Claim) -> None:
        """Unless a retry or a late proof of arrival has overtaken the bad news."""
        message = await messages.load(work.message_id)
        if message.status is Delivery.FAILED:
            return await self._write(work, claimed, [thread_notes.failure(message.failure, message.text, message.id)])
        return await self._done(claimed)

    async def recall(self, work: RecallHeld, claimed: Claim) -> None:
        """An ephemeral prompt may never have been shown: say it where everybody sees it."""
        message = await messages.load(work.message_id)
        escalation = await escalations.load(work.escalation_id)
        if message.status is Delivery.HELD and message.staff_id and escalation and not escalation.status.is_final:
            line = thread_notes.held_line(message.staff_id, message.text, message.id, escalation.taken_by)
            await self._post(await escalations.thread_of(work.escalation_id), line, claimed, "recall")
        await self._done(claimed)

    async def _write(self, work: InThread, claimed: Claim, posts: list[Post]) -> None:
        thread = await escalations.thread_of(work.escalation_id)
        for part, post in enumerate(posts):
            await self._post(thread, post, claimed, f"part{part}")
        await self._done(claimed)

    async def _post(self, thread: Thread, post: Post, claimed: Claim, part: str) -> str:
        """Post once: where an earlier run may have done it, look for its trace first."""
        trace = f"{claimed.id}:{part}"
        if claimed.started > 1 and (found := await self.slack.find(thread.channel, thread.ts, trace)):
            return found
        return await self.slack.post(
            Posting(thread.channel, post.text, post.blocks, trace, thread.ts, post.username, post.icon_emoji)
        )

    async def _done(self, claimed: Claim) -> None:
        async with unit(self.clock(), claimed):
            pass

    async def _transcript(self, escalation_id: int, thread: Thread) -> Post:
        escalation = await escalations.load(escalation_id)
        assert escalation is not None
        conversation = await conversations.load(escalation.conversation_id)
        said = await messages.latest(conversation.id, _TRANSCRIPT, through=thread.opened_after)
        shown = [each for each in said if each.status not in (Delivery.DROPPED, Delivery.KEPT, Delivery.HELD)]
        total = await messages.count(conversation.id, thread.opened_after)
        names = await staff.names({each.staff_id for each in shown if each.staff_id})
        customer = (await customers.load(conversation.customer_id)).label
        lines = [
            TranscriptLine(each.author, _speaker(each, customer, names), _words(each), each.said_at) for each in shown
        ]
        return thread_notes.transcript(lines, max(0, total - len(said)))


def _speaker(message: Message, customer: str, names: dict[str, str]) -> str:
    if message.author is Author.CUSTOMER:
        return customer
    if message.author is Author.STAFF:
        return names.get(message.staff_id or "", "Staff")
    return "AI" if message.author is Author.BOT else "Switchboard"


def _words(message: Message) -> str:
    return message.text if message.kind == "text" else f"[{message.kind}] {message.text}".strip()
