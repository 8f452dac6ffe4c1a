"""The file of a message that is about to leave: waited for until WhatsApp has it, and brought again if need be."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.domain.conversation import Message
from bot.domain.files import FileKind, FileStatus
from bot.flows.staff_files import bring_again
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp.media import NO_SUCH_OBJECT
from storage import corrections, media
from storage.media import Attachment
from storage.tasks import NotYetError, unit

_LOOKED_FOR_EVERY = timedelta(seconds=2)
_LIVES = timedelta(days=29)  # an uploaded file is kept for 30 days (Cloud API, Media)
_YOUNG = timedelta(hours=1)  # what WhatsApp lost so soon it would lose again


async def sendable_file(message: Message, attempt: int, now: datetime) -> Attachment | None:
    """None for words alone. Raises `NotYetError` while the file is on its way, and its failure where it has failed."""
    if message.kind not in tuple(FileKind) or (file := await media.of_message(message.id)) is None:
        return None
    if file.status is FileStatus.FAILED:
        raise ServiceError(ErrorClass.MEDIA, "unsendable", file.failure, service="slack")
    if file.whatsapp_at and now > file.whatsapp_at + _LIVES:
        await _again(message, f"expired:{attempt}:{file.whatsapp_id}", now)
    if file.whatsapp_id is None:
        raise NotYetError(now + _LOOKED_FOR_EVERY, "file_coming")
    return file


@asynccontextmanager
async def brought_again_if_lost(message: Message, file: Attachment | None, now: datetime) -> AsyncGenerator[None]:
    """WhatsApp refuses an id that it knows no more, and has sent nothing then."""
    try:
        yield
    except ServiceError as error:
        is_old = file is not None and file.whatsapp_at is not None and now > file.whatsapp_at + _YOUNG
        if file is None or error.code != NO_SUCH_OBJECT or not is_old:
            raise
        await corrections.stays(message.id)
        await _again(message, f"lost:{file.whatsapp_id}", now)


async def _again(message: Message, cause: str, now: datetime) -> None:
    async with unit(now) as turn:
        await bring_again(turn, message, cause)
    raise NotYetError(now + _LOOKED_FOR_EVERY, "file_coming")
