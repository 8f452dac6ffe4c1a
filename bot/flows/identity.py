"""WhatsApp says that a customer's number, user id or security code has changed: the conversation stays theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversation import Author, Conversation
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation
from bot.domain.people import Address, AddressKind, Changed, Customer, IdentityChange, best
from bot.domain.rules import InboxRules
from bot.domain.text.slack_out import clip, escape
from bot.domain.thread_work import NoteInThread
from bot.flows.merging import merge
from bot.flows.redraw import redraw
from storage import conversations, customers, escalations, messages
from storage.tasks import Unit

# WhatsApp dates in whole seconds: what was written under the former name in that same second came before.
_TO_THE_SECOND = timedelta(seconds=1)
_RECORDED = {  # without the number: that is the customer's, not the message's
    Changed.NUMBER: "The customer changed their phone number",
    Changed.BSUID: "The customer's WhatsApp user id changed",
    Changed.SECURITY_CODE: "The customer's security code changed",
}


async def customer_changed(turn: Unit, inbox_id: int, change: IdentityChange, rules: InboxRules) -> int | None:
    """Returns the conversation; None where we have none with them."""
    if change.what is Changed.SECURITY_CODE:
        known = await customers.known_as(inbox_id, change.after)
        return await _record(turn, known, change, rules) if known else None
    found = await customers.changed(inbox_id, change)
    if found is None:
        return None
    if found.bereft is not None:
        await number_moved_on(turn, found.bereft, rules)
    if found.other:
        await merge(turn, found.customer, found.other, rules)
    return await _record(turn, found.customer, _with_latest(change, found.other), rules)


def _with_latest(change: IdentityChange, other: Customer | None) -> IdentityChange:
    """Whoever was known by the new names already may have changed again since."""
    if other is None or other.phone is None:
        return change
    number = Address(AddressKind.WA_ID, other.phone)
    return replace(change, after=(*(each for each in change.after if each.kind is not AddressKind.WA_ID), number))


async def number_moved_on(turn: Unit, customer_id: int, rules: InboxRules) -> None:
    """Somebody else writes from a customer's number: staff must know whom their replies reach, and whom they do not."""
    conversation = await conversations.of_customer(customer_id)
    active = await escalations.active_of(conversation.id) if conversation else None
    if conversation is None or active is None:
        return
    where = (
        "Replies here still go to the account of the customer you see in this thread"
        if conversation.reply_to.value
        else "Replies here cannot be sent any more"
    )
    words = f"⚠️ *Their number belongs to somebody else now*, who has a conversation of their own. {where}."
    turn.cause(_line(active, words, f"bereft:{int(turn.now.timestamp() * 1000)}"))
    await redraw(turn, active, rules)


async def _record(turn: Unit, customer: Customer, change: IdentityChange, rules: InboxRules) -> int | None:
    found = await conversations.of_customer(customer.id)
    if found is None:
        return None
    conversation = await conversations.lock(found.id)
    if await messages.by_wamid(conversation.inbox_id, change.wamid):
        return conversation.id  # redelivered after its task was purged
    at = (change.at or turn.now) + _TO_THE_SECOND
    if _is_news(conversation, change, at) and (address := best(change.after)):
        await conversations.readdress(conversation, address, at)
    active = await escalations.active_of(conversation.id)
    await messages.add(
        messages.NewMessage(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            author=Author.SYSTEM,
            kind="system",
            text=_RECORDED[change.what],
            status=Delivery.RECEIVED,
            said_at=change.at or turn.now,
            escalation_id=active.id if active else None,
            wamid=change.wamid,
            original=change.original,
        )
    )
    if active:
        who = await customers.load(conversation.customer_id)
        turn.cause(_line(active, _in_words(who, change), f"changed:{change.wamid}"))
        await redraw(turn, active, rules)
    return conversation.id


def _is_news(conversation: Conversation, change: IdentityChange, at: datetime) -> bool:
    """What the customer wrote after the change, and we heard before it, knows better where they are."""
    if change.what is Changed.SECURITY_CODE:
        return False
    return conversation.reply_since is None or conversation.reply_since < at


def _in_words(customer: Customer, change: IdentityChange) -> str:
    name = escape(clip("".join(each for each in customer.label if each.isprintable()), 80))
    if change.what is Changed.SECURITY_CODE:
        return (
            f"🔐 *{name}'s security code changed*: a new phone, or WhatsApp installed anew. Before you share anything "
            "confidential, make sure that it is still them."
        )
    if any(each.kind is AddressKind.WA_ID for each in change.after):
        return f"📱 *{name} changed their number* to {escape(customer.contact)}. Replies go there."
    return f"📱 *{name}'s WhatsApp account changed*, as it does with a new number. Replies go to the new one."


def _line(escalation: Escalation, words: str, about: str) -> NoteInThread:
    return NoteInThread(inbox_id=escalation.inbox_id, escalation_id=escalation.id, text=words, about=about)
