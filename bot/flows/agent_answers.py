"""The AI's turn: begun only when the bot is the one to answer, and committed only if that still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.citing import sources_of
from bot.domain.conversation import Author, Conversation, Message, awaits_answer, bot_may_speak
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Escalate
from bot.domain.knowledge import Citation, LookedUp
from bot.domain.recaps import Recap, recap_due
from bot.domain.rules import InboxRules
from bot.domain.text.split import split_for_whatsapp
from bot.domain.whatsapp_work import SendToCustomer
from bot.flows.hand_over import hand_over
from storage import conversations, lookups, messages
from storage.tasks import Unit

_HISTORY = 60  # messages the model may see; the budget for their length is the agent's


@dataclass(frozen=True, slots=True)
class TurnBegun:
    """What the model is shown, and the hands and the words it answers to."""

    conversation: Conversation
    history: tuple[Message, ...]

    @property
    def through(self) -> int:
        return self.conversation.last_customer_message


async def begin_turn(conversation_id: int) -> TurnBegun | None:
    """What there is to answer; None when nothing waits or a person has the conversation."""
    conversation = await conversations.load(conversation_id)
    if not awaits_answer(conversation):
        return None
    history = await messages.latest(conversation_id, _HISTORY, since=conversation.recap_through)
    return TurnBegun(conversation, tuple(history))


@dataclass(frozen=True, slots=True)
class Said:
    """What the AI has to say, and how it came to that."""

    text: str
    looked_up: Sequence[LookedUp] = ()
    prompt_version: int | None = None

    @property
    def sources(self) -> tuple[Citation, ...]:
        return sources_of(self.text, self.looked_up)


async def agent_answers(turn: Unit, begun: TurnBegun, said: Said) -> bool:
    """Say it, unless somebody took the conversation or the customer went on meanwhile; then nothing is said."""
    conversation = await conversations.lock(begun.conversation.id)
    if not _still_stands(conversation, begun):
        return False
    parts = split_for_whatsapp(said.text)
    for number, part in enumerate(parts, 1):
        message = await messages.add(
            messages.NewMessage(
                inbox_id=conversation.inbox_id,
                conversation_id=conversation.id,
                author=Author.BOT,
                text=part,
                status=Delivery.QUEUED,
                said_at=turn.now,
                epoch=conversation.epoch,
                sources=said.sources if number == len(parts) else (),  # named once, under the whole
                prompt_version=said.prompt_version,
            )
        )
        turn.cause(SendToCustomer.of(message))
    await conversations.answered(conversation.id, begun.through)
    await lookups.add(conversation, begun.through, said.looked_up, turn.now, handed_over=False)
    if recap_due(begun.history):
        turn.cause(Recap(inbox_id=conversation.inbox_id, conversation_id=conversation.id))
    return True


async def agent_hands_over(
    turn: Unit, begun: TurnBegun, event: Escalate, rules: InboxRules, looked_up: Sequence[LookedUp] = ()
) -> bool:
    """The AI asks for a person. What the customer added meanwhile does not change that; a person's arrival does."""
    conversation = await conversations.lock(begun.conversation.id)
    if not _is_its_turn(conversation, begun):
        return False
    await hand_over(turn, conversation, event, Actor(None), rules)
    await lookups.add(conversation, begun.through, looked_up, turn.now, handed_over=True)
    return True


def _still_stands(conversation: Conversation, begun: TurnBegun) -> bool:
    return _is_its_turn(conversation, begun) and conversation.last_customer_message == begun.through


def _is_its_turn(conversation: Conversation, begun: TurnBegun) -> bool:
    """A conversation that has become a part of another meanwhile is answered there, by somebody who knows all of it."""
    return conversation.id == begun.conversation.id and bot_may_speak(conversation, begun.conversation.epoch)
