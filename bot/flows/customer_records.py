"""Staff look after what is known of a customer: tags, notes for each other, and whether they are heard at all."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.escalation import Actor, Refusal, Why, slack_time
from bot.domain.profiles import LONGEST_NOTE
from bot.domain.rules import InboxRules
from bot.domain.thread_work import NoteInThread
from bot.flows.handback import staff_promises
from bot.flows.redraw import redraw
from storage import conversations, customer_records, customers, escalations
from storage.tasks import Unit

_GONE = Refusal(Why.NOT_ESCALATED, "This customer is not here any more.")
_LINES = {
    "block": "⛔ <@{actor}> blocked this customer. What they write is kept; after the end of this nobody hears of it.",
    "unblock": "👋 <@{actor}> unblocked this customer.",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What was filled in about a customer: the tags as they are to be, one more note unless it is empty, and what we
    owe them; None where that was not touched.
    """

    tags: tuple[str, ...]
    note: str
    promises: str | None = None


async def staff_describes(turn: Unit, customer_id: int, told: Described, staff_id: str) -> Refusal | None:
    """It is as it was filled in from now on."""
    known = await customer_records.profile(customer_id)
    if known is None:
        return _GONE
    customer = known.customer
    await customer_records.hold(customer.id)
    if told.tags != known.tags:
        await customer_records.set_tags(customer.id, told.tags)
    if told.promises is not None and known.conversation_id is not None:
        await staff_promises(turn, known.conversation_id, told.promises, Actor(staff_id))
    if words := told.note.strip():
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
            conversation,
            with_people=conversation.with_people,
            guidance=conversation.guidance,
            happened=conversation.happened,
        )
        await conversations.answered(conversation.id, conversation.last_customer_message)
    if active := await escalations.active_of(conversation.id):
        about = f"{event}:{int(turn.now.timestamp() * 1000)}"
        words = _LINES[event].format(actor=staff_id)
        turn.cause(NoteInThread(inbox_id=active.inbox_id, escalation_id=active.id, text=words, about=about))
        await redraw(turn, active, rules)
    return None
