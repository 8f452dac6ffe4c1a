"""Writes an escalation's thread: the card, what was said, reminders, notes and failures, each posted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import metrics
from bot.blocks import escalation_card, thread_notes, translation
from bot.blocks.avatars import avatar
from bot.blocks.parts import Post
from bot.blocks.quoting import speaker
from bot.blocks.said import joined
from bot.delivery.pacing import Pace
from bot.delivery.shown import ready, words_of
from bot.delivery.slack_posts import SlackPosts
from bot.delivery.thread_files import ThreadFiles
from bot.domain.conversation import Author, Message, is_shown_by_us
from bot.domain.delivery import Delivery
from bot.domain.desk import Said
from bot.domain.staff_work import MarkReply, RecallHeld, RecallOffer
from bot.domain.thread_work import (
    BeginAnew,
    InThread,
    MirrorMessage,
    NoteInChannel,
    NoteInThread,
    OpenThread,
    RefreshCard,
    ReportFailure,
    ShowJoined,
    WarnOfWindow,
)
from bot.domain.window import is_closed
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import (
    conversations,
    corrections,
    customers,
    escalations,
    inboxes,
    media,
    messages,
    posted,
    staff,
    tasks,
    tasks_joining,
    translations,
)
from storage.escalations import Thread
from storage.posted import Place
from storage.tasks import Claim, NotYetError, unit

_CARD_COMES_FIRST = timedelta(seconds=2)  # how soon a reminder looks again for its thread


@dataclass(frozen=True, slots=True)
class SlackThread:
    slack: Slack
    posts: SlackPosts
    clock: Callable[[], datetime]
    pace: Pace
    files: ThreadFiles

    async def open(self, work: OpenThread, claimed: Claim) -> None:
        """Post the card, remember its place, then post what was said so far under it."""
        thread = await escalations.thread_of(work.escalation_id)
        await self.pace.turn(claimed, self.pace.posts(work, thread.channel, 1 if thread.ts else 2))
        drawn = None
        if thread.ts is None:
            drawn = view = await escalations.view(work.escalation_id)
            ts = await self.posts.once(thread, escalation_card.card(view, self.clock()), claimed, "card")
            await escalations.set_thread(work.escalation_id, thread.channel, ts)
            thread = await escalations.thread_of(work.escalation_id)
        transcript = await self.posts.transcript(work.escalation_id, thread.opened_after)
        await self.posts.say(work, claimed, transcript, "transcript")
        if thread.url is None and thread.ts and (url := await self.slack.permalink(thread.channel, thread.ts)):
            await escalations.set_thread_url(work.escalation_id, url)
        async with unit(self.clock(), claimed) as turn:
            # Somebody may have pressed a button between the drawing and the recording of the card. Only then: a storm
            # of openings should not use up the workspace's card updates for nothing.
            if claimed.started > 1 or drawn != replace(await escalations.view(work.escalation_id), thread_url=None):
                turn.cause(RefreshCard(inbox_id=work.inbox_id, escalation_id=work.escalation_id))

    async def refresh(self, work: RefreshCard, claimed: Claim) -> None:
        thread = await escalations.thread_of(work.escalation_id)
        if thread.ts is not None:
            budget = self.pace.workspace(work, "chat.update", self.pace.rates.update)
            await self.pace.turn(claimed, budget)
            view = await escalations.view(work.escalation_id)
            try:
                async with self.pace.heeding(work.inbox_id, budget):
                    await self._redraw(thread.channel, thread.ts, escalation_card.card(view, self.clock()))
            except ServiceError as error:
                if error.error_class is not ErrorClass.GONE:
                    raise
                await self.posts.ask_for_new_thread(work, thread, can_still_read=True)
        await self._done(claimed)

    async def _redraw(self, channel: str, ts: str, card: Post) -> None:
        try:
            await self.slack.update(channel, ts, card.text, card.blocks)
        except ServiceError as error:
            if error.error_class is not ErrorClass.SIZE:
                raise
            await self.slack.update(channel, ts, card.text, escalation_card.bare(card))

    async def begin_anew(self, work: BeginAnew, claimed: Claim) -> None:
        """The thread is lost. Where only its card is gone, it says where it goes on."""
        thread = await escalations.thread_of(work.escalation_id)
        if (thread.channel, thread.ts) == (work.lost_channel, work.lost_ts):
            moved = await self.posts.begin_anew(work, claimed, thread)
            if moved and moved.url and work.can_still_read:
                await self._point_on(thread, moved.url, claimed)
        await self._done(claimed)

    async def _point_on(self, lost: Thread, url: str, claimed: Claim) -> None:
        try:
            await self.posts.once(lost, thread_notes.continues_in(url), claimed, "after")
        except ServiceError as error:
            if error.is_retryable:
                raise

    async def mirror(self, work: MirrorMessage, claimed: Claim) -> None:
        said = await messages.load_all([work.message_id, *work.also])
        carries_file = said[0].details.file and not said[0].revoked_at
        if file := await media.of_message(said[0].id) if carries_file else None:
            await self.files.mirror(work, claimed, said[0], file)
        else:
            await self._mirror_words(work, claimed, said)
        if said[0].author is Author.CUSTOMER:
            metrics.relayed("customer_to_slack", claimed.created_at, self.clock())

    async def _mirror_words(self, work: MirrorMessage, claimed: Claim, said: list[Message]) -> None:
        conversation = await conversations.load(said[0].conversation_id)
        customer = (await customers.load(conversation.customer_id)).label
        shown = await ready(said, customer)
        if claimed.reserved_at and claimed.started == 1:  # it had to wait for its turn, and nothing was posted yet
            await self._take_along(work, claimed, said, shown, customer)
        names = await staff.names({said[0].staff_id}) if said[0].staff_id else {}
        picture = avatar(conversation.customer_id)
        posts = joined(said[0].author, speaker(said[0], customer, names), shown, picture)
        places = await self._post(work, claimed, posts)
        async with unit(self.clock(), claimed) as turn:
            await posted.remember(work.inbox_id, [each.id for each in said], places)
            if places and is_shown_by_us(said[0]):
                await messages.set_place(said[0].id, places[-1].channel, places[-1].ts)
                turn.cause(MarkReply(inbox_id=work.inbox_id, message_id=said[0].id))

    async def joined(self, work: ShowJoined, claimed: Claim) -> None:
        said = await messages.load_all(work.message_ids)
        if not said:
            return await self._done(claimed)
        conversation = await conversations.load(said[0].conversation_id)
        return await self._write(work, claimed, await self.posts.joined(said, conversation.customer_id))

    async def _take_along(
        self, work: MirrorMessage, claimed: Claim, said: list[Message], shown: list[Said], customer: str
    ) -> None:
        """Messages of the same author that wait right behind share its turn, as long as one post holds them all."""
        taken = list[int]()
        for task, waiting in await tasks_joining.behind(claimed, self.clock()):
            if not isinstance(waiting, MirrorMessage):
                break
            message = await messages.load(waiting.message_id)
            if message.details.file:
                break
            also = await ready([message], customer)
            is_other = (message.author, message.staff_id) != (said[0].author, said[0].staff_id)
            if is_other or is_shown_by_us(message) or len(joined(message.author, customer, [*shown, *also])) > 1:
                break
            said.append(message)
            shown += also
            taken.append(task)
        if taken:
            whole = replace(work, also=[each.id for each in said[1:]])
            await tasks_joining.take_along(claimed, whole, taken, self.clock())

    async def warn_of_window(self, work: WarnOfWindow, claimed: Claim) -> None:
        """Unless the customer has written meanwhile, or nobody is here any more whom it could help."""
        view = await escalations.view(work.escalation_id)
        conversation = await conversations.load(work.conversation_id)
        wrote = conversation.last_customer_at
        same_window = wrote is not None and int(wrote.timestamp()) == work.wrote
        if same_window and not view.escalation.status.is_final and not is_closed(conversation, self.clock()):
            thread = await escalations.thread_of(work.escalation_id)
            if thread.ts is None:
                raise NotYetError(self.clock() + _CARD_COMES_FIRST, "unopened")
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel))
            await self.posts.say(work, claimed, [thread_notes.window_warning(view, self.clock())])
        await self._done(claimed)

    async def note(self, work: NoteInThread, claimed: Claim) -> None:
        await self._write(work, claimed, [thread_notes.note(work.text)])

    async def failure(self, work: ReportFailure, claimed: Claim) -> None:
        """Unless a retry or a late proof of arrival has overtaken the bad news."""
        message = await messages.load(work.message_id)
        if message.status is Delivery.FAILED:
            outside = work.escalation_id if await self._came_too_late(message) else None
            line = thread_notes.failure(message.failure, await words_of(message), message.id, outside)
            return await self._write(work, claimed, [line])
        if message.status is Delivery.UNCONFIRMED:
            line = thread_notes.unconfirmed(message.failure, await words_of(message), message.id)
            return await self._write(work, claimed, [line])
        return await self._done(claimed)

    async def _came_too_late(self, message: Message) -> bool:
        """Words or a file of staff that might still be sent another way, or later. A template needs no window."""
        conversation = await conversations.load(message.conversation_id)
        return message.author is Author.STAFF and message.kind != "template" and is_closed(conversation, self.clock())

    async def recall(self, work: RecallHeld, claimed: Claim) -> None:
        """An ephemeral prompt may never have been shown: say it where everybody sees it."""
        message = await messages.load(work.message_id)
        escalation = await escalations.load(work.escalation_id)
        if message.status is Delivery.HELD and message.staff_id and escalation and not escalation.status.is_final:
            closed = is_closed(await conversations.load(message.conversation_id), self.clock())
            outside = escalation.id if closed else None
            line = thread_notes.held_line(
                message.staff_id, await words_of(message), message.id, escalation.taken_by, outside
            )
            proposal = await translations.proposal(message)
            if proposal and not proposal.failure:
                line = translation.held_line(message.staff_id, proposal)
            thread = await escalations.thread_of(work.escalation_id)
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel))
            await self.posts.say(work, claimed, [line])
        await self._done(claimed)

    async def recall_offer(self, work: RecallOffer, claimed: Claim) -> None:
        """The thread shows words that the customer does not have, and nobody has done anything about it."""
        message, edition = await messages.load(work.message_id), await corrections.edition(work.message_id)
        if edition.offered is not None and message.staff_id:
            line = thread_notes.correction_line(message.staff_id, edition.had, edition.offered, message.id)
            thread = await escalations.thread_of(work.escalation_id)
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel))
            await self.posts.say(work, claimed, [line])
        await self._done(claimed)

    async def _write(self, work: InThread, claimed: Claim, posts: list[Post]) -> None:
        await self._post(work, claimed, posts)
        await self._done(claimed)

    async def _post(self, work: InThread, claimed: Claim, posts: list[Post]) -> list[Place]:
        thread = await escalations.thread_of(work.escalation_id)
        await self.pace.turn(claimed, self.pace.posts(work, thread.channel, len(posts)))
        return await self.posts.say(work, claimed, posts)

    async def announce(self, work: NoteInChannel, claimed: Claim) -> None:
        """One line to everybody, in the channel itself."""
        channel = Thread(work.channel or await inboxes.channel(work.inbox_id), None, None, 0)
        await self.pace.turn(claimed, self.pace.posts(work, channel.channel))
        await self.posts.once(channel, thread_notes.note(work.text), claimed, "line")
        await self._done(claimed)

    async def _done(self, claimed: Claim) -> None:
        await tasks.finish(claimed, self.clock())
