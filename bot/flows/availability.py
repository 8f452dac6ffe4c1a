"""A member of staff says that they are away, or back, and puts down what they held."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.escalation import Actor, Refusal, Release
from bot.domain.rules import InboxRules
from bot.flows.redraw import redraw_homes
from bot.flows.staff_presses import staff_presses
from storage import staff
from storage.tasks import Unit


async def staff_says_away(
    turn: Unit, staff_id: str, rules: Mapping[int, InboxRules], home: int, *, is_away: bool
) -> None:
    """Everybody who looks at the Escalations page sees it there. `home` is the inbox that keeps what is theirs."""
    await staff.set_away(home, staff_id, turn.now if is_away else None)
    for inbox_id, its_rules in rules.items():
        await redraw_homes(turn, inbox_id, its_rules)


async def staff_puts_down(turn: Unit, staff_id: str, escalation_id: int, rules: InboxRules) -> bool:
    """One of those they held goes back into the queue, unless it is not theirs any more."""
    return not isinstance(await staff_presses(turn, escalation_id, Release(), Actor(staff_id), rules), Refusal)
