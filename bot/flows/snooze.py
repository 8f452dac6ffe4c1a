"""Staff put reminders off: nobody is chased about it before then, and then once, whatever fell due meanwhile."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Actor, Escalation, Refusal, Snooze
from bot.domain.rules import InboxRules
from bot.flows.staff_presses import staff_presses
from storage import waits
from storage.tasks import Unit


async def snooze(
    turn: Unit, escalation_id: int, until: datetime, actor: Actor, rules: InboxRules
) -> Escalation | Refusal:
    """Returns it as it now stands, or why nothing changed. Whoever takes or releases it ends the pause."""
    snoozed = await staff_presses(turn, escalation_id, Snooze(until), actor, rules)
    if not isinstance(snoozed, Refusal):
        await waits.put_off(escalation_id, rules.hours.next_opening(until))
    return snoozed
