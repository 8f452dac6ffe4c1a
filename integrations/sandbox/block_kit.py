"""Block Kit as Slack accepts it: which blocks may stand on which surface, and every limit Slack enforces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, cast

from integrations.sandbox.block_data import data_table, data_visualization, message_problems
from integrations.sandbox.block_elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    RICH,
    TYPE,
    any_text,
    plain_text,
)
from integrations.sandbox.shapes import (
    Check,
    Report,
    anything,
    array,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    number,
    one_object,
    one_of,
    string,
    unique,
)
from integrations.sandbox.wire import Json, as_list, as_objects

Surface = Literal["message", "home", "modal"]

BLOCKS_ON: dict[Surface, int] = {"message": 50, "home": 100, "modal": 100}
# Undocumented; refused as msg_blocks_too_long near here.
BLOCKS_JSON = 13_000
VIEW_JSON = 250_000

_block: dict[str, Check] = {"block_id": string(255)}


def _distinct_actions(block: Any, where: str, report: Report) -> None:
    """Slack tells clicks of one block apart by action_id alone."""
    unique(list(controls(cast("Json", block))), "action_id", where, report)


BLOCKS: dict[str, Check] = {
    "section": one_object(
        TYPE,
        {
            **_block,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": by_type(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    ),
    "header": one_object({**TYPE, "text": plain_text(150)}, {**_block, "level": number(1, 4)}),
    "divider": one_object(TYPE, _block),
    "context": one_object(
        {
            **TYPE,
            "elements": array(
                by_type({"image": ELEMENTS["image"], "plain_text": any_text(3000), "mrkdwn": any_text(3000)}), 10
            ),
        },
        _block,
    ),
    "actions": one_object({**TYPE, "elements": array(by_type(ELEMENTS, IN_ACTIONS), 25)}, _block, _distinct_actions),
    "image": one_object(
        {**TYPE, "alt_text": string(2000)},
        {**_block, "image_url": string(3000), "slack_file": anything, "title": plain_text(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": one_object(
        {**TYPE, "label": plain_text(2000), "element": by_type(ELEMENTS, IN_INPUT)},
        {**_block, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": one_object({**TYPE, "elements": array(by_type(RICH), 1000)}, _block),
    "markdown": one_object({**TYPE, "text": string(12_000)}, _block),
    "alert": one_object(
        {**TYPE, "text": any_text(200)}, {**_block, "level": one_of("default", "info", "warning", "error", "success")}
    ),
    "data_table": data_table,
    "data_visualization": data_visualization,
}

_everywhere = ("section", "header", "divider", "context", "actions", "image", "input", "rich_text")
ON_SURFACE: dict[Surface, tuple[str, ...]] = {
    "message": (*_everywhere, "markdown", "data_table", "data_visualization"),
    "home": (*_everywhere, "data_table"),
    "modal": (*_everywhere, "alert"),
}

_view: dict[str, Check] = {
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_modal = one_object(
    {**TYPE, "title": plain_text(24), "blocks": anything},
    {
        **_view,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_home = one_object({**TYPE, "blocks": anything}, _view)


def block_problems(blocks: Any, surface: Surface = "message", where: str = "/blocks") -> list[str]:
    """Everything Slack would refuse in these blocks; empty when they are fine."""
    report = Report()
    at_least = 0 if surface == "message" else 1
    array(by_type(BLOCKS, ON_SURFACE[surface]), BLOCKS_ON[surface], at_least)(blocks, where, report)
    unique(as_list(blocks), "block_id", where, report)
    message_problems(as_objects(blocks), where, report)
    return report.problems


def _one_focus(blocks: list[Json], report: Report) -> None:
    """Only one field of a view may be where the cursor stands: docs.slack.dev/reference/block-kit/block-elements."""
    focused = [place for place, block in enumerate(blocks) for each in controls(block) if each.get("focus_on_load")]
    for place in focused[1:]:
        report.add(f"/view/blocks/{place}", "only one element may have focus_on_load")


def view_problems(view: Json) -> list[str]:
    """Everything Slack would refuse in this modal or App Home view."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return ["[ERROR] must be one of: modal, home [json-pointer:/view/type]"]
    report = Report()
    (_modal if kind == "modal" else _home)(view, "/view", report)
    blocks = as_objects(view.get("blocks"))
    if kind == "modal" and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        report.add("/view", "missing required field: submit")
    _one_focus(blocks, report)
    return report.problems + block_problems(view.get("blocks"), kind, "/view/blocks")


def too_long(blocks: list[Json]) -> bool:
    return len(json.dumps(blocks)) > BLOCKS_JSON


def controls(block: Json) -> Iterator[Json]:
    """Everything in a block that a person can press, choose or fill in."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name]
    if block.get("type") == "actions":
        yield from as_objects(block.get("elements"))
