"""The stand-ins keep files as Meta and Slack do: what they check, how they say no, and for how long they keep what."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

import aiohttp
import pytest

from bot.domain.files import LIMITS, FileKind
from integrations.sandbox.people import CARLA
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 32
OPUS = b"OggS" + b"\0" * 24 + b"OpusHead\x01\x01"
STEREO = b"OggS" + b"\0" * 24 + b"OpusHead\x01\x02"


async def upload(
    caller: Caller, content: bytes, mime_type: str, token: str | None = None, **fields: str
) -> tuple[int, Json]:
    config = caller.sandbox.config
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime_type} | fields)
    form.add_field("file", BytesIO(content), filename="file", content_type=mime_type)
    url = f"{caller.sandbox.whatsapp_api_url}/v25.0/{config.phone_number_id}/media"
    async with caller.session.post(url, data=form, headers=bearer(caller, token)) as answer:
        return answer.status, cast("Json", await answer.json())


async def look_up(caller: Caller, media_id: str) -> tuple[int, Json]:
    url = f"{caller.sandbox.whatsapp_api_url}/v25.0/{media_id}?phone_number_id={caller.sandbox.config.phone_number_id}"
    async with caller.session.get(url, headers=bearer(caller)) as answer:
        return answer.status, cast("Json", await answer.json())


def bearer(caller: Caller, token: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token or caller.sandbox.config.whatsapp_access_token}"}


@pytest.mark.parametrize(
    ("content", "mime_type", "code", "told"),
    [
        (b"PK\x03\x04", "application/zip", 100, "one of the following types"),
        (JPEG, "image/heic", 100, "one of the following types"),
        (b"hello there", "image/jpeg", 131053, "content is not 'image/jpeg'"),
        (OPUS, "audio/opus", 100, "one of the following types"),
        (STEREO, "audio/ogg; codecs=opus", 131053, "content is not"),
    ],
)
async def test_an_upload_of_the_wrong_type_size_or_content_is_refused(
    caller: Caller, content: bytes, mime_type: str, code: int, told: str
) -> None:
    status, answer = await upload(caller, content, mime_type)
    assert (status, answer["error"]["code"]) == (400, code)
    assert told in answer["error"]["error_data"]["details"]


async def test_an_upload_over_the_limit_is_refused(caller: Caller) -> None:
    most = LIMITS[FileKind.IMAGE]
    assert (await upload(caller, JPEG.ljust(most, b"\0"), "image/jpeg"))[0] == 200
    status, answer = await upload(caller, JPEG.ljust(most + 1, b"\0"), "image/jpeg")
    assert (status, answer["error"]["code"]) == (400, 131053)
    assert f"at most {most} bytes" in answer["error"]["error_data"]["details"]


async def test_an_upload_without_its_product_or_token_is_refused(caller: Caller) -> None:
    status, answer = await upload(caller, JPEG, "image/jpeg", messaging_product="telegram")
    assert (status, answer["error"]["code"]) == (400, 100)
    caller.sandbox.config = type(caller.sandbox.config)(whatsapp_access_token="another")
    status, answer = await upload(caller, JPEG, "image/jpeg")
    assert (status, answer["error"]["code"]) == (401, 190)


@pytest.mark.parametrize(
    ("kind", "content", "code", "told"),
    [
        ("image", {}, 100, "Exactly one of the parameters image['id'] and image['link']"),
        ("image", {"id": "UPLOADED", "link": "https://example.com/a.jpg"}, 100, "Exactly one of"),
        ("image", {"id": "UPLOADED", "caption": "x" * 1025}, 100, "at most 1024 characters"),
        ("image", {"id": "UPLOADED", "filename": "a.jpg"}, 100, 'Unexpected key "filename" on param "image"'),
        ("audio", {"id": "UPLOADED", "caption": "x"}, 100, 'Unexpected key "caption" on param "audio"'),
        ("audio", {"id": "UPLOADED"}, 131053, "does not fit a message of type audio"),
        ("image", {"id": "123"}, 100, "does not exist"),
    ],
)
async def test_a_message_with_a_file_is_refused_as_meta_refuses_it(
    sandbox: Sandbox, caller: Caller, kind: str, content: Json, code: int, told: str
) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    _, uploaded = await upload(caller, JPEG, "image/jpeg")
    content = {name: uploaded["id"] if value == "UPLOADED" else value for name, value in content.items()}
    status, answer = await caller.whatsapp(to=CARLA.wa_id, type=kind, **{kind: content})
    assert (status, answer["error"]["code"]) == (400, code)
    assert told in answer["error"]["error_data"]["details"]


async def test_a_voice_message_must_be_a_voice_note(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    _, plain = await upload(caller, b"ID3" + b"\0" * 64, "audio/mpeg")
    status, answer = await caller.whatsapp(to=CARLA.wa_id, type="audio", audio={"id": plain["id"], "voice": True})
    assert (status, answer["error"]["code"]) == (400, 131053)
    _, voice = await upload(caller, OPUS, "audio/ogg; codecs=opus")
    status, _ = await caller.whatsapp(to=CARLA.wa_id, type="audio", audio={"id": voice["id"], "voice": True})
    assert status == 200


async def test_a_files_address_wants_the_token_and_lives_five_minutes_and_its_id_a_week(
    sandbox: Sandbox, caller: Caller
) -> None:
    now = [sandbox.world.now()]
    sandbox.world.clock = lambda: now[0]
    file = sandbox.whatsapp.api.media.received(JPEG, "image/jpeg")
    status, told = await look_up(caller, file.id)
    assert (status, told["mime_type"], told["file_size"]) == (200, "image/jpeg", str(len(JPEG)))
    async with caller.session.get(told["url"]) as answer:
        assert answer.status == 401
    async with caller.session.get(told["url"], headers=bearer(caller)) as answer:
        assert await answer.read() == JPEG
    now[0] += 5 * 60
    async with caller.session.get(told["url"], headers=bearer(caller)) as answer:
        assert answer.status == 404
    assert (await look_up(caller, file.id))[0] == 200
    now[0] += 7 * 24 * 3600
    status, answer = await look_up(caller, file.id)
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)


async def test_what_is_deleted_is_gone(sandbox: Sandbox, caller: Caller) -> None:
    _, uploaded = await upload(caller, JPEG, "image/jpeg")
    url = f"{sandbox.whatsapp_api_url}/v25.0/{uploaded['id']}"
    async with caller.session.delete(url, headers=bearer(caller)) as answer:
        assert await answer.json() == {"success": True}
    async with caller.session.delete(url, headers=bearer(caller)) as answer:
        assert (await answer.json())["error"]["code"] == 100


async def test_slack_shares_once_where_the_thread_is_and_never_beside_it(sandbox: Sandbox, caller: Caller) -> None:
    root = await caller.post()
    asked = await caller.slack("files.getUploadURLExternal", filename="a.jpg", length=len(JPEG))
    async with caller.session.post(asked["upload_url"], data=JPEG) as answer:
        assert answer.status == 200
    share: Json = {"files": [{"id": asked["file_id"]}], "channel_id": "C0SUPPORT"}
    for wrong, word in (
        ({"thread_ts": "1.2"}, "thread_not_found"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"initial_comment": "x" * 4_001}, "msg_too_long"),
        ({"files": [{"id": "F0NONE"}]}, "file_not_found"),
    ):
        assert (await caller.slack("files.completeUploadExternal", **(share | wrong)))["error"] == word
    assert (await caller.slack("files.completeUploadExternal", **share, thread_ts=root))["ok"]
    [shown] = await sandbox.until(lambda: sandbox.slack.thread("C0SUPPORT", root)[1:])
    assert [each["id"] for each in shown.files] == [asked["file_id"]]
    assert (await caller.slack("files.completeUploadExternal", **share, thread_ts=root))["error"] == "file_not_found"
