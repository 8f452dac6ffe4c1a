"""After *Return to bot*: a window with what the AI believes, opened for whoever pressed it.

The press itself has returned the conversation already. The customer is not kept waiting for a window to be filled in,
a window that Slack does not open (its trigger lasts three seconds) keeps nobody from returning, and what is told in it
holds from the AI's next answer on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, handback
from bot.domain.escalation import Actor, Escalation, Refusal, Why
from bot.domain.handback import Brief, PrepareBrief, Told, has_spoken
from bot.flows.handback import staff_tells_ai, stretch_of
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_submissions import Asked, close_or_say
from integrations.errors import ServiceError
from storage import conversations, escalations, tasks
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_STALE = "This window is from another time; what it was about is not here any more."
_NOT_OPENED = (
    "The AI answers again. What you promised can be noted in *Customer…*; Slack did not open the window for it."
)


@dataclass(frozen=True, slots=True)
class SlackHandback:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.view(action_ids.HANDBACK_MODAL)(self.on_submit)

    async def offer(self, click: Click, returned: Escalation) -> None:
        """At once, and filled in when the AI has read what people said; where they said nothing there is no need."""
        view, spoken = await escalations.view(returned.id), has_spoken(await stretch_of(returned), returned.id)
        conversation = await conversations.load(returned.conversation_id)
        window = handback.thinking(view) if spoken else handback.form(view, Brief(promises=conversation.promises))
        try:
            shown = await self.front.slack.open_modal(click.trigger_id or "", window)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            if spoken:
                await self.front.answer(click, _NOT_OPENED)
            return
        if spoken:
            work = PrepareBrief(inbox_id=returned.inbox_id, escalation_id=returned.id, view_id=shown.view_id)
            await tasks.enqueue([work], self.front.clock())

    async def on_submit(self, ack: AsyncAck, body: Json) -> None:
        await close_or_say(ack, "Not told", await self._tell(Asked.from_body(body)))

    async def _tell(self, asked: Asked) -> Refusal | None:
        known = await escalations.load(asked.escalation_id) if asked.escalation_id is not None else None
        if refusal := await self.front.may_act(asked.user, asked.team, known.inbox_id if known else None):
            return Refusal(Why.WRONG, refusal)
        if known is None:
            return Refusal(Why.NOT_ESCALATED, _STALE)
        told = Told(
            happened=asked.typed(handback.HAPPENED_BLOCK, action_ids.TELL_AI) or "",
            promises=asked.typed(handback.PROMISES_BLOCK, action_ids.TELL_AI),
            guidance=asked.typed(handback.GUIDANCE_BLOCK, action_ids.TELL_AI) or "",
        )
        async with unit(self.front.clock()) as turn:
            return await staff_tells_ai(turn, known.id, told, Actor(asked.user))
