"""The beginning of a document's text, read in a process of its own: what somebody sends may be made to harm a reader.

`python -m storage.document_text .pdf 8000 < file` prints the text as JSON, or an object with what is wrong.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from storage.documents import SUFFIXES, UnreadableError, passages_of
from storage.pdf_text import pages

WORD = ".docx"
READABLE = SUFFIXES | {WORD}
_BODY = "word/document.xml"
_LARGEST_BODY = 20 * 1024 * 1024  # of a Word document unpacked: a few kilobytes may hold gigabytes of nothing
_FIRST = 500_000  # bytes of a text, a page or a table
_NAMES = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MEMORY = 1024**3
_SECONDS = 10  # of computing


def beginning(suffix: str, content: bytes, limit: int) -> str:
    """Up to `limit` characters and one more where there are; raises `UnreadableError`."""
    text = ""
    for piece in _pieces(suffix, content):
        text += piece.replace("\0", "").strip() + "\n\n"
        if len(text) > limit + 2:
            break
    if not text.strip():
        raise UnreadableError("holds no text")
    return text.strip()[: limit + 1]


def _pieces(suffix: str, content: bytes) -> Iterator[str]:
    if suffix == ".pdf":
        return pages(content)
    if suffix == WORD:
        return _paragraphs(content)
    return (each.body for each in passages_of(f"document{suffix}", _first(content)))


def _first(content: bytes) -> bytes:
    """As much of a text as its beginning can need: to cut all of a large one into passages takes long."""
    end = _FIRST
    while 0 < end < len(content) and content[end] & 0xC0 == 0x80:  # within a letter of UTF-8
        end -= 1
    return content[:end]


def _paragraphs(content: bytes) -> Iterator[str]:
    """Source: ECMA-376, WordprocessingML: text stands in runs within paragraphs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(_BODY) as body:
            unpacked = body.read(_LARGEST_BODY + 1)
        if len(unpacked) > _LARGEST_BODY or b"<!DOCTYPE" in unpacked[:1000]:
            raise UnreadableError("no Word document that can be read")
        root = ET.fromstring(unpacked)  # noqa: S314  # no DOCTYPE, so no entities; and in a process of its own
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ET.ParseError) as error:
        raise UnreadableError("no Word document that can be read") from error
    for paragraph in root.iter(f"{_NAMES}p"):
        yield "".join(each.text or "" for each in paragraph.iter(f"{_NAMES}t"))


def main() -> None:
    if sys.platform == "linux":  # elsewhere the time it is given has to do
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    suffix, limit = sys.argv[1:3]
    try:
        said: object = beginning(suffix, sys.stdin.buffer.read(), int(limit))
    except UnreadableError as error:
        said = {"trouble": str(error)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
