"""The text of a PDF, page by page; as a program of its own (PDF in, JSON out), which can be stopped when it hangs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator

MOST_PAGES = 2_000


class UnreadableError(Exception):
    """A file that cannot be used; the message says why, in words for whoever put it there."""


def texts(content: bytes) -> list[str]:
    return list(pages(content))


def pages(content: bytes) -> Iterator[str]:
    """Raises `UnreadableError`. Scans hold no text."""
    from pypdf import PdfReader  # megabytes that only the program of its own needs, and not every bot
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("locked with a password")
        for page in reader.pages[:MOST_PAGES]:
            yield page.extract_text()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        # What a broken file breaks in the reader is not only what it calls an error.
        raise UnreadableError(f"not a PDF that can be read ({type(error).__name__})") from error


def main() -> None:
    try:
        said: object = texts(sys.stdin.buffer.read())
    except UnreadableError as error:
        said = {"trouble": str(error)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
