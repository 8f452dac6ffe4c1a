"""Files of the knowledge folder as passages: Markdown, text, web pages, tables and PDF."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bot.domain.knowledge import Passage, chunk_markdown
from bot.domain.knowledge_formats import chunk_html, chunk_table, chunk_text

LARGEST = 20 * 1024 * 1024
_MOST_PAGES = 2_000
_READERS = {
    ".md": chunk_markdown,
    ".markdown": chunk_markdown,
    ".txt": chunk_text,
    ".html": chunk_html,
    ".htm": chunk_html,
    ".csv": chunk_table,
    ".tsv": chunk_table,
}
SUFFIXES = frozenset({*_READERS, ".pdf"})


class UnreadableError(Exception):
    """A file that cannot be used; the message says why, in words for whoever put it there."""


def passages_of(source: str, content: bytes) -> list[Passage]:
    """What there is to find in a file of one of `SUFFIXES`; raises `UnreadableError`."""
    suffix = PurePosixPath(source).suffix.lower()
    if len(content) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST // 1024**2} MB")
    if suffix == ".pdf":
        return _pdf(source, content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("not a UTF-8 text file") from None
    return _READERS[suffix](source, text.replace("\0", ""))  # PostgreSQL's text cannot hold a NUL


def _pdf(source: str, content: bytes) -> list[Passage]:
    """Page by page, so that staff can look up what the AI relied on. Scans hold no text."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("locked with a password")
        texts = [page.extract_text() for page in reader.pages[:_MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        # What a broken file breaks in the reader is not only what it calls an error.
        raise UnreadableError(f"not a PDF that can be read ({type(error).__name__})") from error
    passages = [
        Passage(source, f"{PurePosixPath(source).stem}, page {number}", piece.body)
        for number, text in enumerate(texts, 1)
        for piece in chunk_text(source, text.replace("\0", ""))
    ]
    if not passages:
        raise UnreadableError("holds no text; scanned pages need text recognition first")
    return passages
