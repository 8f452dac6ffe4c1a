"""Files of the knowledge folder as passages: Markdown, text, web pages, tables and PDF."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import cast

from bot.domain.knowledge import Passage, chunk_markdown
from bot.domain.knowledge_formats import chunk_html, chunk_table, chunk_text
from storage.apart import read_apart
from storage.pdf_text import UnreadableError, texts

__all__ = ["LARGEST", "SUFFIXES", "UnreadableError", "passages_of", "read"]

LARGEST = 20 * 1024 * 1024
PDF_SECONDS = 60.0
_READERS = {
    ".md": chunk_markdown,
    ".markdown": chunk_markdown,
    ".txt": chunk_text,
    ".html": chunk_html,
    ".htm": chunk_html,
    ".csv": chunk_table,
    ".tsv": chunk_table,
}
_PDF = ".pdf"
SUFFIXES = frozenset({*_READERS, _PDF})


async def read(source: str, content: bytes) -> list[Passage]:
    """As `passages_of`, while everything else goes on; a PDF that nobody comes to an end with is given up."""
    if PurePosixPath(source).suffix.lower() == _PDF and len(content) <= LARGEST:
        return _by_page(source, await _pdf_texts(content))
    return await asyncio.to_thread(passages_of, source, content)


def passages_of(source: str, content: bytes) -> list[Passage]:
    """What there is to find in a file of one of `SUFFIXES`; raises `UnreadableError`."""
    suffix = PurePosixPath(source).suffix.lower()
    if len(content) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST // 1024**2} MB")
    if suffix == _PDF:
        return _by_page(source, texts(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("not a UTF-8 text file") from None
    return _READERS[suffix](source, text.replace("\0", ""))  # PostgreSQL's text cannot hold a NUL


def _by_page(source: str, pages: Sequence[str]) -> list[Passage]:
    """Page by page, so that staff can look up what the AI relied on."""
    passages = [
        Passage(source, f"{PurePosixPath(source).stem}, page {number}", piece.body)
        for number, text in enumerate(pages, 1)
        for piece in chunk_text(source, text.replace("\0", ""))
    ]
    if not passages:
        raise UnreadableError("holds no text; scanned pages need text recognition first")
    return passages


async def _pdf_texts(content: bytes) -> list[str]:
    said = json.loads(await read_apart(texts.__module__, content, PDF_SECONDS))
    if isinstance(said, dict):
        raise UnreadableError(str(cast("dict[str, object]", said)["trouble"]))
    return cast("list[str]", said)
