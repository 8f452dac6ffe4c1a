"""From when on the clock watches whether a customer gets an answer from whoever has the conversation."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Escalation, Status
from bot.domain.reminders import waits_since
from bot.domain.rules import InboxRules
from storage import conversations, waits


async def watch_answer(escalation: Escalation, rules: InboxRules, now: datetime) -> None:
    """Somebody has it from now on, or the customer has begun to wait. The caller holds the conversation's lock."""
    if escalation.status is Status.OPEN:
        conversation = await conversations.load(escalation.conversation_id)  # as this moment has left it
        since = waits_since(conversation, escalation.taken_at)
        await waits.look_for_answer(escalation.id, next_look(escalation, since, rules, now) if since else None)


def next_look(escalation: Escalation, since: datetime, rules: InboxRules, now: datetime) -> datetime | None:
    """When the next reminder falls due, or whoever has it loses it."""
    times = (rules.answer_ladder.next_due(since, now), rules.released_at(silent_since(escalation, since)))
    return min(filter(None, times), default=None)


def silent_since(escalation: Escalation, since: datetime) -> datetime:
    """Staff who said that they will see to it later are silent from then on only."""
    return max(since, escalation.snoozed_until or since)
