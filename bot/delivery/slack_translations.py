"""Adds a translation to the post that shows a customer's message; where that cannot be, in a line of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.blocks import thread_notes, translation
from bot.blocks.avatars import avatar
from bot.blocks.parts import Post, fits
from bot.blocks.quoting import speaker
from bot.blocks.said import joined
from bot.delivery.pacing import Pace
from bot.delivery.shown import ready
from bot.delivery.slack_posts import SlackPosts
from bot.domain.conversation import Message
from bot.domain.translation import ShowTranslation
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import conversations, customers, escalations, messages, posted, tasks
from storage.posted import Place
from storage.tasks import Claim, NotYetError

log = structlog.get_logger("switchboard.delivery")

_POSTED_SOON = timedelta(milliseconds=300)
_REFUSED = (ErrorClass.GONE, ErrorClass.SIZE, ErrorClass.BUG)


@dataclass(frozen=True, slots=True)
class SlackTranslations:
    slack: Slack
    posts: SlackPosts
    clock: Callable[[], datetime]
    pace: Pace

    async def show(self, work: ShowTranslation, claimed: Claim) -> None:
        """The words themselves never wait for it: it has a lane of its own, and comes when they are there."""
        message = await messages.load(work.message_id)
        is_coming = await posted.is_coming(message)  # asked first: it may be posted between the two questions
        places = await posted.of_message(message.id)
        if not places and is_coming:
            raise NotYetError(self.clock() + _POSTED_SOON, "unposted")
        if places and not await self._added(work, claimed, message, places):
            told = translation.alone(message.translation, message.spoken_language or "")
            line = translation.missing() if work.failed else told
            thread = await escalations.thread_of(work.escalation_id)
            await self.pace.turn(claimed, self.pace.posts(work, thread.channel))
            await self.posts.say(work, claimed, [line])
        await tasks.finish(claimed, self.clock())

    async def _added(self, work: ShowTranslation, claimed: Claim, message: Message, places: Sequence[Place]) -> bool:
        """Whether it stands in the post itself. Drawing it again does no harm."""
        place = places[-1]
        post = await _redrawn(work, message, place) if len(places) == 1 else None
        if post is None:
            return False
        budget = self.pace.workspace(work, "chat.update", self.pace.rates.update)
        await self.pace.turn(claimed, budget)
        try:
            async with self.pace.heeding(work.inbox_id, budget):
                await self.slack.update(place.channel, place.ts, post.text, post.blocks)
        except ServiceError as error:
            if error.error_class not in _REFUSED:
                raise
            log.info("translation.not_added", error=error.code)
            return False
        return True


async def _redrawn(work: ShowTranslation, message: Message, place: Place) -> Post | None:
    """The post as it was made, with the translations of all that it shows; None where that is not one post of words."""
    said = await messages.load_all(await posted.messages_at(place.channel, place.ts))
    if any(each.details.file for each in said):
        return None
    conversation = await conversations.load(message.conversation_id)
    customer = (await customers.load(conversation.customer_id)).label
    shown, picture = await ready(said, customer), avatar(conversation.customer_id)
    posts = joined(message.author, speaker(message, customer, {}), shown, picture)
    if len(posts) != 1:
        return None
    [post] = posts
    for each in said:
        if each.translation:
            post = thread_notes.with_line(post, _line(each))
    if work.failed:
        post = thread_notes.with_line(post, translation.not_available())
    return post if fits(post) else None


def _line(message: Message) -> str:
    return translation.under(message.translation, message.spoken_language or "")
