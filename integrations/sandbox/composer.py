"""What Slack's message composer makes of typed text: a rich_text block and the mrkdwn `text` beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrations.sandbox.emoji_names import is_emoji_name, short_names
from integrations.sandbox.wire import Json

STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
TONES = {2: "1f3fb", 3: "1f3fc", 4: "1f3fd", 5: "1f3fe", 6: "1f3ff"}
STYLED = r"(?<!\w)(?P<mark>[*_~`])(?P<inner>\S(?:[^\n]*?\S)?)(?P=mark)(?!\w)"
EMOJI = r":(?P<emoji>[a-z0-9_+'-]+)(?:::skin-tone-(?P<tone>[2-6]))?:"
LINK = r"(?P<url>https?://[^\s<>]+)"


@dataclass(frozen=True, slots=True)
class Composed:
    text: str
    blocks: list[Json]


def compose(typed: str, names: Mapping[str, str]) -> Composed:
    """Mentions (a name's mrkdwn token without its brackets), emoji, links and simple styles become elements."""
    pairs = list(_leaves(typed, names))
    elements = [leaf for leaf, _ in pairs]
    section: Json = {"type": "rich_text_section", "elements": elements}
    block: Json = {"type": "rich_text", "block_id": "typed", "elements": [section]}
    return Composed("".join(text for _, text in pairs), [block] if elements else [])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _leaves(typed: str, names: Mapping[str, str]) -> Iterator[tuple[Json, str]]:
    """Each element with the same thing as mrkdwn."""
    mentions = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"@(?P<name>{mentions})\b|{EMOJI}|{LINK}|{STYLED}" if names else f"{EMOJI}|{LINK}|{STYLED}")
    at = 0
    for found in pattern.finditer(typed):
        leaf = _leaf(found, names)
        if leaf is None:
            continue
        if found.start() > at:
            yield _plain(typed[at : found.start()])
        yield leaf
        at = found.end()
    if typed[at:]:
        yield _plain(typed[at:])


def _leaf(found: re.Match[str], names: Mapping[str, str]) -> tuple[Json, str] | None:
    parts = found.groupdict()
    if parts.get("name"):
        return _mention(names[parts["name"]], found[0])
    if parts["url"]:
        return {"type": "link", "url": parts["url"]}, f"<{escaped(parts['url'])}>"
    if parts["mark"]:
        leaf: Json = {"type": "text", "text": parts["inner"], "style": {STYLES[parts["mark"]]: True}}
        return leaf, escaped(found[0])
    return _emoji(parts["emoji"], int(parts["tone"] or 0), found[0]) if is_emoji_name(parts["emoji"]) else None


def _mention(token: str, typed: str) -> tuple[Json, str]:
    if token.startswith("@"):
        return {"type": "user", "user_id": token[1:]}, f"<{token}>"
    if token.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": token.removeprefix("!subteam^")}, f"<{token}|{typed}>"
    return {"type": "broadcast", "range": token[1:]}, f"<{token}>"


def _emoji(name: str, tone: int, typed: str) -> tuple[Json, str]:
    code = short_names()[name]
    if not tone:
        return {"type": "emoji", "name": name, "unicode": code}, typed
    return {"type": "emoji", "name": name, "unicode": f"{code}-{TONES[tone]}", "skin_tone": tone}, typed


def _plain(text: str) -> tuple[Json, str]:
    return {"type": "text", "text": text}, escaped(text)
