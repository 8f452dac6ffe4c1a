"""Answers that staff have added to the knowledge: who did, when, and what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.teaching import Lesson, TaughtAnswer
from storage.agent_models import Taught


async def add(lesson: Lesson, staff_id: str, at: datetime) -> int:
    row = await Taught.create(
        inbox_id=lesson.inbox_id,
        question=lesson.question,
        answer=lesson.answer,
        staff_id=staff_id,
        message_id=lesson.message_id,
        at=at,
    )
    return row.id


async def lock(inbox_id: int, taught_id: int) -> TaughtAnswer | None:
    """Whether it is one of the answers or was taken back: two who change it at once do so one after the other."""
    row = await Taught.filter(id=taught_id, inbox_id=inbox_id).select_for_update().first()
    return _as_taught(row) if row else None


async def find(inbox_id: int, taught_id: int) -> TaughtAnswer | None:
    """One that the AI knows."""
    row = await Taught.filter(id=taught_id, inbox_id=inbox_id, removed_at=None).first()
    return _as_taught(row) if row else None


async def same(lesson: Lesson) -> TaughtAnswer | None:
    """The very same, which the AI knows already."""
    known = Taught.filter(inbox_id=lesson.inbox_id, question=lesson.question, answer=lesson.answer, removed_at=None)
    row = await known.first()
    return _as_taught(row) if row else None


async def remove(taught_id: int, staff_id: str, at: datetime) -> bool:
    """False when somebody else has taken it back already."""
    return bool(await Taught.filter(id=taught_id, removed_at=None).update(removed_at=at, removed_by=staff_id))


async def restore(taught_id: int) -> bool:
    gone = Taught.filter(id=taught_id, removed_at__isnull=False)
    return bool(await gone.update(removed_at=None, removed_by=None))


async def listed(inbox_id: int, limit: int, skip: int = 0) -> list[TaughtAnswer]:
    """The newest first."""
    rows = await Taught.filter(inbox_id=inbox_id, removed_at=None).order_by("-id").offset(skip).limit(limit)
    return [_as_taught(row) for row in rows]


async def counted(inbox_id: int) -> int:
    return await Taught.filter(inbox_id=inbox_id, removed_at=None).count()


async def made_from(message_ids: Sequence[int]) -> int:
    """How many the AI knows that were made from one of these messages."""
    return await Taught.filter(message_id__in=list(message_ids), removed_at=None).count()


async def purge(before: datetime) -> None:
    """What was taken back before this time is not wanted back."""
    await Taught.filter(removed_at__lt=before).delete()


def _as_taught(row: Taught) -> TaughtAnswer:
    return TaughtAnswer(row.id, row.inbox_id, row.question, row.answer, row.staff_id, row.at, row.message_id)
