"""Before a turn: the files of the messages that it answers are waited for a little, then looked at and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.agent.perceived import BEGINNING, NOTHING, UNHEARD, UNSEEN, UNWATCHED, Perceived, unread
from bot.agent.pictures import picture_of
from bot.agent.reading import text_of
from bot.domain.conversation import Author, Message
from bot.domain.files import FileKind, FileStatus, bare
from bot.flows.agent_answers import TurnBegun
from bot.tools import Tools
from integrations.openai.client import Model
from integrations.openai.payloads import Image
from storage import media, messages
from storage.documents import UnreadableError
from storage.media import Attachment
from storage.tasks import NotYetError

log = structlog.get_logger("switchboard.agent")

_FETCHED_WITHIN = timedelta(seconds=10)  # most files are here when the customer's pause is over
_HEARD_WITHIN = timedelta(seconds=25)  # a voice note is what the customer says: it is worth the longer wait
_LOOKED_FOR_EVERY = timedelta(seconds=0.3)
_MOST_PICTURES, _MOST_BYTES = 8, 12 * 1024 * 1024
_EARLIER = 2  # pictures of messages answered before, to which "and this one?" may go back
_EARLIER_AMONG = 10  # messages
_LARGEST = 20 * 1024 * 1024  # of a file that is looked at or read: all of it is held in memory
_PERCEIVED_WITHIN = 30.0  # seconds for all of them, of which each may take some; what is left then stays shut
_IN_SIGHT = frozenset({FileKind.IMAGE, FileKind.STICKER, FileKind.VIDEO})


@dataclass(frozen=True, slots=True)
class Senses:
    """What this machine can do with customers' files."""

    tools: Tools
    model: Model
    clock: Callable[[], datetime]

    async def wait(self, begun: TurnBegun) -> bool:
        """Raises `NotYetError` while a file that may still come in time has not; a turn never waits for ever.

        Returns whether there are files at all.
        """
        kinds = {each.id: each.kind for each in _asked(begun)}
        if not kinds:
            return False
        now, unread = self.clock(), await messages.unread(list(kinds))
        for file in await media.of_messages(list(kinds)):
            is_unheard = kinds[file.message_id] == FileKind.AUDIO and file.message_id in unread
            if now < _worth_waiting_until(file, is_unheard=is_unheard):
                raise NotYetError(now + _LOOKED_FOR_EVERY, "file_coming")
        return True

    async def perceive(self, begun: TurnBegun) -> tuple[TurnBegun, Perceived]:
        """The turn, with what its documents say; its pictures; and what is to be said of files that stay shut."""
        asked = {each.id for each in _asked(begun)}
        carriers = [each for each in begun.history if each.author is Author.CUSTOMER and _carries(each)]
        if not carriers:
            return begun, NOTHING
        files = {each.message_id: each for each in await media.of_messages([each.id for each in carriers])}
        until = _now() + _PERCEIVED_WITHIN
        pictures = await self._pictures(begun.history, asked, files, until)
        shut = [each for each in carriers if each.id in asked and each.id not in pictures]
        read, why = await self._read(shut, files, until)
        history = tuple(replace(each, heard=read.get(each.id) or each.heard) for each in begun.history)
        told = [each for each in history if each.id in asked]
        notes = {
            each.id: _note(each, files.get(each.id), why.get(each.id, ""), is_seen=each.id in pictures) for each in told
        }
        return replace(begun, history=history), Perceived(pictures, notes)

    async def _pictures(
        self, history: Sequence[Message], asked: set[int], files: Mapping[int, Attachment], until: float
    ) -> dict[int, Image]:
        """The newest that fit. A model that is known to be blind is shown none."""
        seen, size, earlier = dict[int, Image](), 0, 0
        wanted = {each.id for each in history[-_EARLIER_AMONG:]} | asked
        for message in reversed(history) if self.model.sees else ():
            file, is_earlier = files.get(message.id), message.id not in asked
            if file is None or message.id not in wanted or not _is_in_sight(message, file):
                continue
            if _now() > until or len(seen) >= _MOST_PICTURES or (is_earlier and earlier >= _EARLIER):
                continue
            picture = await picture_of(await _content(file), self.tools)
            if picture and size + len(picture.content) <= _MOST_BYTES:
                seen[message.id] = picture
                size, earlier = size + len(picture.content), earlier + is_earlier
        return seen

    async def _read(
        self, carriers: Sequence[Message], files: Mapping[int, Attachment], until: float
    ) -> tuple[dict[int, str], dict[int, str]]:
        """What documents say, from now on kept with their messages; and why some say nothing."""
        read, why = dict[int, str](), dict[int, str]()
        for message in carriers:
            file = files.get(message.id)
            if message.kind != FileKind.DOCUMENT or message.heard or file is None or _now() > until:
                continue
            if file.status is not FileStatus.HERE or file.size > _LARGEST:
                continue
            try:
                read[message.id] = await text_of(await _content(file), bare(file.mime_type), file.name)
            except UnreadableError as error:
                log.info("document.unread", message=message.id, why=str(error))
                why[message.id] = str(error)
            await messages.set_heard(message.id, read.get(message.id, ""))
        return read, why


def _now() -> float:
    return asyncio.get_running_loop().time()


def _asked(begun: TurnBegun) -> list[Message]:
    """The customer's messages that this turn answers."""
    through = begun.conversation.answered_through
    return [each for each in begun.history if each.author is Author.CUSTOMER and each.id > through and _carries(each)]


def _carries(message: Message) -> bool:
    return message.details.file is not None and message.kind in tuple(FileKind) and message.revoked_at is None


def _worth_waiting_until(file: Attachment, *, is_unheard: bool) -> datetime:
    if file.status in (FileStatus.COMING, FileStatus.AWAITED):
        return file.expected_at + _FETCHED_WITHIN
    return file.expected_at + (_HEARD_WITHIN if is_unheard and file.status is FileStatus.HERE else timedelta(0))


def _is_in_sight(message: Message, file: Attachment) -> bool:
    """A picture that was sent as a document is one all the same."""
    is_picture = message.kind in _IN_SIGHT or bare(file.mime_type).startswith("image/")
    return is_picture and file.status is FileStatus.HERE and file.size <= _LARGEST


def _note(message: Message, file: Attachment | None, why: str, *, is_seen: bool) -> str:
    if is_seen:
        return BEGINNING if message.kind == FileKind.VIDEO else ""
    if message.heard:
        return ""
    if message.kind == FileKind.DOCUMENT and not (file and bare(file.mime_type).startswith("image/")):
        return unread(why)
    return {FileKind.AUDIO: UNHEARD, FileKind.VIDEO: UNWATCHED}.get(FileKind(message.kind), UNSEEN)


async def _content(file: Attachment) -> bytes:
    pieces = [piece async for piece in media.read(file.id)]
    return await asyncio.to_thread(b"".join, pieces)
