"""Speaks to single people in Slack: prompts, quiet words, and the marks on their messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import thread_notes, translation
from bot.blocks.escalation_card import language_name
from bot.blocks.marks import MARKS, PASSING
from bot.blocks.parts import Post
from bot.delivery.pacing import Pace
from bot.delivery.shown import words_of
from bot.domain.conversation import Message
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, slack_time
from bot.domain.pace import Budget
from bot.domain.replies import HoldReason, is_late, why_held
from bot.domain.staff_work import AskAboutHeld, MarkReply, OfferCorrection, TellStaff, WriteToStaff
from bot.domain.text.slack_out import escape
from bot.domain.window import is_closed
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Posting, Slack
from storage import conversations, corrections, escalations, messages, tasks, translations
from storage.tasks import Claim


@dataclass(frozen=True, slots=True)
class SlackPeople:
    slack: Slack
    clock: Callable[[], datetime]
    pace: Pace

    async def ask_about_held(self, work: AskAboutHeld, claimed: Claim) -> None:
        message = await messages.load(work.message_id)
        escalation = await escalations.load(work.escalation_id)
        thread = await escalations.thread_of(work.escalation_id)
        if message.status is Delivery.HELD and message.staff_id and escalation:
            late = bool(message.slack_ts) and is_late(message.slack_ts, message.said_at)
            closed = is_closed(await conversations.load(message.conversation_id), self.clock())
            why = why_held(
                escalation, message.staff_id, late=late, window_closed=closed, answered=work.answer_id is not None
            )
            prompt = await _translated(message, escalation, why, closed=closed)
            prompt = prompt or await _question(work, message, escalation, why, closed=closed)
            await self.whisper(claimed, thread.channel, message.staff_id, prompt, thread.ts)
        await self._done(claimed)

    async def offer_correction(self, work: OfferCorrection, claimed: Claim) -> None:
        """Unless its author has put the old words back, or corrected them, in the meantime."""
        message, edition = await messages.load(work.message_id), await corrections.edition(work.message_id)
        if edition.offered is not None and message.staff_id:
            thread = await escalations.thread_of(work.escalation_id)
            prompt = thread_notes.correction_prompt(edition.had, edition.offered, message.id)
            await self.whisper(claimed, thread.channel, message.staff_id, prompt, thread.ts)
        await self._done(claimed)

    async def tell(self, work: TellStaff, claimed: Claim) -> None:
        await self.whisper(claimed, work.channel, work.user, thread_notes.note(work.text), work.thread_ts)
        await self._done(claimed)

    async def write(self, work: WriteToStaff, claimed: Claim) -> None:
        """Slack takes a person's id for the channel of their direct messages. After a doubt they may read it twice."""
        budget = self.pace.posts(work, work.user)
        await self.pace.turn(claimed, budget)
        post = thread_notes.note(work.text)
        try:
            async with self.pace.heeding(work.inbox_id, budget):
                await self.slack.post(Posting(work.user, post.text, post.blocks, f"{claimed.id}:direct"))
        except ServiceError as error:
            if error.error_class not in (ErrorClass.RECIPIENT, ErrorClass.GONE):
                raise  # else they cannot be written to
        await self._done(claimed)

    async def mark(self, work: MarkReply, claimed: Claim) -> None:
        """Show how far a reply got. Marks add up; only what is no longer true is taken away (20 removals a minute)."""
        message = await messages.load(work.message_id)
        wanted, shown = MARKS.get(message.status, ""), await messages.marked(message.id)
        if message.slack_channel and message.slack_ts and wanted != shown:
            budgets = self._marking(work, wanted, shown)
            await self.pace.turn(claimed, *budgets)
            try:
                async with self.pace.heeding(work.inbox_id, *budgets):
                    await self._swap(message.slack_channel, message.slack_ts, wanted, shown)
            except ServiceError as error:
                if error.error_class not in (ErrorClass.GONE, ErrorClass.BUG):
                    raise  # else its author deleted the message, or the workspace refuses reactions: nothing to mark
            await messages.set_marked(message.id, wanted)
        await self._done(claimed)

    def _marking(self, work: MarkReply, wanted: str, shown: str) -> list[Budget]:
        rates = self.pace.rates
        needed = [("reactions.remove", rates.unreact, shown in PASSING), ("reactions.add", rates.react, bool(wanted))]
        return [self.pace.workspace(work, method, rate) for method, rate, is_needed in needed if is_needed]

    async def _swap(self, channel: str, ts: str, wanted: str, shown: str) -> None:
        if shown in PASSING:
            await self.slack.unreact(channel, ts, shown)
        if wanted:
            await self.slack.react(channel, ts, wanted)

    async def whisper(self, claimed: Claim, channel: str, user: str, post: Post, thread_ts: str | None) -> None:
        budget = self.pace.workspace(claimed.work, "chat.postEphemeral", self.pace.rates.whisper)
        await self.pace.turn(claimed, budget)
        try:
            async with self.pace.heeding(claimed.work.inbox_id, budget):
                await self.slack.whisper(channel, user, post.text, post.blocks, thread_ts)
        except ServiceError as error:
            if error.error_class not in (ErrorClass.RECIPIENT, ErrorClass.GONE):
                raise  # else they left the channel, or the thread is gone: nobody to tell

    async def _done(self, claimed: Claim) -> None:
        await tasks.finish(claimed, self.clock())


async def _translated(message: Message, escalation: Escalation, why: HoldReason, *, closed: bool) -> Post | None:
    """The same where its author has to choose the words first: in a thread of two languages."""
    proposal = await translations.proposal(message)
    if proposal is None:
        return None
    is_plain = why is HoldReason.MENTION  # which is what is left where nothing else is
    because = "" if is_plain else _because(escalation, why, closed=closed)
    if not proposal.failure:
        return translation.prompt(proposal, because)
    missing = f"It cannot be translated into {language_name(proposal.language)}: {escape(proposal.failure)}"
    outside = escalation.id if closed else None
    reason, holder = " ".join(filter(None, (because, missing))), escalation.taken_by
    return thread_notes.held_prompt(reason, message.text, message.id, holder, outside, send="Send as written")


async def _question(
    work: AskAboutHeld, message: Message, escalation: Escalation, why: HoldReason, *, closed: bool
) -> Post:
    words, holder = await words_of(message), escalation.taken_by
    if why is HoldReason.ANSWERED and work.answer_id is not None:
        answer = await messages.load(work.answer_id)
        return thread_notes.answered_prompt(answer.staff_id, await words_of(answer), words, message.id, holder)
    because = _because(escalation, why, closed=closed)
    return thread_notes.held_prompt(because, words, message.id, holder, escalation.id if closed else None)


def _because(escalation: Escalation, why: HoldReason, *, closed: bool) -> str:
    if why is HoldReason.WINDOW:
        return thread_notes.WINDOW_CLOSED
    since = f", since {slack_time(escalation.taken_at)}" if escalation.taken_at else ""
    because = {
        HoldReason.NOT_TAKEN: "Nobody has taken this conversation yet.",
        HoldReason.NOT_ASSIGNEE: f"<@{escalation.taken_by}> has this conversation{since}.",
        HoldReason.LATE: "Slack brought it to Switchboard more than a day after it was written.",
    }.get(why, "It mentions a colleague, so it may be meant for them.")
    return f"{because} {thread_notes.WINDOW_CLOSED}" if closed else because
