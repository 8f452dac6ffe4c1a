"""The card's menu: what is done at once, and the modals in which the rest is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, card_modals
from bot.blocks.parts import View
from bot.domain.copilot import DraftKind
from bot.domain.desk import EscalationView
from bot.domain.escalation import (
    Actor,
    Assign,
    Escalation,
    Event,
    Prioritise,
    Priority,
    Refusal,
    Release,
    Snooze,
    Status,
    TakeOver,
    Why,
    decide,
    may_assign,
    slack_time,
)
from bot.domain.reminders import Pause
from bot.domain.thread_work import RefreshCard
from bot.flows.snooze import snooze
from bot.flows.staff_presses import staff_presses
from bot.listeners.slack_copilot import SlackCopilot
from bot.listeners.slack_customers import SlackCustomers
from bot.listeners.slack_front import Click, Dispatcher, Front, json_object
from bot.listeners.slack_history import SlackHistory
from bot.listeners.slack_modals import SlackModals
from bot.listeners.slack_submissions import Asked, ack_with, close_or_say, say_instead
from bot.listeners.slack_translation import SlackTranslation
from integrations.errors import ServiceError
from storage import escalations, staff, tasks
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_PRIORITIES = {str(each): each for each in Priority}
_WRITTEN = {action_ids.SUGGEST_REPLY: DraftKind.REPLY, action_ids.SUMMARISE: DraftKind.SUMMARY}
_STALE = "This menu is from another time; what it was about is not here any more."
TOO_SLOW = "Slack did not let me open the window in time. Please choose it again."
_WAITING_NOW = "Nobody has this any more: press *Take*."


@dataclass(frozen=True, slots=True)
class SlackMore:
    front: Front
    templates: SlackModals
    history: SlackHistory
    customers: SlackCustomers
    copilot: SlackCopilot
    translation: SlackTranslation

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.MORE)(self.on_more)
        app.view(action_ids.ASSIGN_MODAL)(self.on_assign)
        app.view(action_ids.TAKE_OVER_MODAL)(self.on_take_over)
        app.view(action_ids.SNOOZE_MODAL)(self.on_snooze)

    async def on_more(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        click = Click.from_body(body)
        chosen = str(json_object(action.get("selected_option")).get("value") or "")
        wanted, _, number = chosen.partition(":")
        view = await self._admitted(click, number)
        if view is None:
            return
        await self._do(click, wanted, view)
        # The menu must say "More…" again, to everybody and to whoever wants the same a second time.
        again = RefreshCard(inbox_id=view.escalation.inbox_id, escalation_id=view.escalation.id)
        await tasks.enqueue([again], self.front.clock())

    async def _do(self, click: Click, wanted: str, view: EscalationView) -> None:
        if wanted == action_ids.SEND_TEMPLATE:
            await self.templates.offer(click, view.escalation.id)
        elif wanted == action_ids.VIEW_HISTORY:
            await self.history.open(click, view)
        elif wanted == action_ids.CUSTOMER:
            await self.customers.of_escalation(click, view.escalation.id)
        elif wanted == action_ids.TRANSLATE:
            await self.translation.ask_which(click, view)
        elif kind := _WRITTEN.get(wanted):
            await self.copilot.ask(click, view.escalation.id, kind)
        elif wanted == action_ids.SNOOZE:
            await self._ask_how_long(click, view)
        elif wanted == action_ids.ASSIGN:
            await self._ask_to_whom(click, view)
        elif wanted == action_ids.TAKE_OVER:
            await self._ask_to_take_over(click, view)
        elif wanted == action_ids.RELEASE:
            await self._at_once(click, view, Release())
        elif priority := _PRIORITIES.get(wanted.removeprefix(action_ids.SET_PRIORITY)):
            await self._at_once(click, view, Prioritise(priority))

    async def on_assign(self, ack: AsyncAck, body: Json) -> None:
        """Whom it cannot be given to is said where they were chosen; about who is away it is asked once more."""
        asked = Asked.from_body(body)
        confirmed = str(asked.known.get("to") or "")
        to = confirmed or asked.chosen(card_modals.ASSIGNEE_BLOCK, action_ids.CHOOSE_ASSIGNEE) or ""
        if refusal := await self._why_not(asked, to):
            return await _at_field(ack, asked, refusal)
        if not confirmed and (asking := await self._is_away(asked, to)):
            return await ack_with(ack, asking)
        return await close_or_say(ack, "Not assigned", await self._decide(asked, Assign(to, asked.held_by)))

    async def on_take_over(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked.from_body(body)
        outcome = await self._decide(asked, TakeOver(confirmed=True, held_by=asked.held_by))
        await close_or_say(ack, "Not taken over", outcome)

    async def on_snooze(self, ack: AsyncAck, body: Json) -> None:
        asked, now = Asked.from_body(body), self.front.clock()
        pause = Pause(asked.chosen(card_modals.SNOOZE_BLOCK, action_ids.SNOOZE_UNTIL) or Pause.HOUR)
        admitted = await self._submitting(asked)
        if isinstance(admitted, Refusal):
            return await close_or_say(ack, "Not snoozed", admitted)
        actor, escalation = admitted
        rules = self.front.inboxes.known(escalation.inbox_id).rules
        until = pause.until(now, rules.hours, await self.front.zone(asked.user))
        async with unit(now) as turn:
            outcome = await snooze(turn, escalation.id, until, actor, rules)
        return await close_or_say(ack, "Not snoozed", outcome)

    async def _decide(self, asked: Asked, event: Event) -> Escalation | Refusal:
        admitted = await self._submitting(asked)
        if isinstance(admitted, Refusal):
            return admitted
        actor, escalation = admitted
        async with unit(self.front.clock()) as turn:
            rules = self.front.inboxes.known(escalation.inbox_id).rules
            return await staff_presses(turn, escalation.id, event, actor, rules)

    async def _submitting(self, asked: Asked) -> tuple[Actor, Escalation] | Refusal:
        """Who submits a modal, and about what."""
        known = await escalations.load(asked.escalation_id) if asked.escalation_id is not None else None
        if refusal := await self.front.may_act(asked.user, asked.team, known.inbox_id if known else None):
            return Refusal(Why.WRONG, refusal)
        if known is None:
            return Refusal(Why.NOT_ESCALATED, _STALE)
        return await self.front.actor(asked.user, known.inbox_id), known

    async def _ask_how_long(self, click: Click, view: EscalationView) -> None:
        """Nothing is asked that would be refused anyway."""
        now = self.front.clock()
        actor = await self.front.actor(click.user, view.escalation.inbox_id)
        outcome = decide(view.escalation, Snooze(now + timedelta(hours=1)), actor, now)
        if isinstance(outcome, Refusal):
            return await self.front.answer(click, outcome.reason)
        return await self._open(click, card_modals.snooze(view))

    async def _ask_to_whom(self, click: Click, view: EscalationView) -> None:
        refusal = may_assign(view.escalation, await self.front.actor(click.user, view.escalation.inbox_id))
        if refusal:
            return await self.front.answer(click, refusal.reason)
        return await self._open(click, card_modals.assign(view))

    async def _ask_to_take_over(self, click: Click, view: EscalationView) -> None:
        """Nothing is asked that would be refused anyway."""
        event = TakeOver(confirmed=True, held_by=view.escalation.taken_by)
        outcome = decide(view.escalation, event, Actor(click.user), self.front.clock())
        if isinstance(outcome, Refusal):
            return await self.front.answer(click, outcome.reason)
        if view.escalation.status is Status.QUEUED:
            return await self.front.answer(click, _WAITING_NOW)
        return await self._open(click, card_modals.take_over(view))

    async def _at_once(self, click: Click, view: EscalationView, event: Event) -> None:
        escalation = view.escalation
        actor = await self.front.actor(click.user, escalation.inbox_id)
        rules = self.front.inboxes.known(escalation.inbox_id).rules
        async with unit(self.front.clock()) as turn:
            outcome = await staff_presses(turn, escalation.id, event, actor, rules)
        if isinstance(outcome, Refusal):
            await self.front.answer(click, outcome.reason)

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, TOO_SLOW)

    async def _admitted(self, click: Click, number: str) -> EscalationView | None:
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        known = await escalations.load(int(number)) if is_number else None
        refusal = await self.front.admits(click, known.inbox_id if known else None)
        if known is not None and refusal is None:
            return await escalations.view(known.id)
        await self.front.answer(click, refusal or _STALE)
        return None

    async def _is_away(self, asked: Asked, to: str) -> View | None:
        """The question whether somebody who has said that they are away should get it all the same."""
        since = (await staff.away([to])).get(to)
        if since is None or asked.escalation_id is None or await escalations.load(asked.escalation_id) is None:
            return None
        view = await escalations.view(asked.escalation_id)
        away = f"<@{to}> is away since {slack_time(since)}, and is told nothing."
        return card_modals.assign_anyway(view, to, away, asked.held_by)

    async def _why_not(self, asked: Asked, user: str) -> str | None:
        """Why this person cannot be given a conversation, or None when they can."""
        inbox = await self.front.inbox_of(asked.escalation_id or 0)
        try:
            member = await self.front.member(user)
            refusal = member.refusal(self.front.us.team_id)
            is_there = refusal is not None or await self.front.roster.is_of(inbox, user)
        except ServiceError as error:
            log.warning("staff.unknown", user=user, error=error.code)
            return "Slack could not tell who that is just now. Please try again in a moment."
        return refusal or (None if is_there else f"They are not in the channel of {inbox.name}. Add them there first.")


async def _at_field(ack: AsyncAck, asked: Asked, refusal: str) -> None:
    """An error belongs to a field; where the modal has none, the refusal takes its place."""
    if asked.values:
        await ack(response_action="errors", errors={card_modals.ASSIGNEE_BLOCK: refusal})
    else:
        await say_instead(ack, "Not assigned", refusal)
