"""What customers write that brings people in by rule: a plain request for a person, and words that are people's."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Conversation
from bot.domain.escalate_on import called_by, found_in
from bot.domain.escalation import Actor, Escalate, Trigger
from bot.domain.handover import asks_for_person, language_of
from bot.domain.rules import InboxRules
from bot.flows.hand_over import hand_over
from storage import conversations
from storage.tasks import Unit

_WHAT_CUSTOMERS_ASK = "The customer asked for a person"


async def calls_for_people(turn: Unit, conversation: Conversation, words: str, rules: InboxRules) -> bool:
    """Whether these words bring people in, whatever the model would have made of them. The caller holds the lock."""
    language = language_of(words) or conversation.language
    asked_in, found = asks_for_person(words), found_in(words, rules.escalate_on)
    if asked_in:
        event = Escalate(Trigger.CUSTOMER, _WHAT_CUSTOMERS_ASK, language=asked_in)
        if found:
            rule = called_by(found, asked_in)
            event = replace(event, summary=f"{rule.reason}. {rule.summary}", priority=rule.priority)
        language = asked_in
    elif found:
        event = called_by(found, language or rules.language)
    else:
        return False
    if language and language != conversation.language:
        await conversations.set_language(conversation.id, language)
    await hand_over(turn, conversation, event, Actor(None), rules)
    return True
