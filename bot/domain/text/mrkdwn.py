"""Slack's `text` field as WhatsApp text, for messages that come without rich_text blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.domain.text.emoji_names import from_short_name, with_skin_tone
from bot.domain.text.marks import knit, link

Names = Mapping[str, str]

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_TOKEN = re.compile(r"<(?P<token>[@#!][^<>]*|[a-zA-Z][a-zA-Z0-9+.-]*:[^<>]+)>")
_EMOJI = re.compile(r":(?P<name>[a-z0-9_+'’.&-]+):(?::skin-tone-(?P<tone>[2-6]):)?")
_EITHER = re.compile(f"{_TOKEN.pattern}|{_EMOJI.pattern}")
_BULLET = re.compile(r"^(\s*)[•◦▪] ?\s*", re.MULTILINE)


def mrkdwn_to_whatsapp(text: str, names: Names) -> str:
    """Bold, italic, strike, code and quotes are written alike in both; tokens, entities and emoji are not."""
    pieces = _CODE.split(text)
    shown = knit(part for index, piece in enumerate(pieces) for part in _parts(piece, names, in_code=index % 2 == 1))
    return _BULLET.sub(r"\1- ", shown).strip()


def tokens(text: str) -> Iterator[str]:
    """What stands between < and > in Slack's markup."""
    return (match["token"] for match in _TOKEN.finditer(text))


def emoji_in(text: str) -> str:
    """`:names:` of standard emoji as Unicode; other words between colons stay."""
    return _EMOJI.sub(lambda match: _emoji(match) or match.group(), text)


def _parts(text: str, names: Names, *, in_code: bool) -> Iterator[str | None]:
    """Tokens first, entities last: what the author typed as `&lt;!channel&gt;` must never become a token."""
    at = 0
    for match in (_TOKEN if in_code else _EITHER).finditer(text):
        yield _unescaped(text[at : match.start()])
        yield _token(match["token"], names) if match["token"] else _emoji_or_nothing(match)
        at = match.end()
    yield _unescaped(text[at:])


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(token: str, names: Names) -> str | None:
    """Nobody outside the workspace may see an id: who has no name is left out, as are calls to groups."""
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return names.get(target[1:]) or _unescaped(label) or None
    if target.startswith("#"):
        name = names.get(target[1:]) or _unescaped(label)
        return f"#{name.removeprefix('#')}" if name else None
    if target.startswith("!date"):
        return _unescaped(label)
    if target.startswith("!"):
        return None
    return link(_unescaped(label), _unescaped(target))


def _emoji(match: re.Match[str]) -> str | None:
    shown = None if all(_neighbours(match)) else from_short_name(match["name"])
    return with_skin_tone(shown, int(match["tone"] or 0)) if shown else None


def _emoji_or_nothing(match: re.Match[str]) -> str | None:
    """A custom emoji is a picture of this workspace only; `10:30:45` and `a:b:c` are no emoji at all."""
    if shown := _emoji(match):
        return shown
    return match.group() if any(_neighbours(match)) else None


def _neighbours(match: re.Match[str]) -> tuple[bool, bool]:
    """Whether a letter or digit touches the name on the left, and on the right."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return before.isalnum(), after.isalnum()
