"""Inboxes: one WhatsApp number, its agent, its Slack channel."""

from __future__ import annotations

from typing import cast

from storage.models import EscalationRow, Inbox, MessageRow


async def settle(phone_number_id: str, name: str, slack_channel: str, *, masks_numbers: bool = False) -> Inbox:
    """The inbox of this number, made or brought up to date with the settings.

    Whether numbers are masked is the inbox's, not each face's: whoever loads a customer cannot forget it.
    """
    inbox, _ = await Inbox.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        phone_number_id=phone_number_id,
        defaults={"name": name, "slack_channel": slack_channel, "masks_numbers": masks_numbers},
    )
    return inbox


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
    """Where its new threads begin."""
    return (await Inbox.get(id=inbox_id)).slack_channel
