"""Files on the Cloud API: a file's address of five minutes, its bytes, and uploads. Source: Cloud API, Media."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import urljoin, urlsplit

import httpx
import orjson

from bot.domain.people import Address, AddressKind
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp import errors
from integrations.whatsapp.client import WhatsApp
from integrations.whatsapp.wire import Json

MEDIA_HOSTS = (".fbsbx.com", ".fbcdn.net", ".whatsapp.net")
NO_SUCH_OBJECT = "100/33"
TRANSFER_SECONDS = 240.0  # within a task's lease
_PIECE = 64 * 1024
_REDIRECTS = 3
_PATIENCE = httpx.Timeout(30.0, connect=5.0, pool=30.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file's bytes are for the next five minutes. What WhatsApp did not tell is empty."""

    url: str
    mime_type: str
    size: int | None


class WhatsAppMedia(WhatsApp):
    """The same telephone, for files too."""

    async def place(self, media_id: str, phone_number_id: str) -> Place:
        """Raises a `media` error where WhatsApp does not have the file any more: it keeps one it received 7 days."""
        try:
            response = await self._http.get(
                f"{self._base}/{media_id}", params={"phone_number_id": phone_number_id}, headers=self._bearer()
            )
        except httpx.HTTPError as error:
            raise _passing(type(error).__name__) from error
        told = _answer(response)
        size = str(told.get("file_size") or "")
        return Place(
            str(told.get("url") or ""), str(told.get("mime_type") or ""), int(size) if size.isdigit() else None
        )

    @asynccontextmanager
    async def download(self, url: str, most: int) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The bytes, piece by piece. Raises `gone` where the address is over, `media` above `most` bytes."""
        async with asyncio.timeout(TRANSFER_SECONDS):
            try:
                async with self._follow(url) as response:
                    yield _pieces(response, most)
            except (httpx.HTTPError, TimeoutError) as error:
                raise _passing(type(error).__name__) from error

    async def upload(self, phone_number_id: str, content: BinaryIO, name: str, mime_type: str) -> str:
        """The id under which the file can be sent for 30 days. What is uploaded twice only expires unused."""
        url = f"{self._base}/{phone_number_id}/media"
        fields = {"messaging_product": "whatsapp", "type": mime_type}
        try:
            async with asyncio.timeout(TRANSFER_SECONDS):
                response = await self._http.post(
                    url, data=fields, files={"file": (name, content, mime_type)}, headers=self._bearer()
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise _passing(type(error).__name__) from error
        media_id = _answer(response).get("id")
        if not isinstance(media_id, str):
            raise _passing("an answer without a media id")
        return media_id

    def trusts(self, url: str) -> bool:
        """Whether we fetch from there: the configured API itself, or Meta's own hosts over https."""
        parts, own = urlsplit(url), urlsplit(self._base)
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith(MEDIA_HOSTS)

    @asynccontextmanager
    async def _follow(self, url: str) -> AsyncGenerator[httpx.Response]:
        """Open it; redirects are followed by us, so that the token goes to the first host alone."""
        headers, host = self._bearer(), urlsplit(url).netloc
        for _ in range(_REDIRECTS):
            if not self.trusts(url):
                raise _refused("untrusted_host", "WhatsApp named an address outside its own hosts")
            # An absent User-Agent is reported to be refused by Meta's file hosts.
            async with self._http.stream("GET", url, headers=headers, timeout=_PATIENCE) as response:
                if not response.is_redirect:
                    await _check(response)
                    yield response
                    return
                url = urljoin(url, response.headers.get("Location", ""))
            if urlsplit(url).netloc != host:
                headers = {}
        raise _refused("redirects", "WhatsApp sent us from address to address")

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": self._headers["Authorization"], "User-Agent": "switchboard"}


@dataclass(frozen=True, slots=True)
class FileToSend:
    """An uploaded file as a message shows it. `kind` is one of WhatsApp's message types."""

    kind: str
    media_id: str
    caption: str = ""
    name: str = ""
    is_voice: bool = False


def file_message(to: Address, file: FileToSend, token: str) -> Json:
    """The body of a message that carries an uploaded file. Audio and stickers take no caption, only documents a name.

    Source: Cloud API, Messages: media objects.
    """
    carried: Json = {"id": file.media_id}
    if file.caption and file.kind in ("image", "video", "document"):
        carried["caption"] = file.caption
    if file.name and file.kind == "document":
        carried["filename"] = file.name
    if file.is_voice and file.kind == "audio":
        carried["voice"] = True
    address = {"to": to.value} if to.kind is AddressKind.WA_ID else {"recipient": to.value}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address,
        "type": file.kind,
        file.kind: carried,
        "biz_opaque_callback_data": token,
    }


async def _pieces(response: httpx.Response, most: int) -> AsyncGenerator[bytes]:
    size = 0
    async for piece in response.aiter_bytes(_PIECE):
        size += len(piece)
        if size > most:
            raise _refused("too_large", "the file is larger than WhatsApp's own limit")
        yield piece


async def _check(response: httpx.Response) -> None:
    if response.status_code == 200:
        return
    if response.status_code in (404, 410):
        raise ServiceError(ErrorClass.GONE, "404", "the file's address is not valid any more", service="whatsapp")
    if response.status_code in (401, 403):
        raise errors.from_response(401, {"error": {"code": 190}}, None)
    if response.status_code == 429 or response.status_code >= 500:
        raise _passing(str(response.status_code))
    raise _refused(str(response.status_code), f"WhatsApp answered HTTP {response.status_code} when asked for the file")


def _answer(response: httpx.Response) -> Json:
    try:
        told: object = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        told = None
    if response.is_success and isinstance(told, dict):
        return cast("Json", told)
    error = errors.from_response(response.status_code, told, None)
    if error.code == NO_SUCH_OBJECT:
        raise _refused(NO_SUCH_OBJECT, "WhatsApp does not have the file any more") from error
    # Nothing is sent to anybody by these calls: whatever is unknown about them, they may be made again.
    raise _passing(error.code) if error.error_class is ErrorClass.UNKNOWN else error


def _passing(code: str) -> ServiceError:
    return ServiceError(ErrorClass.TRANSIENT, code, "WhatsApp's files cannot be reached", service="whatsapp")


def _refused(code: str, reason: str) -> ServiceError:
    return ServiceError(ErrorClass.MEDIA, code, reason, service="whatsapp")
