"""A customer edits or deletes what they wrote: staff read it, and the AI answers the words as they stand."""

from __future__ import annotations

from bot.domain.conversation import Author, Conversation, Message, opens_turn
from storage import conversations, messages


async def customer_corrects(conversation: Conversation, change: Message) -> Message | None:
    """Apply it to the message it is about; returns that message as it stands if the AI still owes an answer to it."""
    about = await messages.by_wamid(change.inbox_id, change.quoted_wamid or "")
    if about is None or about.author is not Author.CUSTOMER or about.conversation_id != change.conversation_id:
        return None  # nobody changes anything but their own words
    if change.kind == "edit":
        applied = await messages.edit(about.id, change.text, change.said_at)
    else:
        applied = await messages.revoke(about.id, change.said_at)
    if not applied:
        return None
    await conversations.recap_outdated(conversation.id, about.id)
    if not _is_unanswered(conversation, about):
        return None
    await conversations.changed_words(conversation.id, change.id)
    if not await messages.asks_after(conversation.id, conversation.answered_through):
        await conversations.answered(conversation.id, change.id)  # nothing of what waited is left
        return None
    return await messages.load(about.id)


def _is_unanswered(conversation: Conversation, about: Message) -> bool:
    return not conversation.with_people and about.id > conversation.answered_through and opens_turn(about.kind)
