"""Chat completions, both ways: our messages and tools as the API wants them, its answer as ours. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from openai.types.chat import (
    ChatCompletionAssistantMessageParam,
    ChatCompletionContentPartParam,
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageFunctionToolCallParam,
    ChatCompletionMessageParam,
)

from integrations.openai.errors import GarbledOutputError

JsonObject = dict[str, object]

# As Qwen and Hermes, Mistral, and Llama write them.
_CALL_AS_TEXT = re.compile(
    r'<tool_call>|\[TOOL_CALLS\]|<\|python_tag\|>|<function=|^\{\s*"name"\s*:\s*"\w+"\s*,\s*"(?:arguments|parameters)"'
)


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. `arguments` is a JSON object, otherwise as unchecked as any other model output."""

    id: str
    name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. Every server takes JPEG and PNG; WebP and GIFs that stand still not all of them."""

    mime_type: str
    content: bytes

    @property
    def url(self) -> str:
        return f"data:{self.mime_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn. `tool_calls` belong to the assistant; `result_of` is the id of the call that a tool turn answers.

    `images` are the customer's, and `unseen` is what the text is for a model that cannot see them.
    """

    role: Role
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    result_of: str = ""
    images: tuple[Image, ...] = ()
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool on offer. `parameters` is a JSON Schema of its arguments."""

    name: str
    description: str
    parameters: JsonObject


@dataclass(frozen=True, slots=True)
class Usage:
    prompt_tokens: int
    completion_tokens: int


class Ending(StrEnum):
    """How a completion ended. Where it was not `said` to its end, there is no text: nobody must send half of it."""

    SAID = "said"
    CUT = "cut"  # at its longest; the rest is missing
    REFUSED = "refused"  # by the model, or by a filter after it


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model said. `text` may be empty; `usage` is None where the server does not count."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    ending: Ending = Ending.SAID
    refusal: str = ""  # in the model's words, for staff


def to_messages(messages: Sequence[ChatMessage]) -> list[ChatCompletionMessageParam]:
    return [_to_message(message) for message in messages]


def without_images(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The same for a model that cannot see."""
    return [replace(each, text=each.unseen, images=(), unseen="") if each.images else each for each in messages]


def to_tools(tools: Sequence[Tool]) -> list[ChatCompletionFunctionToolParam]:
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in tools
    ]


def from_response(body: bytes) -> Completion:
    """Decipher the body of a 200; raises `GarbledOutputError` when it is no chat completion."""
    reply = _object(_json(body), "the body")
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices:
        raise GarbledOutputError("no choices")
    choice = _object(cast("list[object]", choices)[0], "the choice")
    message = _object(choice.get("message"), "the message")
    usage = _usage(reply.get("usage"))
    if isinstance(refusal := message.get("refusal"), str) and refusal:
        return Completion("", usage=usage, ending=Ending.REFUSED, refusal=refusal)
    if choice.get("finish_reason") == "content_filter":
        return Completion("", usage=usage, ending=Ending.REFUSED)
    if choice.get("finish_reason") == "length":
        return Completion("", _tool_calls(message), usage, Ending.CUT)
    return Completion(_text(message), _tool_calls(message), usage)


def heard_words(body: bytes) -> str:
    """The words in the body of a transcription; raises `GarbledOutputError` when it is none."""
    words = _object(_json(body), "the body").get("text")
    if not isinstance(words, str):
        raise GarbledOutputError("no text")
    return words.strip()


def model_names(body: bytes) -> frozenset[str]:
    """The names in the body of `GET /models`; raises `GarbledOutputError` when it is no list of models."""
    listed = _object(_json(body), "the body").get("data")
    if not isinstance(listed, list):
        raise GarbledOutputError("no list of models")
    return frozenset(str(_object(each, "a model").get("id")) for each in cast("list[object]", listed))


def _to_message(message: ChatMessage) -> ChatCompletionMessageParam:
    match message.role:
        case Role.SYSTEM:
            return {"role": "system", "content": message.text}
        case Role.USER:
            return {"role": "user", "content": _parts(message) if message.images else message.text}
        case Role.TOOL:
            return {"role": "tool", "content": message.text, "tool_call_id": message.result_of}
        case Role.ASSISTANT:
            return _to_assistant(message)


def _parts(message: ChatMessage) -> list[ChatCompletionContentPartParam]:
    pictures: list[ChatCompletionContentPartParam] = [
        {"type": "image_url", "image_url": {"url": each.url}} for each in message.images
    ]
    return [{"type": "text", "text": message.text}, *pictures]


def _to_assistant(message: ChatMessage) -> ChatCompletionAssistantMessageParam:
    if not message.tool_calls:
        return {"role": "assistant", "content": message.text}
    calls = [_to_call(call) for call in message.tool_calls]
    return {"role": "assistant", "content": message.text or None, "tool_calls": calls}


def _to_call(call: ToolCall) -> ChatCompletionMessageFunctionToolCallParam:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
    }


def _text(message: Mapping[str, object]) -> str:
    """What may be said aloud: no reasoning, and no call that came as text.

    Open models behind servers without a reasoning parser (vLLM, llama.cpp) think inside `content`, up to `</think>`;
    without a tool parser they write their calls there.
    """
    content = message.get("content")
    if not isinstance(content, str):
        return ""
    spoken = content.rpartition("</think>")[2].strip()
    if _CALL_AS_TEXT.search(spoken):
        raise GarbledOutputError("a tool call as text")
    return "" if spoken.startswith("<think>") else spoken


def _tool_calls(message: Mapping[str, object]) -> tuple[ToolCall, ...]:
    calls = message.get("tool_calls")
    if not calls:
        return ()
    if not isinstance(calls, list):
        raise GarbledOutputError("tool_calls is no list")
    return tuple(_tool_call(each, position) for position, each in enumerate(cast("list[object]", calls)))


def _tool_call(value: object, position: int) -> ToolCall:
    call = _object(value, "a tool call")
    function = _object(call.get("function"), "a tool call's function")
    # Some servers leave the id out; ours only has to tell the calls of this one message apart.
    return ToolCall(
        id=str(call.get("id") or f"call_{position}"),
        name=str(function.get("name") or ""),
        arguments=_arguments(function.get("arguments")),
    )


def _arguments(value: object) -> JsonObject:
    """The API sends JSON in a string; some compatible servers send the object itself, or nothing for no arguments."""
    if value is None or value == "":
        return {}
    return _object(_json(value) if isinstance(value, str) else value, "the tool arguments")


def _usage(value: object) -> Usage | None:
    if not isinstance(value, dict):
        return None
    counts = cast("JsonObject", value)
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    if isinstance(prompt, int) and isinstance(completion, int):
        return Usage(prompt, completion)
    return None


def _json(text: str | bytes) -> object:
    try:
        return cast("object", json.loads(text))
    except ValueError as error:
        raise GarbledOutputError(f"not JSON: {error}") from error


def _object(value: object, what: str) -> JsonObject:
    if not isinstance(value, dict):
        raise GarbledOutputError(f"{what} is no object")
    return cast("JsonObject", value)
