"""A customer's file: expected with its message, shown with it or after it, and never missing in silence."""

from __future__ import annotations

from bot.domain.conversation import Author, Message
from bot.domain.escalation import Escalation
from bot.domain.file_work import FetchMedia, Transcribe
from bot.domain.files import FileKind, FileStatus
from bot.domain.thread_work import InThread, ShareFile
from storage import escalations, media, messages, tasks_hastening
from storage.media import Attachment
from storage.tasks import Unit

_BEFORE_PEOPLE_CAME = 10  # files that are shown after the opening transcript


async def expect_file(turn: Unit, message: Message) -> None:
    """Fetched at once, whoever has the conversation: its address lives minutes, its id days."""
    file = message.details.file
    if file is None or message.kind not in tuple(FileKind):
        return
    expected = await media.expect(message.inbox_id, message.id, file.mime_type, file.name, whatsapp_id=file.media_id)
    turn.cause(FetchMedia(inbox_id=message.inbox_id, message_id=message.id, media_id=expected.id))


async def show_earlier_files(turn: Unit, opened: Escalation, through: int) -> None:
    """People come: what the customer had sent the AI before is shown to them too."""
    for media_id in await media.unshared(opened.conversation_id, through, _BEFORE_PEOPLE_CAME):
        turn.cause(ShareFile(inbox_id=opened.inbox_id, escalation_id=opened.id, media_id=media_id))


async def file_arrived(turn: Unit, media_id: int, mime_type: str, size: int) -> None:
    before = await media.lock(media_id)
    await media.arrived(media_id, mime_type, size)
    message = await messages.load(before.message_id)
    if message.kind == FileKind.AUDIO and message.author is Author.CUSTOMER:
        turn.cause(Transcribe(inbox_id=message.inbox_id, message_id=message.id, media_id=media_id))
    await _go_on(turn, before)


async def file_failed(turn: Unit, media_id: int, reason: str) -> None:
    """For good; its place in the thread says why."""
    before = await media.lock(media_id)
    if before.status in (FileStatus.COMING, FileStatus.AWAITED):
        await media.set_status(media_id, FileStatus.FAILED, reason)
        await _go_on(turn, before)


async def shown_without_file(turn: Unit, media_id: int) -> None:
    """Its words are in the thread, it is not: it follows as soon as it is here, which may be now."""
    now = await media.lock(media_id)
    if now.status is FileStatus.COMING:
        await media.set_status(media_id, FileStatus.AWAITED)
    elif now.shared_at is None:
        await _show(turn, now)


async def _go_on(turn: Unit, before: Attachment) -> None:
    """It is settled: what was shown without it gets it, and a mirror that waits for it waits no longer."""
    if before.status is FileStatus.AWAITED:
        return await _show(turn, before)
    message = await messages.load(before.message_id)
    if message.escalation_id is not None:
        lane = InThread(inbox_id=message.inbox_id, escalation_id=message.escalation_id).lane
        await tasks_hastening.hasten_first(lane, f"mirror:{message.escalation_id}:{message.id}", turn.now)
    return None


async def _show(turn: Unit, file: Attachment) -> None:
    message = await messages.load(file.message_id)
    escalation_id = message.escalation_id
    if escalation_id is None and (active := await escalations.active_of(message.conversation_id)):
        escalation_id = active.id
    if escalation_id is not None:
        turn.cause(ShareFile(inbox_id=file.inbox_id, escalation_id=escalation_id, media_id=file.id, is_late=True))
