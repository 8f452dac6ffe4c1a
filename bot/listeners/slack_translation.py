"""Threads in two languages: which ones, and the translation of a reply that its author changes before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, translation
from bot.blocks.parts import View
from bot.domain.desk import EscalationView
from bot.domain.escalation import Actor, Refusal, Why
from bot.domain.text.language_names import LANGUAGES
from bot.domain.translation import OFF, Proposal
from bot.flows.staff_translates import Choice, staff_is_asked_again, staff_sends_chosen
from bot.flows.translation import language_of_thread, staff_sets_language
from bot.listeners.slack_front import Click, Dispatcher, Front, json_object
from bot.listeners.slack_submissions import Asked, close_or_say, say_instead
from integrations.errors import ServiceError
from storage import escalations, messages, translations
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_STALE = "This is from another time; what it was about is not here any more."
_MOVED_ON = "It was sent, or put in other words, meanwhile."
_ASKED_AGAIN = "The reply window is closed. In the thread you are asked what is to become of your message."
_NOT_SENT, _NOT_SAVED = "Not sent", "Not saved"


@dataclass(frozen=True, slots=True)
class SlackTranslation:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.EDIT_TRANSLATION)(self.on_edit)
        app.view(action_ids.TRANSLATION_MODAL)(self.on_submit)
        app.view(action_ids.LANGUAGE_MODAL)(self.on_language)

    async def ask_which(self, click: Click, view: EscalationView) -> None:
        """For whoever was let in: which language, if any."""
        rules = self.front.inboxes.known(view.escalation.inbox_id).rules
        current = await language_of_thread(view.escalation, rules)
        await self._open(click, translation.settings(view, current))

    async def on_language(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked.from_body(body)
        chosen = asked.chosen(translation.LANGUAGE_BLOCK, action_ids.CHOOSE_LANGUAGE) or ""
        known = await escalations.load(asked.escalation_id) if asked.escalation_id is not None else None
        refusal = await self.front.may_act(asked.user, asked.team, known.inbox_id if known else None)
        if refusal or known is None or chosen not in (OFF, *LANGUAGES):
            return await say_instead(ack, _NOT_SAVED, refusal or _STALE)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sets_language(turn, known.id, chosen, Actor(asked.user))
        return await close_or_say(ack, _NOT_SAVED, outcome)

    async def on_edit(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        proposal, inbox_id = await self._found(click.number)
        refusal = await self.front.admits(click, inbox_id)
        if refusal or proposal is None:
            return await self.front.answer(click, refusal or _MOVED_ON)
        return await self._open(click, translation.edit(proposal, click.response_url or ""))

    async def on_submit(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked.from_body(body)
        number, back = asked.known.get("message"), str(asked.known.get("back") or "")
        proposal, inbox_id = await self._found(number if isinstance(number, int) else None)
        refusal = await self.front.may_act(asked.user, asked.team, inbox_id)
        if refusal or proposal is None or inbox_id is None:
            return await say_instead(ack, _NOT_SENT, refusal or _MOVED_ON)
        choice, rules = Choice(translated=True, text=_typed(asked)), self.front.inboxes.known(inbox_id).rules
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sends_chosen(turn, proposal.message_id, choice, Actor(asked.user), rules)
            is_late = isinstance(outcome, Refusal) and outcome.why is Why.WINDOW_CLOSED
            if is_late:
                await staff_is_asked_again(turn, proposal.message_id)
        await (say_instead(ack, _NOT_SENT, _ASKED_AGAIN) if is_late else close_or_say(ack, _NOT_SENT, outcome))
        return await self._take_back(back)

    async def _found(self, message_id: int | None) -> tuple[Proposal | None, int | None]:
        """What is still to be decided, and whose."""
        if message_id is None or not (found := await messages.load_all([message_id])):
            return None, None
        return await translations.proposal(found[0]), found[0].inbox_id

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)

    async def _take_back(self, response_url: str) -> None:
        try:
            if response_url:
                await self.front.slack.take_back(response_url)
        except ServiceError as error:
            log.info("question.still_shown", error=error.code)


def _typed(asked: Asked) -> str:
    told = json_object(json_object(asked.values.get(translation.TEXT_BLOCK)).get(action_ids.CHANGE_TRANSLATION))
    return str(told.get("value") or "").strip()
