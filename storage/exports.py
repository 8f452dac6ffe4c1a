"""Rows for files, a few hundred at a time however many there are: escalations, messages, prompts, searches."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum

from storage.database import Rows, stream


class Export(StrEnum):
    ESCALATIONS = "escalations"
    AUDIT = "audit"
    MESSAGES = "messages"
    PROMPTS = "prompts"
    LOOKUPS = "lookups"


_ESCALATIONS = """
SELECT e.id AS escalation, i.name AS inbox, e.conversation_id AS conversation, v.customer_id AS customer,
       c.name AS customer_name, e.status, e.priority, e.language, e.trigger, e.reason,
       e.started_by AS started_by, s.name AS started_by_name, e.created_at AS asked_at,
       e.first_answer_at AS first_answer_at, e.first_answer_by AS first_answer_by, f.name AS first_answer_by_name,
       round(extract(epoch FROM e.first_answer_at - e.created_at))::bigint AS first_response_seconds,
       e.taken_at AS taken_at, e.taken_by AS taken_by, t.name AS taken_by_name,
       e.ended_at AS ended_at, e.ended_by AS ended_by, d.name AS ended_by_name,
       round(extract(epoch FROM e.ended_at - e.created_at))::bigint AS resolution_seconds{words}
FROM escalation e
JOIN inbox i ON i.id = e.inbox_id
LEFT JOIN conversation v ON v.id = e.conversation_id
LEFT JOIN customer c ON c.id = v.customer_id
LEFT JOIN staff s ON s.id = e.started_by
LEFT JOIN staff f ON f.id = e.first_answer_by
LEFT JOIN staff t ON t.id = e.taken_by
LEFT JOIN staff d ON d.id = e.ended_by
WHERE e.inbox_id = ANY($1::int[]) AND e.created_at >= $2 AND e.created_at < $3
ORDER BY e.created_at, e.id
"""
_AUDIT = """
SELECT a.id AS entry, a.at, i.name AS inbox, a.conversation_id AS conversation, a.escalation_id AS escalation,
       a.event, a.from_status, a.to_status, a.actor, s.name AS actor_name, a.holder, h.name AS holder_name{words}
FROM audit a
JOIN inbox i ON i.id = a.inbox_id
LEFT JOIN staff s ON s.id = a.actor
LEFT JOIN staff h ON h.id = a.holder
WHERE a.inbox_id = ANY($1::int[]) AND a.at >= $2 AND a.at < $3
ORDER BY a.at, a.id
"""
_MESSAGES = """
SELECT m.id AS message, m.said_at AS said_at, i.name AS inbox, m.conversation_id AS conversation,
       v.customer_id AS customer, m.escalation_id AS escalation, m.author, m.staff_id AS staff, s.name AS staff_name,
       m.kind, m.status, m.failure, m.prompt_version AS prompt{words}
FROM message m
JOIN inbox i ON i.id = m.inbox_id
LEFT JOIN conversation v ON v.id = m.conversation_id
LEFT JOIN staff s ON s.id = m.staff_id
WHERE m.inbox_id = ANY($1::int[]) AND m.said_at >= $2 AND m.said_at < $3
ORDER BY m.said_at, m.id
"""
# Those that spoke in that time, or would have had anybody written.
_PROMPTS = """
SELECT p.id AS prompt, i.name AS inbox, p.first_used_at AS first_used_at, coalesce(m.answers, 0) AS answers,
       m.last_answer_at AS last_answer_at, p.digest{words}
FROM prompt_version p
JOIN inbox i ON i.id = p.inbox_id
LEFT JOIN (
  SELECT prompt_version, count(*) AS answers, max(said_at) AS last_answer_at FROM message
  WHERE inbox_id = ANY($1::int[]) AND said_at >= $2 AND said_at < $3 AND prompt_version IS NOT NULL
  GROUP BY prompt_version
) m ON m.prompt_version = p.id
WHERE p.inbox_id = ANY($1::int[]) AND (m.answers > 0 OR p.first_used_at >= $2 AND p.first_used_at < $3)
ORDER BY p.first_used_at, p.id
"""
_LOOKUPS = """
SELECT l.id AS lookup, l.at, i.name AS inbox, l.conversation_id AS conversation, l.message_id AS message,
       l.found, l.handed_over{words}
FROM lookup l
JOIN inbox i ON i.id = l.inbox_id
WHERE l.inbox_id = ANY($1::int[]) AND l.at >= $2 AND l.at < $3
ORDER BY l.at, l.id
"""
_QUERIES = {
    Export.ESCALATIONS: (_ESCALATIONS, ", e.summary"),
    Export.AUDIT: (_AUDIT, ", a.note"),
    Export.MESSAGES: (_MESSAGES, ", m.text, m.heard"),
    Export.PROMPTS: (_PROMPTS, ", p.text"),
    Export.LOOKUPS: (_LOOKUPS, ", l.query"),
}


@asynccontextmanager
async def opened(
    what: Export, inbox_ids: Sequence[int], start: datetime, end: datetime, *, with_words: bool = False
) -> AsyncGenerator[Rows]:
    """Those of a stretch of time, the oldest first. `with_words`: also what was said, or said about it."""
    query, words = _QUERIES[what]
    sql = query.format(words=words if with_words else "")  # both are ours
    async with stream(sql, list(inbox_ids), start, end) as rows:
        yield rows
