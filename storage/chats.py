"""The conversations that the AI has with customers, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.conversation import Author
from bot.domain.desk import Chat
from bot.domain.people import Customer
from bot.domain.text.names import words_of
from storage.customer_search import containing
from storage.database import connection
from storage.models import ConversationRow, EscalationRow
from storage.rows import first

_LOOKED_THROUGH = 1_000  # conversations, the newest, where words are looked for

_CHATS = """
SELECT v.id AS conversation_id, v.last_customer_at, v.waiting_since, c.id, c.inbox_id, c.name, c.username, c.phone,
       coalesce(i.masks_numbers, false) AS is_masked, c.opted_out_at, c.blocked_at,
       m.author, m.text, m.kind
FROM unnest($1::int[]) AS box CROSS JOIN LATERAL (
  SELECT * FROM conversation
  WHERE inbox_id = box AND NOT with_people AND merged_into IS NULL AND last_customer_at IS NOT NULL
  ORDER BY last_customer_at DESC, id DESC LIMIT {bound}
) AS v
JOIN customer c ON c.id = v.customer_id
LEFT JOIN inbox i ON i.id = c.inbox_id
LEFT JOIN LATERAL (
  SELECT author, text, kind FROM message
  WHERE conversation_id = v.id AND kind NOT IN ('note', 'reaction', 'system', 'edit', 'revoke') AND revoked_at IS NULL
    AND status NOT IN ('held', 'parked', 'withdrawn', 'dropped', 'kept')
  ORDER BY id DESC LIMIT 1
) m ON true
{where}
ORDER BY v.last_customer_at DESC, v.id DESC LIMIT $2 OFFSET $3
"""
_TRAITS = ("id", "inbox_id", "name", "username", "phone", "is_masked", "opted_out_at", "blocked_at")


async def recent(inbox_ids: Sequence[int], words: str = "", limit: int = 10, skip: int = 0) -> list[Chat]:
    """`words` leaves those out whose customer is not called so and whose last message does not say so."""
    values: list[object] = [list(inbox_ids), limit, skip]
    bound, where = str(limit + skip), ""
    if words.strip():
        bound, where = str(_LOOKED_THROUGH), "WHERE (c.sought @> $4::text[] AND $4::text[] <> '{}') OR m.text ILIKE $5"
        values += [words_of(words), containing(words)]
    sql = _CHATS.format(bound=bound, where=where)  # both are ours, never a person's words
    return [_as_chat(row) for row in await connection().execute_query_dict(sql, values)]


async def last_escalation(conversation_id: int) -> int | None:
    row = await first(EscalationRow, "WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1", conversation_id)
    return row.id if row else None


async def inbox_of(conversation_id: int) -> int | None:
    row = await first(ConversationRow, "WHERE id = $1", conversation_id)
    return row.inbox_id if row else None


def _as_chat(row: dict[str, Any]) -> Chat:
    at: datetime = row["last_customer_at"]
    return Chat(
        conversation_id=row["conversation_id"],
        customer=Customer(*(row[each] for each in _TRAITS)),
        last_at=at,
        last_author=Author(row["author"]) if row["author"] else None,
        last_text=row["text"] or "",
        last_kind=row["kind"] or "text",
    )
