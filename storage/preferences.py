"""What staff want to be told, and whether they are there to be told it."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.preferences import Extent, Member, Preferences, Topic
from storage.desk_models import Staff
from storage.rows import first, select

_ACT = "NOT (is_bot OR is_guest OR is_outsider)"


async def of(staff_id: str) -> Member:
    """This person; as anybody is usually where we know nothing of them."""
    row = await first(Staff, "WHERE id = $1", staff_id)
    return as_member(row) if row else Member(staff_id)


async def save(inbox_id: int, staff_id: str, preferences: Preferences) -> None:
    await _update(inbox_id, staff_id, preferences=preferences.as_json())


async def members(staff_ids: Collection[str]) -> list[Member]:
    """These people, whether or not we have heard of them."""
    rows = {row.id: row for row in await select(Staff, "WHERE id = ANY($1)", list(staff_ids))}
    return [as_member(rows[each]) if each in rows else Member(each) for each in sorted(staff_ids)]


async def concerned(topic: Topic, about: Collection[str]) -> list[Member]:
    """Whom to think of when something happens: whose it is (`about`), and who wants to be told of everybody's.

    One read, on the way of every customer's word: staff are few, and most rows hold no preferences.
    """
    rows = await select(
        Staff, f"WHERE id = ANY($1) OR (preferences ->> $2 = $3 AND {_ACT})", list(about), str(topic), str(Extent.ALL)
    )
    found = {row.id: as_member(row) for row in rows}
    return [*found.values(), *(Member(each) for each in sorted(set(about) - found.keys()))]


def as_member(row: Staff) -> Member:
    return Member(row.id, Preferences.from_json(row.preferences), row.time_zone, is_away=row.away_since is not None)


async def _update(inbox_id: int, staff_id: str, **changed: object) -> None:
    await Staff.update_or_create(  # pyright: ignore[reportUnknownMemberType]  # Tortoise says `dict`, not of what
        id=staff_id, defaults={"inbox_id": inbox_id, **changed}
    )
