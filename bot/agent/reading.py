"""What a customer's document says, as far as a model is to read it."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import cast

from storage.apart import read_apart
from storage.document_text import READABLE, WORD, beginning
from storage.documents import UnreadableError

LONGEST = 8_000  # characters
_WITHIN_SECONDS = 15.0
_SUFFIXES = {
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/html": ".html",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
}


async def text_of(content: bytes, mime_type: str, name: str) -> str:
    """Raises `UnreadableError`: of a kind that is not read, locked, broken, made of pictures, or it takes too long."""
    suffix = _suffix(mime_type, name)
    if suffix not in READABLE:
        raise UnreadableError("of a kind that is not read here")
    text = await _read(suffix, content)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}…\n(cut here: you have read its first {LONGEST:,} characters, not the rest)"


def _suffix(mime_type: str, name: str) -> str:
    named = PurePosixPath(name).suffix.lower()
    if suffix := _SUFFIXES.get(mime_type):
        return suffix
    is_text = mime_type.startswith("text/") or mime_type in ("", "application/octet-stream")
    return named if is_text and named in READABLE else ".txt" if mime_type == "text/plain" else ""


async def _read(suffix: str, content: bytes) -> str:
    said = json.loads(await read_apart(beginning.__module__, content, _WITHIN_SECONDS, suffix, str(LONGEST)))
    if isinstance(said, dict):
        raise UnreadableError(str(cast("dict[str, object]", said)["trouble"]))
    return str(said)
