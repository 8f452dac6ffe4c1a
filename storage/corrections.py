"""What becomes of a staff message after it was written: when it begins to leave, and what its author makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from bot.domain.conversation import Message
from bot.domain.delivery import Delivery
from storage.messages import as_message
from storage.models import FormerThread, MessageRow
from storage.rows import updated


@dataclass(frozen=True, slots=True)
class Edition:
    """`had`: what the customer has, or would get. `offered`: what its author has made of it since it left."""

    had: str
    offered: str | None


async def leaves(message_id: int, now: datetime) -> Message | None:
    """From here on its author's changes come too late. None where it may not leave any more.

    Its words are those of that moment: an edit either holds the row's lock before us, or finds that it has begun to
    leave.
    """
    rows = await updated(MessageRow, "SET leaving_at = $2 WHERE id = $1 AND status = 'queued'", message_id, now)
    return as_message(rows[0]) if rows else None


async def stays(message_id: int) -> None:
    """It certainly did not leave: its author may change it until the next try."""
    await MessageRow.filter(id=message_id).update(leaving_at=None)


async def lock_parts(message_id: int) -> list[Message]:
    """The message and the parts that went before it, in order."""
    rows = await MessageRow.filter(Q(id=message_id) | Q(part_of=message_id)).order_by("id").select_for_update()
    return [as_message(row) for row in rows]


async def bind_parts(last_id: int, earlier: Sequence[int]) -> None:
    """These are the earlier parts of a long message whose last part carries its place in Slack."""
    if earlier:
        await MessageRow.filter(id__in=earlier).update(part_of=last_id)


async def edition(message_id: int) -> Edition:
    row = await MessageRow.get(id=message_id)
    if row.corrected_text:
        return Edition(row.corrected_text, row.offered_text)
    before = await MessageRow.filter(part_of=message_id).exclude(status=Delivery.WITHDRAWN).order_by("id")
    return Edition("\n".join([*(each.text for each in before), row.text]), row.offered_text)


async def is_news(message_id: int, edited_at: datetime) -> bool:
    """Whether this edit is not older than the last one we heard of; it is then the last one.

    Slack dates edits in whole seconds, so that two may bear the same date.
    """
    row = await MessageRow.get(id=message_id)
    if row.edited_at is not None and edited_at < row.edited_at:
        return False
    await MessageRow.filter(id=message_id).update(edited_at=edited_at)
    return True


async def set_text(message_id: int, text: str) -> None:
    await MessageRow.filter(id=message_id).update(text=text)


async def withdraw(message_ids: Sequence[int]) -> None:
    """They never leave."""
    await MessageRow.filter(id__in=message_ids).update(status=Delivery.WITHDRAWN)


async def release_place(message_id: int) -> None:
    """Another row is to stand for its Slack message."""
    await MessageRow.filter(id=message_id).update(slack_channel=None, slack_ts=None)


async def offer(message_id: int, text: str | None) -> None:
    await MessageRow.filter(id=message_id).update(offered_text=text)


async def corrected(message_id: int, text: str) -> None:
    await MessageRow.filter(id=message_id).update(corrected_text=text, offered_text=None)


async def waiting_in(escalation_id: int, since: datetime, until: datetime) -> dict[str, str]:
    """The Slack messages of an escalation's only thread that wait before they leave, each with its author.

    Nothing of one that has left a thread behind: there is no telling in which of them a message stands.
    """
    if await FormerThread.exists(escalation_id=escalation_id):
        return {}
    rows = await MessageRow.filter(
        escalation_id=escalation_id,
        slack_ts__not_isnull=True,
        said_at__range=(since, until),
        status__in=(Delivery.QUEUED, Delivery.HELD, Delivery.PARKED),
        leaving_at=None,
    ).values_list("slack_ts", "staff_id")
    return {str(ts): str(author) for ts, author in rows}
