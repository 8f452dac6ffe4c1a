"""Shows in Slack what a customer's reaction to a message is now: as the bot's own reaction there, else in a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.blocks.marks import MARKS
from bot.delivery.pacing import Pace
from bot.domain.conversation import Author, Message
from bot.domain.staff_work import ShowReaction
from bot.domain.text.emoji_names import to_short_name
from bot.flows.customer_reacts import reaction_shown, say_reaction
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import messages, posted, reactions
from storage.posted import Place
from storage.reactions import Reaction
from storage.tasks import Claim, NotYetError, unit

log = structlog.get_logger("switchboard.delivery")

_POSTED_SOON = timedelta(seconds=1)
_IN_A_LINE = "a line"  # no Slack name has a blank


@dataclass(frozen=True, slots=True)
class SlackReactions:
    slack: Slack
    clock: Callable[[], datetime]
    pace: Pace

    async def show(self, work: ShowReaction, claimed: Claim) -> None:
        about, reaction = await messages.load(work.message_id), await reactions.to_message(work.message_id)
        assert reaction is not None
        place = await self._place(about)
        wanted = self._name(about, reaction) if place else ""
        was_put = await self._swap(work, claimed, place, reaction, wanted) if place else False
        in_line = bool(reaction.emoji) and not (wanted and was_put)
        async with unit(self.clock(), claimed) as turn:
            # Staff who read of a reaction in a line read there too that it was taken back.
            if in_line or (not reaction.emoji and reaction.shown == _IN_A_LINE):
                await say_reaction(turn, await messages.load(reaction.said_in))
            await reaction_shown(turn, about.id, _IN_A_LINE if in_line else wanted)

    async def _place(self, about: Message) -> Place | None:
        """The post that shows it: the last, where it fills several."""
        if about.slack_channel and about.slack_ts:
            return Place(about.slack_channel, about.slack_ts)
        is_coming = await posted.is_coming(about)  # asked first: it may be posted between the two questions
        if places := await posted.of_message(about.id):
            return places[-1]
        if is_coming:
            raise NotYetError(self.clock() + _POSTED_SOON, "unposted")
        return None

    def _name(self, about: Message, reaction: Reaction) -> str:
        """On staff's own words our marks tell how far they got: a customer's reaction must not pass for one."""
        name = to_short_name(reaction.emoji) or ""
        return "" if about.author is Author.STAFF and name in MARKS.values() else name

    async def _swap(self, work: ShowReaction, claimed: Claim, place: Place, reaction: Reaction, wanted: str) -> bool:
        """Take away what is not so any more, put what is; False when Slack does not take it."""
        shown = "" if reaction.shown == _IN_A_LINE else reaction.shown
        if shown == wanted:
            return True
        is_stale = bool(shown) and not await self._serves_others(place, reaction)
        rates = self.pace.rates
        needed = [("reactions.remove", rates.unreact, is_stale), ("reactions.add", rates.react, bool(wanted))]
        budgets = [self.pace.workspace(work, method, rate) for method, rate, is_needed in needed if is_needed]
        await self.pace.turn(claimed, *budgets)
        try:
            async with self.pace.heeding(work.inbox_id, *budgets):
                if is_stale:
                    await self.slack.unreact(place.channel, place.ts, shown)
                if wanted:
                    await self.slack.react(place.channel, place.ts, wanted)
        except ServiceError as error:
            if error.error_class not in (ErrorClass.GONE, ErrorClass.BUG):
                raise
            log.info("reaction.refused", error=error.code)
            return False
        return True

    async def _serves_others(self, place: Place, reaction: Reaction) -> bool:
        """A post may show several messages, and the customer may have left the same reaction on two of them."""
        others = [each for each in await posted.messages_at(place.channel, place.ts) if each != reaction.message_id]
        return await reactions.is_shown_for_any(others, reaction.shown)
