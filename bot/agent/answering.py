"""The agent at work on one conversation: begin a turn, think without holding anything, commit if it still stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.agent.asking import Asking, Purpose
from bot.agent.briefing import Briefing
from bot.agent.library import Library
from bot.agent.looking_up import search_of
from bot.agent.no_help import asked_too_often, knows_nothing
from bot.agent.perceived import Perceived
from bot.agent.perceiving import Senses
from bot.agent.turn import Answer, HandOver, Nothing, TurnInput, run_turn
from bot.agent.typing import typing_while
from bot.domain.effects import Think
from bot.domain.escalate_on import by_topic, topics_in_words
from bot.domain.escalation import Escalate, Trigger
from bot.domain.facts import in_words, name_of_theirs
from bot.domain.inboxes import Inboxes
from bot.domain.knowledge import LookedUp
from bot.domain.prompts import Prompt
from bot.flows.agent_answers import Said, TurnBegun, agent_answers, agent_hands_over, begin_turn
from storage import customer_records
from storage.tasks import Claim, unit

_NO_BRIEFING = "Its inbox is not in the settings any more, so the AI has nothing to go by"

log = structlog.get_logger("switchboard.agent")


@dataclass(frozen=True, slots=True)
class Agent:
    """The agents of all inboxes: one model, and for each inbox its own briefing."""

    asking: Asking
    library: Library
    inboxes: Inboxes
    briefings: Mapping[int, Briefing]
    clock: Callable[[], datetime]
    senses: Senses

    async def think(self, work: Think, claimed: Claim) -> None:
        """Answer what waits. A turn that was overtaken says nothing: whatever overtook it has asked for a new one."""
        begun = await begin_turn(work.conversation_id)
        if begun and await self.senses.wait(begun):
            begun = await begin_turn(work.conversation_id)  # what has come meanwhile belongs to it
        looked_up = list[LookedUp]()
        prompt = await self._prompt(begun) if begun else None
        outcome = await self._answer(begun, prompt, looked_up) if begun else None
        async with unit(self.clock(), claimed) as turn:
            if begun is None:
                return
            said = True
            if isinstance(outcome, Answer):
                said = await agent_answers(turn, begun, Said(outcome.text, looked_up, prompt and prompt.version))
            elif isinstance(outcome, HandOver):
                rules = self.inboxes[work.inbox_id].rules
                event = by_topic(outcome.escalate, rules.escalate_on)
                said = await agent_hands_over(turn, begun, event, rules, looked_up)
            if not said:
                log.info("turn.overtaken", conversation=work.conversation_id, epoch=begun.conversation.epoch)

    async def _prompt(self, begun: TurnBegun) -> Prompt | None:
        """What it goes by; None where the settings know the inbox no more."""
        briefing = self.briefings.get(begun.conversation.inbox_id)
        return await briefing.begin(begun.conversation, self.clock()) if briefing else None

    async def _answer(
        self, begun: TurnBegun, prompt: Prompt | None, looked_up: list[LookedUp]
    ) -> Answer | HandOver | Nothing:
        if prompt is None:
            return HandOver(Escalate(Trigger.SYSTEM, _NO_BRIEFING, language=self._language(begun)))
        inbox_id, language = begun.conversation.inbox_id, self._language(begun)
        if vain := asked_too_often(begun, language):
            return HandOver(vain)
        search = await search_of(self.library, inbox_id, looked_up)
        async with typing_while(begun, self.clock):
            model = self.asking.on_behalf_of(inbox_id, Purpose.ANSWER)
            shown, perceived = await self.senses.perceive(begun)
            outcome = await run_turn(await self._input(shown, prompt, perceived), model, search)
        vain = await knows_nothing(begun, looked_up, outcome.text, language) if isinstance(outcome, Answer) else None
        return HandOver(vain) if vain else outcome

    async def _input(self, begun: TurnBegun, prompt: Prompt, perceived: Perceived) -> TurnInput:
        inbox, known = self.inboxes[begun.conversation.inbox_id], await customer_records.facts(begun.conversation.id)
        return TurnInput(
            business=inbox.name,
            prompt=prompt.text,
            history=begun.history,
            answered_through=begun.conversation.answered_through,
            guidance=begun.conversation.guidance,
            facts=in_words(known, inbox.rules.hours, self.clock()),
            name=name_of_theirs(known),
            happened=begun.conversation.happened,
            promises=begun.conversation.promises,
            recap=begun.conversation.recap,
            topics=topics_in_words(inbox.rules.escalate_on),
            language=self._language(begun),
            perceived=perceived,
        )

    def _language(self, begun: TurnBegun) -> str:
        return begun.conversation.language or self.inboxes[begun.conversation.inbox_id].rules.language
