"""Shows customers' files in their threads: in order, once, under the customer's name, and in words where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.blocks import thread_notes
from bot.blocks.avatars import avatar
from bot.blocks.escalation_card import language_name
from bot.blocks.parts import Post
from bot.blocks.quoting import speaker
from bot.blocks.said import joined
from bot.delivery.pacing import Pace
from bot.delivery.shown import ready
from bot.delivery.slack_posts import SlackPosts
from bot.domain.conversation import Message
from bot.domain.files import FileStatus, shown_name
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import MirrorMessage, ShareFile, ShowHeard
from bot.flows.files import shown_without_file
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.media import SlackFiles
from storage import conversations, customers, escalations, media, messages, posted, tasks
from storage.escalations import Thread
from storage.media import Attachment
from storage.posted import Place
from storage.tasks import Claim, NotYetError, unit

log = structlog.get_logger("switchboard.delivery")

_WORTH_WAITING_FOR = timedelta(seconds=5)  # most files are here by then; the words must not wait longer
_LOOKED_FOR_EVERY = timedelta(seconds=1)
_LANDS_WITHIN = timedelta(seconds=2)
_SHOWN_WITHIN = timedelta(seconds=10)
_SHOWN_YET = timedelta(milliseconds=100)
_COMMENT = 3_500  # with the name under what a message may hold
_LOST_FILE = ("file_not_found", "file_deleted")

Sharing = MirrorMessage | ShareFile


@dataclass(frozen=True, slots=True)
class _Shown:
    """A file with what is said about it: the posts its words would make, and the name they go under."""

    file: Attachment
    message: Message
    speaker: str
    posts: list[Post]

    @property
    def title(self) -> str:
        return shown_name(self.file.name, self.message.kind, self.file.mime_type)

    @property
    def comment(self) -> str:
        """Files carry no name but the app's own (chat:write.customize is for messages), so it leads the comment."""
        name = f"*{escape(' '.join(self.speaker.split()))}*"
        return f"{name}\n{self.words}" if self.is_whole else name

    @property
    def words(self) -> str:
        return "\n".join(each.text for each in self.posts)

    @property
    def is_whole(self) -> bool:
        """Whether the comment holds all of the words."""
        return len(self.words) <= _COMMENT


@dataclass(frozen=True, slots=True)
class ThreadFiles:
    slack: SlackFiles
    posts: SlackPosts
    clock: Callable[[], datetime]
    pace: Pace

    async def mirror(self, work: MirrorMessage, claimed: Claim, message: Message, file: Attachment) -> None:
        """A message with its file. While that is not here yet, it is waited for a little; then the words go ahead."""
        now = self.clock()
        if file.status is FileStatus.COMING and now < claimed.created_at + _WORTH_WAITING_FOR:
            raise NotYetError(now + _LOOKED_FOR_EVERY, "file_coming")
        await self._finish(work, claimed, await self._shown(message, file), is_said=False)

    async def share(self, work: ShareFile, claimed: Claim) -> None:
        """A file whose words stand in the thread already, in its transcript or by themselves."""
        file = await media.load(work.media_id)
        await self._finish(
            work, claimed, await self._shown(await messages.load(file.message_id), file), is_said=not work.is_late
        )

    async def show_heard(self, work: ShowHeard, claimed: Claim) -> None:
        """What was said in a recording, under it; unless its author has taken it back."""
        message = await messages.load(work.message_id)
        if message.heard and message.revoked_at is None:
            thread = await escalations.thread_of(work.escalation_id)
            posts = thread_notes.heard(message.heard, language_name(message.spoken_language or ""))
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel, len(posts)))
            await self.posts.say(work, claimed, posts)
        await tasks.finish(claimed, self.clock())

    async def _finish(self, work: Sharing, claimed: Claim, shown: _Shown, *, is_said: bool) -> None:
        file, places = shown.file, list[Place]()
        is_coming = file.status in (FileStatus.COMING, FileStatus.AWAITED)
        if file.status is FileStatus.HERE:
            places = await self._bring(work, claimed, shown)
        elif not (is_coming and is_said):
            line = thread_notes.file_follows() if is_coming else thread_notes.file_missing(_why(file))
            places = await self._say(work, claimed, shown.posts, line)
        async with unit(self.clock(), claimed) as turn:
            await posted.remember(work.inbox_id, [file.message_id], places)
            if is_coming:
                await shown_without_file(turn, file.id)

    async def _bring(self, work: Sharing, claimed: Claim, shown: _Shown) -> list[Place]:
        """Where it is shown now. What Slack does not take never takes the words with it."""
        try:
            return await self._share(work, claimed, shown)
        except ServiceError as error:
            if error.is_retryable:
                raise
            log.warning("file.not_shown", error=error.code, reason=error.reason)
            return await self._say(work, claimed, shown.posts, thread_notes.file_missing(error.reason))

    async def _say(self, work: Sharing, claimed: Claim, posts: Sequence[Post], line: str) -> list[Place]:
        thread = await escalations.thread_of(work.escalation_id)
        with_line = [*posts[:-1], thread_notes.with_line(posts[-1], line)]
        await self.pace.turn(claimed, self.pace.posts(work, thread.channel, len(with_line)))
        return await self.posts.say(work, claimed, with_line)

    async def _share(self, work: Sharing, claimed: Claim, shown: _Shown) -> list[Place]:
        thread, file = await escalations.thread_of(work.escalation_id), shown.file
        if thread.ts is None:
            raise ServiceError(ErrorClass.BUG, "unopened", "its thread could not be opened", service="slack")
        if file.shared_at is None:
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel))
            if not shown.is_whole:
                await self.posts.say(work, claimed, shown.posts, "words")
            try:
                file = await self._ask(work, claimed, shown, thread.channel, thread.ts)
            except ServiceError as error:
                if error.error_class is not ErrorClass.GONE or error.code in _LOST_FILE:
                    raise
                return await self._elsewhere(work, claimed, thread)
        return await self._seen(file, thread.channel)

    async def _ask(self, work: Sharing, claimed: Claim, shown: _Shown, channel: str, thread_ts: str) -> Attachment:
        """Have Slack show it, once: an earlier run may have asked, and then Slack shows it some time or has done so.

        Looking also proves that there is a thread: beside it the file would be in the open channel.
        """
        file, is_new = await self._uploaded(shown)
        assert file.slack_id
        found = await self.slack.find_share(channel, thread_ts, file.slack_id, claimed.created_at)
        if found is None and claimed.was_interrupted and not is_new:
            raise NotYetError(self.clock() + _LANDS_WITHIN, "in_doubt", has_begun=True)
        url = ""
        if found is None:
            async with self.pace.heeding(work.inbox_id, self.pace.posts(work, channel)):
                try:
                    url = await self.slack.share(file.slack_id, shown.title, channel, thread_ts, shown.comment)
                except ServiceError as error:
                    if error.code not in _LOST_FILE:
                        raise
                    await self._must_be_taken(file)
        now = self.clock()
        await media.shared_in_slack(file.id, url, now)
        return replace(file, slack_url=url, shared_at=now)

    async def _uploaded(self, shown: _Shown) -> tuple[Attachment, bool]:
        """With its bytes in Slack, where nobody sees them yet; and whether that is new."""
        file = shown.file
        if file.slack_id is not None:
            return file, False
        upload = await self.slack.begin_upload(shown.title, file.size)
        await self.slack.push(upload, media.read(file.id), file.size)
        await media.uploaded_to_slack(file.id, upload.file_id)
        return replace(file, slack_id=upload.file_id), True

    async def _must_be_taken(self, file: Attachment) -> None:
        """Slack does not know the upload: it has taken it before, or thrown it away and wants it again."""
        try:
            await self.slack.file(file.slack_id or "")
        except ServiceError as error:
            if error.code not in _LOST_FILE:
                raise
            await media.uploaded_to_slack(file.id, None)
            raise NotYetError(self.clock(), "upload_lost", has_begun=True) from error

    async def _seen(self, file: Attachment, channel: str) -> list[Place]:
        """Wait until it is there: Slack shares some moments after its answer, and what is next must not overtake it."""
        assert file.slack_id
        assert file.shared_at
        ts = await self.slack.shown_at(file.slack_id, channel)
        waited = self.clock() - file.shared_at
        if ts is None and waited < _SHOWN_WITHIN:
            raise NotYetError(self.clock() + max(_SHOWN_YET, waited / 2), "share_coming", has_begun=True)
        return [Place(channel, ts)] if ts else []

    async def _elsewhere(self, work: Sharing, claimed: Claim, lost: Thread) -> list[Place]:
        """The thread is gone: in a new one, unless all has ended."""
        if await self.posts.begin_anew(work, claimed, lost):
            raise NotYetError(self.clock(), "moved", has_begun=True)
        return []

    async def _shown(self, message: Message, file: Attachment) -> _Shown:
        conversation = await conversations.load(message.conversation_id)
        customer = (await customers.load(conversation.customer_id)).label
        who = speaker(message, customer, {})
        said = [replace(each, heard="") for each in await ready([message], customer)]  # that comes by itself
        posts = joined(message.author, who, said, avatar(conversation.customer_id))
        return _Shown(file, message, who, posts)


def _why(file: Attachment) -> str:
    return file.failure or "it is older than what Switchboard keeps"
