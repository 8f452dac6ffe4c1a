"""Slack's rich_text blocks, which is how its composer writes down what people typed, as WhatsApp text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TypeGuard

from bot.domain.text.emoji_names import from_code_points, from_short_name, with_skin_tone
from bot.domain.text.marks import code, fenced, knit, link, quoted, styled
from bot.domain.text.mrkdwn import emoji_in

Json = Mapping[str, object]
Names = Mapping[str, str]

_STYLES = (("bold", "*"), ("italic", "_"), ("strike", "~"))
_LEFT_OUT = ("usergroup", "broadcast", "team")


class NotUnderstoodError(ValueError):
    """The blocks hold something whose words we cannot find: the message's own `text` is the safer reading."""


def elements(block: Json) -> Sequence[Json]:
    """The parts of a block or of an element; nothing where Slack sent something else."""
    found = block.get("elements")
    return [each for each in found if _is_json(each)] if _is_list(found) else []


def leaves(block: Json) -> Iterator[Json]:
    """All the innermost parts of a block, in reading order."""
    for element in elements(block):
        yield from leaves(element) if "elements" in element else (element,)


def rich_text_to_whatsapp(block: Json, names: Names) -> str:
    """The block's elements one under the other; a newline at an element's end is the break itself, not one more."""
    shown = (_element(element, names).removesuffix("\n") for element in elements(block))
    return "\n".join(text for text in shown if text.strip())


def _element(element: Json, names: Names) -> str:
    kind = element.get("type")
    if kind == "rich_text_section":
        return _line(elements(element), names)
    if kind == "rich_text_list":
        return quoted(_list(element, names)) if element.get("border") else _list(element, names)
    if kind == "rich_text_quote":
        return quoted(_line(elements(element), names))
    if kind == "rich_text_preformatted":
        return fenced(knit(_plain(leaf, names) for leaf in elements(element)))
    raise NotUnderstoodError(str(kind))


def _list(element: Json, names: Names) -> str:
    """A nested list is a sibling with a higher indent; an ordered one goes on after it by its `offset`."""
    indent = "  " * _number(element.get("indent"))
    first = _number(element.get("offset")) + 1
    ordered = element.get("style") == "ordered"
    lines: list[str] = []
    for number, item in enumerate(elements(element), first):
        mark = f"{number}. " if ordered else "- "
        lines.append(indent + mark + _line(elements(item), names).strip().replace("\n", f"\n{indent}  "))
    return "\n".join(lines)


def _line(parts: Sequence[Json], names: Names) -> str:
    return _words(_seen(parts, names), names)


def _seen(parts: Sequence[Json], names: Names) -> list[Json]:
    """The leaves that a customer may see. One that is left out takes the space along that it needed.

    Before styles are looked at: the space may stand in a leaf of another style.
    """
    seen: list[Json] = []
    gap = False
    for leaf in parts:
        if _plain(leaf, names) is None:
            gap = True
        elif not gap or leaf.get("type") != "text":
            seen, gap = [*seen, leaf], False
        elif words := _after_gap(seen, _text(leaf)):
            seen, gap = [*seen, {**leaf, "text": words}], False
    return _without_end(seen) if gap else seen


def _after_gap(seen: list[Json], words: str) -> str:
    before = _text(seen[-1]) if seen and seen[-1].get("type") == "text" else "" if not seen else "x"
    if not before or before[-1].isspace():
        words = words.lstrip(" ")
    if words.startswith((",", ".", ";", ":", "!", "?")):
        seen[:] = _without_end(seen)
    return words


def _without_end(seen: list[Json]) -> list[Json]:
    """Without the spaces at the end of the line."""
    if not seen or seen[-1].get("type") != "text":
        return seen
    return [*seen[:-1], {**seen[-1], "text": _text(seen[-1]).rstrip(" ")}]


def _words(parts: Sequence[Json], names: Names, styles: Sequence[tuple[str, str]] = _STYLES) -> str:
    """Leaves as text, the outermost style first, so that a run of bold leaves is marked once."""
    if not styles:
        return _runs_of_code(parts, names)
    (style, marker), *inner = styles
    runs = [(on, list(run)) for on, run in groupby(parts, lambda leaf: _has(leaf, style))]
    texts = [_words(run, names, inner) for _, run in runs]
    return "".join(
        styled(text, marker) if on and not _inside_word(texts, index) else text
        for index, ((on, _), text) in enumerate(zip(runs, texts, strict=True))
    )


def _inside_word(texts: Sequence[str], index: int) -> bool:
    """WhatsApp styles whole words only; marks inside one would show."""
    before = texts[index - 1][-1:] if index else ""
    after = texts[index + 1][:1] if index + 1 < len(texts) else ""
    here = texts[index]
    return (before.isalnum() and here[:1].isalnum()) or (after.isalnum() and here[-1:].isalnum())


def _runs_of_code(parts: Sequence[Json], names: Names) -> str:
    pieces: list[str | None] = []
    for is_code, run in groupby(parts, lambda leaf: _has(leaf, "code")):
        shown = [_plain(leaf, names) if is_code else _spoken(leaf, names) for leaf in run]
        pieces.extend([code(knit(shown))] if is_code else shown)
    return knit(pieces)


def _spoken(leaf: Json, names: Names) -> str | None:
    return emoji_in(_text(leaf)) if leaf.get("type") == "text" else _plain(leaf, names)


def _plain(leaf: Json, names: Names) -> str | None:
    """One leaf without its style; None for what is left out."""
    kind = leaf.get("type")
    if kind == "text":
        return _text(leaf)
    if kind == "link":
        return link(_text(leaf), str(leaf.get("url") or ""))
    if kind == "user":
        return names.get(str(leaf.get("user_id"))) or None
    if kind == "channel":
        name = names.get(str(leaf.get("channel_id")))
        return f"#{name.removeprefix('#')}" if name else None
    return None if kind in _LEFT_OUT else _picture_or_fact(leaf)


def _picture_or_fact(leaf: Json) -> str | None:
    kind = leaf.get("type")
    if kind == "emoji":
        return _emoji(leaf)
    if kind == "date":
        return _date(leaf)
    if kind == "color":
        return str(leaf.get("value") or "")
    known = leaf.get("text") or leaf.get("fallback") or leaf.get("url")
    if isinstance(known, str):
        return known
    raise NotUnderstoodError(str(kind))


def _emoji(leaf: Json) -> str | None:
    """`unicode` already has its skin tone; without it the emoji may be a custom one, which only this team can see."""
    shown = from_code_points(str(leaf.get("unicode") or "")) or from_short_name(str(leaf.get("name")))
    return with_skin_tone(shown, _number(leaf.get("skin_tone"))) if shown else None


def _date(leaf: Json) -> str:
    if fallback := leaf.get("fallback"):
        return str(fallback)
    return f"{datetime.fromtimestamp(_number(leaf.get('timestamp')), UTC):%Y-%m-%d %H:%M} UTC"


def _text(leaf: Json) -> str:
    return str(leaf.get("text") or "")


def _number(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _has(leaf: Json, style: str) -> bool:
    styles = leaf.get("style")
    return _is_json(styles) and bool(styles.get(style))


def _is_json(value: object) -> TypeGuard[Json]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
