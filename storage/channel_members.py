"""Who is in Slack's channels, as far as we asked lately or were told since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import connection, fetch
from storage.desk_models import ChannelMembers

# Comings and goings are told as events, which may get lost. A "no" is asked again sooner: somebody waits for it.
_HOLDS = {True: timedelta(hours=1), False: timedelta(seconds=20)}

_KNOWN = "SELECT members ? $2::text AS is_member, fetched_at FROM channel_members WHERE id = $1"
_CAME = """
UPDATE channel_members SET members = members || to_jsonb($2::text) WHERE id = $1 AND NOT members ? $2::text
"""
_WENT = "UPDATE channel_members SET members = members - $2::text WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Known:
    """Whether somebody was in a channel when Slack last said who is."""

    is_member: bool
    at: datetime

    def holds(self, now: datetime) -> bool:
        return now - self.at < _HOLDS[self.is_member]


async def known(channel: str, user: str) -> Known | None:
    rows = await connection().execute_query_dict(_KNOWN, [channel, user])
    return Known(bool(rows[0]["is_member"]), rows[0]["fetched_at"]) if rows else None


async def remember(inbox_id: int, channel: str, members: frozenset[str], now: datetime) -> None:
    await ChannelMembers.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        id=channel, defaults={"inbox_id": inbox_id, "members": sorted(members), "fetched_at": now}
    )


async def came(channel: str, user: str) -> None:
    await fetch(_CAME, channel, user)


async def went(channel: str, user: str) -> None:
    await fetch(_WENT, channel, user)
