"""Slack's user groups: who is in them, as far as we asked lately."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.desk_models import UserGroup
from storage.rows import first

FRESH_FOR = timedelta(
    minutes=5
)  # Slack lets us ask about 20 times a minute: docs.slack.dev/reference/methods/usergroups.users.list


async def known(group: str, now: datetime) -> frozenset[str] | None:
    """What we learned within the last minutes, else None."""
    row = await first(UserGroup, "WHERE id = $1 AND fetched_at >= $2", group, now - FRESH_FOR)
    return frozenset(row.members) if row else None


async def remember(inbox_id: int, group: str, members: frozenset[str], now: datetime) -> None:
    await UserGroup.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        id=group, defaults={"inbox_id": inbox_id, "members": sorted(members), "fetched_at": now}
    )
