"""One turn of the agent: the model thinks, looks things up, and ends with an answer or with a handover."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.agent import frame, tools, transcript
from bot.agent.asking import Asks
from bot.agent.objections import Objection, objection
from bot.agent.perceived import NOTHING, Perceived
from bot.domain.conversation import Author, Message, opens_turn
from bot.domain.escalation import Escalate, Trigger
from bot.domain.knowledge import Passage
from bot.domain.text.leaks import Instructions
from bot.domain.text.markdown import markdown_to_whatsapp
from bot.domain.text.slack_out import clip
from integrations.openai.errors import ModelUnavailable
from integrations.openai.payloads import ChatMessage, Completion, Ending, Role, Tool, ToolCall

TOOL_ROUNDS = 4
CALLS_A_ROUND = 4
_TOO_MANY = "Not looked up: too many calls at once."
_SHOWN_AGAIN = 4_000  # characters of an answer that the model is asked about
# Each call has its own timeout and retries; a customer waits for all of them together.
TURN_SECONDS = 90.0
UNAVAILABLE = "AI unavailable"

_DECIDE = "Look nothing up any more. Answer the customer now with what you know, or call `escalate_to_human`."
_NUDGE = "Your last turn was empty. Answer the customer now, or call `escalate_to_human`."
_CUT_OFF = "Your last turn was cut off at its longest. Answer in two or three sentences, or call `escalate_to_human`."
_REFUSED = "The AI refused to answer"
_FILTERED = "A filter for unwanted content held its answer back."
_WHY_NOT = {
    Ending.SAID: "The AI model gave no answer.",
    Ending.CUT: "The AI model's answer was cut off at its longest.",
}

Search = Callable[[str], Awaitable[Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class TurnInput:
    """What a turn begins from. `history` is oldest first; `language` is the customer's, as far as we know."""

    business: str
    prompt: str
    history: Sequence[Message]
    answered_through: int = 0
    guidance: str = ""
    language: str = "en"
    facts: str = ""  # what is known of the customer and of this hour
    name: str = ""  # what the customer calls themselves
    promises: str = ""  # what people have promised the customer
    recap: str = ""  # what was said before the history begins
    happened: str = ""  # what people did meanwhile, as they have told the AI
    topics: str = ""  # what the settings call people for, beside the business's own rules
    perceived: Perceived = NOTHING  # of the customer's files


@dataclass(frozen=True, slots=True)
class Answer:
    """Say this to the customer. `text` is WhatsApp text."""

    text: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Bring people in, and say nothing else: the acknowledgement is Switchboard's."""

    escalate: Escalate


@dataclass(frozen=True, slots=True)
class Nothing:
    """The customer said nothing that wants an answer."""


async def run_turn(
    turn: TurnInput, model: Asks, search: Search | None, seconds: float = TURN_SECONDS
) -> Answer | HandOver | Nothing:
    """Let the model answer what the customer said since the last answer. `search` is None without knowledge."""
    if not _asks_something(turn):
        return Nothing()
    try:
        async with asyncio.timeout(seconds):
            return await _think(turn, model, search)
    except ModelUnavailable as error:
        return _unavailable(turn, error.reason)
    except TimeoutError:
        return _unavailable(turn, "The AI model took too long.")


def _asks_something(turn: TurnInput) -> bool:
    return any(
        message.author is Author.CUSTOMER
        and message.id > turn.answered_through
        and opens_turn(message.kind)
        and message.revoked_at is None
        for message in turn.history
    )


async def _think(turn: TurnInput, model: Asks, search: Search | None) -> Answer | HandOver:
    messages = _opening(turn, has_knowledge=search is not None)
    offered = (tools.ESCALATE, tools.SEARCH) if search else (tools.ESCALATE,)
    for _ in range(TOOL_ROUNDS):
        completion = await model.complete(messages, offered)
        if outcome := _outcome(completion, turn.language):
            return await _audited(turn, model, messages, outcome)
        if not completion.tool_calls:
            return await _ask_plainly(turn, model, messages, _CUT_OFF if completion.ending is Ending.CUT else _NUDGE)
        messages += await _tool_round(completion, offered, search)
    return await _ask_plainly(turn, model, messages, _DECIDE)


async def _audited(
    turn: TurnInput, model: Asks, messages: Sequence[ChatMessage], outcome: Answer | HandOver
) -> Answer | HandOver:
    """An answer that the customer must not read goes back to the model once."""
    if isinstance(outcome, Answer) and (wrong := _objection(turn, outcome)):
        told = ChatMessage(Role.ASSISTANT, clip(outcome.text, _SHOWN_AGAIN))
        return await _ask_plainly(turn, model, [*messages, told], wrong.told, _after(wrong, outcome))
    return outcome


def _after(wrong: Objection, answer: Answer) -> Answer | HandOver:
    return HandOver(wrong.then) if wrong.then else answer


def _objection(turn: TurnInput, answer: Answer) -> Objection | None:
    instructions = Instructions(frame.ours(), f"{turn.prompt}\n{turn.topics}")
    return objection(turn.history, turn.answered_through, answer.text, turn.language, instructions)


def _opening(turn: TurnInput, *, has_knowledge: bool) -> list[ChatMessage]:
    return frame.opening(
        frame.system_prompt(turn.prompt, turn.business, has_knowledge=has_knowledge),
        known=(turn.topics, frame.known(turn.facts), frame.promised(turn.promises)),
        theirs=(frame.called(turn.name), frame.recapped(turn.recap)),
        spoken=transcript.to_messages(turn.history, turn.guidance, perceived=turn.perceived, happened=turn.happened),
    )


async def _ask_plainly(
    turn: TurnInput, model: Asks, messages: Sequence[ChatMessage], why: str, otherwise: Answer | HandOver | None = None
) -> Answer | HandOver:
    """The last question: it leaves the model an answer or the handover, and us no further round."""
    try:
        completion = await model.complete(frame.reminded(messages, why), (tools.ESCALATE,))
    except ModelUnavailable:
        if otherwise is None:
            raise
        return otherwise
    outcome = _outcome(completion, turn.language)
    if isinstance(outcome, Answer) and (wrong := _objection(turn, outcome)):
        return _after(wrong, outcome)
    return outcome or otherwise or _unavailable(turn, _WHY_NOT[completion.ending])


def _outcome(completion: Completion, language: str) -> Answer | HandOver | None:
    """How this completion ends the turn, if it does.

    A handover wins over any text beside it, or the customer would read two farewells; text beside other calls
    ("let me look") is no answer yet.
    """
    for call in completion.tool_calls:
        if call.name == tools.ESCALATE.name:
            return HandOver(tools.escalation(call.arguments, language))
    if completion.ending is Ending.REFUSED:
        why = f"It said: “{completion.refusal}”" if completion.refusal else _FILTERED
        return HandOver(Escalate(Trigger.SYSTEM, _REFUSED, clip(why, tools.SUMMARY_LIMIT), language=language))
    text = "" if completion.tool_calls else markdown_to_whatsapp(completion.text).strip()
    return Answer(text) if text else None


async def _tool_round(completion: Completion, offered: Sequence[Tool], search: Search | None) -> list[ChatMessage]:
    """The model's calls and their results, as the next completion must see them."""
    results = [
        ChatMessage(
            Role.TOOL, await _result(call, offered, search) if number < CALLS_A_ROUND else _TOO_MANY, result_of=call.id
        )
        for number, call in enumerate(completion.tool_calls)
    ]
    return [ChatMessage(Role.ASSISTANT, completion.text, completion.tool_calls), *results]


async def _result(call: ToolCall, offered: Sequence[Tool], search: Search | None) -> str:
    if search is None or call.name != tools.SEARCH.name:
        return tools.unknown_tool(call.name, offered)
    return tools.search_result(await search(tools.search_query(call.arguments)))


def _unavailable(turn: TurnInput, why: str) -> HandOver:
    return HandOver(Escalate(Trigger.SYSTEM, UNAVAILABLE, summary=why, language=turn.language))
