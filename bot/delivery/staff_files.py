"""Brings files of staff from Slack to WhatsApp, converted where that helps. Nothing of them is kept here."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.domain.delivery import Delivery
from bot.domain.file_work import PrepareFile
from bot.domain.files import HEAD, LARGEST, Carriage, FileKind, FileStatus, Unsendable, fits, plan
from bot.domain.inboxes import Inboxes
from bot.flows.staff_files import file_prepared
from bot.tools import ConversionError, Tools
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.media import Download, SlackFiles
from integrations.whatsapp.media import WhatsAppMedia
from storage import media, messages
from storage.media import Prepared
from storage.tasks import Claim, unit

_LOST = ("file_not_found", "file_deleted")


@dataclass(frozen=True, slots=True)
class StaffFiles:
    slack: SlackFiles
    whatsapp: WhatsAppMedia
    inboxes: Inboxes
    tools: Tools
    clock: Callable[[], datetime]

    async def prepare(self, work: PrepareFile, claimed: Claim) -> None:
        """Unless nobody wants it any more: its message was withdrawn, or has it already."""
        file, message = await media.load(work.media_id), await messages.load(work.message_id)
        inbox = self.inboxes[work.inbox_id]
        is_wanted = file.status is FileStatus.COMING and message.status is Delivery.QUEUED
        brought = await self._bring(file.slack_id or "", inbox.number) if is_wanted else None
        async with unit(self.clock(), claimed) as turn:
            if brought:
                await file_prepared(turn, message, file.id, *brought, inbox.rules)

    async def _bring(self, slack_id: str, number: str) -> tuple[Prepared, FileKind]:
        place = await self._place(slack_id)
        _sendable(plan(place.file, self.tools.able))
        with tempfile.TemporaryDirectory(prefix="switchboard-") as folder:
            source = Path(folder) / "source"
            size, head = await self._download(place, source)
            file = replace(place.file, size=size)
            how = _sendable(plan(file, self.tools.able, head))
            content = await self._converted(how, source) if how.conversion else source
            size = await asyncio.to_thread(lambda: content.stat().st_size)
            return await self._upload(_sendable(fits(how, size)), content, size, number), how.kind

    async def _place(self, slack_id: str) -> Download:
        try:
            return await self.slack.file(slack_id)
        except ServiceError as error:
            if error.code in _LOST:
                raise _refused("the file is not in Slack any more") from error
            raise

    async def _download(self, place: Download, target: Path) -> tuple[int, bytes]:
        """Its size and its first bytes."""
        async with self.slack.download(place, LARGEST) as pieces:
            return await _write(target, pieces)

    async def _converted(self, how: Carriage, source: Path) -> Path:
        assert how.conversion
        target = source.with_name("converted" + Path(how.name).suffix)  # some programs go by it
        try:
            await self.tools.convert(how.conversion, source, target)
        except ConversionError as error:
            raise _refused(f"“{how.name}” could not be turned into what WhatsApp takes ({error})") from error
        return target

    async def _upload(self, how: Carriage, content: Path, size: int, number: str) -> Prepared:
        opened = await asyncio.to_thread(content.open, "rb")
        try:
            whatsapp_id = await self.whatsapp.upload(number, opened, how.name, how.mime_type)
        finally:
            opened.close()
        return Prepared(whatsapp_id, self.clock(), how.mime_type, how.name, size)


async def _write(target: Path, pieces: AsyncIterator[bytes]) -> tuple[int, bytes]:
    size, head = 0, b""
    opened = await asyncio.to_thread(target.open, "wb")
    try:
        async for piece in pieces:
            head += piece[: max(0, HEAD - len(head))]
            size += len(piece)
            await asyncio.to_thread(opened.write, piece)
    finally:
        opened.close()
    return size, head


def _sendable(how: Carriage | Unsendable) -> Carriage:
    if isinstance(how, Unsendable):
        raise _refused(how.reason)
    return how


def _refused(reason: str) -> ServiceError:
    return ServiceError(ErrorClass.MEDIA, "unsendable", reason, service="slack")
