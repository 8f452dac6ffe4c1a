"""The HTTP edge: what is stored before its 200, what is refused before it is read, and nothing in between."""

from __future__ import annotations

import asyncio
import io
import os
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.rules import InboxRules
from bot.listeners.edge import LARGEST_BODY, site
from bot.listeners.whatsapp import WhatsAppDoor
from integrations.whatsapp.signature import sign
from storage.database import Credentials
from storage.engine_models import Task
from storage.intake import Intake

SECRET, NUMBER = "app-secret", "200000000000001"
PATH = "/whatsapp/webhook"
BODY_WITHIN = 2.0  # long enough for four mebibytes on a machine that is busy

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def url(database: Credentials) -> AsyncGenerator[str]:
    """WhatsApp's door alone, behind the edge: what it stores stays where it is."""
    rules = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))
    door = WhatsAppDoor(
        app_secret=SECRET,
        verify_token="verify",
        inboxes=Inboxes([Inbox(1, "Aurora", NUMBER, ("C0SUPPORT",), rules)]),
        intake=Intake(),
        clock=lambda: datetime.now(UTC),
        message_of=lambda _token: None,
    )
    runner = web.AppRunner(site([door], body_within=BODY_WITHIN), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def post(url: str, body: bytes | AsyncIterator[bytes], signed: bytes | None = None) -> int:
    """The status. A body that is streamed announces no length."""
    content = signed if signed is not None else body if isinstance(body, bytes) else b""
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(SECRET, content)}
    data = io.BytesIO(body) if isinstance(body, bytes) else body
    async with aiohttp.ClientSession() as session, session.post(url + PATH, data=data, headers=headers) as answer:
        return answer.status


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 2**16):
        yield body[start : start + 2**16]


def a_thousand_items(size: int) -> bytes:
    """700 messages, 250 statuses and 50 of a kind nobody knows, over several entries, of at least this many bytes."""
    padding = "x" * (size // 700)
    messages = [
        {"from": f"34600{n:06d}", "id": f"wamid.{n}", "type": "text", "text": {"body": f"{n} {padding}"}}
        for n in range(700)
    ]
    statuses = [{"id": f"wamid.s{n}", "recipient_id": f"34600{n:06d}", "status": "read"} for n in range(250)]
    strange: list[Any] = [{"field": "account_update", "value": {"n": n}} for n in range(50)]
    changes = strange + [
        {"field": "messages", "value": {"metadata": {"phone_number_id": NUMBER}, **each}}
        for each in ({"messages": messages[:400]}, {"messages": messages[400:]}, {"statuses": statuses})
    ]
    entries = [{"id": str(n), "changes": changes[n::2]} for n in range(2)]
    return orjson.dumps({"object": "whatsapp_business_account", "entry": entries})


async def test_a_thousand_mixed_items_of_three_megabytes_are_all_stored_before_the_200(url: str):
    body = a_thousand_items(3 * 2**20)
    assert 3 * 2**20 < len(body) < LARGEST_BODY
    assert await post(url, body) == 200
    assert Counter([row.kind for row in await Task.all().only("kind")]) == {
        "whatsapp.message": 700,
        "whatsapp.status": 250,
        "whatsapp.kept": 50,
    }
    assert await post(url, body) == 200
    assert await Task.all().count() == 1000


async def test_four_mebibytes_are_taken_and_a_byte_more_is_refused_however_it_comes(url: str):
    largest = orjson.dumps({"entry": [], "pad": ""})
    largest = largest.replace(b'""', b'"' + b"x" * (LARGEST_BODY - len(largest)) + b'"')
    assert len(largest) == LARGEST_BODY
    assert await post(url, largest) == 200
    assert await post(url, in_pieces(largest), signed=largest) == 200
    assert await post(url, largest + b" ") == 413
    assert await post(url, in_pieces(largest + b" "), signed=largest + b" ") == 413


async def test_what_is_announced_as_too_large_is_refused_unread(url: str):
    """The caller is answered before it has sent a byte of it."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n".encode())
    async with asyncio.timeout(2):
        assert b" 413 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("length", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
async def test_a_body_that_never_ends_is_given_up(url: str, length: bytes):
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n")
    writer.write(b"5\r\nabcde\r\n" if b"chunked" in length else b"abcde")
    async with asyncio.timeout(15):
        assert b" 408 " in await reader.readline()
    writer.close()


async def test_a_body_cut_short_is_no_trouble_of_the_database(url: str):
    host, port = url.removeprefix("http://").split(":")
    refused, failed = answered("400"), answered("503") + answered("500")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
    await writer.drain()
    writer.close()
    async with asyncio.timeout(5):
        while answered("400") == refused:  # noqa: ASYNC110  # nobody is left to be answered
            await asyncio.sleep(0.01)
    assert answered("503") + answered("500") == failed


async def test_answers_are_counted_by_path_and_status_and_strangers_add_no_labels(url: str):
    stored, forged, lost = answered("200"), answered("401"), answered("404", "other")
    await post(url, b"{}")
    await post(url, b"{}", signed=b"something else")
    async with aiohttp.ClientSession() as session:
        await session.get(f"{url}/{os.urandom(4).hex()}")
    assert (answered("200"), answered("401"), answered("404", "other")) == (stored + 1, forged + 1, lost + 1)


def answered(status: str, path: str = PATH) -> float:
    return REGISTRY.get_sample_value("switchboard_requests_total", {"path": path, "status": status}) or 0.0
