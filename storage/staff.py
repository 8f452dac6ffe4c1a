"""Staff as their workspace describes them, and who has the Escalations page open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from bot.domain.people import StaffMember
from storage.database import fetch
from storage.models import Staff
from storage.rows import first

FRESH_FOR = timedelta(hours=1)
HOME_STAYS_OPEN = timedelta(hours=12)

_HOMES_OPEN = "SELECT id FROM staff WHERE inbox_id = $1 AND home_seen_at >= $2 ORDER BY id"


def _as_member(row: Staff) -> StaffMember:
    return StaffMember(row.id, row.name, row.team_id, row.is_bot, row.is_guest, row.is_outsider, row.time_zone)


async def known(staff_id: str, now: datetime) -> StaffMember | None:
    """What we learned about this person within the last hour, else None."""
    row = await first(Staff, "WHERE id = $1 AND described_at >= $2", staff_id, now - FRESH_FOR)
    return _as_member(row) if row else None


async def describe(inbox_id: int, member: StaffMember, now: datetime) -> None:
    await Staff.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        id=member.id,
        defaults={
            "inbox_id": inbox_id,
            "name": member.name,
            "team_id": member.team_id,
            "is_bot": member.is_bot,
            "is_guest": member.is_guest,
            "is_outsider": member.is_outsider,
            "time_zone": member.time_zone,
            "described_at": now,
        },
    )


async def forget(staff_id: str) -> None:
    """Their profile changed: ask Slack again next time."""
    await Staff.filter(id=staff_id).update(described_at=None)


async def names(staff_ids: set[str]) -> dict[str, str]:
    rows = await Staff.filter(id__in=list(staff_ids)).values_list("id", "name")
    return dict(cast("list[tuple[str, str]]", rows))


async def saw_home(inbox_id: int, staff_id: str, now: datetime) -> None:
    await Staff.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        id=staff_id, defaults={"inbox_id": inbox_id, "home_seen_at": now}
    )


async def homes_open(inbox_id: int, now: datetime) -> list[str]:
    """Who looked at the Escalations page lately: only for them it is redrawn."""
    rows = await fetch(_HOMES_OPEN, inbox_id, now - HOME_STAYS_OPEN)
    return [str(row["id"]) for row in rows]
