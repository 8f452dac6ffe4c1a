"""A customer reacts to a message, changes their mind, or takes it back: staff see it where they see the message."""

from __future__ import annotations

from bot.domain.conversation import Conversation, Message
from bot.domain.staff_work import ShowReaction
from bot.domain.thread_work import MirrorMessage
from storage import escalations, messages, reactions
from storage.tasks import Unit


async def customer_reacts(turn: Unit, conversation: Conversation, reaction: Message) -> None:
    about = await messages.by_wamid(reaction.inbox_id, reaction.quoted_wamid or "")
    if about is None or about.conversation_id != conversation.id:
        return await say_reaction(turn, reaction)
    if not reaction.text and await reactions.to_message(about.id) is None:
        # What is taken back came before we knew the message by its wamid, and was said in a line.
        await say_reaction(turn, reaction)
    if await reactions.record(about, reaction):
        turn.cause(ShowReaction(inbox_id=about.inbox_id, message_id=about.id))
    return None


async def reaction_shown(turn: Unit, message_id: int, shown: str) -> None:
    """What staff see of the newest reaction to this message."""
    await reactions.set_shown(message_id, shown)


async def say_reaction(turn: Unit, reaction: Message) -> None:
    """In words, where people have the conversation: there is nothing in Slack to put it on."""
    if active := await escalations.active_of(reaction.conversation_id):
        turn.cause(
            MirrorMessage(inbox_id=reaction.inbox_id, escalation_id=active.id, message_id=reaction.id),
        )
