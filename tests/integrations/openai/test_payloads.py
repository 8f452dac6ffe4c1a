"""Chat completions as servers really send them, well and badly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations.openai.errors import GarbledOutputError
from integrations.openai.payloads import (
    ChatMessage,
    Ending,
    Role,
    Tool,
    ToolCall,
    Usage,
    from_response,
    to_messages,
    to_tools,
)


def completion(message: dict[str, Any], **choice: Any) -> bytes:
    return json.dumps({"choices": [{"message": message, **choice}]}).encode()


def tool_call(arguments: object) -> bytes:
    return completion({"tool_calls": [{"id": "c1", "function": {"name": "search", "arguments": arguments}}]})


def test_a_tool_round_reads_back_as_the_api_wants_it():
    search = ToolCall("c1", "search_knowledge", {"query": "tienda de campaña"})
    messages = [
        ChatMessage(Role.SYSTEM, "You help."),
        ChatMessage(Role.USER, "Hola"),
        ChatMessage(Role.ASSISTANT, "", (search,)),
        ChatMessage(Role.TOOL, "Nothing.", result_of="c1"),
        ChatMessage(Role.ASSISTANT, "No lo sé."),
    ]
    assert to_messages(messages) == [
        {"role": "system", "content": "You help."},
        {"role": "user", "content": "Hola"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "search_knowledge", "arguments": '{"query": "tienda de campaña"}'},
                }
            ],
        },
        {"role": "tool", "content": "Nothing.", "tool_call_id": "c1"},
        {"role": "assistant", "content": "No lo sé."},
    ]


def test_a_tool_is_offered_as_a_function():
    schema: dict[str, object] = {"type": "object", "properties": {}}
    assert to_tools([Tool("look", "Looks.", schema)]) == [
        {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": schema}}
    ]


def test_text_and_usage_are_read():
    body = {"choices": [{"message": {"content": " Hello "}}], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}
    reply = from_response(json.dumps(body).encode())
    assert (reply.text, reply.tool_calls, reply.usage) == ("Hello", (), Usage(7, 2))


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "7"}, []])
def test_a_server_that_does_not_count_is_fine(usage: object):
    body = {"choices": [{"message": {"content": "Hello"}}], "usage": usage}
    assert from_response(json.dumps(body).encode()).usage is None


@pytest.mark.parametrize("arguments", ['{"query": "tent"}', {"query": "tent"}])
def test_arguments_come_as_a_string_or_as_an_object(arguments: object):
    assert from_response(tool_call(arguments)).tool_calls == (ToolCall("c1", "search", {"query": "tent"}),)


@pytest.mark.parametrize("arguments", [None, "", "{}"])
def test_no_arguments_are_no_arguments(arguments: object):
    assert from_response(tool_call(arguments)).tool_calls == (ToolCall("c1", "search", {}),)


@pytest.mark.parametrize("arguments", ['{"query": "te', "tent", "[1]", '"tent"', "null", 3])
def test_arguments_that_are_no_object_are_garbled(arguments: object):
    with pytest.raises(GarbledOutputError):
        from_response(tool_call(arguments))


def test_calls_without_an_id_can_still_be_told_apart():
    calls = [{"function": {"name": "a", "arguments": "{}"}}, {"function": {"name": "b", "arguments": "{}"}}]
    first, second = from_response(completion({"tool_calls": calls})).tool_calls
    assert first.id
    assert second.id
    assert first.id != second.id


@pytest.mark.parametrize(
    "content",
    ["<think>They want a refund.</think>\n\nHello", "They want a refund.</think>Hello", "Hello"],
)
def test_reasoning_is_never_said_aloud(content: str):
    assert from_response(completion({"content": content})).text == "Hello"


def test_reasoning_that_was_cut_off_is_no_answer():
    assert from_response(completion({"content": "<think>They want a ref"})).text == ""


def test_a_filtered_answer_is_no_answer():
    filtered = from_response(completion({"content": "I will"}, finish_reason="content_filter"))
    assert (filtered.text, filtered.ending) == ("", Ending.REFUSED)


def test_a_refusal_is_none_of_the_models_words_to_a_customer():
    refused = from_response(completion({"content": None, "refusal": "I cannot help with that."}))
    assert (refused.text, refused.refusal, refused.ending) == ("", "I cannot help with that.", Ending.REFUSED)


def test_an_answer_without_its_end_is_marked():
    cut = from_response(completion({"content": "You have"}, finish_reason="length"))
    assert (cut.text, cut.ending) == ("", Ending.CUT)


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "search", "arguments": {}}</tool_call>',
        '{"name": "search", "parameters": {"query": "tent"}}',
        '[TOOL_CALLS][{"name": "search"}]',
    ],
)
def test_a_call_that_came_as_text_is_garbled(text: str):
    with pytest.raises(GarbledOutputError):
        from_response(completion({"content": text}))


@pytest.mark.parametrize("message", [{}, {"content": None}, {"content": "", "tool_calls": None}])
def test_an_empty_answer_is_empty_not_garbled(message: dict[str, Any]):
    reply = from_response(completion(message))
    assert (reply.text, reply.tool_calls) == ("", ())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": "hi"}]}',
        b'{"choices": [{"message": {"tool_calls": "search"}}]}',
        b'{"choices": [{"message": {"tool_calls": [{"id": "c1"}]}}]}',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_completion_is_garbled(body: bytes):
    with pytest.raises(GarbledOutputError):
        from_response(body)
