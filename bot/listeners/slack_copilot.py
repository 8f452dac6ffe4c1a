"""*Suggest reply* and *Summarise*: staff ask the AI, and decide what becomes of what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, copilot
from bot.blocks.parts import Post
from bot.domain.copilot import DraftKind
from bot.domain.escalation import Actor, Refusal
from bot.domain.inboxes import Inbox
from bot.flows.copilot import (
    Overtaken,
    SendDraft,
    draft_to_edit,
    newer_than,
    staff_asks,
    staff_discards_draft,
    staff_sends_draft,
    staff_shares_summary,
)
from bot.flows.staff_shortcuts import NOT_OURS
from bot.listeners.slack_front import Click, Dispatcher, Front, is_place, json_object
from bot.listeners.slack_submissions import Asked, ack_with, say_instead
from integrations.errors import ServiceError
from storage import drafts, escalations
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_STALE = "That draft is not here any more. *More…* on the card asks for another."
_NOT_SENT = "Not sent"


@dataclass(frozen=True, slots=True)
class SlackCopilot:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.shortcut("suggest_reply")(self.on_shortcut)
        app.action(action_ids.SEND_DRAFT)(self.on_send)
        app.action(action_ids.EDIT_DRAFT)(self.on_edit)
        app.action(action_ids.DISCARD_DRAFT)(self.on_discard)
        app.action(action_ids.SHARE_SUMMARY)(self.on_share)
        app.view(action_ids.DRAFT_MODAL)(self.on_submit)

    async def ask(self, click: Click, escalation_id: int, kind: DraftKind) -> None:
        """For whoever was let in. The AI takes its time, so they are told at once that it is at it."""
        async with unit(self.front.clock()) as turn:
            outcome = await staff_asks(turn, escalation_id, kind, click.user)
        words = outcome.reason if isinstance(outcome, Refusal) else copilot.thinking(kind)
        await self.front.answer(click, words)

    async def on_shortcut(self, ack: AsyncAck, body: Json) -> None:
        """On any message of a thread, the card among them."""
        await ack()
        click = Click.from_body(body)
        thread = click.thread_ts or click.message_ts
        about = (
            await escalations.of_thread(click.channel or "", thread or "") if is_place(click.channel, thread) else None
        )
        refusal = NOT_OURS if about is None else await self.front.admits(click, about.inbox_id)
        if about is None or refusal:
            return await self.front.answer(click, refusal or NOT_OURS)
        return await self.ask(click, about.id, DraftKind.REPLY)

    async def on_send(self, ack: AsyncAck, body: Json) -> None:
        """What was said meanwhile takes the question's place, and is sent past only by another click."""
        await ack()
        click = Click.from_body(body)
        wish = _wish(click.value)
        inbox = await self._admitted(click, wish)
        if inbox is None or wish is None:
            return None
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sends_draft(turn, wish, Actor(click.user), inbox.rules)
        if isinstance(outcome, Overtaken):
            return await self._instead(click, copilot.draft(outcome.draft, outcome.newer))
        return await self._settle(click, outcome)

    async def on_edit(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        wish = _wish(click.value)
        if await self._admitted(click, wish) is None or wish is None:
            return None
        async with unit(self.front.clock()):
            draft = await draft_to_edit(wish.draft_id, click.user)
        if isinstance(draft, Refusal):
            return await self._settle(click, draft)
        view = await escalations.view(draft.escalation_id)
        modal = copilot.edit(view, draft, wish.seen, click.response_url or "", await newer_than(draft, wish.seen))
        try:
            await self.front.slack.open_modal(click.trigger_id or "", modal)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)

    async def on_submit(self, ack: AsyncAck, body: Json) -> None:
        """The words as they were changed. The draft's own message then has nothing more to offer."""
        asked = Asked.from_body(body)
        wish = _submitted(asked)
        inbox = await self._inbox(wish)
        refusal = await self.front.may_act(asked.user, asked.team, inbox.id if inbox else None)
        if refusal or inbox is None or wish is None:
            return await say_instead(ack, _NOT_SENT, refusal or _STALE)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sends_draft(turn, wish, Actor(asked.user), inbox.rules)
        back = str(asked.known.get("back") or "")
        if isinstance(outcome, Refusal):
            return await say_instead(ack, _NOT_SENT, outcome.reason)
        if isinstance(outcome, Overtaken):
            view = await escalations.view(outcome.draft.escalation_id)
            return await ack_with(ack, copilot.edit(view, outcome.draft, wish.seen, back, outcome.newer))
        await ack()
        return await self._take_back(back)

    async def on_discard(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        if click.number is None or await self._admitted(click, SendDraft(click.number)) is None:
            return
        async with unit(self.front.clock()) as turn:
            await staff_discards_draft(turn, click.number, Actor(click.user))
        await self._take_back(click.response_url)

    async def on_share(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        if click.number is None or await self._admitted(click, SendDraft(click.number)) is None:
            return
        async with unit(self.front.clock()) as turn:
            outcome = await staff_shares_summary(turn, click.number, Actor(click.user))
        await self._settle(click, outcome)

    async def _admitted(self, click: Click, wish: SendDraft | None) -> Inbox | None:
        """Whose rules hold, for somebody who may act; else they are told why not."""
        inbox = await self._inbox(wish)
        refusal = await self.front.admits(click, inbox.id if inbox else None)
        if refusal is None and inbox is not None:
            return inbox
        await self.front.answer(click, refusal or _STALE)
        return None

    async def _inbox(self, wish: SendDraft | None) -> Inbox | None:
        draft = await drafts.find(wish.draft_id) if wish else None
        return self.front.inboxes.known(draft.inbox_id) if draft else None

    async def _settle(self, click: Click, outcome: object) -> None:
        """What was decided asks for nothing more."""
        if isinstance(outcome, Refusal):
            await self.front.answer(click, outcome.reason)
        await self._take_back(click.response_url)

    async def _take_back(self, response_url: str | None) -> None:
        try:
            if response_url:
                await self.front.slack.take_back(response_url)
        except ServiceError as error:
            log.info("draft.still_shown", error=error.code)  # pressed again, it is told that it was decided

    async def _instead(self, click: Click, post: Post) -> None:
        try:
            await self.front.slack.respond(click.response_url or "", post.text, post.blocks, instead=True)
        except ServiceError as error:
            log.warning("answer.not_shown", user=click.user, error=error.code)


def _wish(value: str) -> SendDraft | None:
    """The draft, and what whoever presses has been shown of what came after it."""
    draft, _, seen = value.partition(":")
    numbers = [each for each in (draft, seen) if each.isascii() and each.isdigit() and len(each) < 19]
    return SendDraft(int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else None


def _submitted(asked: Asked) -> SendDraft | None:
    draft, seen = asked.known.get("draft"), asked.known.get("seen")
    typed = json_object(json_object(asked.values.get(copilot.TEXT_BLOCK)).get(action_ids.CHANGE_DRAFT)).get("value")
    if not isinstance(draft, int) or not isinstance(seen, int):
        return None
    return SendDraft(draft, seen, str(typed or ""))
