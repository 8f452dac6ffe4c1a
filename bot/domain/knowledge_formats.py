"""Pages that are no Markdown: plain text, web pages and tables, cut into passages like the rest."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import PurePosixPath

from bot.domain.knowledge import PASSAGE_LIMIT, Passage, chunk_markdown

_UNREAD = frozenset({"script", "style", "noscript", "template", "nav", "footer", "head", "svg", "form", "button"})
_OPEN = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "wbr", "col", "source", "track", "area", "base", "embed"}
)
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "aside", "header", "ul", "ol", "table", "thead", "tbody", "tr", "dl"}
    | {"dt", "dd", "blockquote", "pre", "figure", "figcaption", "details", "summary", "address"}
)
_HEADING = re.compile(r"h([1-6])")
# What Markdown would take for a mark of its own at a line's beginning.
_MARK = re.compile(r"^(\s*)(#{1,6}\s|[-+*]\s|>|```|~~~|=+\s*$|-{2,}\s*$)", re.MULTILINE)
_DELIMITERS = ",;\t|"


def chunk_text(source: str, text: str) -> list[Passage]:
    """Plain text has paragraphs and nothing else; its page's name is its title."""
    return chunk_markdown(source, _MARK.sub(r"\1\\\2", text))


def chunk_html(source: str, text: str) -> list[Passage]:
    """A web page: its headings and its text, without what stands around every page of a site."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return chunk_markdown(source, reader.markdown())


def chunk_table(source: str, text: str) -> list[Passage]:
    """A table: each row is a passage that names its columns, because a row alone says too little."""
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    names, *rest = rows
    page = PurePosixPath(source).stem
    if not rest:
        return [Passage(source, page, " | ".join(filter(None, map(_one_line, names)))[:PASSAGE_LIMIT])]
    return [passage for row in rest for passage in _row(source, page, names, row)]


def _rows(text: str) -> Iterator[list[str]]:
    sample = text[:8_192]
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(sample, _DELIMITERS)
    except csv.Error:  # one column, or too little to tell
        dialect = csv.excel
    return csv.reader(io.StringIO(text, newline=""), dialect)


def _row(source: str, page: str, names: Sequence[str], row: Sequence[str]) -> Iterator[Passage]:
    """Long cells make several passages, each with the row's own name above it."""
    title = f"{page} › {_one_line(next(filter(str.strip, row)))[:120]}"
    named = [
        f"{_one_line(names[at]) or f'Column {at + 1}'}: {cell.strip()}" if at < len(names) else cell.strip()
        for at, cell in enumerate(row)
        if cell.strip()
    ]
    for piece in chunk_text(source, "\n".join(named)):
        yield Passage(source, title, piece.body)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Keeps what a visitor reads, as Markdown: headings, lists and paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._words: list[str] = []
        self._before = ""  # what the line begins with: a heading's mark, a list's dash
        self._unread: list[str] = []

    def markdown(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unread or tag in _UNREAD:
            if tag not in _OPEN:
                self._unread.append(tag)
        elif heading := _HEADING.fullmatch(tag):
            self._end_line()
            self._before = "#" * int(heading[1]) + " "
        elif tag == "li":
            self._end_line()
            self._before = "- "
        elif tag in _BLOCKS or tag == "br":
            self._end_line()
        elif tag in ("td", "th"):
            self._words.append(" | " if "".join(self._words).strip() else "")

    def handle_endtag(self, tag: str) -> None:
        if self._unread:
            if tag in self._unread:
                del self._unread[self._unread.index(tag) :]  # whatever was left open inside it ends with it
        elif tag in _BLOCKS or tag == "li" or _HEADING.fullmatch(tag):
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._words.append(data)

    def _end_line(self) -> None:
        if words := _one_line("".join(self._words)):
            said = words if self._before else _MARK.sub(r"\1\\\2", words)
            gap = [] if self._before == "- " and self._lines and self._lines[-1].startswith("- ") else [""]
            self._lines += [*gap, self._before + said]
        self._words, self._before = [], ""
