"""Faults spoil exactly the calls they are meant for, before or after these took effect."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller


async def test_a_fault_spoils_one_call(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.faults.add(Fault(code="internal_error"))
    answers = [await caller.slack("auth.test") for _ in range(2)]
    assert [answer.get("error") for answer in answers] == ["internal_error", None]


async def test_a_fault_waits_for_the_call_it_is_meant_for(sandbox: Sandbox, caller: Caller) -> None:
    meant = Fault(code="fatal_error", method="chat.postMessage", when=lambda args: "thread_ts" in args)
    sandbox.slack.faults.add(meant)
    await caller.slack("auth.test")
    root = await caller.post()
    assert len(sandbox.slack.faults) == 1
    refused = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x", thread_ts=root)
    assert refused["error"] == "fatal_error"


@pytest.mark.parametrize(("drop", "posts"), [("before", 0), ("after", 1)])
async def test_a_cut_line_says_nothing_of_whether_the_post_is_there(
    sandbox: Sandbox, caller: Caller, drop: str, posts: int
) -> None:
    sandbox.slack.faults.add(Fault(drop="before") if drop == "before" else Fault(drop="after"))
    with pytest.raises(aiohttp.ClientError):
        await caller.post()
    assert len(sandbox.slack.root_messages("C0SUPPORT")) == posts


async def test_a_hanging_call_took_effect_and_answers_when_released(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    sandbox.whatsapp.faults.add(Fault(hang=True, method="send"))
    call = asyncio.create_task(caller.text())
    await sandbox.until(lambda: sandbox.whatsapp.faults.hanging == 1)
    assert sandbox.whatsapp.sent_to("carla") == ["Hello"]
    assert not call.done()
    sandbox.whatsapp.faults.release()
    assert (await call)[0] == 200


async def test_a_graph_code_comes_in_its_shape_and_without_effect(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    sandbox.whatsapp.faults.add(Fault(code=131056))
    status, answer = await caller.text()
    assert (status, answer["error"]["code"]) == (400, 131056)
    assert sandbox.whatsapp.sent == []


async def test_an_upstream_error_is_html(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.faults.add(Fault(status=503))
    async with caller.session.post(sandbox.slack_api_url + "auth.test") as answer:
        assert (answer.status, answer.content_type) == (503, "text/html")


async def test_a_sandbox_closes_while_calls_hang(caller: Caller) -> None:
    async with Sandbox() as closing:
        closing.openai.hold()
        closing.slack.faults.add(Fault(hang=True))
        slack = asyncio.create_task(Caller(closing, caller.session).slack("auth.test"))
        model = asyncio.create_task(Caller(closing, caller.session).complete({"role": "user", "content": "Hi"}))
        await closing.until(lambda: closing.slack.faults.hanging and closing.openai.waiting)
    async with asyncio.timeout(5):
        await asyncio.gather(slack, model, return_exceptions=True)


async def test_waiting_in_vain_tells_what_the_world_looks_like(sandbox: Sandbox) -> None:
    await sandbox.whatsapp.say("carla", "Is anybody there?")
    with pytest.raises(TimeoutError, match="Is anybody there"):
        await sandbox.until(lambda: False, within=0.01)


async def test_waiting_returns_what_was_found(sandbox: Sandbox, caller: Caller) -> None:
    posting = asyncio.create_task(caller.post())
    (message,) = await sandbox.until(lambda: sandbox.slack.root_messages("C0SUPPORT"))
    assert message.ts == await posting
