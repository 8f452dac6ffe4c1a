"""A recording has been listened to: people read what it says, and who asks for one of them by voice gets one."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Conversation, Message
from bot.domain.handover import language_of
from bot.domain.rules import InboxRules
from bot.domain.thread_work import ShowHeard
from bot.flows.calls_for_people import calls_for_people
from bot.flows.translation import show_in_thread_language
from storage import conversations, customers, escalations, messages
from storage.tasks import Unit


async def recording_heard(turn: Unit, message_id: int, words: str, rules: InboxRules) -> None:
    """Without words nothing could be heard. Whoever has taken over since hears nothing of it but the words."""
    message = await messages.load(message_id)
    conversation = await conversations.lock(message.conversation_id)
    message = await messages.load(message_id)
    await messages.set_heard(message_id, words, language_of(words))
    if not words or message.revoked_at is not None:
        return
    if active := await escalations.active_of(conversation.id):
        # Where its thread is still to be opened, the transcript it opens with says it.
        if (await escalations.thread_of(active.id)).ts is not None:
            turn.cause(ShowHeard(inbox_id=message.inbox_id, escalation_id=active.id, message_id=message_id))
        await show_in_thread_language(turn, replace(message, heard=words), active, rules)
    elif await _is_for_bot(conversation, message):
        comes = await calls_for_people(turn, conversation, words, rules)
        if not comes and (language := language_of(words)):
            await conversations.set_language(conversation.id, language)


async def _is_for_bot(conversation: Conversation, message: Message) -> bool:
    """Whether it was said to the bot, and nobody had the conversation since."""
    customer = await customers.load(conversation.customer_id)
    is_same_hands = not conversation.with_people and conversation.epoch == message.epoch
    return is_same_hands and customer.blocked_at is None
