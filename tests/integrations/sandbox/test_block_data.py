"""Tables and charts: the validator refuses what Slack refuses, and a workspace without them refuses them all."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.block_kit import block_problems
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]


def text(said: str) -> Json:
    return {"type": "raw_text", "text": said}


def amount(value: object, **more: object) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value), **more}


RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0ANA"}]}],
}


def table(*rows: list[Json], **more: object) -> Json:
    return {"type": "data_table", "caption": "By member", "rows": list(rows), **more}


def chart(kind: str = "bar", title: str = "Week", **more: object) -> Json:
    drawn: Json = {
        "type": kind,
        "series": [series("Escalations", ("Mon", 3), ("Tue", 0))],
        "axis_config": {"categories": ["Mon", "Tue"]},
    }
    return {"type": "data_visualization", "title": title, "chart": drawn | more}


def series(name: str, *points: tuple[str, object]) -> Json:
    return {"name": name, "data": [{"label": label, "value": value} for label, value in points]}


def pie(*segments: tuple[str, object]) -> Json:
    shown = [{"label": label, "value": value} for label, value in segments]
    return {"type": "data_visualization", "title": "Who answered", "chart": {"type": "pie", "segments": shown}}


HEAD = [text("Who"), text("Taken")]
ROW = [text("Ana"), amount(5)]
GOOD: list[Json] = [
    table(HEAD, ROW),
    table(HEAD, [RICH, amount(2.5)], page_size=100, row_header_column_index=1),
    table(HEAD, *[ROW] * 200),
    table([text("x")] * 20, [text("y")] * 20),
    chart(),
    chart("line", series=[series("A", ("Tue", -1), ("Mon", 1)), series("B", ("Mon", 1), ("Tue", 2))]),
    chart("area", axis_config={"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Count"}),
    pie(("AI", 7), ("People", 0.5)),
]


@pytest.mark.parametrize("block", GOOD)
def test_what_slack_draws_is_let_through(block: Json) -> None:
    assert block_problems([block]) == []


TOO_MANY = [f"c{number}" for number in range(21)]
WRONG: list[tuple[str, Json, str]] = [
    ("header alone", table(HEAD), "no less than 2 items"),
    ("201 rows", table(HEAD, *[ROW] * 201), "no more than 201"),
    ("uneven rows", table(HEAD, [text("Ana")]), "same number of cells"),
    ("21 columns", table([text("x")] * 21, [text("y")] * 21), "no more than 20"),
    ("no columns", table([], []), "no less than 1"),
    ("empty cell", table(HEAD, [text(""), amount(1)]), "must be more than 0 characters"),
    ("rich header", table([RICH, text("Taken")], ROW), "/rows/0/0/type"),
    ("number as text", table(HEAD, [text("Ana"), amount("5")]), "must provide a number"),
    ("number without words", table(HEAD, [text("Ana"), {"type": "raw_number", "value": 5}]), "missing required field"),
    ("no caption", {"type": "data_table", "rows": [HEAD, ROW]}, "missing required field: caption"),
    ("no page", table(HEAD, ROW, page_size=0), "between 1 and 100"),
    ("no such column", table(HEAD, ROW, row_header_column_index=2), "between 0 and 1"),
    ("too many letters", table(HEAD, *[[text("x" * 10_000), amount(1)]] * 2), "exceeds 20000 characters"),
    ("button in a cell", table(HEAD, [text("Ana"), {"type": "button"}]), "unsupported type: button"),
    ("long title", chart(title="x" * 51), "less than 51"),
    ("no such chart", chart("donut"), "unsupported type: donut"),
    ("chart without axes", pie() | {"chart": {"type": "bar", "series": []}}, "missing required field: axis_config"),
    ("no series", chart(series=[]), "no less than 1"),
    ("13 series", chart(series=[series(str(n), ("Mon", 1), ("Tue", 1)) for n in range(13)]), "no more than 12"),
    ("same series twice", chart(series=[series("A", ("Mon", 1), ("Tue", 1))] * 2), "name `A` already exists"),
    ("long series name", chart(series=[series("x" * 21, ("Mon", 1), ("Tue", 1))]), "less than 21"),
    ("a day is missing", chart(series=[series("A", ("Mon", 1))]), "labels must match the categories"),
    ("a day twice", chart(series=[series("A", ("Mon", 1), ("Mon", 2))]), "labels must match the categories"),
    ("same category twice", chart(axis_config={"categories": ["Mon", "Mon"]}), "categories must be unique"),
    (
        "21 points",
        chart(series=[series("A", *[(each, 1) for each in TOO_MANY])], axis_config={"categories": TOO_MANY}),
        "no more than 20",
    ),
    ("long category", chart(axis_config={"categories": ["Mon", "x" * 21]}), "less than 21"),
    ("long axis label", chart(axis_config={"categories": ["Mon", "Tue"], "x_label": "x" * 51}), "less than 51"),
    ("no value", chart(series=[series("A", ("Mon", None), ("Tue", 1))]), "must provide a number"),
    ("empty pie", pie(), "no less than 1"),
    ("empty slice", pie(("AI", 0)), "must be greater than 0"),
    ("negative slice", pie(("AI", -1)), "must be between 0"),
    ("13 slices", pie(*[(str(n), 1) for n in range(13)]), "no more than 12"),
]


@pytest.mark.parametrize(("block", "problem"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_what_slack_does_not_draw_is_refused(block: Json, problem: str) -> None:
    found = block_problems([block])
    assert any(problem in each for each in found), found


def test_a_message_holds_two_charts_and_so_many_letters_in_its_tables() -> None:
    assert block_problems([chart(), chart()]) == []
    assert "no more than 2" in block_problems([chart()] * 3)[0]
    long = table(HEAD, [text("x" * 10_001), amount(1)])
    assert block_problems([long]) == []
    assert "tables exceed" in block_problems([long, long])[0]


def test_tables_stand_in_messages_and_on_the_home_tab_and_charts_in_messages_only() -> None:
    where = {"data_table": table(HEAD, ROW), "data_visualization": chart()}
    surfaces = ("message", "home", "modal")
    stands = {kind: [each for each in surfaces if not block_problems([block], each)] for kind, block in where.items()}
    assert stands == {"data_table": ["message", "home"], "data_visualization": ["message"]}


async def test_a_workspace_without_them_refuses_them_by_name(caller: Caller, sandbox: Sandbox) -> None:
    sandbox.slack.workspace.takes_data_blocks = False
    answer = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x", blocks=[table(HEAD, ROW), chart()])
    assert (answer["ok"], answer["error"]) == (False, "invalid_blocks")
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: data_table [json-pointer:/blocks/0/type]",
        "[ERROR] unsupported type: data_visualization [json-pointer:/blocks/1/type]",
    ]
    view = {"type": "home", "blocks": [table(HEAD, ROW)]}
    assert (await caller.slack("views.publish", user_id="U0ANA", view=view))["error"] == "invalid_arguments"
    assert await caller.post(text="Words alone still pass")
