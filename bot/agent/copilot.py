"""The agent helps the staff: a reply for them to send, a summary for them to read. It speaks to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agent import copilot_prompt, tools, transcript
from bot.agent.asking import Asking, Asks, Purpose
from bot.agent.briefing import Briefing
from bot.agent.library import Library
from bot.agent.looking_up import Search, search_of
from bot.domain.citing import sources_of
from bot.domain.conversation import Conversation, Message
from bot.domain.copilot import Draft, DraftKind, DraftStatus, PrepareDraft, Written, shortened
from bot.domain.inboxes import Inboxes
from bot.domain.knowledge import LookedUp
from bot.domain.text.markdown import markdown_to_whatsapp
from bot.flows.copilot import draft_is_written
from integrations.openai.errors import ModelUnavailable
from integrations.openai.payloads import ChatMessage, Role, Tool, ToolCall
from storage import conversations, drafts, escalations, messages, staff, tasks
from storage.tasks import Claim, unit

ROUNDS = 3
SECONDS = 60.0  # somebody sits before the screen
_HISTORY = 60
_ALL = 400  # messages that a summary reads; a recap tells of what came before
_NO_ANSWER = "The AI gave no answer."
_TOO_SLOW = "The AI took too long."
_NO_BRIEFING = "Its inbox is not in the settings any more, so the AI has nothing to go by."


@dataclass(frozen=True, slots=True)
class Copilot:
    asking: Asking
    library: Library
    inboxes: Inboxes
    briefings: Mapping[int, Briefing]
    clock: Callable[[], datetime]

    async def prepare(self, work: PrepareDraft, claimed: Claim) -> None:
        """Whatever goes wrong with the model, whoever asked is told; asking again costs a click."""
        draft = await drafts.find(work.draft_id)
        if draft is None or draft.status is not DraftStatus.ASKED:
            return await tasks.finish(claimed, self.clock())
        written = await self._written(draft)
        async with unit(self.clock(), claimed) as turn:
            await draft_is_written(turn, work, written)
        return None

    async def _written(self, draft: Draft) -> Written:
        if draft.inbox_id not in self.briefings:
            return Written("", failure=_NO_BRIEFING)
        try:
            async with asyncio.timeout(SECONDS):
                return await (self._reply(draft) if draft.kind is DraftKind.REPLY else self._summary(draft))
        except ModelUnavailable as error:
            return Written("", failure=error.reason)
        except TimeoutError:
            return Written("", failure=_TOO_SLOW)

    async def _reply(self, draft: Draft) -> Written:
        conversation = await _conversation_of(draft)
        history = await messages.latest(conversation.id, _HISTORY)
        looked_up = list[LookedUp]()
        briefing = self.briefings[draft.inbox_id]
        search = await search_of(self.library, draft.inbox_id, looked_up)
        prompt = await briefing.begin(conversation, self.clock())
        said = copilot_prompt.for_reply(
            prompt.text,
            self.inboxes[draft.inbox_id].name,
            conversation,
            transcript.plainly(history),
            has_knowledge=search is not None,
        )
        text = await _text(self.asking.on_behalf_of(draft.inbox_id, Purpose.DRAFT), said, search)
        sources = sources_of(text, looked_up)
        return Written(shortened(text), _last(history), sources) if text else Written("", failure=_NO_ANSWER)

    async def _summary(self, draft: Draft) -> Written:
        conversation = await _conversation_of(draft)
        history = await messages.latest(conversation.id, _ALL)
        names = await staff.names({each.staff_id for each in history if each.staff_id})
        business = self.inboxes[draft.inbox_id].name
        asked = copilot_prompt.for_summary(business, conversation, history, names)
        text = await _text(self.asking.on_behalf_of(draft.inbox_id, Purpose.BRIEF), asked)
        return Written(shortened(text), _last(history)) if text else Written("", failure=_NO_ANSWER)


async def _text(model: Asks, said: Sequence[ChatMessage], search: Search | None = None) -> str:
    """The model's words, after the searches that it wants to make."""
    so_far = list(said)
    offered = (tools.SEARCH,) if search else ()
    for _ in range(ROUNDS):
        completion = await model.complete(so_far, offered)
        if not completion.tool_calls:
            return markdown_to_whatsapp(completion.text).strip()
        results = [await _result(call, offered, search) for call in completion.tool_calls]
        so_far += [ChatMessage(Role.ASSISTANT, completion.text, completion.tool_calls), *results]
    completion = await model.complete([*so_far, ChatMessage(Role.SYSTEM, copilot_prompt.DECIDE)])
    return markdown_to_whatsapp(completion.text).strip()


async def _conversation_of(draft: Draft) -> Conversation:
    escalation = await escalations.load(draft.escalation_id)
    assert escalation is not None  # a draft goes with its escalation
    return await conversations.load(escalation.conversation_id)


async def _result(call: ToolCall, offered: Sequence[Tool], search: Search | None) -> ChatMessage:
    if search is None or call.name != tools.SEARCH.name:
        text = tools.unknown_tool(call.name, offered)
    else:
        text = tools.search_result(await search(tools.search_query(call.arguments)))
    return ChatMessage(Role.TOOL, text, result_of=call.id)


def _last(history: Sequence[Message]) -> int:
    return history[-1].id if history else 0
