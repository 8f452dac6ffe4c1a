"""The stand-in model endpoint reads requests as strictly as the real one, and can be scripted, held and broken."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from openai import AsyncOpenAI

from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]
USER: Json = {"role": "user", "content": "Hi"}
CALL: Json = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
CALLS: Json = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT: Json = {"role": "tool", "tool_call_id": "c1", "content": "found"}


MISSHAPEN: list[tuple[list[Json], Json, str]] = [
    ([], {}, "'messages'"),
    ([USER], {"model": ""}, "model"),
    ([USER], {"stream": True}, "stream"),
    ([USER], {"tools": []}, "too short"),
    ([USER], {"tools": [{"type": "function", "function": {}}]}, "tools.function.name"),
    ([USER], {"tool_choice": "auto"}, "only allowed when 'tools'"),
    ([{"role": "customer", "content": "Hi"}], {}, "Invalid value: 'customer'"),
    ([{"role": "user", "content": None}], {}, "expected a string"),
    ([USER, RESULT], {}, "must be a response to a preceding message"),
    ([USER, CALLS], {}, "had no response: c1"),
    ([USER, CALLS, USER], {}, "must be followed by tool messages"),
    ([USER, CALLS, RESULT | {"tool_call_id": "c2"}], {}, "must be a response"),
    ([USER, {"role": "user", "content": "x", "tool_calls": [CALL]}], {}, "on an assistant message"),
    ([USER, CALLS | {"tool_calls": [CALL | {"function": {"name": "s", "arguments": {}}}]}], {}, "arguments"),
]


@pytest.mark.parametrize(("messages", "more", "told"), MISSHAPEN)
async def test_a_misshapen_request_is_a_400(caller: Caller, messages: list[Json], more: Json, told: str) -> None:
    status, answer = await caller.complete(*messages, **more)
    assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
    assert told in answer["error"]["message"]


async def test_the_vendors_own_client_reads_the_answer(sandbox: Sandbox) -> None:
    sandbox.openai.script([Reply(tool_calls=(Call("search", {"query": "tents"}),)), Reply(text="Two tents.")])
    async with AsyncOpenAI(base_url=sandbox.openai_base_url, api_key="any") as client:
        first = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Tents?"}])
        second = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Tents?"}])
    (call,) = first.choices[0].message.tool_calls or []
    assert call.type == "function"
    assert (call.function.name, call.function.arguments) == ("search", '{"query": "tents"}')
    assert first.choices[0].finish_reason == "tool_calls"
    assert second.choices[0].message.content == "Two tents."
    assert second.usage is not None
    assert second.usage.total_tokens == second.usage.prompt_tokens + second.usage.completion_tokens


async def test_an_answer_can_be_kept_in_flight(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.openai.hold()
    asked = asyncio.create_task(caller.complete(USER))
    await sandbox.until(lambda: sandbox.openai.waiting == 1)
    assert not asked.done()
    sandbox.openai.release()
    assert (await asked)[0] == 200
    assert len(sandbox.openai.requests) == 1


async def test_a_function_may_think_instead(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.openai.script(lambda request: Reply(text=request["messages"][-1]["content"][::-1]))
    _, answer = await caller.complete({"role": "user", "content": "tent"})
    assert answer["choices"][0]["message"]["content"] == "tnet"


async def test_a_broken_model_fails_until_it_is_mended(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.openai.broken = True
    status, answer = await caller.complete(USER)
    assert (status, answer["error"]["type"]) == (500, "server_error")
    sandbox.openai.broken = False
    assert (await caller.complete(USER))[0] == 200


async def test_a_busy_model_says_so(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.openai.faults.add(Fault(status=429, retry_after=1))
    status, answer = await caller.complete(USER)
    assert (status, answer["error"]["type"]) == (429, "rate_limit_error")
