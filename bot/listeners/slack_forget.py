"""/forget: a lead names a customer, confirms in a window, and gets a receipt once all is erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, forget, modals, queue, thread_notes
from bot.blocks.parts import Post
from bot.domain.erasing import phrase
from bot.domain.escalation import Refusal
from bot.domain.inboxes import unlinked
from bot.flows.forgetting import NOT_A_LEAD, staff_forgets
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_customers import customer_in, typed_in
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_typed import meant
from integrations.errors import ServiceError
from storage import customer_records
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_GONE = "This customer is not here any more."
_TOO_SLOW = "Slack did not let me open the window in time. Please try again."


@dataclass(frozen=True, slots=True)
class SlackForget:
    front: Front
    answers: Answers

    def register(self, app: Dispatcher) -> None:
        app.command("/forget")(self.on_command)
        app.action(action_ids.FORGET_CUSTOMER)(self.on_chosen)
        app.view(action_ids.FORGET_MODAL)(self.on_confirmed)

    async def on_command(self, ack: AsyncAck, command: Json) -> None:
        await self.answers.give(ack, command, self._typed(command))

    async def _typed(self, command: Json) -> Post | None:
        inboxes = await self.front.seen_by(command["user_id"], command.get("channel_id"))
        if not any([(await self.front.actor(command["user_id"], each)).is_lead for each in inboxes]):
            return thread_notes.note(NOT_A_LEAD)
        who = await meant(inboxes, str(command.get("text") or ""))
        if not who.all:
            return queue.no_match(who.who, "/forget", "+15550100")
        if who.only is None or who.rest:
            return forget.whom_to_forget(who.who, who.all)
        refusal = await self._open(who.only.id, command["user_id"], str(command.get("trigger_id") or ""))
        return thread_notes.note(refusal) if refusal else None

    async def on_chosen(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        refusal = await self.front.admits(click, await customer_records.inbox_of(click.number or 0))
        if refusal is None and click.number is not None:
            refusal = await self._open(click.number, click.user, click.trigger_id or "")
        if refusal:
            await self.front.answer(click, refusal)

    async def on_confirmed(self, ack: AsyncAck, body: Json) -> None:
        """The window says what follows; the receipt comes as a direct message."""
        view, user = cast("Json", body["view"]), cast("Json", body.get("user") or {})
        team, staff_id = cast("Json", body.get("team") or {}), str(user.get("id", ""))
        inbox = await customer_records.inbox_of(customer_in(view) or 0)
        refusal = await self.front.may_act(staff_id, user.get("team_id") or team.get("id"), inbox)
        refusal = unlinked(refusal or "") or await self._forget(view, staff_id)
        if refusal:
            await ack(response_action="errors", errors={forget.CONFIRM_BLOCK: refusal})
        else:
            said = "It has begun. You get a receipt as a direct message once all is erased, in Slack too."
            await ack(response_action="update", view=modals.notice("Forget a customer", said))

    async def _forget(self, view: Json, staff_id: str) -> str | None:
        customer_id, typed = customer_in(view), typed_in(view, forget.CONFIRM_BLOCK)
        profile = await customer_records.profile(customer_id) if customer_id is not None else None
        if profile is None:
            return _GONE
        customer = profile.customer
        wanted = phrase(customer.phone, is_masked=customer.is_masked)
        if typed.strip().upper() != wanted:
            return f"Please type {wanted}, or cancel."
        actor = await self.front.actor(staff_id, customer.inbox_id)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_forgets(turn, customer.id, actor, self.front.inboxes[customer.inbox_id].rules)
        return outcome.reason if isinstance(outcome, Refusal) else None

    async def _open(self, customer_id: int, staff_id: str, trigger_id: str) -> str | None:
        """Why not, where the window is not to be opened."""
        profile = await customer_records.profile(customer_id)
        if profile is None:
            return _GONE
        customer = profile.customer
        if not (await self.front.actor(staff_id, customer.inbox_id)).is_lead:
            return NOT_A_LEAD
        wanted = phrase(customer.phone, is_masked=customer.is_masked)
        try:
            await self.front.slack.open_modal(trigger_id, forget.forget_modal(profile, wanted))
        except ServiceError as error:
            log.warning("modal.not_opened", user=staff_id, error=error.code)
            return _TOO_SLOW
        return None
