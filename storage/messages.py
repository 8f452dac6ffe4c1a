"""Messages: everything said, and how far it got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.arrivals import StatusReported
from bot.domain.conversation import SILENT_KINDS, Author, Message
from bot.domain.delivery import Delivery, climb
from bot.domain.inbound import PLAIN, Details
from bot.domain.knowledge import Citation
from storage.citations import as_citations, citations_column
from storage.database import connection, fetch
from storage.details import as_column, as_details
from storage.models import EarlyStatus, Json, MessageRow
from storage.rows import first, one, select

_UNREAD_REPORT = """
SELECT 1 FROM task
WHERE done_at IS NULL AND kind = $1 AND inbox_id = $2
  AND starts_with(payload->'status'->>'biz_opaque_callback_data', $3)
LIMIT 1
"""

_ACCEPTED = """
WITH echo AS (
  SELECT id, status, failure FROM message WHERE inbox_id = $2 AND wamid = $3 AND id <> $1
), named AS (
  UPDATE message SET wamid = $3, status = $4, failure = '' WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM echo)
), early AS (
  DELETE FROM early_status WHERE inbox_id = $2 AND wamid = $3 RETURNING status, failure
)
SELECT status, failure, NULL AS echo FROM early UNION ALL SELECT status, failure, id FROM echo
"""

_NAMED = "UPDATE message SET wamid = $2, status = $3, failure = '' WHERE id = $1"

_SEEN = """
SELECT id, true AS is_itself FROM message WHERE inbox_id = $1 AND wamid = $2
UNION ALL
SELECT id, false FROM message WHERE inbox_id = $1 AND quoted_wamid = $2 AND kind IN ('edit', 'revoke')
ORDER BY id
"""

_EDIT = """
UPDATE message SET text = $2, edited_at = $3,
  details = jsonb_set(coalesce(details, '{}'), '{earlier}', coalesce(details->'earlier', '[]') || to_jsonb(text))
WHERE id = $1 AND revoked_at IS NULL AND (edited_at IS NULL OR edited_at <= $3)
RETURNING id
"""


_LAST = 2**63 - 1  # of all ids
_LONGEST_STRETCH = 200  # messages without an answer; whoever writes on and on does not fill the thread for ever
_SO_FAR = """
WITH shown AS (
  SELECT id, author, status, row_number() OVER (ORDER BY id DESC) AS back FROM message
  WHERE conversation_id = $1 AND id <= $2 AND NOT status = ANY($3::text[])
), answered AS (
  SELECT id FROM shown WHERE author <> 'customer' AND status IN ('sent', 'delivered', 'read', 'played')
  ORDER BY id DESC OFFSET 1 LIMIT 1
), stretch AS (
  SELECT id FROM shown
  WHERE back <= $4 OR (back <= $5 AND id > coalesce((SELECT id FROM answered), 0))
)
SELECT coalesce(min(id), 0) AS since,
       (SELECT count(*) FROM shown WHERE id < (SELECT min(id) FROM stretch)) AS earlier
FROM stretch
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message before it has an id."""

    inbox_id: int
    conversation_id: int
    author: Author
    text: str
    status: Delivery
    said_at: datetime
    kind: str = "text"
    escalation_id: int | None = None
    staff_id: str | None = None
    wamid: str | None = None
    quoted_wamid: str | None = None
    slack_channel: str | None = None
    slack_ts: str | None = None
    epoch: int = 0
    original: Json | None = None
    details: Details = PLAIN
    sources: tuple[Citation, ...] = ()
    prompt_version: int | None = None


def as_message(row: MessageRow) -> Message:
    return Message(
        id=row.id,
        inbox_id=row.inbox_id,
        conversation_id=row.conversation_id,
        author=row.author,
        kind=row.kind,
        text=row.text,
        status=row.status,
        said_at=row.said_at,
        escalation_id=row.escalation_id,
        staff_id=row.staff_id,
        wamid=row.wamid,
        slack_channel=row.slack_channel,
        slack_ts=row.slack_ts,
        epoch=row.epoch,
        quoted_wamid=row.quoted_wamid,
        failure=row.failure,
        details=as_details(row.details),
        edited_at=row.edited_at,
        revoked_at=row.revoked_at,
        heard=row.heard or "",
        spoken_language=row.spoken_language,
        translation=row.translation or "",
        sources=as_citations(row.sources),
        leaving_at=row.leaving_at,
    )


async def add(new: NewMessage) -> Message:
    row = await MessageRow.create(
        inbox_id=new.inbox_id,
        conversation_id=new.conversation_id,
        author=new.author,
        kind=new.kind,
        text=new.text,
        status=new.status,
        said_at=new.said_at,
        escalation_id=new.escalation_id,
        staff_id=new.staff_id,
        wamid=new.wamid,
        quoted_wamid=new.quoted_wamid,
        slack_channel=new.slack_channel,
        slack_ts=new.slack_ts,
        epoch=new.epoch,
        original=new.original,
        details=as_column(new.details),
        sources=citations_column(new.sources),
        prompt_version=new.prompt_version,
    )
    return as_message(row)


async def load(message_id: int) -> Message:
    return as_message(await one(MessageRow, "WHERE id = $1", message_id))


async def load_all(message_ids: Sequence[int]) -> list[Message]:
    """These messages, oldest first."""
    rows = await select(MessageRow, "WHERE id = ANY($1::bigint[]) ORDER BY id", list(message_ids))
    return [as_message(row) for row in rows]


async def find(inbox_id: int, message_id: int) -> Message | None:
    row = await first(MessageRow, "WHERE id = $1 AND inbox_id = $2", message_id, inbox_id)
    return as_message(row) if row else None


async def by_wamid(inbox_id: int, wamid: str) -> Message | None:
    row = await first(MessageRow, "WHERE inbox_id = $1 AND wamid = $2", inbox_id, wamid)
    return as_message(row) if row else None


async def changes_of(inbox_id: int, wamid: str) -> list[int] | None:
    """Edits and deletions of a message that came before it; None when the message itself is known already."""
    rows = await fetch(_SEEN, inbox_id, wamid)
    return None if any(row["is_itself"] for row in rows) else [int(row["id"]) for row in rows]


async def by_wamids(inbox_id: int, wamids: Sequence[str]) -> dict[str, Message]:
    """Those of them that we know."""
    rows = await select(MessageRow, "WHERE inbox_id = $1 AND wamid = ANY($2::text[])", inbox_id, list(wamids))
    return {row.wamid: as_message(row) for row in rows if row.wamid}


async def by_slack(channel: str, ts: str) -> Message | None:
    row = await first(MessageRow, "WHERE slack_channel = $1 AND slack_ts = $2", channel, ts)
    return as_message(row) if row else None


async def sent_from(conversation_id: int, dialog: str) -> Message | None:
    """The template that this modal has sent, if it has. The caller holds the conversation's lock."""
    rows = await connection().execute_query_dict(
        "SELECT id FROM message WHERE conversation_id = $1 AND kind = 'template' "
        "AND details->'template'->>'dialog' = $2 LIMIT 1",
        [conversation_id, dialog],
    )
    return await load(rows[0]["id"]) if rows else None


async def set_place(message_id: int, channel: str, ts: str) -> None:
    """Where in Slack its marks go; the post is ours, since its author wrote none."""
    await MessageRow.filter(id=message_id, slack_ts=None).update(slack_channel=channel, slack_ts=ts)


async def known_ts(channel: str, stamps: list[str]) -> set[str]:
    """Which of these Slack messages are written down."""
    rows = await MessageRow.filter(slack_channel=channel, slack_ts__in=stamps).values_list("slack_ts", flat=True)
    return {str(each) for each in rows}


async def latest(conversation_id: int, limit: int, through: int | None = None, since: int = 0) -> list[Message]:
    """The conversation's last messages, oldest first; none that came after `through`, none up to `since`."""
    rest = "WHERE conversation_id = $1 AND id <= $2 AND id > $3 ORDER BY id DESC LIMIT $4"
    rows = await select(MessageRow, rest, conversation_id, _LAST if through is None else through, since, limit)
    return [as_message(row) for row in reversed(rows)]


async def so_far(
    conversation_id: int, unseen: Sequence[Delivery], at_least: int, through: int | None = None
) -> tuple[list[Message], int]:
    """What was said last, oldest first, and how many messages came before that; those with an `unseen` status are
    left out. Whatever may be unanswered is among it: the answer before the last was begun when all before it was read.
    """
    values = [conversation_id, _LAST if through is None else through, [each.value for each in unseen]]
    (bounds,) = await connection().execute_query_dict(_SO_FAR, [*values, at_least, _LONGEST_STRETCH])
    rest = "WHERE conversation_id = $1 AND id <= $2 AND NOT status = ANY($3::text[]) AND id >= $4 ORDER BY id"
    rows = await select(MessageRow, rest, *values, bounds["since"])
    return [as_message(row) for row in rows], int(bounds["earlier"])


async def lock(message_id: int) -> Message:
    return as_message(await one(MessageRow, "WHERE id = $1 FOR UPDATE", message_id))


async def set_status(message_id: int, status: Delivery, failure: str = "") -> None:
    await fetch("UPDATE message SET status = $2, failure = $3 WHERE id = $1", message_id, status, failure)


async def keep_as_note(message_id: int) -> None:
    await MessageRow.filter(id=message_id).update(status=Delivery.KEPT, kind="note")


async def parked(conversation_id: int) -> list[Message]:
    """What waits for this customer to write again, in the order in which it was written; locked."""
    waiting = MessageRow.filter(conversation_id=conversation_id, status=Delivery.PARKED)
    return [as_message(row) for row in await waiting.order_by("id").select_for_update()]


async def accepted(message: Message, wamid: str) -> Message:
    """WhatsApp took a message that the caller has locked: note its wamid, and apply the reports that came before."""
    if message.wamid == wamid:
        return message  # a report told us sooner, and may have told more: even that it failed
    status = climb(message.status, Delivery.SENT) if message.status is not Delivery.FAILED else Delivery.SENT
    failure, reached = "", status
    reports = await fetch(_ACCEPTED, message.id, message.inbox_id, wamid, status)
    if echo := next((each["echo"] for each in reports if each["echo"] is not None), None):
        # WhatsApp echoed it before it answered us. The name is this one's, or we would not know that it has left.
        await fetch("UPDATE message SET wamid = NULL WHERE id = $1", echo)
        await fetch(_NAMED, message.id, wamid, status)
    for early in reports:
        climbed = climb(reached, Delivery(early["status"]))
        if climbed is not reached:
            reached, failure = climbed, str(early["failure"])
    if reached is not status:
        await set_status(message.id, reached, failure)
    return replace(message, wamid=wamid, status=reached, failure=failure)


async def edit(message_id: int, text: str, at: datetime) -> bool:
    """The words change and the earlier ones are kept. False when a later change is known already."""
    return bool(await fetch(_EDIT, message_id, text, at))


async def revoke(message_id: int, at: datetime) -> bool:
    """Its author has deleted it. The words stay, since staff may have read them; nobody repeats them."""
    return bool(await MessageRow.filter(id=message_id, revoked_at=None).update(revoked_at=at))


async def asks_after(conversation_id: int, message_id: int) -> bool:
    """Whether the customer said something after that message which wants an answer and still stands."""
    said = MessageRow.filter(conversation_id=conversation_id, id__gt=message_id, author=Author.CUSTOMER)
    return await said.filter(revoked_at=None, kind__not_in=list(SILENT_KINDS)).exists()


async def unread(message_ids: Sequence[int]) -> set[int]:
    """Those whose files no machine has read or heard yet, nor tried to."""
    rows = await fetch("SELECT id FROM message WHERE id = ANY($1::bigint[]) AND heard IS NULL", list(message_ids))
    return {int(row["id"]) for row in rows}


async def set_heard(message_id: int, words: str, language: str | None = None) -> None:
    """What a machine has read or heard in its file; nothing, where it tried in vain."""
    await MessageRow.filter(id=message_id).update(heard=words.replace("\0", ""), spoken_language=language)


async def unnamed(conversation_id: int, kind: str, text: str) -> Message | None:
    """What we are sending with these words, while WhatsApp has not told us yet what it calls them."""
    row = (
        await MessageRow.filter(conversation_id=conversation_id, wamid=None, kind=kind, text=text)
        .filter(status__in=[Delivery.QUEUED, Delivery.UNCONFIRMED])
        .exclude(author=Author.CUSTOMER)
        .order_by("id")
        .first()
    )
    return as_message(row) if row else None


async def set_wamid(message_id: int, wamid: str) -> None:
    await MessageRow.filter(id=message_id).update(wamid=wamid)


async def has_unread_report(inbox_id: int, token: str) -> bool:
    """Whether a report with a token that begins so has come and waits for its turn to be read."""
    found = await connection().execute_query_dict(_UNREAD_REPORT, [StatusReported.kind, inbox_id, token])
    return bool(found)


async def park(inbox_id: int, wamid: str, status: Delivery, failure: str) -> None:
    """Keep a report whose message is not known yet."""
    await EarlyStatus.get_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        inbox_id=inbox_id, wamid=wamid, status=status, defaults={"failure": failure}
    )


async def marked(message_id: int) -> str:
    """The reaction that staff see on this message now."""
    return (await one(MessageRow, "WHERE id = $1", message_id)).marked


async def set_marked(message_id: int, reaction: str) -> None:
    await fetch("UPDATE message SET marked = $2 WHERE id = $1", message_id, reaction)


async def set_kind(message_id: int, kind: str) -> None:
    await MessageRow.filter(id=message_id).update(kind=kind)


async def add_part(of: Message, text: str, kind: str = "text") -> Message:
    """An earlier part of a long message whose last part keeps the Slack message."""
    part = await add(
        NewMessage(
            inbox_id=of.inbox_id,
            conversation_id=of.conversation_id,
            author=of.author,
            kind=kind,
            text=text,
            status=Delivery.QUEUED,
            said_at=of.said_at,
            escalation_id=of.escalation_id,
            staff_id=of.staff_id,
        )
    )
    await MessageRow.filter(id=part.id).update(part_of=of.id)
    return part


async def release(message_id: int, text: str, kind: str) -> None:
    """A held message may leave; of one that leaves as several, this is what its last one is."""
    await MessageRow.filter(id=message_id).update(status=Delivery.QUEUED, text=text, kind=kind)
