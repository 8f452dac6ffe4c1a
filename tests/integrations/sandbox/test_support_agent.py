"""The demo's stand-in model: always the same answers, from what it found or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations.sandbox.reply import Reply
from integrations.sandbox.support_agent import answer

Json = dict[str, Any]
SEARCH: Json = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
ESCALATE: Json = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "summary": {"type": "string"},
        "priority": {"type": "string", "enum": ["normal", "high", "urgent"]},
        "language": {"type": "string"},
    },
    "required": ["reason", "summary"],
}
TOOLS: list[Json] = [
    {"type": "function", "function": {"name": "search_knowledge", "parameters": SEARCH}},
    {"type": "function", "function": {"name": "escalate_to_human", "parameters": ESCALATE}},
]
FRAME: Json = {"role": "system", "content": "You answer for Aurora Outdoor."}
RETURNS = (
    "## Returns > How do I return something?\n(from returns.md)\n"
    "You can return unused items within 30 days. The form gives you a *label* to print.\n\n"
    "## Tents > Cleaning\n(from tents.md)\nWash it with a sponge."
)


def user(text: str) -> Json:
    return {"role": "user", "content": text}


def said(text: str) -> Json:
    return {"role": "assistant", "content": text}


def searched(result: str, call_id: str = "c1") -> list[Json]:
    call = {"id": call_id, "type": "function", "function": {"name": "search_knowledge", "arguments": "{}"}}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call_id, "content": result},
    ]


def ask(*messages: Json, tools: list[Json] = TOOLS) -> Reply:
    return answer({"model": "m", "messages": [FRAME, *messages], "tools": tools})


def handover(reply: Reply) -> Json:
    (call,) = reply.tool_calls
    assert call.name == "escalate_to_human"
    return call.arguments


def test_a_greeting_is_greeted_without_looking_anything_up() -> None:
    assert "Aurora Outdoor" in (ask(user("Hello!")).text or "")


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Where is my order 4812?", "tracking"),
        ("How do I return my boots?", "return"),
        ("What are your opening hours?", "hours"),
        ("¿Dónde está mi pedido?", "order"),
    ],
)
def test_a_question_is_looked_up_first(question: str, word: str) -> None:
    (call,) = ask(user(question)).tool_calls
    assert call.name == "search_knowledge"
    assert word in call.arguments["query"]


def test_the_answer_is_phrased_from_what_was_found() -> None:
    reply = ask(user("How do I return my boots?"), *searched(RETURNS))
    assert reply.text == "You can return unused items within 30 days. The form gives you a label to print."


def test_what_is_not_there_is_not_made_up() -> None:
    reply = ask(user("Do you sell kayaks?"), *searched(RETURNS), *searched("Nothing was found.", "c2"))
    assert "couldn't find" in (reply.text or "")


def test_a_page_on_tents_does_not_answer_for_snow() -> None:
    page = "## Tents > Cleaning\n(from tents.md)\nWash the tent with a sponge."
    reply = ask(user("Which tent for a mountain, in snow and storm?"), *searched(page), *searched(page, "c2"))
    assert "couldn't find" in (reply.text or "")


def test_an_empty_search_is_tried_once_more() -> None:
    assert ask(user("Do you sell kayaks?"), *searched("Nothing was found.")).tool_calls[0].name == "search_knowledge"


def test_knowing_nothing_twice_brings_a_person() -> None:
    nothing = [*searched("Nothing was found."), *searched("Nothing was found.", "c2")]
    first = ask(user("Do you sell kayaks?"), *nothing).text or ""
    arguments = handover(ask(user("Do you sell kayaks?"), said(first), user("A kayak, for a lake"), *nothing))
    assert arguments["reason"] == "The answer is not in what we know"


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("Can I talk to a person?", "normal"),
        ("Quiero hablar con una persona", "normal"),
        ("My tent arrived torn", "high"),
        ("This is a complaint", "high"),
        ("This is unacceptable", "high"),
        ("You will hear from my lawyer", "high"),
        ("I want a refund of 180 euros", "high"),
        ("The stove exploded and my hand is burned", "urgent"),
    ],
)
def test_what_a_person_must_decide_goes_to_one(text: str, priority: str) -> None:
    arguments = handover(ask(user(text)))
    assert arguments["priority"] == priority
    assert text in arguments["summary"]


def test_a_small_refund_is_an_ordinary_question() -> None:
    assert ask(user("How long does a refund take?")).tool_calls[0].name == "search_knowledge"


def test_the_offered_schema_is_kept_to() -> None:
    odd = {"type": "object", "properties": {"priority": {"enum": ["low"]}, "why": {}}, "required": ["why"]}
    tools = [{"type": "function", "function": {"name": "escalate_to_human", "parameters": odd}}]
    assert handover(ask(user("Can I talk to a person?"), tools=tools)) == {"priority": "low", "why": ""}


def test_after_people_gave_it_back_it_goes_on_politely_and_does_not_hand_over_again() -> None:
    stretch = [
        user("Can I talk to a person?"),
        {"role": "system", "content": "The colleague has given the conversation back."},
    ]
    assert "with you again" in (ask(*stretch).text or "")
    guided = {"role": "system", "content": "The colleague's guidance for you: The parcel arrives on Friday."}
    assert (ask(*stretch, guided).text or "").endswith("The parcel arrives on Friday.")


def test_the_same_question_always_gets_the_same_answer() -> None:
    replies = [json.dumps(str(ask(user("How do I return my boots?"), *searched(RETURNS)))) for _ in range(5)]
    assert len(set(replies)) == 1
