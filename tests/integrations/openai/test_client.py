"""The model's telephone over real HTTP: refusals, silence and garbage."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from integrations.errors import ErrorClass
from integrations.openai.client import ModelSettings
from integrations.openai.errors import ModelUnavailable
from integrations.openai.payloads import ChatMessage, Image, Role, Tool, ToolCall
from tests.scripted_model import STALL, Reply, ScriptedModel, call, says, scripted_model

HELLO = (ChatMessage(Role.USER, "Hello"),)
SEARCH = Tool("search", "Searches.", {"type": "object", "properties": {"query": {"type": "string"}}})


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as served:
        yield served


async def test_text_and_calls_come_back(server: ScriptedModel):
    server.will(says("Let me look.", call("search", {"query": "tent"})))
    reply = await server.model().complete(HELLO, (SEARCH,))
    assert reply.text == "Let me look."
    assert reply.tool_calls == (ToolCall("call_1", "search", {"query": "tent"}),)
    assert server.requests[0]["model"] == "stand-in"
    assert server.requests[0]["tools"][0]["function"]["name"] == "search"
    assert server.keys == ["Bearer sk-test"]


async def test_without_tools_the_request_has_no_tools_at_all(server: ScriptedModel):
    server.will(says("Hello"))
    await server.model().complete(HELLO)
    assert "tools" not in server.requests[0]


async def test_a_server_that_needs_no_key_gets_by_without_one(server: ScriptedModel):
    server.will(says("Hello"))
    assert (await server.model(key="").complete(HELLO)).text == "Hello"


async def test_garbled_arguments_are_no_answer(server: ScriptedModel):
    server.will(says(None, call("search", "{")))
    with pytest.raises(ModelUnavailable) as caught:
        await server.model().complete(HELLO, (SEARCH,))
    assert caught.value.reason == "The AI model's answer made no sense."


async def test_a_web_page_instead_of_an_answer_is_unavailable(server: ScriptedModel):
    server.will(Reply("<html>Please sign in</html>", content_type="text/html"))
    with pytest.raises(ModelUnavailable):
        await server.model().complete(HELLO)


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("Retry-After", "7", 7.0),
        ("Retry-After-Ms", "250", 0.25),
        ("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Retry-After", "soon", None),
    ],
)
async def test_a_busy_server_says_how_long(server: ScriptedModel, header: str, value: str, seconds: float | None):
    server.will(Reply("{}", status=429, headers={header: value}))
    with pytest.raises(ModelUnavailable) as caught:
        await server.model().complete(HELLO)
    assert caught.value.retry_after == seconds
    assert len(server.requests) == 1


async def test_a_model_that_never_answers_is_unavailable(server: ScriptedModel):
    server.will(STALL)
    with pytest.raises(ModelUnavailable, match="in time"):
        await server.model(timeout=0.2).complete(HELLO)


async def test_a_server_that_is_not_there_is_unavailable(server: ScriptedModel):
    gone = server.model(url="http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable, match="could not be reached"):
        await gone.complete(HELLO)


@pytest.mark.parametrize(
    ("status", "error_class", "names"),
    [
        (401, ErrorClass.AUTH, "OPENAI_API_KEY"),
        (403, ErrorClass.AUTH, "OPENAI_API_KEY"),
        (404, ErrorClass.BUG, "OPENAI_MODEL"),
        (400, ErrorClass.BUG, "did not accept"),
        (429, ErrorClass.THROTTLED, "quota"),
        (503, ErrorClass.TRANSIENT, "server failed"),
    ],
)
async def test_a_refusal_says_what_to_check(server: ScriptedModel, status: int, error_class: ErrorClass, names: str):
    server.will(Reply('{"error": {"message": "Incorrect key sk-test", "code": "x"}}', status=status))
    with pytest.raises(ModelUnavailable) as caught:
        await server.model().complete(HELLO)
    assert caught.value.error_class is error_class
    assert names in caught.value.reason
    assert "sk-test" not in str(caught.value)


def test_the_key_is_not_in_what_is_printed():
    assert "sk-secret" not in repr(ModelSettings("m", "sk-secret"))


# --- Pictures and voices ---

PHOTO = (ChatMessage(Role.USER, "[photo] Torn", images=(Image("image/png", b"png"),), unseen="[photo, unseen] Torn"),)
BLIND = {"error": {"message": "image_url is only supported by certain models.", "code": None}}


async def test_a_picture_goes_as_a_part_beside_its_words_to_the_model_that_sees(server: ScriptedModel):
    server.will(says("Torn."), says("Hello"))
    model = server.model(vision="seeing")
    await model.complete(PHOTO)
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}}
    assert server.heard[0]["content"] == [{"type": "text", "text": "[photo] Torn"}, picture]
    await model.complete(HELLO)
    assert [each["model"] for each in server.requests] == ["seeing", "stand-in"]


@pytest.mark.parametrize("status", [400, 404])
async def test_a_model_that_refuses_pictures_is_asked_without_them_and_spared_the_next(
    server: ScriptedModel, status: int
):
    server.will(Reply(json.dumps(BLIND), status=status), says("I cannot see it."), says("Nor this one."))
    model = server.model(vision="seeing")
    assert (await model.complete(PHOTO)).text == "I cannot see it."
    assert not model.sees
    await model.complete(PHOTO)
    assert [each["model"] for each in server.requests] == ["seeing", "stand-in", "stand-in"]
    assert [each["messages"][0]["content"] for each in server.requests[1:]] == ["[photo, unseen] Torn"] * 2


async def test_one_broken_picture_blinds_nobody_to_the_next(server: ScriptedModel):
    server.will(
        Reply('{"error": {"message": "", "code": "invalid_image_format"}}', status=400), says("?"), says("Torn.")
    )
    model = server.model()
    await model.complete(PHOTO)
    assert model.sees
    await model.complete(PHOTO)
    assert isinstance(server.heard[0]["content"], list)


async def test_a_server_that_stumbles_over_pictures_again_is_blind_once_may_be_chance(server: ScriptedModel):
    """vLLM and llama.cpp answer 500 where their model cannot see."""
    server.will(Reply("oops", status=500), Reply("oops", status=500), says("I cannot see it."))
    model = server.model()
    with pytest.raises(ModelUnavailable):
        await model.complete(PHOTO)
    assert model.sees
    assert (await model.complete(PHOTO)).text == "I cannot see it."
    assert not model.sees


async def test_a_key_that_is_refused_is_not_blamed_on_a_picture(server: ScriptedModel):
    server.will(Reply("{}", status=401))
    with pytest.raises(ModelUnavailable):
        await server.model().complete(PHOTO)
    assert len(server.requests) == 1
