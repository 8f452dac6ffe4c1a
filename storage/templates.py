"""Message templates as WhatsApp last listed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import orjson

from bot.domain.templates import APPROVED, Json, Listed, Template, understand
from storage.database import connection, transaction
from storage.models import TemplateRow

FRESH_FOR = timedelta(minutes=10)

# The ids stay: an open modal names templates by them.
_KEEP = """
INSERT INTO template (inbox_id, name, language, category, status, components, fetched_at)
SELECT $1, t.name, t.language, t.category, t.status, t.components::jsonb, $7
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     AS t(name, language, category, status, components)
ON CONFLICT (inbox_id, name, language) DO UPDATE SET
  category = excluded.category, status = excluded.status,
  components = excluded.components, fetched_at = excluded.fetched_at
"""


async def replace(inbox_id: int, listed: Sequence[Listed], now: datetime) -> None:
    """This is what there is now; what is not listed any more goes."""
    every = {(each.name, each.language): each for each in listed}.values()
    columns = ([getattr(each, name) for each in every] for name in ("name", "language", "category", "status"))
    contents = [orjson.dumps({"components": each.components, "is_named": each.is_named}).decode() for each in every]
    async with transaction():
        await connection().execute_query(_KEEP, [inbox_id, *columns, contents, now])
        await TemplateRow.filter(inbox_id=inbox_id, fetched_at__lt=now).delete()


async def approved(inbox_id: int) -> list[Template]:
    rows = await TemplateRow.filter(inbox_id=inbox_id, status=APPROVED).order_by("name", "language")
    return [_as_template(row) for row in rows]


async def find(inbox_id: int, template_id: int) -> Template | None:
    row = await TemplateRow.get_or_none(id=template_id, inbox_id=inbox_id)
    return _as_template(row) if row else None


async def are_fresh(inbox_id: int, now: datetime) -> bool:
    """Whether WhatsApp was asked within the last minutes. An account without templates never is."""
    return await TemplateRow.exists(inbox_id=inbox_id, fetched_at__gte=now - FRESH_FOR)


async def set_status(inbox_id: int, name: str, language: str, status: str) -> None:
    await TemplateRow.filter(inbox_id=inbox_id, name=name, language=language).update(status=status)


def _as_template(row: TemplateRow) -> Template:
    kept = row.components
    listed = Listed(
        name=row.name,
        language=row.language,
        category=row.category,
        status=row.status,
        components=tuple(cast("list[Json]", kept.get("components") or [])),
        is_named=bool(kept.get("is_named")),
    )
    return understand(row.id, listed)
