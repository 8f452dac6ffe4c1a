"""Files of messages: what is known of each, and customers' bytes in pieces, so that memory stays flat at any size."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.domain.conversation import Author
from bot.domain.files import FileStatus
from storage.database import connection
from storage.models import Media
from storage.rows import select

_PIECE = 512 * 1024

_KEEP = "INSERT INTO media_chunk (inbox_id, media_id, position, content, created_at) VALUES ($1, $2, $3, $4, now())"
_READ = "SELECT content FROM media_chunk WHERE media_id = $1 AND position = $2"
_UNSHARED = """
SELECT media.id FROM media JOIN message ON message.id = media.message_id
WHERE message.conversation_id = $1 AND message.author = $2 AND message.id <= $3 AND message.revoked_at IS NULL
  AND media.slack_shared_at IS NULL AND media.status <> 'purged'
ORDER BY media.id DESC LIMIT $4
"""
# The row stays: it says that there was a file. A limit, so that nobody waits long behind it.
_PURGE = """
WITH old AS (SELECT DISTINCT media_id FROM media_chunk WHERE created_at < $1 LIMIT 500),
gone AS (DELETE FROM media_chunk WHERE media_id IN (SELECT media_id FROM old))
UPDATE media SET status = 'purged' WHERE id IN (SELECT media_id FROM old) AND status = 'here' RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a message. `whatsapp_at` is when WhatsApp gave the id: it does not live for ever."""

    id: int
    inbox_id: int
    message_id: int
    status: FileStatus
    failure: str
    mime_type: str
    name: str
    size: int
    whatsapp_id: str | None
    whatsapp_at: datetime | None
    slack_id: str | None
    slack_url: str | None
    shared_at: datetime | None
    expected_at: datetime


async def expect(
    inbox_id: int,
    message_id: int,
    mime_type: str,
    name: str,
    *,
    whatsapp_id: str | None = None,
    slack_id: str | None = None,
) -> Attachment:
    """A file is on its way; one of the two ids says from where."""
    row = await Media.create(
        inbox_id=inbox_id,
        message_id=message_id,
        status=FileStatus.COMING,
        mime_type=mime_type[:160],
        filename=name,
        whatsapp_id=whatsapp_id,
        slack_id=slack_id,
    )
    return _as_attachment(row)


async def load(media_id: int) -> Attachment:
    return _as_attachment(await Media.get(id=media_id))


async def lock(media_id: int) -> Attachment:
    return _as_attachment(await Media.filter(id=media_id).select_for_update().get())


async def of_message(message_id: int) -> Attachment | None:
    """The file of a message that carries one."""
    row = await Media.filter(message_id=message_id).order_by("id").first()
    return _as_attachment(row) if row else None


async def all_of(message_id: int) -> list[Attachment]:
    """The files that wait with a held reply, in the order in which they were attached."""
    return [_as_attachment(row) for row in await Media.filter(message_id=message_id).order_by("id")]


async def of_messages(message_ids: Sequence[int]) -> list[Attachment]:
    """The files of these messages."""
    rows = await select(Media, "WHERE message_id = ANY($1::bigint[]) ORDER BY id", list(message_ids))
    return [_as_attachment(row) for row in rows]


async def unshared(conversation_id: int, through: int, limit: int) -> list[int]:
    """The customer's last files up to this message that no thread has shown yet, oldest first."""
    values = [conversation_id, Author.CUSTOMER, through, limit]
    rows = await connection().execute_query_dict(_UNSHARED, values)
    return [int(row["id"]) for row in reversed(rows)]


async def set_status(media_id: int, status: FileStatus, failure: str = "") -> None:
    await Media.filter(id=media_id).update(status=status, failure=failure)


async def arrived(media_id: int, mime_type: str, size: int) -> None:
    await Media.filter(id=media_id).update(status=FileStatus.HERE, mime_type=mime_type[:160], size=size, failure="")


async def give_to(media_id: int, message_id: int) -> None:
    """A held reply of several files leaves as several messages."""
    await Media.filter(id=media_id).update(message_id=message_id)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it was uploaded to WhatsApp."""

    whatsapp_id: str
    at: datetime
    mime_type: str
    name: str
    size: int


async def prepared(media_id: int, as_sent: Prepared) -> None:
    await Media.filter(id=media_id).update(
        status=FileStatus.HERE,
        failure="",
        whatsapp_id=as_sent.whatsapp_id,
        whatsapp_url_at=as_sent.at,
        mime_type=as_sent.mime_type,
        filename=as_sent.name,
        size=as_sent.size,
    )


async def begin_again(media_id: int) -> None:
    """What WhatsApp has of it is over, or never came to be: it must be brought there once more."""
    await Media.filter(id=media_id).update(status=FileStatus.COMING, failure="", whatsapp_id=None, whatsapp_url_at=None)


async def uploaded_to_slack(media_id: int, slack_id: str | None) -> None:
    """Slack has the bytes, and shows them to nobody yet."""
    await Media.filter(id=media_id).update(slack_id=slack_id)


async def shared_in_slack(media_id: int, url: str, at: datetime) -> None:
    await Media.filter(id=media_id).update(slack_url=url, slack_shared_at=at)


async def keep(attachment: Attachment, pieces: AsyncIterator[bytes]) -> int:
    """Store the bytes as they come; returns how many there were. What an earlier try left is thrown away."""
    await connection().execute_query("DELETE FROM media_chunk WHERE media_id = $1", [attachment.id])
    size, position, waiting = 0, 0, bytearray()
    async for piece in pieces:
        size += len(piece)
        waiting += piece
        while len(waiting) >= _PIECE:
            await _keep(attachment, position, bytes(waiting[:_PIECE]))
            del waiting[:_PIECE]
            position += 1
    if waiting:
        await _keep(attachment, position, bytes(waiting))
    return size


async def read(media_id: int) -> AsyncGenerator[bytes]:
    """The bytes, piece by piece."""
    position = 0
    while rows := await connection().execute_query_dict(_READ, [media_id, position]):
        yield cast("bytes", rows[0]["content"])
        position += 1


async def purge(before: datetime) -> int:
    """Forget bytes that came before this time; returns of how many files."""
    return len(await connection().execute_query_dict(_PURGE, [before]))


async def _keep(attachment: Attachment, position: int, content: bytes) -> None:
    await connection().execute_query(_KEEP, [attachment.inbox_id, attachment.id, position, content])


def _as_attachment(row: Media) -> Attachment:
    return Attachment(
        id=row.id,
        inbox_id=row.inbox_id,
        message_id=row.message_id,
        status=FileStatus(row.status),
        failure=row.failure,
        mime_type=row.mime_type,
        name=row.filename,
        size=row.size or 0,
        whatsapp_id=row.whatsapp_id,
        whatsapp_at=row.whatsapp_url_at,
        slack_id=row.slack_id,
        slack_url=row.slack_url,
        shared_at=row.slack_shared_at,
        expected_at=row.created_at,
    )
