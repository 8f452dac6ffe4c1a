"""Files are fetched from Meta's own hosts only, and the token goes to none but the first of them."""

from __future__ import annotations

import httpx
import pytest

from bot.domain.people import Address, AddressKind
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp.media import FileToSend, WhatsAppMedia, file_message

CARLA = Address(AddressKind.WA_ID, "34600111222")
LOOKASIDE = "https://lookaside.fbsbx.com/whatsapp/file"


def phone(handler: httpx.MockTransport | None = None, url: str = "https://graph.facebook.com") -> WhatsAppMedia:
    return WhatsAppMedia(httpx.AsyncClient(transport=handler), url, "v25.0", "the-token")


@pytest.mark.parametrize(
    ("url", "is_trusted"),
    [
        (LOOKASIDE, True),
        ("https://scontent.xx.fbcdn.net/v/1", True),
        ("https://mmg.whatsapp.net/d/1", True),
        ("https://graph.facebook.com/v25.0/1", True),
        ("http://lookaside.fbsbx.com/whatsapp/file", False),
        ("https://fbsbx.com.evil.example/file", False),
        ("https://evilfbsbx.com/file", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://graph.facebook.com:8443/file", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_metas_own_hosts_are_asked_for_bytes(url: str, is_trusted: bool):
    assert phone().trusts(url) is is_trusted


async def fetched(handler: httpx.MockTransport, most: int = 1000) -> bytes:
    async with phone(handler).download(LOOKASIDE, most) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_a_redirect_to_another_host_goes_without_the_token():
    asked: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers.get("Authorization")))
        if request.url.host == "lookaside.fbsbx.com":
            return httpx.Response(302, headers={"Location": "https://scontent.fbcdn.net/file"})
        return httpx.Response(200, content=b"bytes")

    assert await fetched(httpx.MockTransport(answer)) == b"bytes"
    assert asked == [("lookaside.fbsbx.com", "Bearer the-token"), ("scontent.fbcdn.net", None)]


async def test_a_redirect_out_of_metas_hosts_is_not_followed():
    away = httpx.Response(302, headers={"Location": "https://evil.example/file"})
    with pytest.raises(ServiceError) as refused:
        await fetched(httpx.MockTransport(lambda _: away))
    assert refused.value.error_class is ErrorClass.MEDIA


@pytest.mark.parametrize(
    ("answer", "error_class"),
    [
        (httpx.Response(404), ErrorClass.GONE),
        (httpx.Response(401), ErrorClass.AUTH),
        (httpx.Response(503), ErrorClass.TRANSIENT),
        (httpx.Response(418), ErrorClass.MEDIA),
        (httpx.Response(200, content=b"x" * 1001), ErrorClass.MEDIA),
    ],
)
async def test_what_the_file_host_answers_is_told_apart(answer: httpx.Response, error_class: ErrorClass):
    with pytest.raises(ServiceError) as refused:
        await fetched(httpx.MockTransport(lambda _: answer))
    assert refused.value.error_class is error_class


def test_only_what_whatsapp_allows_stands_in_a_message_with_a_file():
    document = file_message(CARLA, FileToSend("document", "1", "a bill", "bill.pdf", is_voice=True), "m:1:1")
    assert document["document"] == {"id": "1", "caption": "a bill", "filename": "bill.pdf"}
    voice = file_message(CARLA, FileToSend("audio", "1", "lost?", "a.ogg", is_voice=True), "m:1:1")
    assert voice["audio"] == {"id": "1", "voice": True}
    hidden = Address(AddressKind.BSUID, "ES.1")
    assert file_message(hidden, FileToSend("image", "1"), "m:1:1")["recipient"] == "ES.1"
