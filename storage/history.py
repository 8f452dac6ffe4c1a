"""A conversation read page by page, from any of its messages on, as fast with a million messages as with a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conversation import Message
from bot.domain.delivery import Delivery
from bot.domain.stretches import Stretch
from storage.database import fetch
from storage.messages import as_message
from storage.models import MessageRow
from storage.rows import select

LAST = 2**63 - 1  # of all ids
# What never left and nobody decided about says nothing to anybody.
OLDER = "WHERE conversation_id = $1 AND id < $2 AND status <> $4 ORDER BY id DESC LIMIT $3"
NEWER = "WHERE conversation_id = $1 AND id > $2 AND status <> $4 ORDER BY id LIMIT $3"
_POSTS = """
SELECT m.id, coalesce(m.slack_channel, p.channel) AS channel, coalesce(m.slack_ts, p.ts) AS ts,
       e.card_ts AS thread_ts, e.thread_url
FROM message m
JOIN escalation e ON e.id = m.escalation_id
LEFT JOIN LATERAL (SELECT channel, ts FROM posted WHERE message_id = m.id ORDER BY id LIMIT 1) p ON true
WHERE m.id = ANY($1::bigint[]) AND e.thread_url IS NOT NULL
"""
_FILES = """
SELECT message_id, filename, mime_type, slack_url, failure FROM media
WHERE message_id = ANY($1::bigint[]) ORDER BY id
"""
_STRETCHES = "SELECT id, reason, thread_url FROM escalation WHERE id = ANY($1::bigint[])"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message, as far as it can be shown."""

    message_id: int
    name: str
    mime_type: str
    slack_url: str | None
    failure: str


async def before(conversation_id: int, message_id: int, limit: int) -> list[Message]:
    """The last messages before this one, oldest first."""
    rows = await select(MessageRow, OLDER, conversation_id, message_id, limit, Delivery.DROPPED)
    return [as_message(row) for row in reversed(rows)]


async def after(conversation_id: int, message_id: int, limit: int) -> list[Message]:
    """The first messages after this one, oldest first."""
    rows = await select(MessageRow, NEWER, conversation_id, message_id, limit, Delivery.DROPPED)
    return [as_message(row) for row in rows]


async def posts(message_ids: Sequence[int]) -> dict[int, str]:
    """Where in Slack each of them is shown, as an address to open. Source: docs.slack.dev, chat.getPermalink."""
    rows = await fetch(_POSTS, list(message_ids))
    return {
        row["id"]: _address(row["thread_url"], row["channel"], row["ts"], row["thread_ts"]) for row in rows if row["ts"]
    }


async def files(message_ids: Sequence[int]) -> list[File]:
    rows = await fetch(_FILES, list(message_ids))
    return [
        File(row["message_id"], row["filename"], row["mime_type"], row["slack_url"] or None, row["failure"])
        for row in rows
    ]


async def stretches(escalation_ids: Sequence[int]) -> dict[int, Stretch]:
    rows = await fetch(_STRETCHES, list(escalation_ids))
    return {row["id"]: Stretch(row["id"], row["reason"], row["thread_url"]) for row in rows}


def _address(thread_url: str, channel: str, ts: str, thread_ts: str | None) -> str:
    workspace = thread_url.partition("/archives/")[0]
    return f"{workspace}/archives/{channel}/p{ts.replace('.', '')}?thread_ts={thread_ts or ts}&cid={channel}"
