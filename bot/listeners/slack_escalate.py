"""/escalate: staff bring a customer's conversation to people, by naming the customer or by a button beside the name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, queue, thread_notes
from bot.blocks.parts import Post
from bot.domain.escalation import Actor, Refusal, Why
from bot.flows.staff_presses import staff_escalates
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_typed import meant
from integrations.errors import ServiceError
from storage import conversations, customer_records, escalations
from storage.tasks import unit

Json = dict[str, Any]
_STALE = "This button is from another time; what it was about is not here any more."


@dataclass(frozen=True, slots=True)
class SlackEscalate:
    front: Front
    answers: Answers

    def register(self, app: Dispatcher) -> None:
        app.command("/escalate")(self.on_escalate)
        app.action(action_ids.ESCALATE_CUSTOMER)(self.on_pressed)

    async def on_escalate(self, ack: AsyncAck, command: Json) -> None:
        typed = str(command.get("text") or "")
        await self.answers.give(ack, command, self._typed(typed, command["user_id"], command.get("channel_id")))

    async def on_pressed(self, ack: AsyncAck, body: Json) -> None:
        """One of several who were offered. The question has been answered, so its answer takes its place."""
        await ack()
        click = Click.from_body(body)
        number, _, reason = click.value.partition(":")
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        refusal = await self.front.admits(click, await customer_records.inbox_of(int(number)) if is_number else None)
        if refusal or not is_number:
            return await self.front.answer(click, refusal or _STALE)
        post = await self._escalate(int(number), reason, click.user)
        if not click.response_url:
            return await self.front.answer(click, post)
        try:
            return await self.front.slack.respond(click.response_url, post.text, post.blocks)
        except ServiceError:
            return await self.front.answer(click, post)

    async def _typed(self, typed: str, user: str, channel: str | None) -> Post:
        """Only who is named outright is escalated at once; a guess is offered, even where it is the only one."""
        who = await meant(await self.front.seen_by(user, channel), typed)
        if who.only:
            return await self._escalate(who.only.id, who.rest, user)
        if who.all:
            return queue.which_one(who.who, who.all, who.rest, is_named=bool(who.certain))
        return queue.no_match(who.who)

    async def _escalate(self, customer_id: int, reason: str, user: str) -> Post:
        inbox = await customer_records.inbox_of(customer_id)
        if inbox is None:
            return thread_notes.note(_STALE)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_escalates(turn, customer_id, reason, Actor(user), self.front.inboxes[inbox].rules)
        if not isinstance(outcome, Refusal):
            return queue.escalated(await escalations.view(outcome.id))
        found = await conversations.of_customer(customer_id)
        active = await escalations.active_of(found.id) if found else None
        if active and outcome.why is Why.ALREADY_ESCALATED:
            return queue.already(await escalations.view(active.id), outcome)
        return thread_notes.note(outcome.reason)
