"""Staff react to a customer's message: the customer sees it as a reaction of the business."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Status
from bot.domain.staff_work import TellStaff
from bot.domain.text.emoji_names import from_reaction
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.window import is_closed
from storage import conversations, escalations, messages, posted, staff_reactions
from storage.tasks import Unit

_CUSTOM = "🙂 That emoji is your workspace's own; customers do not see reactions with it."
_CLOSED = "⏳ The customer does not see this reaction: the 24 hours after their last message are over."


@dataclass(frozen=True, slots=True)
class StaffReaction:
    """One emoji put under a post, or taken away again. `name` is Slack's."""

    channel: str
    ts: str
    staff_id: str
    name: str
    is_added: bool


async def staff_reacts(turn: Unit, reaction: StaffReaction) -> None:
    """While people have the conversation. WhatsApp shows one reaction of ours: the newest, whoever of us it is from."""
    target = await _target(reaction)
    if target is None or not target.wamid:
        return
    conversation = await conversations.lock(target.conversation_id)
    escalation = await escalations.active_of(conversation.id)
    if escalation is None or escalation.status is not Status.OPEN:
        return
    emoji, standing = from_reaction(reaction.name), await staff_reactions.standing(conversation.id, target.wamid)
    if reaction.is_added and emoji is None:
        await _tell(turn, escalation, reaction, _CUSTOM, about=f"custom_emoji:{reaction.staff_id}")
    elif is_closed(conversation, turn.now):
        if reaction.is_added:
            await _tell(turn, escalation, reaction, _CLOSED, about=f"{reaction.channel}:{reaction.ts}:late_reaction")
    elif reaction.is_added:
        await _send(turn, escalation, target, reaction.staff_id, emoji or "")
    elif standing and (standing.staff_id, standing.text) == (reaction.staff_id, emoji):
        await _send(turn, escalation, target, reaction.staff_id, "")


async def _target(reaction: StaffReaction) -> Message | None:
    """Of several messages in one post the last one of the customer's that is still there."""
    shown = await messages.load_all(await posted.messages_at(reaction.channel, reaction.ts))
    said = [each for each in shown if each.author is Author.CUSTOMER and not each.revoked_at]
    return said[-1] if said else None


async def _send(turn: Unit, escalation: Escalation, target: Message, by: str, emoji: str) -> None:
    row = await messages.add(
        messages.NewMessage(
            inbox_id=target.inbox_id,
            conversation_id=target.conversation_id,
            author=Author.STAFF,
            kind=staff_reactions.KIND,
            text=emoji,
            status=Delivery.QUEUED,
            said_at=turn.now,
            escalation_id=escalation.id,
            staff_id=by,
            quoted_wamid=target.wamid,
        )
    )
    turn.cause(SendToCustomer.of(row))


async def _tell(turn: Unit, escalation: Escalation, reaction: StaffReaction, words: str, about: str) -> None:
    thread = await escalations.thread_of(escalation.id)
    turn.cause(
        TellStaff(
            inbox_id=escalation.inbox_id,
            channel=reaction.channel,
            thread_ts=thread.ts or reaction.ts,
            user=reaction.staff_id,
            text=words,
            about=about,
        )
    )
