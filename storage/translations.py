"""Translations: of what customers said, and of what staff may send instead of their own words."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Message
from bot.domain.copilot import DraftStatus
from bot.domain.translation import Proposal, TranslateReply, Translation
from storage.agent_models import Draft
from storage.database import fetch
from storage.models import EscalationRow, MessageRow
from storage.rows import first

KIND = "translation"

_SPOKEN = """
SELECT spoken_language FROM message
WHERE conversation_id = $1 AND author = 'customer' AND spoken_language IS NOT NULL ORDER BY id DESC LIMIT 1
"""
_PROPOSAL = "WHERE message_id = $1 AND kind = 'translation' ORDER BY id DESC LIMIT 1"


async def thread_language(escalation_id: int) -> str | None:
    """What staff have chosen for this thread; None where they left it to the inbox."""
    rows = await fetch("SELECT thread_language FROM escalation WHERE id = $1", escalation_id)
    return str(rows[0]["thread_language"] or "") or None if rows else None


async def set_thread_language(escalation_id: int, language: str) -> None:
    await EscalationRow.filter(id=escalation_id).update(thread_language=language)


async def spoken(conversation_id: int) -> str | None:
    """The language of what the customer said last, as far as a translation has told it."""
    rows = await fetch(_SPOKEN, conversation_id)
    return str(rows[0]["spoken_language"]) if rows else None


async def understood(message_id: int, made: Translation, *, is_same: bool) -> None:
    """What a customer said is in this language; in the thread's own it needs no translation."""
    text = None if is_same else made.text
    await MessageRow.filter(id=message_id).update(spoken_language=made.spoken, translation=text)


async def propose(work: TranslateReply, message: Message, made: str, failure: str, at: datetime) -> None:
    """For the reply's author to look at. Only the newest of a reply counts."""
    await Draft.create(
        inbox_id=message.inbox_id,
        escalation_id=work.escalation_id,
        message_id=message.id,
        staff_id=message.staff_id or "",
        kind=KIND,
        through=message.id,
        original=message.text,
        text=failure or made,
        language=work.to,
        status=DraftStatus.FAILED if failure else DraftStatus.READY,
        at=at,
    )


async def proposal(message: Message) -> Proposal | None:
    """What its author has to decide on; nothing once they have, or have put it in other words."""
    row = await first(Draft, _PROPOSAL, message.id)
    if row is None or row.status not in (DraftStatus.READY, DraftStatus.FAILED) or row.original != message.text:
        return None
    failed = row.status == DraftStatus.FAILED
    text, failure = ("", row.text) if failed else (row.text, "")
    return Proposal(row.id, message.id, row.original, text, row.language or "", failure)


async def decide(proposal_id: int, status: DraftStatus) -> None:
    await Draft.filter(id=proposal_id).update(status=status)


async def say_instead(message: Message, text: str) -> None:
    """The customer gets this; what its author wrote is kept beside it."""
    await MessageRow.filter(id=message.id).update(text=text, translation=message.text)
