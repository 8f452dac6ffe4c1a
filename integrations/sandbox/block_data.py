"""Slack's tables and charts as Slack accepts them.

Sources: docs.slack.dev/reference/block-kit/blocks/data-table-block, …/data-visualization-block and
docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/RawNumberElement. That a message holds two charts at
most is not documented there; Slack's own answer to a third says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from integrations.sandbox.block_elements import RICH, TYPE
from integrations.sandbox.shapes import (
    Check,
    Report,
    array,
    by_type,
    number,
    one_object,
    string,
    unique,
)
from integrations.sandbox.wire import Json, as_list, as_object, as_objects, as_text

DATA_BLOCKS = frozenset({"data_table", "data_visualization"})
TABLE_TEXT = 20_000  # in all cells of a table, and of all tables of a message
CHARTS_IN_MESSAGE = 2
_MOST = 1e15

_block: dict[str, Check] = {"block_id": string(255)}
_raw: dict[str, Check] = {
    "raw_text": one_object({**TYPE, "text": string(TABLE_TEXT)}),
    "raw_number": one_object({**TYPE, "value": number(-_MOST, _MOST), "text": string(TABLE_TEXT)}),
}
_rich_text = one_object({**TYPE, "elements": array(by_type(RICH), 1000)}, _block)
_cell = by_type({**_raw, "rich_text": _rich_text})
_axes = one_object({"categories": array(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
_point = one_object({"label": string(20), "value": number(-_MOST, _MOST)})
_series = one_object({"name": string(20), "data": array(_point, 20)})


def _table_holds_together(block: Any, where: str, report: Report) -> None:
    rows = [as_list(row) for row in as_list(block.get("rows"))]
    if len({len(row) for row in rows}) > 1:
        report.add(f"{where}/rows", "all rows must have the same number of cells")
    for place, cell in enumerate(rows[0] if rows else ()):
        if as_object(cell).get("type") == "rich_text":
            report.add(f"{where}/rows/0/{place}/type", "unsupported type: rich_text")
    if rows and isinstance(column := block.get("row_header_column_index"), int) and column >= len(rows[0]):
        report.add(f"{where}/row_header_column_index", f"must be between 0 and {len(rows[0]) - 1}")
    if (letters := _letters_in(block)) > TABLE_TEXT:
        report.add(f"{where}/rows", f"table exceeds {TABLE_TEXT} characters ({letters})")


def _letters_in(node: Any) -> int:
    if isinstance(node, dict):
        told = cast("Json", node)
        own = len(told["text"]) if isinstance(told.get("text"), str) else 0
        return own + sum(_letters_in(each) for name, each in told.items() if name != "caption")
    return sum(_letters_in(each) for each in cast("list[Any]", node)) if isinstance(node, list) else 0


def _labels_agree(chart: Any, where: str, report: Report) -> None:
    categories = [as_text(each) for each in as_list(as_object(chart.get("axis_config")).get("categories"))]
    if len(set(categories)) < len(categories):
        report.add(f"{where}/axis_config/categories", "categories must be unique")
    for place, series in enumerate(as_objects(chart.get("series"))):
        labels = [as_text(point.get("label")) for point in as_objects(series.get("data"))]
        if sorted(labels) != sorted(categories):
            report.add(f"{where}/series/{place}/data", "labels must match the categories")
    unique(as_list(chart.get("series")), "name", f"{where}/series", report)


def _more_than_nothing(value: Any, where: str, report: Report) -> None:
    number(0, _MOST)(value, where, report)
    if value == 0:
        report.add(where, "must be greater than 0")


_axed = one_object({**TYPE, "series": array(_series, 12), "axis_config": _axes}, None, _labels_agree)
_segment = one_object({"label": string(20), "value": _more_than_nothing})
_chart = by_type(
    {
        "pie": one_object({**TYPE, "segments": array(_segment, 12)}),
        **dict.fromkeys(("bar", "area", "line"), _axed),
    }
)

data_table = one_object(
    {**TYPE, "caption": string(2000), "rows": array(array(_cell, 20), 201, 2)},
    {**_block, "page_size": number(1, 100), "row_header_column_index": number(0, 19)},
    _table_holds_together,
)
data_visualization = one_object({**TYPE, "title": string(50), "chart": _chart}, _block)


def message_problems(blocks: Sequence[Json], where: str, report: Report) -> None:
    """What no block has wrong alone."""
    charts = [place for place, block in enumerate(blocks) if block.get("type") == "data_visualization"]
    for place in charts[CHARTS_IN_MESSAGE:]:
        report.add(f"{where}/{place}", f"no more than {CHARTS_IN_MESSAGE} data_visualization blocks allowed")
    tables = [block for block in blocks if block.get("type") == "data_table"]
    if len(tables) > 1 and sum(map(_letters_in, tables)) > TABLE_TEXT:
        report.add(where, f"tables exceed {TABLE_TEXT} characters")


def unknown_here(blocks: Sequence[Json], where: str) -> list[str]:
    """What a workspace says to these blocks that does not have the feature yet."""
    return [
        f"[ERROR] unsupported type: {block['type']} [json-pointer:{where}/{place}/type]"
        for place, block in enumerate(blocks)
        if block.get("type") in DATA_BLOCKS
    ]
