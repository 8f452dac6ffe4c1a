"""Where the AI looked something up, as staff see it under its answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.blocks.parts import Block, leaf, line, one_line
from bot.domain.knowledge import Citation, taught_id

_SHOWN = 3
_ROOM = 80


def looked_up(sources: Sequence[Citation]) -> str:
    """One line of plain text; empty where nothing was found. What it names was read, and proves nothing."""
    if not sources:
        return ""
    more = len(sources) - _SHOWN
    named = ", ".join(map(place, sources[:_SHOWN]))
    return f"📎 Looked up: {named}{f' +{more} more' if more > 0 else ''}"


def place(source: Citation) -> str:
    """The page, and the last of the headings under which the passage stands."""
    if taught_id(source.source) is not None:
        return f"🎓 {one_line(source.title, _ROOM)}"  # what colleagues have taught it stands on no page
    page, heading = one_line(source.source, _ROOM), one_line(source.title.rpartition(" › ")[2], _ROOM)
    return f"{page} › {heading}" if heading and heading != PurePosixPath(source.source).stem else page


def quiet(sources: Sequence[Citation]) -> list[Block]:
    """The same as a line of rich text, or none."""
    return [line(*quietly(sources))] if sources else []


def quietly(sources: Sequence[Citation], end: str = "") -> list[Block]:
    """The same within a line of rich text."""
    return [{**leaf(f"{looked_up(sources)}{end}"), "style": {"italic": True}}] if sources else []
