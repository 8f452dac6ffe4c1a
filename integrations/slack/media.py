"""Files in Slack: uploads in three steps, the share that follows them, and downloads with the bot's token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.files import StaffFile
from integrations.errors import ErrorClass, ServiceError
from integrations.slack import errors
from integrations.slack.client import Slack, Watch

Json = dict[str, Any]

FILE_HOSTS = (".slack.com", ".slack-files.com")
TRANSFER_SECONDS = 240.0  # within a task's lease
_PATIENCE = aiohttp.ClientTimeout(total=TRANSFER_SECONDS, connect=5, sock_read=30)
_PIECE = 64 * 1024
_CLOCKS_DIFFER = 120.0  # seconds by which Slack's clock and ours may disagree
_LOST = ("tombstone", "hidden_by_limit")


@dataclass(frozen=True, slots=True)
class Upload:
    """Where to send the bytes, and what the file will be called by."""

    url: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file of staff, and where its bytes are."""

    file: StaffFile
    url: str


def read_file(told: Json) -> StaffFile:
    """A file object of Slack's. Source: docs.slack.dev/reference/objects/file-object."""
    size = told.get("size")
    name = str(told.get("name") or told.get("title") or "file")
    return StaffFile(
        slack_id=str(told.get("id") or ""),
        name=name,
        mime_type=str(told.get("mimetype") or ""),
        size=size if isinstance(size, int) else 0,
        is_clip=told.get("subtype") in ("slack_audio", "slack_video"),
        is_external=bool(told.get("is_external")) or told.get("mode") == "external",
        is_gone=told.get("mode") in _LOST or told.get("file_access") == "access_denied",
    )


def is_stub(told: Json) -> bool:
    """Whether Slack gives the details only when asked (docs.slack.dev, Slack Connect: files)."""
    return told.get("file_access") == "check_file_info"


class SlackFiles(Slack):
    """The same telephone, for files too."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, watch: Watch | None = None) -> None:
        super().__init__(client, session, watch)
        self._token = client.token or ""
        self._own = urlsplit(client.base_url)

    # --- To Slack ---

    async def begin_upload(self, name: str, length: int) -> Upload:
        """An upload that is not completed is thrown away by Slack, so a first try that was lost costs nothing."""
        query: Json = {"filename": name, "length": str(length)}
        answer = await self._call("files.getUploadURLExternal", query=query)
        return Upload(str(answer["upload_url"]), str(answer["file_id"]))

    async def push(self, upload: Upload, pieces: AsyncIterator[bytes], length: int) -> None:
        """The bytes, as they come. The address itself is the permission; the token stays here."""
        self._must_trust(upload.url)
        headers = {"Content-Length": str(length), "Content-Type": "application/octet-stream"}
        try:
            async with self._session.post(
                upload.url, data=pieces, headers=headers, timeout=_PATIENCE, allow_redirects=False
            ) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.unreachable(type(error).__name__) from error
        if status == 429 or status >= 500:
            raise errors.unreachable(str(status))
        if status != 200:
            raise _refused(str(status), f"Slack answered HTTP {status} to the file's bytes")

    async def share(self, file_id: str, title: str, channel: str, thread_ts: str, comment: str) -> str:
        """Show an uploaded file in a thread; returns its permalink. Slack takes this once per upload, and does it some
        moments after it has answered. The comment is mrkdwn.
        """
        arguments: Json = {
            "files": [{"id": file_id, "title": title}],
            "channel_id": channel,
            "thread_ts": thread_ts,
            "initial_comment": comment,
        }
        answer = await self._call("files.completeUploadExternal", arguments)
        files = cast("list[Json]", answer.get("files") or [])
        return str(files[0].get("permalink") or "") if files else ""

    async def find_share(self, channel: str, thread_ts: str, file_id: str, since: datetime) -> str | None:
        """The ts of the message in the thread that shows this file. Raises `gone` where there is no such thread."""
        for message in await self.replies(channel, thread_ts, f"{since.timestamp() - _CLOCKS_DIFFER:.6f}"):
            if any(each.get("id") == file_id for each in cast("list[Json]", message.get("files") or [])):
                return str(message["ts"])
        return None

    async def shown_at(self, file_id: str, channel: str) -> str | None:
        """The ts of the message that shows this file in the channel, once Slack has shared it."""
        answer = await self._call("files.info", query={"file": file_id})
        shares = cast("Json", cast("Json", answer.get("file") or {}).get("shares") or {})
        for where in cast("list[dict[str, list[Json]]]", list(shares.values())):
            for share in where.get(channel, []):
                return str(share["ts"])
        return None

    async def delete_file(self, file_id: str) -> None:
        await self._call("files.delete", {"file": file_id})

    # --- From Slack ---

    async def file(self, file_id: str) -> Download:
        """What Slack says of a file now: it may have been deleted since it was attached."""
        answer = await self._call("files.info", query={"file": file_id})
        told = cast("Json", answer.get("file") or {})
        return Download(read_file(told), str(told.get("url_private_download") or told.get("url_private") or ""))

    @asynccontextmanager
    async def download(self, place: Download, most: int) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The bytes, piece by piece. Raises `media` where they are not to be had, or more than `most`."""
        self._must_trust(place.url)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            # Not redirected: what Slack redirects to is its sign-in page.
            async with (
                asyncio.timeout(TRANSFER_SECONDS),
                self._session.get(place.url, headers=headers, timeout=_PATIENCE, allow_redirects=False) as answer,
            ):
                _check(answer, place.file)
                yield _pieces(answer, most)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.unreachable(type(error).__name__) from error

    def trusts(self, url: str) -> bool:
        """Whether we send bytes or the token there: the configured API itself, or Slack's own hosts over https."""
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) == (self._own.scheme, self._own.netloc):
            return True
        return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(FILE_HOSTS)

    def _must_trust(self, url: str) -> None:
        if not self.trusts(url):
            raise _refused("untrusted_host", "Slack named an address outside its own hosts")


async def _pieces(answer: aiohttp.ClientResponse, most: int) -> AsyncGenerator[bytes]:
    size = 0
    async for piece in answer.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > most:
            raise _refused("too_large", "the file is larger than Slack said")
        yield piece


def _check(answer: aiohttp.ClientResponse, file: StaffFile) -> None:
    # With a token that may not read files Slack answers 200 and a sign-in page, or a way to it.
    is_page = answer.content_type == "text/html" and "html" not in file.mime_type
    if is_page or answer.status in (301, 302, 303, 307, 308, 401, 403):
        raise _refused("sign_in", "Slack does not let Switchboard read files; install the app again from manifest.yml")
    if answer.status == 429 or answer.status >= 500:
        raise errors.unreachable(str(answer.status))
    if answer.status != 200:
        raise _refused(str(answer.status), f"Slack answered HTTP {answer.status} when asked for the file")


def _refused(code: str, reason: str) -> ServiceError:
    return ServiceError(ErrorClass.MEDIA, code, reason, service="slack")
