"""Brings customers' files here: each by itself, so that a slow or broken one holds up no words."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.file_work import FetchMedia
from bot.domain.files import HEAD, LARGEST, FileKind, FileStatus, in_megabytes, suspicion
from bot.domain.inboxes import Inboxes
from bot.flows.files import file_arrived
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp.media import Place, WhatsAppMedia
from storage import media, messages
from storage.media import Attachment
from storage.tasks import Claim, unit


@dataclass(frozen=True, slots=True)
class MediaFetch:
    whatsapp: WhatsAppMedia
    inboxes: Inboxes
    clock: Callable[[], datetime]

    async def fetch(self, work: FetchMedia, claimed: Claim) -> None:
        """Whatever goes wrong for good is said where the file would be: the worker gives the task up aloud."""
        expected = await media.load(work.media_id)
        kind = FileKind((await messages.load(work.message_id)).kind)
        brought = None
        if expected.status in (FileStatus.COMING, FileStatus.AWAITED):
            brought = await self._bring(expected, kind)
        async with unit(self.clock(), claimed) as turn:
            if brought:
                await file_arrived(turn, expected.id, *brought)

    async def _bring(self, expected: Attachment, kind: FileKind) -> tuple[str, int]:
        """Its type and size. An address that is over is asked for again, once."""
        place = await self._place(expected)
        try:
            size = await self._keep(expected, place, kind)
        except ServiceError as error:
            if error.error_class is not ErrorClass.GONE:
                raise
            place = await self._place(expected)
            size = await self._keep(expected, place, kind)
        return place.mime_type or expected.mime_type, size

    async def _place(self, expected: Attachment) -> Place:
        place = await self.whatsapp.place(expected.whatsapp_id or "", self.inboxes[expected.inbox_id].number)
        if place.size is not None and place.size > LARGEST:
            raise _refused(f"it has {in_megabytes(place.size)}, more than WhatsApp hands on")
        return place

    async def _keep(self, expected: Attachment, place: Place, kind: FileKind) -> int:
        async with self.whatsapp.download(place.url, LARGEST) as pieces:
            size = await media.keep(expected, _looked_at(pieces, kind, place.mime_type or expected.mime_type))
        if place.size is not None and size != place.size:
            raise ServiceError(ErrorClass.TRANSIENT, "cut_off", "the file broke off on its way", service="whatsapp")
        return size


async def _looked_at(pieces: AsyncIterator[bytes], kind: FileKind, mime_type: str) -> AsyncGenerator[bytes]:
    """The same bytes, once the first of them are of the kind that was announced."""
    head = b""
    async for piece in pieces:
        if len(head) >= HEAD:
            yield piece
            continue
        head += piece
        if len(head) >= HEAD:
            yield _trusted(head, kind, mime_type)
    if len(head) < HEAD:
        yield _trusted(head, kind, mime_type)


def _trusted(head: bytes, kind: FileKind, mime_type: str) -> bytes:
    if why := suspicion(kind, mime_type, head):
        raise _refused(why)
    return head


def _refused(reason: str) -> ServiceError:
    return ServiceError(ErrorClass.MEDIA, "refused", reason, service="whatsapp")
