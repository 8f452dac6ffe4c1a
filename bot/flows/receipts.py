"""What customers see of us besides words: blue ticks when somebody has read theirs, "typing…" while the AI answers."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Conversation, awaits_answer, bot_may_speak
from bot.domain.whatsapp_work import MarkRead, ShowTyping
from bot.flows.agent_answers import TurnBegun
from storage import conversations, tasks
from storage.tasks import Unit


def seen_by_staff(turn: Unit, conversation: Conversation) -> None:
    """A person took it or answered: their newest message is read, and by that all before it."""
    if conversation.last_customer_message:
        turn.cause(
            MarkRead(
                inbox_id=conversation.inbox_id,
                conversation_id=conversation.id,
                message_id=conversation.last_customer_message,
            )
        )


async def ai_is_typing(begun: TurnBegun, time: int, now: datetime) -> None:
    """The AI works on an answer; `time` counts how often it has said so."""
    conversation = begun.conversation
    shown = ShowTyping(
        inbox_id=conversation.inbox_id,
        conversation_id=conversation.id,
        message_id=begun.through,
        epoch=conversation.epoch,
        time=time,
    )
    await tasks.enqueue([shown], now)


async def is_still_answered(work: ShowTyping) -> bool:
    """Not once a person has the conversation, nor when the answer is out: nothing would end it."""
    conversation = await conversations.load(work.conversation_id)
    return bot_may_speak(conversation, work.epoch) and awaits_answer(conversation)
