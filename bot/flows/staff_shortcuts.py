"""Message shortcuts: a note becomes a reply, a reply that waits becomes a note, and what failed is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conversation import Author, Message, may_have_left
from bot.domain.delivery import LEFT, Delivery
from bot.domain.escalation import Actor, Escalation, Refusal, Why
from bot.domain.rules import InboxRules
from bot.domain.staff_work import MarkReply
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread
from bot.domain.window import is_closed
from bot.flows.audit_lines import named
from bot.flows.staff_files import hold_files, sort_out
from bot.flows.staff_replies import NOTHING_LEFT, StaffReply, staff_retries, staff_sends_held, too_late
from storage import answers, conversations, corrections, escalations, messages, posted, staff
from storage.tasks import Unit

NOT_OURS = "This works on what colleagues write in the thread of a conversation with a customer."
CLOSED = (
    "The 24 hours after the customer's last message are over: WhatsApp takes only templates until they write. "
    "*More… > Send template…* on the card has them."
)
_NOT_A_COLLEAGUES = "Only what a colleague wrote can be sent to the customer."
_HAS_IT = "The customer has it already: what has left for WhatsApp cannot be taken back."
_ON_ITS_WAY = "It is already on its way to the customer."
_NOT_SENDABLE = {
    Delivery.QUEUED: _ON_ITS_WAY,
    Delivery.PARKED: "It waits for the customer to write again, and leaves then.",
    Delivery.WITHDRAWN: "Its author has deleted it.",
    Delivery.FAILED: "It did not arrive. *Retry sending* tries again.",
    Delivery.UNCONFIRMED: "It may have arrived. *Retry sending* sends it again, perhaps for the second time.",
}
_NOT_KEEPABLE = {
    Delivery.QUEUED: _ON_ITS_WAY,
    Delivery.KEPT: "It is a note already: the customer does not see it.",
    Delivery.FAILED: "The customer does not have it, and it does not leave by itself.",
    Delivery.WITHDRAWN: "Its author has deleted it.",
}
_TO_RETRY = (Delivery.FAILED, Delivery.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Offer:
    """What would leave if somebody insisted on it. `unsendable`: why some of its files would stay."""

    escalation: Escalation
    text: str
    files: tuple[str, ...]
    unsendable: tuple[str, ...]
    mentions: bool
    answered: Message | None = None  # what a colleague has said to the customer just now


async def offered(turn: Unit, reply: StaffReply, rules: InboxRules) -> Offer | Refusal:
    """*Send to customer*: what that would be. Changes nothing."""
    seen = await escalations.of_thread(reply.channel, reply.thread_ts)
    if seen is None:
        return Refusal(Why.NOT_ESCALATED, NOT_OURS)
    conversation = await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(seen.id)
    assert escalation is not None
    if escalation.status.is_final:
        return Refusal(Why.ENDED, too_late(escalation))
    known = await messages.by_slack(reply.channel, reply.ts)
    if refusal := _not_sendable(known):
        return refusal
    if is_closed(conversation, turn.now):
        return Refusal(Why.WINDOW_CLOSED, CLOSED)
    files, unsendable = sort_out(reply.files, rules.able)
    if not files and not reply.text.strip():
        return Refusal(Why.WRONG, " ".join(unsendable) or NOTHING_LEFT)
    names = tuple(each.name for each in files)
    answered = await _answered(conversation.id, reply.staff_id, turn, rules)
    return Offer(escalation, reply.text, names, tuple(unsendable), bool(reply.mentions), answered)


async def staff_sends_message(turn: Unit, reply: StaffReply, actor: Actor, rules: InboxRules) -> Message | Refusal:
    """The click that the offer asked for. It is now a reply of whoever pressed, `reply.staff_id`."""
    offer = await offered(turn, reply, rules)
    if isinstance(offer, Refusal):
        return offer
    known = await messages.by_slack(reply.channel, reply.ts)
    held = (
        known if known and known.status is Delivery.HELD else await _hold(offer.escalation, reply, known, turn, rules)
    )
    outcome = await staff_sends_held(turn, held.id, actor, rules)
    if not isinstance(outcome, Refusal):
        turn.cause(await _line(turn, offer.escalation, held, actor))
    return outcome


async def staff_keeps_message(turn: Unit, channel: str, ts: str) -> Message | Refusal:
    """*Keep as note*: whatever of it has not left never will."""
    seen = await messages.by_slack(channel, ts)
    if seen is None or seen.author is not Author.STAFF:
        return Refusal(Why.NOT_OPEN, "Nothing of it waits to be sent to the customer.")
    await conversations.lock(seen.conversation_id)
    parts = await corrections.lock_parts(seen.id)
    *before, message = parts
    if any(map(may_have_left, parts)):
        return Refusal(Why.NOT_OPEN, _HAS_IT)
    if message.status is Delivery.QUEUED:  # it waits for `reply_delay`
        await corrections.withdraw([each.id for each in before])
        await corrections.set_text(message.id, "\n".join(each.text for each in parts))
    elif message.status not in (Delivery.HELD, Delivery.PARKED):
        return Refusal(Why.NOT_OPEN, _NOT_KEEPABLE.get(message.status, _HAS_IT))
    await messages.keep_as_note(message.id)
    turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id))
    return message


async def to_retry(channel: str, ts: str) -> list[Message]:
    """What of this post did not arrive, or may not have."""
    known = await messages.by_slack(channel, ts)
    ids = [known.id] if known else await posted.messages_at(channel, ts)
    found = [part for each in ids for part in await corrections.lock_parts(each)]
    return [each for each in found if each.status in _TO_RETRY]


async def staff_retries_message(turn: Unit, channel: str, ts: str, *, even_twice: bool) -> list[Message] | Refusal:
    """*Retry sending*. What may have arrived is only sent again where somebody has said so twice."""
    failed = await to_retry(channel, ts)
    if not failed:
        return Refusal(Why.NOT_OPEN, "There is nothing of it to try again.")
    if not even_twice and any(each.status is Delivery.UNCONFIRMED for each in failed):
        return Refusal(Why.WRONG, _NOT_SENDABLE[Delivery.UNCONFIRMED])
    return await _retry_all(turn, failed)


async def _retry_all(turn: Unit, failed: Sequence[Message]) -> list[Message] | Refusal:
    for each in failed:
        outcome = await staff_retries(turn, each.id, int(turn.now.timestamp() * 1000))
        if isinstance(outcome, Refusal):
            return outcome
    return list(failed)


async def _answered(conversation_id: int, staff_id: str, turn: Unit, rules: InboxRules) -> Message | None:
    if not rules.answered_lately:
        return None
    answer = await answers.by_another(conversation_id, staff_id, turn.now - rules.answered_lately)
    return await messages.load(answer) if answer is not None else None


def _not_sendable(known: Message | None) -> Refusal | None:
    if known is None or known.status in (Delivery.HELD, Delivery.KEPT):
        return None
    if known.author is not Author.STAFF:
        return Refusal(Why.WRONG, _NOT_A_COLLEAGUES)
    said = "The customer has this already." if known.status in LEFT else _NOT_SENDABLE.get(known.status, _ON_ITS_WAY)
    return Refusal(Why.NOT_OPEN, said)


async def _hold(
    escalation: Escalation, reply: StaffReply, note: Message | None, turn: Unit, rules: InboxRules
) -> Message:
    """It leaves now, so it has its place among what is said now; what it was until now stays a note."""
    marked = await messages.marked(note.id) if note else ""
    if note:
        await corrections.release_place(note.id)
    message = await messages.add(
        messages.NewMessage(
            inbox_id=escalation.inbox_id,
            conversation_id=escalation.conversation_id,
            author=Author.STAFF,
            text=reply.text,
            status=Delivery.HELD,
            said_at=turn.now,
            escalation_id=escalation.id,
            staff_id=reply.staff_id,
            slack_channel=reply.channel,
            slack_ts=reply.ts,
        )
    )
    await messages.set_marked(message.id, marked)
    await hold_files(message, sort_out(reply.files, rules.able)[0], rules.able)
    return message


async def _line(turn: Unit, escalation: Escalation, message: Message, actor: Actor) -> NoteInThread:
    """Whoever reads the thread should know that it left, and by whose hand: Slack shows its author."""
    who = named(actor.staff_id, await staff.names({actor.staff_id} if actor.staff_id else set()))
    excerpt = " ".join(message.text.split())[:80]
    return NoteInThread(
        inbox_id=escalation.inbox_id,
        escalation_id=escalation.id,
        text=f"📤 {who} sent this to the customer:\n>{escape(excerpt)}",
        about=f"shortcut:{message.id}",
    )
