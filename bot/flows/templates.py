"""Staff send a template: what they choose from, and the one message that comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from bot.domain.desk import TemplateChoice
from bot.domain.escalation import Actor, Refusal, Why
from bot.domain.inbound import Details
from bot.domain.rules import InboxRules
from bot.domain.templates import (
    MARKETING,
    SentTemplate,
    Template,
    Values,
    components,
    likeliest_first,
    problems,
    rendered,
)
from bot.domain.thread_work import MirrorMessage
from bot.domain.whatsapp_work import FetchTemplates, SendToCustomer
from bot.flows.receipts import seen_by_staff
from bot.flows.redraw import redraw
from bot.flows.staff_replies import still_wanted
from storage import conversations, customers, escalations, messages, templates
from storage.tasks import Unit

_NO_ADVERTS = "They asked not to be written to: advertising cannot be sent to them."
_ASK_TWICE = "They asked not to be written to. Tick the box if this must reach them all the same."
_CHANGED = "WhatsApp has changed or withdrawn this template. Refresh the list and look again."


@dataclass(frozen=True, slots=True)
class Order:
    """A submitted modal. `dialog` names it: it sends once. `despite`: though the customer asked to hear nothing."""

    escalation_id: int
    template_id: int
    values: Values
    dialog: str
    despite: bool = False


async def choice(escalation_id: int) -> TemplateChoice:
    view = await escalations.view(escalation_id)
    conversation = await conversations.load(view.escalation.conversation_id)
    known = await templates.approved(view.escalation.inbox_id)
    return TemplateChoice(view, tuple(likeliest_first(known, conversation.language or view.escalation.language)))


async def staff_sends_template(turn: Unit, order: Order, actor: Actor, rules: InboxRules) -> Message | Refusal:
    """Whatever happens to the submission, its modal sends one message. What nobody has is taken by sending."""
    seen = await escalations.load(order.escalation_id)
    if seen is None:
        return Refusal(Why.NOT_ESCALATED, "That escalation does not exist here any more.")
    conversation = await conversations.lock(seen.conversation_id)
    if sent := await messages.sent_from(conversation.id, order.dialog):
        return sent
    template = await templates.find(seen.inbox_id, order.template_id)
    if template is None or template.obstacle or problems(template, order.values):
        return Refusal(Why.WRONG, _CHANGED)
    if refusal := await _opted_out(conversation.customer_id, template, order):
        return refusal
    escalation = await still_wanted(turn, seen.id, actor, rules)
    if isinstance(escalation, Refusal):
        return escalation
    message = await messages.add(
        messages.NewMessage(
            inbox_id=conversation.inbox_id,
            conversation_id=conversation.id,
            author=Author.STAFF,
            kind="template",
            text=rendered(template, order.values),
            status=Delivery.QUEUED,
            said_at=turn.now,
            escalation_id=escalation.id,
            staff_id=actor.staff_id,
            details=Details(template=_as_sent(template, order)),
        )
    )
    turn.cause(
        SendToCustomer.of(message),
        MirrorMessage(inbox_id=message.inbox_id, escalation_id=escalation.id, message_id=message.id),
    )
    await escalations.answered_first(escalation.id, actor.staff_id, turn.now)
    await conversations.answered(conversation.id, conversation.last_customer_message)
    seen_by_staff(turn, conversation)
    await redraw(turn, escalation, rules)
    return message


async def template_changed(turn: Unit, inbox_id: int, name: str, language: str, status: str, about: str) -> None:
    """WhatsApp says what became of a template: nobody sends it if it may not be sent, and the list is fetched anew."""
    await templates.set_status(inbox_id, name, language, status)
    turn.cause(FetchTemplates(inbox_id=inbox_id, about=about))


async def template_refused(message: Message, status: str) -> None:
    """WhatsApp does not take it any more: it is not offered again until WhatsApp lists it as approved."""
    if sent := message.details.template:
        await templates.set_status(message.inbox_id, sent.name, sent.language, status)


def _as_sent(template: Template, order: Order) -> SentTemplate:
    listed = template.listed
    return SentTemplate(
        listed.name, listed.language, listed.category, components(template, order.values), dialog=order.dialog
    )


async def _opted_out(customer_id: int, template: Template, order: Order) -> Refusal | None:
    if (await customers.load(customer_id)).opted_out_at is None:
        return None
    if template.listed.category == MARKETING:
        return Refusal(Why.OPTED_OUT, _NO_ADVERTS)
    return None if order.despite else Refusal(Why.OPTED_OUT, _ASK_TWICE)
