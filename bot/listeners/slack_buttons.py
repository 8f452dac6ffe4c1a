"""Buttons: pressed by somebody who is watching, so they run at once and answer at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, card_modals, thread_notes
from bot.blocks.escalation_card import held
from bot.blocks.parts import Post
from bot.domain.conversation import Message
from bot.domain.escalation import Close, Event, KeepOpen, Refusal, ReturnToBot, Take, TakeOver, Why
from bot.domain.inboxes import Inbox
from bot.flows.redraw import show_home
from bot.flows.staff_edits import staff_sends_correction
from bot.flows.staff_presses import staff_presses
from bot.flows.staff_replies import staff_keeps_note, staff_parks, staff_retries, staff_sends_held
from bot.flows.staff_translates import Choice, staff_sends_chosen
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_handback import SlackHandback
from bot.listeners.slack_lists import SlackLists
from integrations.errors import ServiceError
from storage import escalations, messages
from storage.tasks import Unit, unit

Json = dict[str, Any]
_STAYS = "🌙 Nobody had said anything for long; it stays open."
_SENT = "📤 <@{user}> sent this to the customer."
_STALE = "This button is from another time; what it was about is not here any more."

# What each button asks for, and the button that insists when a colleague has it.
_EVENTS: dict[str, tuple[Event, str | None]] = {
    action_ids.TAKE: (Take(), action_ids.CONFIRM_TAKE_OVER),
    action_ids.RETURN_TO_BOT: (ReturnToBot(), action_ids.CONFIRM_RETURN_TO_BOT),
    action_ids.CLOSE: (Close(), action_ids.CONFIRM_CLOSE),
    action_ids.KEEP_OPEN: (KeepOpen(), None),
    action_ids.CONFIRM_TAKE_OVER: (TakeOver(confirmed=True), action_ids.CONFIRM_TAKE_OVER),
    action_ids.CONFIRM_RETURN_TO_BOT: (ReturnToBot(confirmed=True), action_ids.CONFIRM_RETURN_TO_BOT),
    action_ids.CONFIRM_CLOSE: (Close(confirmed=True), action_ids.CONFIRM_CLOSE),
}

MessageStory = Callable[[Unit, int, Click], Awaitable[Message | Refusal]]


@dataclass(frozen=True, slots=True)
class SlackButtons:
    front: Front
    lists: SlackLists
    handback: SlackHandback

    def register(self, app: Dispatcher) -> None:
        app.action(re.compile("^(" + "|".join(_EVENTS) + ")$"))(self.on_escalation_button)
        app.action(action_ids.SEND_HELD)(self.on_send_held)
        app.action(action_ids.KEEP_NOTE)(self.on_keep_note)
        app.action(action_ids.SEND_WHEN_THEY_WRITE)(self.on_send_when_they_write)
        app.action(action_ids.RETRY_SEND)(self.on_retry)
        app.action(action_ids.SEND_CORRECTION)(self.on_send_correction)
        app.action(action_ids.SEND_TRANSLATION)(self.on_send_translation)
        app.action(action_ids.SEND_AS_WRITTEN)(self.on_send_as_written)
        app.action(re.compile(".*"))(_only_acknowledge)

    async def on_escalation_button(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        click = Click.from_body(body)
        event, insist = _EVENTS[str(action["action_id"])]
        if isinstance(event, TakeOver | ReturnToBot | Close):
            event = replace(event, held_by=click.held_by)
        inbox = await self.front.inbox_of(click.number or 0)
        if not await self._admit(click, inbox):
            return None
        assert click.number is not None
        async with unit(self.front.clock()) as turn:
            outcome = await staff_presses(turn, click.number, event, click.actor, inbox.rules)
            if click.channel is None:  # pressed in App Home
                await show_home(turn, self.front.inboxes.first.id, click.user)
        if not isinstance(outcome, Refusal) and isinstance(event, ReturnToBot):
            await self.handback.offer(click, outcome)
        if click.is_ephemeral and isinstance(event, Take):
            await self.lists.redraw(click, click.number)
        elif not isinstance(outcome, Refusal):
            await self._clear_prompt(click, _STAYS if isinstance(event, KeepOpen) else None)
        if isinstance(outcome, Refusal) and outcome.why is Why.HELD_BY_OTHER and insist:
            return await self._ask(click, event, outcome, insist)
        return await self.front.answer(click, outcome.reason) if isinstance(outcome, Refusal) else None

    async def _ask(self, click: Click, event: Event, refusal: Refusal, insist: str) -> None:
        """A colleague has it; another, where somebody was going to take it over. Whether they insist."""
        assert click.number is not None
        view = await escalations.view(click.number)
        if click.held_by:  # they insisted already, against somebody who has it no more
            await self._clear_prompt(click, None)
        if isinstance(event, TakeOver) and click.channel is None:
            return await self.front.open(click, card_modals.take_over(view, refusal.reason))
        return await self.front.answer(
            click, thread_notes.confirm_prompt(refusal.reason, insist, held(view.escalation))
        )

    async def on_send_held(self, ack: AsyncAck, body: Json) -> None:
        async def story(turn: Unit, message_id: int, click: Click) -> Message | Refusal:
            rules = (await self.front.inbox_of_message(message_id)).rules
            return await staff_sends_held(turn, message_id, click.actor, rules)

        await ack()
        await self._about_message(Click.from_body(body), story, _SENT)

    async def on_keep_note(self, ack: AsyncAck, body: Json) -> None:
        async def story(turn: Unit, message_id: int, _click: Click) -> Message | Refusal:
            return await staff_keeps_note(turn, message_id)

        await ack()
        await self._about_message(Click.from_body(body), story, "🔒 <@{user}> kept this as a note.")

    async def on_send_when_they_write(self, ack: AsyncAck, body: Json) -> None:
        async def story(turn: Unit, message_id: int, click: Click) -> Message | Refusal:
            rules = (await self.front.inbox_of_message(message_id)).rules
            return await staff_parks(turn, message_id, click.actor, rules)

        await ack()
        said = "💤 This leaves as soon as the customer writes again, as <@{user}> decided."
        await self._about_message(Click.from_body(body), story, said)

    async def on_retry(self, ack: AsyncAck, body: Json) -> None:
        async def story(turn: Unit, message_id: int, _click: Click) -> Message | Refusal:
            # Milliseconds name the attempt: two people who press at once make one, by the message's lock.
            return await staff_retries(turn, message_id, int(turn.now.timestamp() * 1000))

        await ack()
        await self._about_message(Click.from_body(body), story, "🔁 <@{user}> is trying again.")

    async def on_send_correction(self, ack: AsyncAck, body: Json) -> None:
        async def story(turn: Unit, message_id: int, click: Click) -> Message | Refusal:
            rules = (await self.front.inbox_of_message(message_id)).rules
            return await staff_sends_correction(turn, message_id, click.user, rules)

        await ack()
        await self._about_message(Click.from_body(body), story, "✏️ <@{user}> sent the correction to the customer.")

    async def on_send_translation(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self._about_message(Click.from_body(body), self._chosen(Choice(translated=True)), _SENT)

    async def on_send_as_written(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self._about_message(Click.from_body(body), self._chosen(Choice(translated=False)), _SENT)

    def _chosen(self, choice: Choice) -> MessageStory:
        async def story(turn: Unit, message_id: int, click: Click) -> Message | Refusal:
            rules = (await self.front.inbox_of_message(message_id)).rules
            return await staff_sends_chosen(turn, message_id, choice, click.actor, rules)

        return story

    async def _about_message(self, click: Click, story: MessageStory, done: str) -> None:
        if not await self._admit(click, await self.front.inbox_of_message(click.number or 0)):
            return
        assert click.number is not None
        async with unit(self.front.clock()) as turn:
            outcome = await story(turn, click.number, click)
        if isinstance(outcome, Refusal):
            answer = await self._ways_out(click.number) if outcome.why is Why.WINDOW_CLOSED else outcome.reason
            await self.front.answer(click, answer)
        await self._clear_prompt(click, None if isinstance(outcome, Refusal) else done.format(user=click.user))

    async def _ways_out(self, message_id: int) -> Post:
        """The window has closed since the question was asked: what can still be done with a held reply."""
        held = await messages.load(message_id)
        escalation = await escalations.load(held.escalation_id) if held.escalation_id else None
        holder, outside = (escalation.taken_by, escalation.id) if escalation else (None, None)
        return thread_notes.held_prompt(thread_notes.WINDOW_CLOSED, held.text, held.id, holder, outside)

    async def _admit(self, click: Click, inbox: Inbox) -> bool:
        refusal = await self.front.admits(click, inbox.id)
        if refusal is None and click.number is None:
            refusal = _STALE
        if refusal is not None:
            await self.front.answer(click, refusal)
        return refusal is None

    async def _clear_prompt(self, click: Click, instead: str | None) -> None:
        """A question that has been answered goes away; where everybody saw it, the answer takes its place."""
        try:
            if click.is_ephemeral and click.response_url:
                await self.front.slack.take_back(click.response_url)
            elif instead and click.channel and click.message_ts:
                post = thread_notes.note(instead)
                await self.front.slack.update(click.channel, click.message_ts, post.text, post.blocks)
        except ServiceError:
            return  # cosmetic: pressing the old question again is answered with the truth


async def _only_acknowledge(ack: AsyncAck) -> None:
    """Link buttons report their clicks too, and show a warning unless somebody takes note."""
    await ack()
