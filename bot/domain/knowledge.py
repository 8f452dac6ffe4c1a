"""What the agent may look up: passages, and how a Markdown page is cut into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

PASSAGE_LIMIT = 1_500
_TAUGHT = "taught:"
_FUSION = 60

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
# From the kindest place to cut to the harshest: between paragraphs, lines, sentences, words.
_SEAMS = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a page. `title` is the path of headings above it, `source` the page's path in its folder."""

    source: str
    title: str
    body: str


def taught_source(taught_id: int) -> str:
    """Where the passage of an answer stands that staff have taught; no file can be called so, for want of an ending."""
    return f"{_TAUGHT}{taught_id}"


def taught_id(source: str) -> int | None:
    """Which answer of staff it is; None for a page of the folder."""
    number = source.removeprefix(_TAUGHT)
    return int(number) if source.startswith(_TAUGHT) and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands, for staff who want to look it up."""

    source: str
    title: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A search that the agent made, and the passages that it found, best first."""

    query: str
    found: tuple[Passage, ...]


def fused(rankings: Sequence[Sequence[Passage]], limit: int) -> list[Passage]:
    """Several searches' findings as one: by reciprocal rank, because their own rates cannot be compared.

    The paper's constant keeps a first place in one search from outweighing good places in both
    (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion, SIGIR 2009).
    """
    worth: dict[Passage, float] = {}
    for ranking in rankings:
        for place, passage in enumerate(ranking, 1):
            worth[passage] = worth.get(passage, 0.0) + 1 / (_FUSION + place)
    return sorted(worth, key=lambda passage: -worth[passage])[:limit]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    first_line: int
    after: int


def chunk_markdown(source: str, text: str) -> list[Passage]:
    """Cut a page at its headings, and sections that are too long at their paragraphs."""
    page = _FRONT_MATTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"), count=1)
    return [
        Passage(source, title, body)
        for title, section in _sections(page, PurePosixPath(source).stem)
        for body in _pieces(section.strip())
    ]


def _sections(page: str, name: str) -> Iterator[tuple[str, str]]:
    """Each heading's own text under its title path; text above the first heading goes by the page's name."""
    lines = page.split("\n")
    headings = _headings(page)
    starts = [heading.first_line for heading in headings] + [len(lines)]
    yield name, "\n".join(lines[: starts[0]])
    path: list[_Heading] = []
    for heading, end in zip(headings, starts[1:], strict=True):
        path = [above for above in path if above.level < heading.level] + [heading]
        yield " › ".join(each.title for each in path if each.title) or name, "\n".join(lines[heading.after : end])


def _headings(page: str) -> list[_Heading]:
    """The page's headings; a parser finds them, because a `#` inside a code block is none."""
    tokens = MarkdownIt("commonmark").parse(page)
    return [
        _Heading(int(token.tag[1:]), _plain(tokens[index + 1]), token.map[0], token.map[1])
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _plain(inline: Token) -> str:
    parts = (child.content if child.type in ("text", "code_inline") else " " for child in inline.children or ())
    return " ".join("".join(parts).split())


def _pieces(text: str) -> Iterator[str]:
    """Cut at the last good seam before the limit; the rest is cut in its turn."""
    while len(text) > PASSAGE_LIMIT:
        cut = _seam(text)
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def _seam(text: str) -> int:
    for seam in _SEAMS:
        # A seam in the first third would leave a crumb: better a harsher one further on.
        found = text.rfind(seam, PASSAGE_LIMIT // 3, PASSAGE_LIMIT)
        if found > 0:
            return found + len(seam)
    return PASSAGE_LIMIT
