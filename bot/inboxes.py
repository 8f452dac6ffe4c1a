"""The inboxes as the settings describe them, under the ids that the database knows them by."""

from __future__ import annotations

from bot.domain.inboxes import Inbox, Inboxes
from bot.settings import Settings
from storage import inboxes


async def settle(settings: Settings) -> Inboxes:
    """Have a row for each, brought up to date with the settings."""
    row = await inboxes.settle(
        settings.whatsapp_phone_number_id,
        settings.inbox_name,
        settings.slack_channel,
        masks_numbers=settings.mask_phone_numbers,
    )
    return Inboxes([_inbox(row.id, settings)])


async def known(settings: Settings) -> Inboxes:
    """Those that have a row, without changing any: for commands beside processes that run."""
    inbox_id = await inboxes.find(settings.whatsapp_phone_number_id)
    return Inboxes([_inbox(inbox_id or 0, settings)])


def _inbox(inbox_id: int, settings: Settings) -> Inbox:
    return Inbox(
        id=inbox_id,
        name=settings.inbox_name,
        number=settings.whatsapp_phone_number_id,
        channels=(settings.slack_channel,),
        rules=settings.rules,
        account=settings.whatsapp_business_account_id,
    )
