"""Posts in escalations' threads: each once, and in a thread that is there. A thread that Slack lost is begun anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.blocks import escalation_card, thread_notes
from bot.blocks.data_blocks import plain_version
from bot.blocks.parts import Post
from bot.blocks.quoting import speaker
from bot.blocks.said import in_words
from bot.delivery.pacing import Pace
from bot.delivery.shown import ready
from bot.domain.conversation import Message
from bot.domain.delivery import Delivery
from bot.domain.desk import Said, TranscriptLine
from bot.domain.staff_work import RecallHeld
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import BeginAnew, InThread, MirrorMessage, ReportFailure
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Posting, Slack
from storage import conversations, customers, escalations, inboxes, messages, staff, tasks
from storage.escalations import Thread
from storage.posted import Place
from storage.tasks import Claim, NotYetError

log = structlog.get_logger("switchboard.delivery")

_TRANSCRIPT = 20  # messages, and all that may be unanswered; the rest is counted
_LANDS_WITHIN = timedelta(seconds=2)
_NEW_THREAD_COMES_FIRST = timedelta(seconds=2)
_PLAIN_TEXT = 3_900  # under what chat.update takes
_HOW_FAR = {Delivery.FAILED: " (not delivered)", Delivery.UNCONFIRMED: " (not confirmed)"}
_UNSEEN = (Delivery.DROPPED, Delivery.KEPT, Delivery.HELD, Delivery.PARKED, Delivery.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SlackPosts:
    slack: Slack
    clock: Callable[[], datetime]
    pace: Pace

    async def say(
        self, work: InThread | RecallHeld, claimed: Claim, posts: Sequence[Post], parts: str = "part"
    ) -> list[Place]:
        """Post these in the escalation's thread, in order. Where the thread is gone, in a new one.

        Returns where they are: nowhere, if the thread is gone and what they were about has ended.
        """
        thread = await escalations.thread_of(work.escalation_id)
        try:
            return await self._say(thread, claimed, posts, parts)
        except ServiceError as error:
            if error.error_class is not ErrorClass.GONE:
                raise
            if claimed.lane != InThread(inbox_id=work.inbox_id, escalation_id=work.escalation_id).lane:
                await self.ask_for_new_thread(work, thread)
                raise NotYetError(self.clock() + _NEW_THREAD_COMES_FIRST, "unopened") from error
            moved = await self.begin_anew(work, claimed, thread)
            return await self._say(moved, claimed, posts, parts) if moved else []

    async def _say(self, thread: Thread, claimed: Claim, posts: Sequence[Post], parts: str) -> list[Place]:
        return [
            Place(thread.channel, await self.once(thread, post, claimed, f"{parts}{part}"))
            for part, post in enumerate(posts)
        ]

    async def once(self, thread: Thread, post: Post, claimed: Claim, part: str) -> str:
        """Post once: where an earlier run may have done it, look for its trace first."""
        trace = f"{claimed.id}:{part}"
        if claimed.started > 1 and (
            found := await self.slack.find(thread.channel, thread.ts, trace, claimed.created_at)
        ):
            return found
        if claimed.was_interrupted:  # what a killed process had sent may still be on its way into the channel
            raise NotYetError(self.clock() + _LANDS_WITHIN, "in_doubt", has_begun=True)
        posting = Posting(
            thread.channel,
            post.text,
            post.blocks,
            trace,
            thread.ts,
            post.username,
            post.icon_emoji,
            plain=plain_version(post.blocks),
            to_all=post.to_all,
        )
        async with self.pace.heeding(claimed.work.inbox_id, self.pace.posts(claimed.work, thread.channel)):
            try:
                return await self.slack.post(posting)
            except ServiceError as error:
                plainer = _plainer(posting, error)
                if plainer is None:
                    raise
                log.warning("post.plainer", error=error.code)
                return await self.slack.post(plainer)

    async def ask_for_new_thread(
        self, work: InThread | RecallHeld, lost: Thread, *, can_still_read: bool = False
    ) -> None:
        """From outside the thread's own lane: two who miss the same thread at once must not both begin a new one."""
        if lost.ts is None:
            return
        anew = BeginAnew(
            inbox_id=work.inbox_id,
            escalation_id=work.escalation_id,
            lost_channel=lost.channel,
            lost_ts=lost.ts,
            can_still_read=can_still_read,
        )
        await tasks.enqueue([anew], self.clock())

    async def begin_anew(self, work: InThread | RecallHeld, claimed: Claim, lost: Thread) -> Thread | None:
        """A new card in the inbox's channel takes the place of one that Slack lost; for use in the thread's own lane.

        Of what has ended only failures are worth that.
        """
        view = await escalations.view(work.escalation_id)
        if view.escalation.status.is_final and not isinstance(work, ReportFailure):
            return None
        log.warning("thread.lost", channel=lost.channel, ts=lost.ts)
        home = Thread(await inboxes.channel_for(work.inbox_id, work.escalation_id), None, None, lost.opened_after)
        ts = await self.once(home, escalation_card.card(view, self.clock()), claimed, "root")
        thread = replace(home, ts=ts, url=await self.slack.permalink(home.channel, ts))
        through = work.message_id - 1 if isinstance(work, MirrorMessage) else None
        before = [thread_notes.continues_from(lost.url), *await self.transcript(work.escalation_id, through)]
        await self._say(thread, claimed, before, "before")
        # From here on it is the escalation's thread; a run that is broken off sooner finds its posts by their traces.
        await escalations.move_thread(work.escalation_id, lost, thread, self.clock())
        return thread

    async def transcript(self, escalation_id: int, through: int | None) -> list[Post]:
        """What was said so far; `through` leaves out what came after that message."""
        escalation = await escalations.load(escalation_id)
        assert escalation is not None
        conversation = await conversations.load(escalation.conversation_id)
        said, earlier = await messages.so_far(conversation.id, _UNSEEN, _TRANSCRIPT, through)
        return thread_notes.transcript(await self._lines(said, conversation.customer_id), earlier)

    async def joined(self, said: Sequence[Message], customer_id: int) -> list[Post]:
        """What was said in another conversation that turned out to be the same person's."""
        return thread_notes.joined_history(await self._lines(said, customer_id))

    async def _lines(self, said: Sequence[Message], customer_id: int) -> list[TranscriptLine]:
        shown = [each for each in said if each.status not in _UNSEEN]
        names = await staff.names({each.staff_id for each in shown if each.staff_id})
        customer = (await customers.load(customer_id)).label
        return [
            TranscriptLine(each.author, speaker(each, customer, names), _words(each, words), each.said_at, each.sources)
            for each, words in zip(shown, await ready(shown, customer), strict=True)
            if not words.is_told_by_another
        ]


def _plainer(posting: Posting, error: ServiceError) -> Posting | None:
    """What Slack may take where it does not take this, or None."""
    if error.error_class is ErrorClass.SIZE:
        return replace(posting, text=posting.text[:_PLAIN_TEXT], blocks=[], plain=None)
    if error.code == "missing_scope" and posting.username:  # chat:write.customize: the name becomes a line of its own
        named = thread_notes.note(f"*{escape(posting.username)}*")
        text = f"{named.text}: {posting.text}"
        plain = None if posting.plain is None else [*named.blocks, *posting.plain]
        blocks = [*named.blocks, *posting.blocks]
        return replace(posting, username=None, icon_emoji=None, text=text, blocks=blocks, plain=plain)
    return None


def _words(message: Message, said: Said) -> str:
    return in_words(said) + _HOW_FAR.get(message.status, "")
