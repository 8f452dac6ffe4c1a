"""A customer asks to hear nothing they did not ask for, or takes it back: recorded, confirmed once, shown to staff."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversation import Author, Conversation
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation
from bot.domain.opt_out import Asked, Wish, confirmation, wish_in
from bot.domain.people import Address, Customer
from bot.domain.rules import InboxRules
from bot.domain.thread_work import MirrorMessage, NoteInThread
from bot.domain.whatsapp_work import SendToCustomer
from bot.flows.redraw import redraw
from storage import conversations, customers, escalations, messages
from storage.tasks import Unit

_SPOKEN = frozenset({"text", "button"})  # WhatsApp's own "Stop promotions" is a button under a template
_LINES: dict[Wish, str] = {
    "stop": "🚫 *They asked not to be written to.* Replies while the window is open still reach them; "
    "advertising does not, and other templates only after you confirm.",
    "start": "✅ They may be written to again.",
}


def asks_about_writing(customer: Customer, kind: str, text: str) -> Asked | None:
    """What these words, all of them, say about being written to; then nobody else answers them."""
    return wish_in(text, is_opted_out=customer.opted_out_at is not None) if kind in _SPOKEN else None


async def customer_asks(
    turn: Unit, conversation: Conversation, asked: Asked, active: Escalation | None, rules: InboxRules
) -> None:
    """Do as they ask, and say so. Said again, it is recorded and confirmed already."""
    customer = await customers.load(conversation.customer_id)
    if (asked.wish == "stop") != (customer.opted_out_at is not None):
        await _record(turn, customer.id, asked.wish, active, rules)
        await _confirm(turn, conversation, asked.wish, asked.language or conversation.language, active)


async def customer_prefers(
    turn: Unit, inbox_id: int, addresses: Sequence[Address], wish: Wish, rules: InboxRules
) -> int | None:
    """They chose it in WhatsApp itself, which confirms it by itself. Returns the customer; None if we know nobody."""
    known = await customers.known_as(inbox_id, addresses)
    if known is None:
        return None
    conversation = await conversations.of_customer(known.id)
    active = None
    if conversation is not None:
        await conversations.lock(conversation.id)
        active = await escalations.active_of(conversation.id)
    if (wish == "stop") != (known.opted_out_at is not None):
        await _record(turn, known.id, wish, active, rules)
    return known.id


async def _record(turn: Unit, customer_id: int, wish: Wish, active: Escalation | None, rules: InboxRules) -> None:
    await customers.set_opted_out(customer_id, turn.now if wish == "stop" else None)
    if active is not None:
        about = f"{wish}:{int(turn.now.timestamp() * 1000)}"
        line = NoteInThread(inbox_id=active.inbox_id, escalation_id=active.id, text=_LINES[wish], about=about)
        turn.cause(line)
        await redraw(turn, active, rules)


async def _confirm(
    turn: Unit, conversation: Conversation, wish: Wish, language: str | None, active: Escalation | None
) -> None:
    message = await messages.add(
        messages.NewMessage(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            author=Author.SYSTEM,
            text=confirmation(wish, language),
            status=Delivery.QUEUED,
            said_at=turn.now,
            escalation_id=active.id if active else None,
        )
    )
    send = SendToCustomer.of(message)
    turn.cause(send)
    if active:
        turn.cause(MirrorMessage(inbox_id=message.inbox_id, escalation_id=active.id, message_id=message.id))
