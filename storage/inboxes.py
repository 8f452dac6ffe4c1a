"""Inboxes: one WhatsApp number, its agent, its Slack channels. A row outlives what the settings say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from storage.database import fetch
from storage.models import EscalationRow, Inbox, MessageRow

_OTHERS = """
SELECT i.id, (SELECT count(*) FROM escalation WHERE inbox_id = i.id AND status IN ('queued', 'open')) AS active,
       EXISTS (SELECT 1 FROM task WHERE inbox_id = i.id AND done_at IS NULL) AS is_busy
FROM inbox i WHERE NOT i.phone_number_id = ANY($1::text[]) ORDER BY i.id
"""


@dataclass(frozen=True, slots=True)
class Former:
    """An inbox that the settings name no more, and how many of its conversations people still have or wait for."""

    id: int
    name: str
    number: str
    channels: tuple[str, ...]
    account: str | None
    active: int
    is_busy: bool


async def settle(
    phone_number_id: str, name: str, *channels: str, account: str | None = None, masks_numbers: bool = False
) -> Inbox:
    """The inbox of this number, made or brought up to date with the settings.

    Whether numbers are masked is the inbox's, not each face's: whoever loads a customer cannot forget it.
    """
    inbox, _ = await Inbox.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        phone_number_id=phone_number_id,
        defaults={
            "name": name,
            "slack_channel": channels[0],
            "more_channels": list(channels[1:]),
            "account": account,
            "masks_numbers": masks_numbers,
        },
    )
    return inbox


async def others(numbers: Sequence[str]) -> list[Former]:
    """All but those of these numbers."""
    found = {int(row["id"]): row for row in await fetch(_OTHERS, list(numbers))}
    return [
        Former(
            id=row.id,
            name=row.name,
            number=row.phone_number_id,
            channels=_channels(row),
            account=row.account,
            active=int(cast("int", found[row.id]["active"])),
            is_busy=bool(found[row.id]["is_busy"]),
        )
        for row in await Inbox.filter(id__in=list(found)).order_by("id")
    ]


async def find(phone_number_id: str) -> int | None:
    """The id of this number's inbox, where there is one."""
    row = await Inbox.get_or_none(phone_number_id=phone_number_id)
    return row.id if row else None


async def of_escalation(escalation_id: int) -> int | None:
    found = await EscalationRow.filter(id=escalation_id).values_list("inbox_id", flat=True)
    return cast("int", found[0]) if found else None


async def of_message(message_id: int) -> int | None:
    found = await MessageRow.filter(id=message_id).values_list("inbox_id", flat=True)
    return cast("int", found[0]) if found else None


async def channel(inbox_id: int) -> str:
    """Where what concerns the whole inbox is said."""
    return (await Inbox.get(id=inbox_id)).slack_channel


async def channel_for(inbox_id: int, escalation_id: int) -> str:
    """Where its thread begins. Several channels take turns: Slack allows one post a second in each."""
    channels = _channels(await Inbox.get(id=inbox_id))
    return channels[escalation_id % len(channels)]


def _channels(row: Inbox) -> tuple[str, ...]:
    return (row.slack_channel, *(row.more_channels or []))
