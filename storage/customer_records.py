"""What is known of a customer beyond one conversation: their page, tags, notes, and whether they are blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import orjson

from bot.domain.facts import NOBODY, CustomerFacts
from bot.domain.profiles import Past, Profile, StaffNote
from bot.domain.window import window_end
from storage import customers
from storage.database import connection, fetch, fetch_one
from storage.desk_models import Audit
from storage.escalations import as_escalation
from storage.models import ConversationRow, CustomerNote, CustomerRow, EscalationRow, Inbox
from storage.rows import first, one, select

_SHOWN = 5  # notes and escalations, the newest; the rest is counted

_COUNTS = """
SELECT count(*) FILTER (WHERE author = 'customer') AS theirs, min(said_at) AS since,
       count(*) FILTER (WHERE author <> 'customer' AND status IN ('sent', 'delivered', 'read', 'played')) AS ours
FROM message WHERE conversation_id = $1 AND kind <> 'system'
"""


_FACTS = """
SELECT c.name, c.tags, v.language, i.masks_numbers,
       (SELECT said_at FROM message WHERE conversation_id = v.id AND author = 'customer' ORDER BY id LIMIT 1)
         AS first_wrote,
       (SELECT count(*) FROM escalation WHERE conversation_id = v.id) AS escalations
FROM conversation v
JOIN customer c ON c.id = v.customer_id
JOIN inbox i ON i.id = v.inbox_id
WHERE v.id = $1
"""


async def inbox_of(customer_id: int) -> int | None:
    row = await first(CustomerRow, "WHERE id = $1", customer_id)
    return row.inbox_id if row else None


async def profile(customer_id: int) -> Profile | None:
    """None where nobody is known by this id, or nobody any more."""
    if await first(CustomerRow, "WHERE id = $1", customer_id) is None:
        return None
    customer = await customers.load(customer_id)
    row = await one(CustomerRow, "WHERE id = $1", customer.id)
    talk = await first(ConversationRow, "WHERE customer_id = $1", customer.id)
    notes = await select(CustomerNote, f"WHERE customer_id = $1 ORDER BY id DESC LIMIT {_SHOWN}", customer.id)
    known = Profile(
        customer=customer,
        inbox_name=(await Inbox.get(id=customer.inbox_id)).name,
        first_seen=row.created_at,
        blocked_by=row.blocked_by,
        tags=tuple(row.tags or ()),
        notes=tuple(StaffNote(each.staff_id, each.text, each.at) for each in notes),
        note_count=await CustomerNote.filter(customer_id=customer.id).count(),
    )
    return await _with_conversation(known, talk) if talk else known


async def _with_conversation(known: Profile, talk: ConversationRow) -> Profile:
    [counts] = await fetch(_COUNTS, talk.id)
    past = await select(EscalationRow, f"WHERE conversation_id = $1 ORDER BY id DESC LIMIT {_SHOWN}", talk.id)
    return replace(
        known,
        conversation_id=talk.id,
        first_seen=counts["since"] or known.first_seen,
        last_seen=talk.last_customer_at,
        window_closes_at=window_end(talk.last_customer_at, talk.window_refused_at),
        language=talk.language,
        with_people=talk.with_people,
        promises=talk.promises or "",
        theirs=counts["theirs"],
        ours=counts["ours"],
        escalations=await EscalationRow.filter(conversation_id=talk.id).count(),
        past=tuple(Past(as_escalation(each), each.thread_url) for each in past),
    )


async def facts(conversation_id: int) -> CustomerFacts:
    """What the agent may know of whom it talks to: nobody, where the inbox keeps even their number to itself."""
    row = await fetch_one(_FACTS, conversation_id)
    if row is None or row["masks_numbers"]:
        return NOBODY
    tags = tuple(orjson.loads(row["tags"]) if row["tags"] else ())
    return CustomerFacts(row["name"], row["first_wrote"], row["escalations"], tags, row["language"])


async def set_tags(customer_id: int, tags: tuple[str, ...]) -> None:
    await CustomerRow.filter(id=customer_id).update(tags=list(tags) or None)


async def tags_of(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Of those who have any."""
    rows = await CustomerRow.filter(id__in=list(customer_ids)).exclude(tags=None)
    return {row.id: list(row.tags or ()) for row in rows}


async def add_note(inbox_id: int, customer_id: int, staff_id: str, text: str, at: datetime) -> None:
    await CustomerNote.create(inbox_id=inbox_id, customer_id=customer_id, staff_id=staff_id, text=text, at=at)


async def block(customer_id: int, staff_id: str, at: datetime) -> bool:
    """False when they are blocked already."""
    return bool(await CustomerRow.filter(id=customer_id, blocked_at=None).update(blocked_at=at, blocked_by=staff_id))


async def unblock(customer_id: int) -> bool:
    blocked = CustomerRow.filter(id=customer_id).exclude(blocked_at=None)
    return bool(await blocked.update(blocked_at=None, blocked_by=None))


async def note(inbox_id: int, conversation_id: int, event: str, actor: str, at: datetime, words: str = "") -> None:
    """The line in the audit."""
    await Audit.create(inbox_id=inbox_id, conversation_id=conversation_id, event=event, actor=actor, note=words, at=at)


async def hold(customer_id: int) -> None:
    """Two who change the same customer do so one after the other."""
    await connection().execute_query("SELECT 1 FROM customer WHERE id = $1 FOR UPDATE", [customer_id])
