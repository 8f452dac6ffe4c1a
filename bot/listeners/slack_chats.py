"""What is said in a conversation of the AI: seen in a window, before anybody brings it to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, found
from bot.blocks.quoting import quoted, speaker
from bot.blocks.said import in_words
from bot.domain.delivery import Delivery
from bot.domain.desk import Said, TranscriptLine
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_history import SlackHistory
from integrations.errors import ServiceError
from storage import chats, conversations, customers, escalations, messages, staff

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_SHOWN = 40  # messages, two blocks each, of the hundred blocks that a window holds
_UNSEEN = (Delivery.DROPPED, Delivery.KEPT, Delivery.HELD, Delivery.PARKED, Delivery.WITHDRAWN)
_GONE = "This conversation is not here any more."
_TOO_SLOW = "Slack did not let me open the window in time. Please press it again."


@dataclass(frozen=True, slots=True)
class SlackChats:
    front: Front
    past: SlackHistory

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.VIEW_CHAT)(self.on_view)

    async def on_view(self, ack: AsyncAck, body: Json) -> None:
        """Where people have had it before, its whole history; else what was said last."""
        await ack()
        click = Click.from_body(body)
        inbox_id = await chats.inbox_of(click.number or 0)
        refusal = await self.front.admits(click, inbox_id)
        if refusal or click.number is None or inbox_id is None:
            return await self.front.answer(click, refusal or _GONE)
        if last := await chats.last_escalation(click.number):
            return await self.past.open(click, await escalations.view(last))
        try:
            await self.front.slack.open_modal(click.trigger_id or "", await _modal(click.number))
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, _TOO_SLOW)
        return None


async def _modal(conversation_id: int) -> Json:
    conversation = await conversations.load(conversation_id)
    customer = await customers.load(conversation.customer_id)
    said, earlier = await messages.so_far(conversation.id, _UNSEEN, _SHOWN)
    shown = said[-_SHOWN:]
    wamids = sorted({each.quoted_wamid for each in shown if each.quoted_wamid})
    known = await messages.by_wamids(customer.inbox_id, wamids) if wamids else {}
    names = await staff.names({each.staff_id for each in [*shown, *known.values()] if each.staff_id})
    lines = [
        TranscriptLine(
            each.author,
            speaker(each, customer.label, names),
            in_words(Said.from_message(each, quoted(each, known, customer.label, names))),
            each.said_at,
            each.sources,
        )
        for each in shown
    ]
    return found.chat_modal(customer, lines, earlier + len(said) - len(shown))
