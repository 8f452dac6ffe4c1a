"""Staff look after what is known of a customer: tags, notes for each other, and whether they are heard at all."""

from __future__ import annotations

from bot.domain.escalation import Refusal, Why, slack_time
from bot.domain.profiles import LONGEST_NOTE
from bot.domain.rules import InboxRules
from bot.domain.thread_work import NoteInThread
from bot.flows.redraw import redraw
from storage import conversations, customer_records, customers, escalations
from storage.tasks import Unit

_GONE = Refusal(Why.NOT_ESCALATED, "This customer is not here any more.")
_LINES = {
    "block": "⛔ <@{actor}> blocked this customer. What they write is kept; after the end of this nobody hears of it.",
    "unblock": "👋 <@{actor}> unblocked this customer.",
}


async def staff_describes(
    turn: Unit, customer_id: int, tags: tuple[str, ...], note: str, staff_id: str
) -> Refusal | None:
    """The tags as they are from now on, and one more note unless it is empty."""
    known = await customer_records.profile(customer_id)
    if known is None:
        return _GONE
    customer = known.customer
    await customer_records.hold(customer.id)
    if tags != known.tags:
        await customer_records.set_tags(customer.id, tags)
    if words := note.strip():
        await customer_records.add_note(customer.inbox_id, customer.id, staff_id, words[:LONGEST_NOTE], turn.now)
    return None


async def staff_blocks(
    turn: Unit, customer_id: int, staff_id: str, rules: InboxRules, *, blocked: bool
) -> Refusal | None:
    """From here on the AI does not answer them and nobody is called; or the other way round."""
    known = await customer_records.profile(customer_id)
    if known is None:
        return _GONE
    customer = await customers.load(customer_id)
    found = await conversations.of_customer(customer.id)
    conversation = await conversations.lock(found.id) if found else None
    if blocked:
        changed = await customer_records.block(customer.id, staff_id, turn.now)
    else:
        changed = await customer_records.unblock(customer.id)
    if not changed:
        since = f" since {slack_time(customer.blocked_at)}" if customer.blocked_at else ""
        said = f"They are blocked{since} already." if blocked else "They are not blocked any more."
        return Refusal(Why.WRONG, said)
    event = "block" if blocked else "unblock"
    await customer_records.note(customer.inbox_id, conversation.id if conversation else 0, event, staff_id, turn.now)
    if conversation is None:
        return None
    if blocked:  # an answer that the AI is just thinking of is not wanted any more
        await conversations.change_hands(
            conversation, with_people=conversation.with_people, guidance=conversation.guidance
        )
        await conversations.answered(conversation.id, conversation.last_customer_message)
    if active := await escalations.active_of(conversation.id):
        about = f"{event}:{int(turn.now.timestamp() * 1000)}"
        words = _LINES[event].format(actor=staff_id)
        turn.cause(NoteInThread(inbox_id=active.inbox_id, escalation_id=active.id, text=words, about=about))
        await redraw(turn, active, rules)
    return None
