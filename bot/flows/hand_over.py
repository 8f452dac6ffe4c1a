"""A person is needed: the conversation changes hands, the customer is told once, and the desk gets a thread."""

from __future__ import annotations

from bot.domain.conversation import Conversation
from bot.domain.escalation import Actor, Escalate, Escalation, Refusal, Told, Trigger, open_escalation
from bot.domain.handover import acknowledgement
from bot.domain.rules import InboxRules
from bot.domain.thread_work import OpenThread
from bot.flows.files import show_earlier_files
from bot.flows.notices import tell_of_new
from bot.flows.out_of_hours import tell_customer, what_to_expect
from bot.flows.redraw import redraw_homes
from bot.flows.window import watch_window
from storage import conversations, escalations, messages
from storage.tasks import Unit

_TOLD: dict[Trigger, Told] = {Trigger.CUSTOMER: "requested", Trigger.SYSTEM: "unavailable"}


async def hand_over(
    turn: Unit,
    conversation: Conversation,
    event: Escalate,
    actor: Actor,
    rules: InboxRules,
    *,
    is_answered: bool = False,
) -> Escalation | Refusal:
    """Open an escalation unless people have the conversation already. The caller holds the conversation's lock.

    `is_answered`: somebody has just answered the customer, who need not be told, and nobody be chased.
    """
    opening = open_escalation(await escalations.active_of(conversation.id), event, actor, turn.now)
    if isinstance(opening, Refusal):
        return opening
    said = await messages.latest(conversation.id, 1)
    opened = await escalations.add(
        conversation.inbox_id,
        conversation.id,
        opening,
        opened_after=said[-1].id if said else 0,
        remind_at=None if is_answered else rules.queue_ladder.first_due(turn.now),
    )
    await conversations.change_hands(conversation, with_people=True)
    await watch_window(opened.id, conversation.id, turn.now)
    turn.cause(OpenThread(inbox_id=opened.inbox_id, escalation_id=opened.id))
    await show_earlier_files(turn, opened, through=said[-1].id if said else 0)
    if not is_answered:
        await _tell_customer(turn, conversation, opened, event.told or _TOLD.get(opened.trigger, "handover"), rules)
        await tell_of_new(turn, opened)
    await redraw_homes(turn, opened.inbox_id, rules)
    return opened


async def _tell_customer(
    turn: Unit, conversation: Conversation, opened: Escalation, why: Told, rules: InboxRules
) -> None:
    """Whoever asked is always told, and told once: that people come in and, where it is known, when."""
    words = acknowledgement(opened.language, reason=why)
    expect = await what_to_expect(turn, conversation, opened, rules)
    await tell_customer(turn, opened, f"{words} {expect}" if expect else words)
