"""A customer writes: it is recorded, then either people see it in the thread or the AI is asked to answer."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Author, Conversation, Message, answer_due, opens_turn, opens_window
from bot.domain.delivery import Delivery
from bot.domain.effects import Think
from bot.domain.escalation import Escalation
from bot.domain.handover import language_of
from bot.domain.inbound import Inbound
from bot.domain.rules import InboxRules
from bot.domain.thread_work import MirrorMessage
from bot.domain.window import is_closed
from bot.flows.answers_owed import watch_answer
from bot.flows.calls_for_people import calls_for_people
from bot.flows.customer_corrects import customer_corrects
from bot.flows.customer_reacts import customer_reacts
from bot.flows.echoes import customer_waits_again
from bot.flows.files import expect_file
from bot.flows.identity import number_moved_on
from bot.flows.notices import tell_of_customer
from bot.flows.opt_out import asks_about_writing, customer_asks
from bot.flows.out_of_hours import customer_comes_when_closed
from bot.flows.parking import customer_is_back
from bot.flows.redraw import redraw
from bot.flows.translation import show_in_thread_language
from bot.flows.window import watch_window
from storage import conversations, customers, escalations, messages
from storage.tasks import Unit


async def customer_writes(turn: Unit, inbox_id: int, inbound: Inbound, rules: InboxRules) -> int:
    """Returns the conversation."""
    found = await customers.recognise(inbox_id, customers.Described(inbound.addresses, inbound.name, inbound.username))
    if found.bereft is not None:
        await number_moved_on(turn, found.bereft, rules)
    conversation = await conversations.open_or_lock(inbox_id, found.customer.id, inbound.reply_to)
    changes = await messages.changes_of(inbox_id, inbound.wamid)
    if changes is None:
        return conversation.id  # redelivered after its task was purged
    active = await escalations.active_of(conversation.id)
    message = await _record(turn, conversation, inbound, active)
    for change in changes:  # WhatsApp promises no order: it was changed before it came
        await customer_corrects(conversation, await messages.load(change))
        message = await messages.load(message.id)
    wish = asks_about_writing(found.customer, message.kind, message.text)
    is_blocked = found.customer.blocked_at is not None
    is_answered = wish is not None or is_blocked
    await conversations.heard(conversation, _heard(turn, message, inbound, is_answered=is_answered))
    await expect_file(turn, message)
    if inbound.kind == "reaction":
        await customer_reacts(turn, conversation, message)
    elif active:
        await _show(turn, conversation, message, active, rules, is_blocked=is_blocked)
    if is_blocked:  # kept, and seen where people have the conversation; nobody answers or is called
        return conversation.id
    if active and _asks(message) and not wish:
        await customer_comes_when_closed(turn, conversation, active, rules)
    if wish:
        await customer_asks(turn, conversation, wish, active, rules)
    elif asked := await _asked(conversation, message):
        await _let_bot_answer(turn, conversation, asked, rules)
    if opens_window(inbound.kind) and is_closed(conversation, turn.now):
        await customer_is_back(turn, conversation, active)
    return conversation.id


async def _show(
    turn: Unit, conversation: Conversation, message: Message, active: Escalation, rules: InboxRules, *, is_blocked: bool
) -> None:
    """Where people have the conversation they see it; whoever is blocked is not waited for."""
    turn.cause(MirrorMessage(inbox_id=message.inbox_id, escalation_id=active.id, message_id=message.id))
    await show_in_thread_language(turn, message, active, rules)
    await watch_window(active.id, conversation.id, turn.now)
    await customer_waits_again(turn, active, rules)
    if conversation.last_customer_message <= conversation.answered_through and not is_blocked:
        await watch_answer(active, rules, turn.now)
    if _asks(message) and not is_blocked:
        await tell_of_customer(turn, active, conversation)
    await redraw(turn, active, rules)


async def _record(turn: Unit, conversation: Conversation, inbound: Inbound, active: Escalation | None) -> Message:
    details = inbound.details
    if inbound.kind == "edit" and (about := await messages.by_wamid(conversation.inbox_id, inbound.quoted_wamid or "")):
        details = replace(details, earlier=(about.text,))  # staff read what became of which words
    return await messages.add(
        messages.NewMessage(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            author=Author.CUSTOMER,
            kind=inbound.kind,
            text=inbound.text,
            status=Delivery.RECEIVED,
            said_at=inbound.said_at or turn.now,
            escalation_id=active.id if active else None,
            wamid=inbound.wamid,
            quoted_wamid=inbound.quoted_wamid,
            epoch=conversation.epoch,
            original=inbound.original,
            details=details,
        )
    )


def _heard(turn: Unit, message: Message, inbound: Inbound, *, is_answered: bool) -> conversations.Heard:
    return conversations.Heard(
        message_id=message.id,
        said_at=message.said_at,
        reply_to=inbound.reply_to,
        expects_answer=_asks(message) and not is_answered,
        opens_window=opens_window(inbound.kind),
        now=turn.now,
    )


async def _asked(conversation: Conversation, message: Message) -> Message | None:
    """What the AI is to answer now: the message itself, or the one it corrects."""
    if message.kind in ("edit", "revoke"):
        return await customer_corrects(conversation, message)
    return message if _asks(message) and not conversation.with_people else None


def _asks(message: Message) -> bool:
    return opens_turn(message.kind) and message.revoked_at is None


async def _let_bot_answer(turn: Unit, conversation: Conversation, message: Message, rules: InboxRules) -> None:
    """Unless what they write brings people in by rule."""
    words = message.text if _asks(message) else ""
    if await calls_for_people(turn, conversation, words, rules):
        return
    if (language := language_of(words)) and language != conversation.language:
        await conversations.set_language(conversation.id, language)
    answered = conversation.last_customer_message <= conversation.answered_through
    waiting_since = turn.now if answered or conversation.waiting_since is None else conversation.waiting_since
    turn.cause(
        Think(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            at=answer_due(turn.now, waiting_since, rules.debounce),
        )
    )
