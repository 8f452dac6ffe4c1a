"""Staff edit or delete what they wrote: before it left that changes what leaves, afterwards it is said who has what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Author, Message, may_have_left
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Refusal, Why
from bot.domain.parts import TEXT, is_caption_for
from bot.domain.replies import Kind, Verdict, is_note, judge, note_text
from bot.domain.rules import InboxRules
from bot.domain.staff_work import MarkReply, OfferCorrection, RecallOffer, TellStaff
from bot.domain.text.split import split_for_whatsapp
from bot.domain.thread_work import NoteInThread
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.window import is_closed
from bot.flows.redraw import redraw
from bot.flows.staff_replies import NOTHING_LEFT, StaffReply, ask, say, staff_replies, tell, too_late
from storage import conversations, corrections, escalations, media, messages
from storage.tasks import Unit

_MAY_CHANGE = (Delivery.QUEUED, Delivery.HELD, Delivery.PARKED, Delivery.FAILED)
_WAITS_WHOLE = (Delivery.HELD, Delivery.PARKED)  # the others are split already
_WRITE_ANEW = "✏️ *Retry* cannot send it as you have put it now: please write it as a new message."
_PENCIL = "✏️ "


@dataclass(frozen=True, slots=True)
class StaffEdit:
    """What a message in a thread says now, and since when."""

    reply: StaffReply
    at: datetime

    @property
    def edition(self) -> str:
        """A name for these words, so that each is asked about once."""
        return f"{self.at.timestamp():.6f}"


@dataclass(frozen=True, slots=True)
class StaffDeletion:
    """A message in a thread that is there no more."""

    channel: str
    thread_ts: str
    ts: str
    staff_id: str


async def staff_edits(turn: Unit, edit: StaffEdit, rules: InboxRules) -> None:
    seen = await messages.by_slack(edit.reply.channel, edit.reply.ts)
    if seen is None:  # its own event may come later than that of its edit, and is then nothing new
        return await staff_replies(turn, edit.reply, rules)
    await conversations.lock(seen.conversation_id)
    parts = await corrections.lock_parts(seen.id)
    message = parts[-1]
    if message.author is not Author.STAFF or not await corrections.is_news(message.id, edit.at):
        return None
    if message.status is Delivery.KEPT:
        return await corrections.set_text(message.id, note_text(edit.reply.text) or message.text)
    if any(map(may_have_left, parts)):
        return await _offer(turn, message, edit, rules)
    words = [each.text for each in parts if each.text]
    if message.status in _MAY_CHANGE and _as_stored(parts, edit.reply.text) != words:
        await _change(turn, parts, edit, rules)
    return None


async def staff_deletes(turn: Unit, gone: StaffDeletion) -> None:
    """What has not left never will."""
    seen = await messages.by_slack(gone.channel, gone.ts)
    if seen is None:
        return await _never_said(turn, gone)
    await conversations.lock(seen.conversation_id)
    parts = await corrections.lock_parts(seen.id)
    message = parts[-1]
    if message.author is not Author.STAFF:
        return None
    left = [each for each in parts if may_have_left(each)]
    waiting = [each for each in parts if each not in left and each.status in (*_MAY_CHANGE, Delivery.KEPT)]
    await corrections.withdraw([each.id for each in waiting])
    if left:
        await corrections.offer(message.id, None)
        _say_that_it_left(turn, message, gone, whole=len(left) == len(parts))
    elif message.status is Delivery.QUEUED:
        _tell(turn, message, gone, "🗑️ Deleted in time: the customer never got it.")
    return None


async def staff_sends_correction(turn: Unit, message_id: int, by: str, rules: InboxRules) -> Message | Refusal:
    """*Send correction*: the new words follow as a message of their own that quotes the old one."""
    seen = await messages.load(message_id)
    conversation = await conversations.lock(seen.conversation_id)
    message = await messages.lock(message_id)
    offered = (await corrections.edition(message.id)).offered
    escalation = await escalations.load(message.escalation_id) if message.escalation_id is not None else None
    if offered is None or escalation is None:
        return Refusal(Why.NOT_OPEN, "There is nothing to correct: the customer has these words, or they are gone.")
    if escalation.status.is_final:
        return Refusal(Why.ENDED, too_late(escalation))
    if is_closed(conversation, turn.now):
        return Refusal(Why.WINDOW_CLOSED, "The reply window is closed: send it when they write again.")
    for number, part in enumerate(split_for_whatsapp(_PENCIL + offered)):
        row = await messages.add(_correction(message, part, by, turn.now, message.wamid if number == 0 else None))
        turn.cause(SendToCustomer.of(row))
    await corrections.corrected(message.id, offered)
    await redraw(turn, escalation, rules)
    return message


def _as_stored(parts: Sequence[Message], text: str) -> list[str]:
    """The words of these parts, if this were what was written."""
    is_whole = parts[-1].status in _WAITS_WHOLE or (parts[0].kind != TEXT and is_caption_for(parts[0].kind, text))
    return ([text] if text else []) if is_whole else split_for_whatsapp(text)


async def _change(turn: Unit, parts: Sequence[Message], edit: StaffEdit, rules: InboxRules) -> None:
    """It has not left: it is judged anew, as though it had been written so."""
    message, reply = parts[-1], edit.reply
    escalation = await _escalation_of(message)
    verdict = judge(escalation, reply.staff_id, reply.text, reply.mentions)
    if not reply.text.strip() and not reply.files:
        await corrections.withdraw([each.id for each in parts])
        tell(turn, escalation, reply, NOTHING_LEFT)
    elif verdict.kind is Kind.NOTE:
        await _keep(turn, parts, note_text(reply.text))
    elif message.status in _WAITS_WHOLE or _must_ask(message, verdict):
        await _hold_whole(turn, parts, escalation, edit, rules)
    else:
        await _send_otherwise(turn, parts, escalation, edit, rules)


def _must_ask(message: Message, verdict: Verdict) -> bool:
    return message.status is Delivery.QUEUED and verdict.kind is Kind.HOLD


async def _keep(turn: Unit, parts: Sequence[Message], text: str) -> None:
    *before, message = parts
    await corrections.withdraw([each.id for each in before])
    await messages.keep_as_note(message.id)
    await corrections.set_text(message.id, text)
    turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id))


async def _hold_whole(
    turn: Unit, parts: Sequence[Message], escalation: Escalation, edit: StaffEdit, rules: InboxRules
) -> None:
    *before, message = parts
    await corrections.withdraw([each.id for each in before])
    for part in before:
        for file in await media.all_of(part.id):  # a held reply holds all its files itself
            await media.give_to(file.id, message.id)
    await corrections.set_text(message.id, edit.reply.text)
    if message.status is not Delivery.PARKED:
        await messages.set_status(message.id, Delivery.HELD)
        await ask(turn, escalation, message, rules, edition=f":{edit.edition}")


async def _send_otherwise(
    turn: Unit, parts: Sequence[Message], escalation: Escalation, edit: StaffEdit, rules: InboxRules
) -> None:
    """In the place it has in its lane. What has grown by a whole message has none there, and goes behind."""
    if any(each.kind != TEXT for each in parts):
        return await _send_with_files(turn, parts, escalation, edit, rules)
    texts = split_for_whatsapp(edit.reply.text)
    message, surplus = parts[-1], len(parts) - len(texts)
    if surplus >= 0:
        await corrections.withdraw([each.id for each in parts[:surplus]])
        for part, text in zip(parts[surplus:], texts, strict=True):
            await corrections.set_text(part.id, text)
        if message.status is Delivery.FAILED:
            tell(turn, escalation, edit.reply, "✏️ *Retry* sends it as you have put it now.")
    elif message.status is Delivery.QUEUED:
        await corrections.withdraw([each.id for each in parts])
        await corrections.release_place(message.id)
        await say(turn, escalation, edit.reply, rules)
    else:
        tell(turn, escalation, edit.reply, _WRITE_ANEW)
    return None


async def _send_with_files(
    turn: Unit, parts: Sequence[Message], escalation: Escalation, edit: StaffEdit, rules: InboxRules
) -> None:
    """A caption changes in its place; where words and files come apart otherwise, all of them leave anew."""
    message, text = parts[-1], edit.reply.text
    if len(parts) == 1 and (not text.strip() or is_caption_for(message.kind, text)):
        await corrections.set_text(message.id, text)
    elif message.status is Delivery.QUEUED:
        await corrections.withdraw([each.id for each in parts])
        await corrections.release_place(message.id)
        await say(turn, escalation, edit.reply, rules)
    else:
        tell(turn, escalation, edit.reply, _WRITE_ANEW)


async def _offer(turn: Unit, message: Message, edit: StaffEdit, rules: InboxRules) -> None:
    """Too late to change it. Only what the customer would read differently is worth a word."""
    text = edit.reply.text
    edition = await corrections.edition(message.id)
    if _reads_alike(edition.had, text) or _reads_alike(message.translation, text):
        return await corrections.offer(message.id, None)
    if not text.strip() or is_note(text):
        await corrections.offer(message.id, None)
        tell(turn, await _escalation_of(message), edit.reply, _STILL_HAS_IT)
        return None
    assert message.escalation_id is not None
    await corrections.offer(message.id, text)
    about = {"inbox_id": message.inbox_id, "escalation_id": message.escalation_id, "message_id": message.id}
    turn.cause(
        OfferCorrection(**about, edition=edit.edition),
        RecallOffer(**about, edition=edit.edition, at=turn.now + rules.held_shown_after),
    )
    return None


def _reads_alike(had: str, text: str) -> bool:
    return had.split() == text.split()


_STILL_HAS_IT = "✏️ *The customer still has what you wrote first.* What has left cannot be taken back or hidden."


async def _never_said(turn: Unit, gone: StaffDeletion) -> None:
    """Its own event may come later than that of its deletion: by then it is known, and stays here."""
    escalation = await escalations.of_thread(gone.channel, gone.thread_ts)
    if escalation is None:
        return
    await conversations.lock(escalation.conversation_id)
    if await messages.by_slack(gone.channel, gone.ts) is None:
        await messages.add(
            messages.NewMessage(
                inbox_id=escalation.inbox_id,
                conversation_id=escalation.conversation_id,
                author=Author.STAFF,
                text="",
                status=Delivery.WITHDRAWN,
                said_at=turn.now,
                escalation_id=escalation.id,
                staff_id=gone.staff_id,
                slack_channel=gone.channel,
                slack_ts=gone.ts,
            )
        )


def _say_that_it_left(turn: Unit, message: Message, gone: StaffDeletion, *, whole: bool) -> None:
    """The thread has lost what the customer keeps: its author should know, and so should whoever reads on."""
    has = "may have it" if message.status is Delivery.UNCONFIRMED else "still has it" if whole else "has its beginning"
    _tell(turn, message, gone, f"🗑️ *The customer {has}.* A message that has left cannot be taken back from WhatsApp.")
    if message.escalation_id is not None:
        turn.cause(
            NoteInThread(
                inbox_id=message.inbox_id,
                escalation_id=message.escalation_id,
                text=f"🗑️ A message of <@{message.staff_id}> was deleted here. The customer {has}.",
                about=f"deleted:{message.id}",
            )
        )


def _tell(turn: Unit, message: Message, gone: StaffDeletion, words: str) -> None:
    turn.cause(
        TellStaff(
            inbox_id=message.inbox_id,
            channel=gone.channel,
            thread_ts=gone.thread_ts,
            user=message.staff_id or gone.staff_id,
            text=words,
            about=f"{gone.channel}:{gone.ts}:deleted",
        )
    )


async def _escalation_of(message: Message) -> Escalation:
    assert message.escalation_id is not None  # what staff write, they write in the thread of one
    escalation = await escalations.load(message.escalation_id)
    assert escalation is not None
    return escalation


def _correction(message: Message, text: str, by: str, at: datetime, quoted: str | None) -> messages.NewMessage:
    return messages.NewMessage(
        inbox_id=message.inbox_id,
        conversation_id=message.conversation_id,
        author=Author.STAFF,
        text=text,
        status=Delivery.QUEUED,
        said_at=at,
        escalation_id=message.escalation_id,
        staff_id=by,
        quoted_wamid=quoted,
    )
