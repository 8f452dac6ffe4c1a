"""Files that staff attach: what can go to the customer is brought to WhatsApp, and each leaves as its own message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversation import Message
from bot.domain.file_work import PrepareFile
from bot.domain.files import Carriage, Conversion, FileKind, FileStatus, StaffFile, Unsendable, kind_of, plan
from bot.domain.parts import Part, parts_of
from bot.domain.rules import InboxRules
from bot.domain.whatsapp_work import SendToCustomer
from storage import media, messages, tasks_hastening
from storage.media import Attachment, Prepared
from storage.tasks import Unit


def sort_out(files: Sequence[StaffFile], able: frozenset[Conversion]) -> tuple[list[StaffFile], list[str]]:
    """Those that can go, and why the others cannot: said before anything is fetched."""
    planned = [(each, plan(each, able)) for each in files]
    good = [each for each, how in planned if isinstance(how, Carriage)]
    return good, [how.reason for _, how in planned if isinstance(how, Unsendable)]


def kinds_of(files: Sequence[StaffFile], able: frozenset[Conversion]) -> list[FileKind]:
    planned = [plan(each, able) for each in files]
    return [each.kind for each in planned if isinstance(each, Carriage)]


async def hold_files(message: Message, files: Sequence[StaffFile], able: frozenset[Conversion]) -> None:
    """They wait with the reply they belong to; nothing is fetched yet."""
    for each in files:
        await _expect(message, each, able)


async def bring_file(turn: Unit, message: Message, file: StaffFile, able: frozenset[Conversion]) -> None:
    _prepare(turn, message, await _expect(message, file, able), "said")


async def held_parts(message: Message) -> tuple[list[Part], list[Attachment]]:
    """What a held reply becomes now that it may leave."""
    files = await media.all_of(message.id)
    return parts_of(message.text, [kind_of(each.mime_type) for each in files]), files


async def let_file_go(turn: Unit, message: Message, file: Attachment) -> None:
    """The file of a held reply belongs to this message now, and is fetched at last."""
    await media.give_to(file.id, message.id)
    await media.begin_again(file.id)
    _prepare(turn, message, file, f"released:{message.id}:{turn.now.timestamp():.6f}")


async def bring_again(turn: Unit, message: Message, cause: str) -> None:
    """Before it is sent once more: what WhatsApp refused, or has forgotten, is brought anew."""
    if file := await media.of_message(message.id):
        await media.begin_again(file.id)
        _prepare(turn, message, file, cause)


async def file_prepared(
    turn: Unit, message: Message, media_id: int, as_sent: Prepared, kind: FileKind, rules: InboxRules
) -> None:
    await media.prepared(media_id, as_sent)
    if message.kind != kind:  # its bytes were not of the kind that Slack took it for
        await messages.set_kind(message.id, kind)
    await _send_goes_on(turn, message, rules)


async def file_unprepared(turn: Unit, media_id: int, reason: str, rules: InboxRules) -> None:
    """For good: the send that waits for it fails with this reason, and offers Retry."""
    file = await media.lock(media_id)
    await media.set_status(file.id, FileStatus.FAILED, reason)
    await _send_goes_on(turn, await messages.load(file.message_id), rules)


async def _expect(message: Message, file: StaffFile, able: frozenset[Conversion]) -> Attachment:
    how = plan(file, able)
    assert isinstance(how, Carriage)
    return await media.expect(message.inbox_id, message.id, how.mime_type, how.name, slack_id=file.slack_id)


def _prepare(turn: Unit, message: Message, file: Attachment, cause: str) -> None:
    turn.cause(
        PrepareFile(
            inbox_id=message.inbox_id,
            conversation_id=message.conversation_id,
            message_id=message.id,
            media_id=file.id,
            cause=cause,
        )
    )


async def _send_goes_on(turn: Unit, message: Message, rules: InboxRules) -> None:
    """Not sooner than words would: until then its author may still change or delete it."""
    due = max(turn.now, message.said_at + rules.reply_delay)
    send = SendToCustomer.of(message)
    await tasks_hastening.hasten_first(send.lane, f"send:{message.id}:", due)
