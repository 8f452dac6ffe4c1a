"""Pictures and recordings are taken by the stand-in as strictly as by the real endpoint."""

from __future__ import annotations

import base64
from typing import Any

import openai
import pytest

from integrations.openai.client import Model, ModelSettings
from integrations.openai.errors import ModelUnavailable
from integrations.sandbox.openai_media import TRANSCRIBER
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]
PNG, JPEG = b"\x89PNG\r\n\x1a\n picture", b"\xff\xd8\xff\xe0 picture"
GIF = b"GIF89a" + b"\x21\xf9\x04" * 2
OGG = b"OggS\0\2" + bytes(22) + b"OpusHead"


def picture(content: bytes, mime_type: str, **more: object) -> Json:
    url = f"data:{mime_type};base64,{base64.b64encode(content).decode()}"
    return {"type": "image_url", "image_url": {"url": url} | more}


def user(*parts: Json, role: str = "user") -> Json:
    return {"role": role, "content": [{"type": "text", "text": "Look"}, *parts]}


MISSHAPEN: list[tuple[Json, str | None]] = [
    (user(picture(PNG, "image/jpeg")), "invalid_image_format"),
    (user(picture(GIF, "image/gif")), "invalid_image_format"),
    (user(picture(b"II*\0", "image/tiff")), "invalid_image_format"),
    (user(picture(PNG, "image/png", detail="medium")), None),
    (user(picture(PNG, "image/png"), role="assistant"), None),
    (user({"type": "image_url", "image_url": "https://x"}), None),
    (user({"type": "image_url", "image_url": {"url": "data:image/png;base64,?"}}), "invalid_base64_image"),
    (user({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}), "invalid_image_url"),
    (user({"type": "text"}), None),
    ({"role": "user", "content": []}, None),
]


@pytest.mark.parametrize(("message", "code"), MISSHAPEN)
async def test_what_the_api_does_not_take_is_a_400(caller: Caller, message: Json, code: str | None) -> None:
    status, answer = await caller.complete(message)
    assert (status, answer["error"]["type"], answer["error"]["code"]) == (400, "invalid_request_error", code)


async def test_pictures_are_taken_by_a_model_that_sees_and_by_no_other(sandbox: Sandbox, caller: Caller) -> None:
    both = user(picture(PNG, "image/png", detail="low"), picture(JPEG, "image/jpeg"))
    assert (await caller.complete(both))[0] == 200
    sandbox.openai.sees = False
    status, answer = await caller.complete(both)
    assert status == 400
    assert answer["error"]["param"] == "messages.[0].content.[1].type"
    assert "only supported by certain models" in answer["error"]["message"]


@pytest.fixture
async def model(sandbox: Sandbox):
    opened = Model(ModelSettings("m", base_url=sandbox.openai_base_url, transcription_name=TRANSCRIBER))
    yield opened
    await opened.close()


async def test_a_recording_says_what_it_was_told_to_say(sandbox: Sandbox, model: Model) -> None:
    sandbox.openai.recordings.say(OGG, "Where is my tent?")
    assert await model.transcribe(OGG, "voice.ogg") == "Where is my tent?"
    assert await model.transcribe(OGG + b"else", "voice.ogg") == await model.transcribe(OGG + b"new", "voice.ogg")


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (OGG, "voice.amr", 400),
        (OGG, "voice", 400),
        (b"", "voice.ogg", 400),
        (PNG, "voice.ogg", 400),
        (OGG + bytes(25 * 1024 * 1024), "voice.ogg", 413),
    ],
)
async def test_what_is_no_recording_is_refused(model: Model, content: bytes, name: str, status: int) -> None:
    with pytest.raises(ModelUnavailable, match=str(status)):
        await model.transcribe(content, name)


async def test_a_chat_model_writes_nothing_down(sandbox: Sandbox) -> None:
    async with openai.AsyncOpenAI(base_url=sandbox.openai_base_url, api_key="any") as client:
        with pytest.raises(openai.NotFoundError):
            await client.audio.transcriptions.create(model="sandbox-support-agent", file=("a.ogg", OGG))
        heard = await client.audio.transcriptions.create(model=TRANSCRIBER, file=("a.ogg", OGG))
    assert heard.text == "What are your opening hours?"
