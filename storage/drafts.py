"""What the AI has written for the staff: kept, so that it can be sent after a restart, and only once."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Message
from bot.domain.copilot import Draft, DraftKind, DraftStatus, Written
from storage.agent_models import Draft as DraftRow
from storage.citations import as_citations, citations_column
from storage.messages import as_message
from storage.models import MessageRow
from storage.rows import first, one, select

_UNDECIDED = (DraftStatus.ASKED, DraftStatus.READY)
_SAID_SINCE = """
WHERE conversation_id = $1 AND id > $2 AND revoked_at IS NULL AND (
  (author = 'customer' AND kind NOT IN ('reaction', 'system'))
  OR (author = 'staff' AND staff_id IS DISTINCT FROM $3 AND kind NOT IN ('note', 'reaction')
      AND status IN ('queued', 'sent', 'delivered', 'read', 'played', 'unconfirmed'))
) ORDER BY id
"""


def _as_draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        inbox_id=row.inbox_id,
        escalation_id=row.escalation_id,
        staff_id=row.staff_id,
        kind=DraftKind(row.kind),
        status=DraftStatus(row.status),
        text=row.text,
        through=row.through,
        sources=as_citations(row.sources),
    )


async def add(inbox_id: int, escalation_id: int, staff_id: str, kind: DraftKind, at: datetime) -> Draft:
    row = await DraftRow.create(
        inbox_id=inbox_id, escalation_id=escalation_id, staff_id=staff_id, kind=kind, status=DraftStatus.ASKED, at=at
    )
    return _as_draft(row)


async def find(draft_id: int) -> Draft | None:
    row = await first(DraftRow, "WHERE id = $1", draft_id)
    return _as_draft(row) if row else None


async def lock(draft_id: int) -> Draft:
    return _as_draft(await one(DraftRow, "WHERE id = $1 FOR UPDATE", draft_id))


async def being_written(escalation_id: int, staff_id: str, kind: DraftKind) -> Draft | None:
    """What this person has asked for and not got yet."""
    row = await first(
        DraftRow,
        "WHERE escalation_id = $1 AND staff_id = $2 AND kind = $3 AND status = 'asked' ORDER BY id DESC LIMIT 1",
        escalation_id,
        staff_id,
        kind,
    )
    return _as_draft(row) if row else None


async def replace(newer: Draft) -> None:
    """What they were shown before gives way to this one."""
    older = DraftRow.filter(escalation_id=newer.escalation_id, staff_id=newer.staff_id, kind=newer.kind)
    await older.filter(id__lt=newer.id, status__in=_UNDECIDED).update(status=DraftStatus.DISCARDED)


async def written(draft_id: int, what: Written) -> None:
    """Unless they do not want it any more."""
    status = DraftStatus.FAILED if what.failure else DraftStatus.READY
    sources, text = citations_column(what.sources), what.failure or what.text
    asked = DraftRow.filter(id=draft_id, status=DraftStatus.ASKED)
    await asked.update(status=status, text=text, through=what.through, sources=sources)


async def decide(draft_id: int, status: DraftStatus) -> None:
    await DraftRow.filter(id=draft_id).update(status=status)


async def said_since(conversation_id: int, through: int, staff_id: str) -> list[Message]:
    """What the customer, or a colleague to them, has said after that message."""
    rows = await select(MessageRow, _SAID_SINCE, conversation_id, through, staff_id)
    return [as_message(row) for row in rows]
