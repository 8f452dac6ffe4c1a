"""Slack's own tables and charts, and the same figures in plain letters for workspaces that do not take them.

Sources: docs.slack.dev/reference/block-kit/blocks/data-table-block and …/data-visualization-block. Their limits have
been raised since they came out; what is drawn here keeps to the lower ones, which every workspace has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from bot.blocks.parts import Block, leaf, line, one_line, rich, user
from bot.domain.text.slack_out import clip

TABLE, CHART = "data_table", "data_visualization"
CHARTS_IN_MESSAGE = 2
ROWS, COLUMNS, TABLE_TEXT = 100, 20, 10_000
POINTS, SERIES, LABEL, TITLE = 20, 6, 20, 50
NOTHING = "–"  # a cell must say something
_BAR = 16
_PLAIN_CELL = 28
_PLAIN_ROOM = 3_000  # bytes of JSON for the plain version of one block; a full block weighs six bytes

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that Slack sorts by `value` and shows as `text`."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff, under the name that each reader knows them by."""

    staff_id: str


Cell = str | Number | Link | Member


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], page_size: int = 10) -> Block:
    """A table with at least one row below its header; it holds as many rows as Slack takes."""
    kept = [[_cell(each) for each in header[:COLUMNS]]]
    room = TABLE_TEXT - _letters(kept[0])
    for row in rows[:ROWS]:
        cells = [_cell(each) for each in row[:COLUMNS]]
        room -= _letters(cells)
        if room < 0:
            break
        kept.append(cells)
    return {"type": TABLE, "caption": caption, "page_size": page_size, "row_header_column_index": 0, "rows": kept}


def chart(
    kind: Literal["bar", "line", "area"],
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    x_label: str = "",
    y_label: str = "",
) -> Block:
    """Every series has a value for every category. Labels are cut to what Slack takes, and stay different."""
    labels = distinct(categories[:POINTS])
    names = distinct(list(series)[:SERIES])
    drawn = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=False)]}
        for name, values in zip(names, series.values(), strict=False)
    ]
    axes: Block = {"categories": labels}
    axes |= {name: clip(text, TITLE) for name, text in (("x_label", x_label), ("y_label", y_label)) if text}
    return {"type": CHART, "title": clip(title, TITLE), "chart": {"type": kind, "series": drawn, "axis_config": axes}}


def distinct(labels: Sequence[str]) -> list[str]:
    """Labels within Slack's limit, no two alike: what cutting made equal is numbered."""
    found: list[str] = []
    for each in labels:
        label, count = clip(one_line(each, LABEL) or NOTHING, LABEL), 1
        while label in found:
            count += 1
            label = f"{clip(label, LABEL - 4)} {count}"
        found.append(label)
    return found


def plain_version(blocks: Sequence[Block]) -> list[Block] | None:
    """The same message without Slack's own tables and charts; None where it has none."""
    if not any(block["type"] in (TABLE, CHART) for block in blocks):
        return None
    return [plain for block in blocks for plain in _plain(block)]


def bar(value: float, most: float, width: int = _BAR) -> str:
    """A bar of full blocks; what is more than nothing shows at least a sliver."""
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, round(value / most * width * 8))
    full, rest = divmod(eighths, 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def bars(points: Sequence[tuple[str, float]], width: int = _BAR) -> list[str]:
    """One line a point: label, bar, value."""
    most = max((value for _, value in points), default=0)
    wide = max((len(label) for label, _ in points), default=0)
    drawn = ((label, bar(value, most, width), f"{value:g}") for label, value in points)
    return [f"{label:<{wide}}  {f'{blocks} ' if blocks else ''}{value}" for label, blocks, value in drawn]


def _cell(cell: Cell) -> Block:
    if isinstance(cell, Number):
        return {"type": "raw_number", "value": cell.value, "text": cell.text}
    if isinstance(cell, Link):
        return rich(line({"type": "link", "url": cell.url, "text": one_line(cell.text, 300) or NOTHING}))
    if isinstance(cell, Member):
        return rich(line(user(cell.staff_id)))
    return {"type": "raw_text", "text": one_line(cell, 300) or NOTHING}


def _letters(row: Iterable[Block]) -> int:
    return sum(len(_in_words(each)) for each in row)


def _in_words(cell: Block) -> str:
    if "text" in cell:
        return str(cell["text"])
    [part] = cast("list[Json]", cell["elements"])
    return "".join(str(each.get("text") or f"@{each.get('user_id')}") for each in part["elements"])


def _plain(block: Block) -> Iterator[Block]:
    if block["type"] == TABLE:
        yield _framed(str(block["caption"]), _columns(cast("list[list[Json]]", block["rows"])))
    elif block["type"] == CHART:
        yield _framed(str(block["title"]), list(_drawn(cast("Json", block["chart"]))))
    else:
        yield block


def _framed(title: str, lines: Sequence[str]) -> Block:
    """As many lines as there is room for, in letters of one width."""
    shown = list(lines)
    while len(shown) > 1 and len(json.dumps(shown)) > _PLAIN_ROOM:
        shown.pop()
    if hidden := len(lines) - len(shown):
        shown.append(f"…and {hidden} more")
    letters: Block = {"type": "rich_text_preformatted", "elements": [leaf("\n".join(shown))]}
    return rich(line(leaf(title, bold=True)), letters)


def _columns(rows: Sequence[Sequence[Json]]) -> list[str]:
    cells = [[clip(_in_words(each), _PLAIN_CELL) for each in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    first, *others = zip(widths, range(len(widths)), strict=True)
    return [
        "  ".join([f"{row[first[1]]:<{first[0]}}", *[f"{row[at]:>{width}}" for width, at in others]]).rstrip()
        for row in cells
    ]


def _drawn(shown: Json) -> Iterator[str]:
    several = len(shown["series"]) > 1
    for each in shown["series"]:
        if several:
            yield each["name"]
        yield from bars([(point["label"], point["value"]) for point in each["data"]])
