"""WhatsApp's own marks: where they hold, and where they would only show as stray characters."""

from __future__ import annotations

import re

FENCE = "```"
_LINE = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


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
