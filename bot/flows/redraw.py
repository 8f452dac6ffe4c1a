"""After a change: every face that shows it is drawn again, once, however many changes come together."""

from __future__ import annotations

from bot.domain.escalation import Escalation
from bot.domain.rules import InboxRules
from bot.domain.staff_work import RefreshHome
from bot.domain.thread_work import RefreshCard
from storage import staff
from storage.tasks import Unit


async def redraw(turn: Unit, escalation: Escalation, rules: InboxRules) -> None:
    turn.cause(RefreshCard(inbox_id=escalation.inbox_id, escalation_id=escalation.id))
    await redraw_homes(turn, escalation.inbox_id, rules)


async def redraw_homes(turn: Unit, inbox_id: int, rules: InboxRules) -> None:
    """For those who see this inbox on their Escalations page: however many changes, one drawing every so often."""
    for user, at in await staff.homes_to_draw(inbox_id, turn.now, turn.now + rules.home_redrawn_after):
        turn.cause(RefreshHome(inbox_id=inbox_id, user=user, at=at))


async def show_home(turn: Unit, inbox_id: int, user: str) -> None:
    """Somebody is watching their Escalations page: draw it at once, before those of others.

    Their row is locked from here on, so that two presses in a row do not undo each other.
    """
    await staff.saw_home(inbox_id, user, turn.now)
    turn.cause(RefreshHome(inbox_id=inbox_id, user=user))
