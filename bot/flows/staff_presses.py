"""Staff press a button or type a command: the database settles who was first, the others are told who it was."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Conversation, awaits_answer
from bot.domain.effects import Think
from bot.domain.escalation import (
    Actor,
    Assign,
    Escalate,
    Escalation,
    Event,
    Refusal,
    ReturnToBot,
    Status,
    Take,
    TakeOver,
    Transition,
    Trigger,
    Why,
    decide,
    slack_time,
)
from bot.domain.rules import InboxRules
from bot.domain.window import is_closed
from bot.flows.answers_owed import watch_answer
from bot.flows.audit_lines import audit_line
from bot.flows.hand_over import hand_over
from bot.flows.notices import settle_notices, tell_of_assignment
from bot.flows.parking import nobody_stays
from bot.flows.receipts import seen_by_staff
from bot.flows.redraw import redraw
from storage import conversations, customers, escalations
from storage.tasks import Unit


async def staff_presses(
    turn: Unit, escalation_id: int, event: Event, actor: Actor, rules: InboxRules
) -> Escalation | Refusal:
    """Apply one event to an escalation; returns it as it now stands, or why nothing changed."""
    seen = await escalations.load(escalation_id)
    if seen is None:
        return Refusal(Why.NOT_ESCALATED, "That escalation does not exist here any more.")
    conversation = await conversations.lock(seen.conversation_id)
    state = await escalations.load(escalation_id)  # as it is now that nobody else can change it
    assert state is not None
    change = decide(state, event, actor, turn.now)
    if isinstance(change, Refusal):
        return change
    await escalations.save(state, change, actor.staff_id, turn.now)
    if (state.status, state.taken_by) != (change.after.status, change.after.taken_by):
        await _change_hands(turn, conversation, change, event)
        await _set_reminder(state, change.after, rules)
        await watch_answer(change.after, rules, turn.now)
    if isinstance(event, Take | TakeOver):
        seen_by_staff(turn, conversation)
    is_told = isinstance(event, Assign) and await tell_of_assignment(turn, change.after, actor.staff_id)
    turn.cause(await audit_line(turn, state, change, actor, is_told=is_told))
    await settle_notices(turn, change.after)
    await redraw(turn, change.after, rules)
    return change.after


async def staff_escalates(
    turn: Unit, customer_id: int, reason: str, actor: Actor, rules: InboxRules
) -> Escalation | Refusal:
    """`/escalate`: staff want this conversation, whatever the AI is doing with it."""
    found = await conversations.of_customer(customer_id)
    if found is None:
        return Refusal(Why.NOT_ESCALATED, "This customer has never written to us.")
    conversation = await conversations.lock(found.id)
    if (customer := await customers.load(conversation.customer_id)).blocked_at:
        return Refusal(Why.WRONG, f"They are blocked since {slack_time(customer.blocked_at)}. Unblock them first.")
    language = conversation.language or rules.language
    event = Escalate(Trigger.STAFF, reason or "Escalated by a colleague", language=language)
    return await hand_over(turn, conversation, event, actor, rules)


async def _change_hands(turn: Unit, conversation: Conversation, change: Transition, event: Event) -> None:
    guidance = event.guidance if isinstance(event, ReturnToBot) else ""
    with_people = not change.after.status.is_final
    await conversations.change_hands(conversation, with_people=with_people, guidance=guidance)
    if change.after.status.is_final:
        await nobody_stays(turn, change.after)
    if change.after.status is Status.CLOSED:
        await conversations.answered(conversation.id, conversation.last_customer_message)
    returned = replace(conversation, with_people=False)
    if change.after.status is Status.RESOLVED and awaits_answer(returned) and not is_closed(conversation, turn.now):
        # Nobody answered the customer's last words: the bot does so now instead of waiting for more. Once the window
        # is closed its answer could not leave, and would only bring people back.
        turn.cause(Think(inbox_id=conversation.inbox_id, conversation_id=conversation.id))


async def _set_reminder(before: Escalation, after: Escalation, rules: InboxRules) -> None:
    if after.status is Status.QUEUED and before.status is not Status.QUEUED:
        await escalations.set_reminder(after.id, rules.queue_ladder.first_due(after.queued_at))
    elif after.status is not Status.QUEUED:
        await escalations.set_reminder(after.id, None)
