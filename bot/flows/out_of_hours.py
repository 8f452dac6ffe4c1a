"""Customers who wait for a person are told when people are back, once per closure, or how long it lately took."""

from __future__ import annotations

from bot.domain.conversation import Author, Conversation
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Trigger
from bot.domain.rules import InboxRules
from bot.domain.thread_work import MirrorMessage
from bot.domain.waiting import AT_MOST, LATELY, how_long, usual_wait, when_back
from bot.domain.whatsapp_work import SendToCustomer
from storage import conversations, messages, waits
from storage.tasks import Unit


async def what_to_expect(turn: Unit, conversation: Conversation, opened: Escalation, rules: InboxRules) -> str | None:
    """What follows, in the same message, the word that people come in. The caller holds the conversation's lock."""
    if opened.trigger is Trigger.STAFF:
        return None  # somebody is there already
    if not rules.hours.is_open(turn.now):
        return await _when_back(turn, conversation, opened.language, rules)
    if not rules.tells_wait:
        return None
    wait = usual_wait(await waits.last_answered(opened.inbox_id, turn.now - LATELY, AT_MOST), rules.hours)
    return how_long(opened.language, wait, await waits.waiting_before(opened.id)) if wait else None


async def customer_comes_when_closed(
    turn: Unit, conversation: Conversation, active: Escalation, rules: InboxRules
) -> None:
    """They write again, and nobody is there: say when somebody will be, unless they know, or somebody is after all."""
    if rules.hours.is_open(turn.now):
        return
    spoke_at = await waits.staff_spoke_at(active.id)
    if spoke_at and not rules.hours.between(spoke_at, turn.now):
        return
    words = await _when_back(turn, conversation, conversation.language or active.language, rules)
    if words:
        await tell_customer(turn, active, words)


async def tell_customer(turn: Unit, active: Escalation, words: str) -> None:
    """By code, not by the model; staff see it in the thread."""
    message = await messages.add(
        messages.NewMessage(
            inbox_id=active.inbox_id,
            conversation_id=active.conversation_id,
            author=Author.SYSTEM,
            text=words,
            status=Delivery.QUEUED,
            said_at=turn.now,
            escalation_id=active.id,
        )
    )
    turn.cause(
        SendToCustomer.of(message),
        MirrorMessage(inbox_id=message.inbox_id, escalation_id=active.id, message_id=message.id),
    )


async def _when_back(turn: Unit, conversation: Conversation, language: str, rules: InboxRules) -> str | None:
    told_until = await conversations.told_until(conversation.id)
    words = when_back(language, rules.hours, told_until, turn.now)
    if words:
        await conversations.told_to_wait(conversation.id, rules.hours.next_opening(turn.now))
    return words
