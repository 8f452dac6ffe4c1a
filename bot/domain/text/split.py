"""Long texts in parts that fit: cut at a paragraph, else a line, a sentence, a word, and never inside a character."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.text.graphemes import clusters, utf16_units

Measure = Callable[[str], int]

WHATSAPP_LIMIT = 4096

_FENCE = "```"
_FENCED = re.compile(r"```.*?```", re.DOTALL)
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"""[.!?…؟।]["'”’)\]]*\s+|[。！？]"""),
    re.compile(r"\s+"),
)


def pieces(text: str, limit: int, measure: Measure = utf16_units) -> list[str]:
    """Parts of at most `limit` by `measure`; joined together they are the text again."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        end = _cut(text, at, limit, measure)
        parts.append(text[at:end])
        at = end
    return parts


def split_for_whatsapp(text: str, limit: int = WHATSAPP_LIMIT) -> list[str]:
    """Messages WhatsApp accepts; a code block that must be cut is closed and opened again.

    Meta does not say what its limit counts, so this counts UTF-16 units, the strictest reading.
    """
    fences = [(match.start(), match.end()) for match in _FENCED.finditer(text)]
    room = limit - 2 * (len(_FENCE) + 1) if fences else limit
    parts: list[str] = []
    at = 0
    while at < len(text):
        end = len(text) if utf16_units(text[at:]) <= room else _cut(text, at, room, utf16_units)
        end = _outside_markers(text, fences, at, end)
        parts.append(_part(text, fences, at, end))
        at = _next_start(text, fences, end)
    return [part for part in parts if part.strip()]


def _cut(text: str, at: int, limit: int, measure: Measure) -> int:
    """Where the part that begins at `at` ends: the best break in reach, but none that would leave a stub."""
    end = _reach(text, at, limit, measure)
    if end == len(text):
        return end
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, at, end)]
        if ends and ends[-1] - at > (end - at) // 3:
            return ends[-1]
    return end


def _reach(text: str, at: int, limit: int, measure: Measure) -> int:
    """The furthest end that still fits, between two characters as readers see them."""
    used = 0
    end = at
    for cluster in clusters(text[at : at + limit + 1]):
        used += measure(cluster)
        if used > limit:
            break
        end += len(cluster)
    if end > at:
        return end
    return at + max(1, limit // measure("😀"))  # one character longer than a whole message: cut it all the same


def _fence_around(fences: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    return next((fence for fence in fences if fence[0] < position < fence[1]), None)


def _outside_markers(text: str, fences: list[tuple[int, int]], at: int, end: int) -> int:
    """Move a cut off a fence's own backticks: before an opening with no code yet, and before a closing."""
    fence = _fence_around(fences, end)
    if fence is None:
        return end
    start, stop = fence
    if start > at and not text[start + len(_FENCE) : end].strip():
        return start
    return min(end, stop - len(_FENCE))


def _part(text: str, fences: list[tuple[int, int]], at: int, end: int) -> str:
    opened = f"{_FENCE}\n" if _fence_around(fences, at) else ""
    closed = f"\n{_FENCE}" if _fence_around(fences, end) else ""
    body = text[at:end]
    return opened + body.strip("\n").rstrip() + closed


def _next_start(text: str, fences: list[tuple[int, int]], end: int) -> int:
    """Where the next part begins: past a closing fence that has no code left to close."""
    fence = _fence_around(fences, end)
    if fence and not text[end : fence[1] - len(_FENCE)].strip():
        return fence[1]
    return end
