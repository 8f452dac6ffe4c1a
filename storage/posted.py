"""Where in Slack the conversation's messages are shown. A long message may fill several posts, a post show several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conversation import Message
from bot.domain.thread_work import InThread, MirrorMessage
from storage.database import fetch
from storage.models import Posted

_REMEMBER = """
INSERT INTO posted (inbox_id, message_id, channel, ts)
SELECT $1, shown.message_id, place.channel, place.ts
FROM unnest($2::bigint[]) AS shown(message_id)
CROSS JOIN unnest($3::text[], $4::text[]) WITH ORDINALITY AS place(channel, ts, n)
ORDER BY shown.message_id, place.n
ON CONFLICT (message_id, channel, ts) DO NOTHING
"""


_IS_COMING = """
SELECT 1 FROM task
WHERE lane = $1 AND done_at IS NULL AND kind = $2
  AND (payload->'message_id' = to_jsonb($3::bigint) OR payload->'also' @> to_jsonb($3::bigint))
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A post."""

    channel: str
    ts: str


async def remember(inbox_id: int, message_ids: Sequence[int], places: Sequence[Place]) -> None:
    """These posts show these messages. One statement; call it in the transaction that ends the posting."""
    if places:
        channels, stamps = [each.channel for each in places], [each.ts for each in places]
        await fetch(_REMEMBER, inbox_id, list(message_ids), channels, stamps)


async def of_message(message_id: int) -> list[Place]:
    """The posts that show a message, in the order in which they were made."""
    return [Place(row.channel, row.ts) for row in await Posted.filter(message_id=message_id).order_by("id")]


async def messages_at(channel: str, ts: str) -> list[int]:
    """The messages that a post shows, in the order in which they were said."""
    return [row.message_id for row in await Posted.filter(channel=channel, ts=ts).order_by("message_id")]


async def is_coming(message: Message) -> bool:
    """Whether a post that will show it waits for its turn."""
    if message.escalation_id is None:
        return False
    lane = InThread(inbox_id=message.inbox_id, escalation_id=message.escalation_id).lane
    return bool(await fetch(_IS_COMING, lane, MirrorMessage.kind, message.id))
