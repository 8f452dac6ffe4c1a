"""A colleague answers from the phone: it is an answer like any other, and the AI stands back."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Author, Conversation, Message, opens_turn
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Escalate, Escalation, Status, Trigger
from bot.domain.inbound import Inbound
from bot.domain.rules import InboxRules
from bot.domain.thread_work import MirrorMessage
from bot.flows.delivery_reported import Report, delivery_reported
from bot.flows.files import expect_file
from bot.flows.hand_over import hand_over
from bot.flows.receipts import seen_by_staff
from bot.flows.redraw import redraw
from storage import conversations, customers, escalations, messages
from storage.tasks import Unit

ON_THE_PHONE = "A colleague answers from the WhatsApp Business app"


async def colleague_wrote(turn: Unit, inbox_id: int, echo: Inbound, rules: InboxRules) -> Message | None:
    """`echo` is told as a customer's message: its addresses are those of the customer who got it.

    Returns a message of our own if this is the first trace of it: whoever waits for one need wait no longer.
    """
    found = await customers.recognise(inbox_id, customers.Described(echo.addresses))
    conversation = await conversations.open_or_lock(inbox_id, found.customer.id, echo.reply_to)
    if await messages.by_wamid(inbox_id, echo.wamid):
        return None  # redelivered, or sent by ourselves
    if ours := await messages.unnamed(conversation.id, echo.kind, echo.text):
        # WhatsApp echoes what we send, and this one came before the answer to our call: it is the trace of that.
        return await delivery_reported(turn, inbox_id, Report(echo.wamid, Delivery.SENT, message_id=ours.id), rules)
    active = await escalations.active_of(conversation.id)
    message = await _record(turn, conversation, echo, active)
    if opens_turn(echo.kind):
        await conversations.answered(conversation.id, conversation.last_customer_message)
        seen_by_staff(turn, conversation)
    if active:
        if opens_turn(echo.kind):
            await escalations.answered_first(active.id, None, turn.now)
        await escalations.set_reminder(active.id, None)
        turn.cause(MirrorMessage(inbox_id=inbox_id, escalation_id=active.id, message_id=message.id))
        await redraw(turn, active, rules)
    elif opens_turn(echo.kind):
        await _stand_back(turn, conversation, message, rules)
    return None


async def customer_waits_again(turn: Unit, active: Escalation, rules: InboxRules) -> None:
    """Nobody is chased about a customer whom a colleague has just answered; from their next word on, everybody is."""
    if active.status is Status.QUEUED and (due := rules.queue_ladder.first_due(turn.now)):
        await escalations.wake(active.id, turn.now, due)


async def _record(turn: Unit, conversation: Conversation, echo: Inbound, active: Escalation | None) -> Message:
    message = await messages.add(
        messages.NewMessage(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            author=Author.STAFF,
            kind=echo.kind,
            text=echo.text,
            status=Delivery.QUEUED,
            said_at=echo.said_at or turn.now,
            escalation_id=active.id if active else None,
            quoted_wamid=echo.quoted_wamid,
            original=echo.original,
            details=replace(echo.details, is_echo=True),
        )
    )
    await expect_file(turn, message)
    return await messages.accepted(message, echo.wamid)  # with the reports that came before it


async def _stand_back(turn: Unit, conversation: Conversation, message: Message, rules: InboxRules) -> None:
    """The AI is silent from here on, unless this is news of a stretch that has ended since."""
    ended = await escalations.last_end(conversation.id)
    if ended is None or message.said_at > ended:
        event = Escalate(Trigger.SYSTEM, ON_THE_PHONE, language=conversation.language or rules.language)
        await hand_over(turn, conversation, event, Actor(None), rules, is_answered=True)
