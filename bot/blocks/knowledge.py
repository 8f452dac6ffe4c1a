"""What /knowledge answers: what the AI would find, what there is for it to find, and what it was asked in vain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Protocol

from bot.blocks import action_ids
from bot.blocks.data_blocks import Number, table
from bot.blocks.paging import PAGE_ROWS, Page, pager, span, valued
from bot.blocks.parts import (
    Block,
    Post,
    View,
    actions,
    confirm,
    context,
    divider,
    escaped,
    first_fitting,
    leaf,
    line,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
)
from bot.blocks.rows import slack_age
from bot.blocks.shelf import Shelf, fits_plainly, inbox_menu
from bot.blocks.sources import place
from bot.domain.knowledge import Citation, Passage
from bot.domain.teaching import TaughtAnswer

_EXCERPT = 300
_EXCERPTS = (300, 100)
_TABLE_ROWS = (30, 10, 3, 0)
_TROUBLES = 5
_WHOLE = 2_900  # characters of one text in a modal, under what Slack takes
_PARTS = 40
_VIEW_ROOM = 200_000  # bytes; Slack takes 250,000
_TITLE_ROOM = 300


class File(Protocol):
    """A file of the knowledge folder. `trouble` says why it could not be read."""

    @property
    def source(self) -> str: ...
    @property
    def passages(self) -> int: ...
    @property
    def indexed_at(self) -> datetime: ...
    @property
    def trouble(self) -> str: ...


def search_results(
    shelf: Shelf, page: Page, passages: Sequence[Passage], taught: Mapping[str, TaughtAnswer], now: datetime
) -> Post:
    """What the AI would read, in its order. `taught`: those of them that are no pages, by source."""
    rooms = [(most, room) for most in range(len(passages), 0, -1) for room in _EXCERPTS] or [(0, 0)]
    return first_fitting(_results(shelf, page, passages[:most], taught, now, room) for most, room in rooms)


def listing(
    shelf: Shelf, page: Page, files: Sequence[File], taught: Sequence[TaughtAnswer], now: datetime, zone: tzinfo
) -> Post:
    """The pages on the first page of it, and as many taught answers as fit. Times are those of the reader's `zone`."""
    files = sorted(files, key=lambda each: not each.trouble)  # where not all fit, those are what somebody has to mend
    for most in _TABLE_ROWS:
        for rows in range(min(len(taught), PAGE_ROWS), -1, -1):
            post = _listing(shelf, page, files[:most], len(files), taught[:rows], now, zone)
            if fits_plainly(post) and (rows or not taught):
                return post
    return _listing(shelf, page, (), len(files), taught[:1], now, zone)


def page_modal(passages: Sequence[Passage], mark: str) -> View:
    """A page as it is now, from the passage on whose button this was."""
    start = next((number for number, each in enumerate(passages) if _mark(each) == mark), 0)
    rest = passages[start:]
    blocks = list(islice(map(_read, rest), _PARTS))
    while len(json.dumps(blocks)) > _VIEW_ROOM:
        blocks.pop()
    if len(blocks) < len(rest):
        blocks.append(context("… and more."))
    source = one_line(passages[0].source, 100) if passages else ""
    shown = blocks or [section("This page is not there any more.")]
    above = [context(f"📎 {escaped(source, 300)}")] if source else []
    return {"type": "modal", "title": plain("What the AI reads"), "close": plain("Close"), "blocks": [*above, *shown]}


def _read(passage: Passage) -> Block:
    heading = leaf(one_line(passage.title, _TITLE_ROOM) or "–", bold=True)
    return rich(line(heading), line(leaf(paragraphs(passage.body, _WHOLE) or "–")))


def removed(answer: TaughtAnswer) -> Post:
    """It is gone, and the way back."""
    said = f"🗑️ The AI does not know this any more: “{escaped(one_line(answer.question, 200), 600)}”"
    return Post(said, [context(said), actions(undo_button(answer.inbox_id, None, answer.id))])


def undo_button(inbox_id: int, learnt: int | None, forgotten: int | None) -> Block:
    return valued(action_ids.UNDO_TEACHING, "Undo", f"{inbox_id}:{learnt or 0}:{forgotten or 0}")


def _results(
    shelf: Shelf,
    page: Page,
    passages: Sequence[Passage],
    taught: Mapping[str, TaughtAnswer],
    now: datetime,
    room: int,
) -> Post:
    title = f"*What the AI finds for “{escaped(one_line(page.words, 80), 300)}”*{shelf.named}"
    blocks, spoken = [section(title), *inbox_menu(shelf, page)], [title]
    if not passages:
        nothing = "Nothing. The AI would say that it does not know, or call a person."
        blocks, spoken = [*blocks, context(nothing)], [title, nothing]
    for each in passages:
        known = taught.get(each.source)
        blocks += _passage(shelf, each, known, now, room)
        spoken.append(f"• {escaped(one_line(known.question, 150) if known else _place(each), 300)}")
    return Post("\n".join(spoken), blocks)


def _passage(shelf: Shelf, passage: Passage, taught: TaughtAnswer | None, now: datetime, room: int) -> list[Block]:
    said = quote(one_line(passage.body, room) or "…")
    if taught:
        heading = line(leaf(f"🎓 {one_line(taught.question, 200)}", bold=True))
        return [rich(heading, said), context(_by(taught, now)), actions(*_changes(taught))]
    heading = line(leaf(f"📎 {_place(passage)}", bold=True))
    value = json.dumps([shelf.inbox_id, passage.source, _mark(passage)], ensure_ascii=False)
    return [rich(heading, said), actions(valued(action_ids.READ_PAGE, "Read on", value))]


def _place(passage: Passage) -> str:
    return place(Citation(passage.source, passage.title))


def _mark(passage: Passage) -> str:
    """By which it is found again: a title may be longer than a button carries."""
    return hashlib.sha256(passage.title.encode()).hexdigest()[:16]


def _listing(
    shelf: Shelf,
    page: Page,
    files: Sequence[File],
    in_all: int,
    taught: Sequence[TaughtAnswer],
    now: datetime,
    zone: tzinfo,
) -> Post:
    title = f"*What the AI knows*{shelf.named}"
    blocks = [section(title), *inbox_menu(shelf, page)]
    counted = f"{in_all} {'page' if in_all == 1 else 'pages'}, {page.total} taught"
    if page.at == 0:
        blocks += _pages(files, in_all, zone)
    blocks += [divider(), section(f"*Taught by colleagues*{span(page, len(taught))}")]
    if not taught:
        blocks.append(context("Nothing yet. *Teach the bot* is in the menu of each message in a thread."))
    for each in taught:
        blocks += [rich(line(leaf(one_line(each.question, 200), bold=True)), quote(one_line(each.answer, _EXCERPT)))]
        blocks += [context(_by(each, now)), actions(*_changes(each))]
    spoken = [f"• {escaped(one_line(each.question, 150), 300)}" for each in taught]
    blocks += pager(page, len(taught), action_ids.KNOWLEDGE_BACK, action_ids.KNOWLEDGE_ON)
    return Post("\n".join([f"{title}: {counted}", *spoken]), blocks)


def _pages(files: Sequence[File], in_all: int, zone: tzinfo) -> Iterator[Block]:
    if not in_all:
        yield context("No pages: `AGENT_KNOWLEDGE` names the folder that they are read from.")
    if files:
        rows = [(each.source, Number(each.passages, str(each.passages)), _when(each, zone)) for each in files]
        yield table("Pages", ("Page", "Passages", "Last read"), rows)
    if hidden := in_all - len(files):
        yield context(f"… and {hidden} more {'page' if hidden == 1 else 'pages'}.")
    troubles = [each for each in files if each.trouble]
    for each in troubles[:_TROUBLES]:
        kept = " What it said before is still found." if each.passages else ""
        why = f"{escaped(one_line(each.trouble, 200), 600)}{kept}"
        yield context(f"⚠️ {escaped(one_line(each.source, 100), 300)}: {why}")
    if more := len(troubles[_TROUBLES:]):
        yield context(f"⚠️ {more} more could not be read.")


def _when(file: File, zone: tzinfo) -> str:
    return "⚠️ not read" if file.trouble else f"{file.indexed_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _by(taught: TaughtAnswer, now: datetime) -> str:
    return f"🎓 taught by <@{taught.staff_id}> {slack_age(taught.at, now)}"


def _changes(taught: TaughtAnswer) -> list[Block]:
    value = f"{taught.inbox_id}:{taught.id}"
    ask = confirm("Remove?", "The AI does not find this answer any more. You can undo it.", "Remove", style="danger")
    return [
        valued(action_ids.EDIT_TAUGHT, "Edit…", value),
        valued(action_ids.REMOVE_TAUGHT, "Remove", value, confirm=ask),
    ]
