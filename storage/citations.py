"""Citations as a column holds them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.knowledge import Citation, Passage
from storage.models import Json


def citations_column(citations: Sequence[Citation | Passage]) -> list[Json] | None:
    return [{"source": each.source, "title": each.title} for each in citations] or None


def as_citations(column: Sequence[Json] | None) -> tuple[Citation, ...]:
    return tuple(Citation(str(each["source"]), str(each["title"])) for each in column or ())
