"""Staff as their workspace describes them, who is away, and who has the Escalations page open, and how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bot.domain.home import Look
from bot.domain.people import StaffMember
from bot.domain.preferences import Member
from storage import preferences
from storage.database import fetch
from storage.desk_models import Staff
from storage.rows import first

FRESH_FOR = timedelta(hours=1)
HOME_STAYS_OPEN = timedelta(hours=12)

_HOMES_OPEN = "SELECT id FROM staff WHERE home_seen_at >= $1 ORDER BY id"
# A drawing that runs by now may have read what is being changed: that one counts no more.
_HOMES_TO_DRAW = """
SELECT s.id, CASE WHEN l.leased_by IS NULL THEN least(t.not_before, $3::timestamptz) ELSE $3 END AS at
FROM staff s
LEFT JOIN task t ON t.latest_key = 'home:' || s.id AND t.done_at IS NULL
LEFT JOIN lane l ON l.name = t.lane
WHERE s.home_seen_at >= $2 AND coalesce((s.home->>'inbox')::int, $1) = $1
ORDER BY s.id
"""
_SET_AWAY = """
INSERT INTO staff AS known (id, inbox_id, name, is_bot, is_guest, is_outsider, away_since)
VALUES ($1, $2, '', false, false, false, $3)
ON CONFLICT (id) DO UPDATE
SET away_since = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE coalesce(known.away_since, $3) END
"""
_AWAY = """
SELECT id, away_since FROM staff
WHERE away_since IS NOT NULL AND NOT is_outsider AND ($1::text[] IS NULL OR id = ANY($1)) ORDER BY away_since, id
"""


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


async def homes_open(now: datetime) -> list[str]:
    """Who looked at the Escalations page lately."""
    rows = await fetch(_HOMES_OPEN, now - HOME_STAYS_OPEN)
    return [str(row["id"]) for row in rows]


async def homes_to_draw(inbox_id: int, now: datetime, at: datetime) -> list[tuple[str, datetime]]:
    """Who looked at the Escalations page lately and sees this inbox there, and when theirs is to be drawn again.

    That is at `at`, or earlier where a drawing waits already: changes that follow each other must not put it off.
    """
    rows = await fetch(_HOMES_TO_DRAW, inbox_id, now - HOME_STAYS_OPEN, at)
    return [(str(row["id"]), cast("datetime", row["at"])) for row in rows]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at the Escalations page: how, when they last did something there, and who they are to us."""

    look: Look
    seen_at: datetime | None
    member: Member


async def viewer(staff_id: str) -> Viewer:
    row = await first(Staff, "WHERE id = $1", staff_id)
    if row is None:
        return Viewer(Look(), None, Member(staff_id))
    return Viewer(Look.from_json(row.home), row.home_seen_at, preferences.as_member(row))


async def looks(staff_id: str, look: Look) -> None:
    """This is how they look at it from now on."""
    await Staff.filter(id=staff_id).update(home=look.as_json())


async def has_no_home(staff_id: str) -> None:
    """They may not see it, so it is not drawn again for them."""
    await Staff.filter(id=staff_id).update(home_seen_at=None)


async def set_away(inbox_id: int, staff_id: str, since: datetime | None) -> None:
    """None: they are back. Who says twice that they are away has been so since the first time."""
    await fetch(_SET_AWAY, staff_id, inbox_id, since)


async def away(staff_ids: Collection[str] | None = None) -> dict[str, datetime]:
    """Who of these, or of all, has said that they are away, and since when: they get no work and no word."""
    rows = await fetch(_AWAY, None if staff_ids is None else list(staff_ids))
    return {str(row["id"]): cast("datetime", row["away_since"]) for row in rows}
