"""WhatsApp's own marks: where they hold, and where they would only show as stray characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

FENCE = "```"
_LINE = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)


def styled(text: str, marker: str) -> str:
    """Each line between two markers, which must hug the text and not cross a line's end.

    Source: WhatsApp's formatting help ("* x *" is not bold).
    """
    return "\n".join(_styled_line(line, marker) for line in text.split("\n"))


def _styled_line(line: str, marker: str) -> str:
    """A line stays plain where WhatsApp would misread it: it holds the marker itself, or ends in an address."""
    match = _LINE.fullmatch(line)
    assert match
    lead, core, tail = match.groups()
    if not core or marker in core or core.split()[-1].lower().startswith(("http://", "https://")):
        return line
    return f"{lead}{marker}{core}{marker}{tail}"


def code(text: str) -> str:
    """A short piece of code; a backtick inside cannot be marked, so that one stays plain."""
    return text if "`" in text or not text.strip() or "\n" in text else f"`{text}`"


def fenced(text: str) -> str:
    """A block of code, word for word; it has no language in WhatsApp."""
    body = text.strip("\n")
    return body if FENCE in body or not body.strip() else f"{FENCE}\n{body}\n{FENCE}"


def quoted(text: str) -> str:
    """Every line as a quotation, one level deep, which is all WhatsApp shows."""
    return "\n".join(line if line.startswith(">") else f"> {line}".rstrip() for line in text.splitlines())


def link(text: str, url: str) -> str:
    """`text (address)`, or one of them when they say the same; WhatsApp has no hidden links."""
    said = text.strip()
    address = re.sub(r"^(?:mailto|tel):", "", url)
    if not said or said in (url, address):
        return address
    bare = _SCHEME.sub("", url, count=1)
    return text if said.rstrip("/") == bare.rstrip("/") else f"{text} ({address})"


def knit(parts: Iterable[str | None]) -> str:
    """Join pieces of a line; None is a piece left out, together with the space it needed."""
    line, left_out = "", False
    for part in parts:
        if part is None:
            left_out = True
        elif part:
            line, part = _closed_up(line, part) if left_out else (line, part)
            line, left_out = line + part, left_out and not part
    return line.rstrip(" ") if left_out else line


def _closed_up(line: str, part: str) -> tuple[str, str]:
    if not line or line[-1].isspace():
        part = part.lstrip(" ")
    return (line.rstrip(" "), part) if part.startswith(tuple(",.;:!?")) else (line, part)
