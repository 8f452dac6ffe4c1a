"""Where the AI has been of no help it does not go on trying: people come, and read why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.agent.tools import SUMMARY_LIMIT
from bot.domain.escalation import Escalate, Trigger
from bot.domain.knowledge import LookedUp
from bot.domain.no_help import asked_in_vain, began, knew_nothing_before
from bot.domain.text.slack_out import clip
from bot.flows.agent_answers import TurnBegun
from storage import lookups

ASKED_AGAIN = "The customer asked the same for the third time"
NOTHING_KNOWN = "Twice in a row nothing was found in the knowledge"


def asked_too_often(begun: TurnBegun, language: str) -> Escalate | None:
    """Before the model is asked: a third answer would be like the first two."""
    question = asked_in_vain(begun.history, begun.conversation.answered_through)
    if question is None:
        return None
    told = clip(f"The AI's answers were of no help to: “{question}”", SUMMARY_LIMIT)
    return Escalate(Trigger.SYSTEM, ASKED_AGAIN, told, language=language)


async def knows_nothing(begun: TurnBegun, looked_up: Sequence[LookedUp], answer: str, language: str) -> Escalate | None:
    """After the model has answered: what it says without having found anything, the second time, is not said."""
    if not looked_up or any(each.found for each in looked_up):
        return None
    conversation = begun.conversation
    found = await lookups.found_any(conversation.id, began(begun.history))
    if not knew_nothing_before(begun.history, conversation.answered_through, found):
        return None
    sought = ", ".join(f"“{each.query}”" for each in looked_up)
    told = f"It looked for {sought}, and was about to write: “{answer}”"
    return Escalate(Trigger.SYSTEM, NOTHING_KNOWN, clip(told, SUMMARY_LIMIT), language=language)
