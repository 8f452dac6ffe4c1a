"""Pages of a list that only one person sees: where each begins, and the buttons to the others."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import cast

from bot.blocks import action_ids
from bot.blocks.parts import Block, Post, actions, button, context

PAGE_ROWS = 10
SEARCH = "search"
_WORDS = 200
_BLOCK_ID, _ROW = 255, "row"  # Slack's limit: docs.slack.dev/reference/block-kit/blocks/actions-block


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list called `which`: it begins after `at` of `total` rows. `words` are those sought in it."""

    which: str
    at: int = 0
    total: int = 0
    words: str = ""

    @property
    def value(self) -> str:
        kept = {"which": self.which, "at": self.at, "words": self.words[:_WORDS]}
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def read(cls, value: str) -> Page | None:
        """What a button carries; None where it is not one of ours."""
        try:
            told: object = json.loads(value)
        except json.JSONDecodeError:
            return None
        if not isinstance(told, dict):
            return None
        kept = cast("dict[str, object]", told)
        which, at, words = kept.get("which"), kept.get("at"), kept.get("words")
        if not isinstance(which, str) or not isinstance(at, int) or not isinstance(words, str) or at < 0:
            return None
        return cls(which, at, words=words)


def row_id(page: Page, number: int) -> str | None:
    """Names a row's buttons, so that a press on one tells the list that it stands in; None where there is no room.

    Slack does not tell what else an ephemeral message shows.
    """
    named = f"{_ROW}:{number}:{page.value}"
    return named if len(named) <= _BLOCK_ID else None


def row_of(block_id: str) -> tuple[int, Page] | None:
    """Which row of which list it is."""
    kind, _, rest = block_id.partition(":")
    number, _, value = rest.partition(":")
    page = Page.read(value) if kind == _ROW and number.isascii() and number.isdigit() and len(number) < 4 else None
    return (int(number), page) if page else None


def valued(action_id: str, label: str, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    """A button that carries words instead of an id."""
    return {**button(action_id, label, 0, style=style, confirm=confirm), "value": value}


def span(page: Page, shown: int) -> str:
    """Which rows these are, where they are not all."""
    if not page.total:
        return ""
    if shown >= page.total:
        return f" · {page.total}"
    return f" · {page.at + 1}–{page.at + shown} of {page.total}"


def pager(
    page: Page, shown: int, back: str = action_ids.PAGE_BACK, on: str = action_ids.PAGE_ON, step: int = PAGE_ROWS
) -> list[Block]:
    """The way to what comes before these rows, and after them."""
    ways = list[Block]()
    if page.at:
        before = replace(page, at=max(0, page.at - step))
        ways.append(valued(back, "‹ Back", before.value))
    if page.at + shown < page.total:
        ways.append(valued(on, "Next ›", replace(page, at=page.at + shown).value))
    return [actions(*ways)] if ways else []


def failed(words: str) -> Post:
    """One helpful line, for one person."""
    return Post(words, [context(words)])
