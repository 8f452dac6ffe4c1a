"""Blocks of every kind that Slack has controls for, to try the page's drawing with."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, description: str = "") -> Json:
    return {"text": plain(text), "value": text.lower()} | ({"description": plain(description)} if description else {})


def button(text: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": text.lower(), "value": "7", **more}


def field(label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": label, "label": plain(label), "element": element, **more}


def series(name: str, *values: float) -> Json:
    return {"name": name, "data": [{"label": day, "value": value} for day, value in zip(DAYS, values, strict=True)]}


def chart(kind: str, title: str, *lines: Json) -> Json:
    axes = {"categories": list(DAYS), "y_label": "Escalations"}
    return {"type": "data_visualization", "title": title, "chart": {"type": kind, "series": lines, "axis_config": axes}}


SURE: Json = {
    "title": plain("Sure?"),
    "text": plain("The AI answers again."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
MANY = [option(f"Option {number}") for number in range(1, 13)]
TWO_BOXES = [option("Mornings", "until noon"), option("Evenings")]

CONTROLS: list[Json] = [
    {"type": "header", "text": plain("Every control")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "<!subteam^S0ONCALL> may look"},
        "accessory": {"type": "users_select", "action_id": "assign", "placeholder": plain("Assign…")},
    },
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("Return", confirm=SURE),
            {"type": "static_select", "action_id": "more", "placeholder": plain("More…"), "options": MANY[:3]},
            {"type": "overflow", "action_id": "else", "options": [option("Snooze"), option("Release")]},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:00"},
        ],
    },
    {
        "type": "section",
        "text": plain("Several of many"),
        "accessory": {
            "type": "multi_static_select",
            "action_id": "many",
            "placeholder": plain("Some…"),
            "options": MANY,
        },
    },
    {
        "type": "actions",
        "block_id": "boxes",
        "elements": [
            {"type": "radio_buttons", "action_id": "kind", "options": [option("All"), option("Mine")]},
            {"type": "checkboxes", "action_id": "when", "options": TWO_BOXES, "initial_options": [TWO_BOXES[1]]},
        ],
    },
]


def cell(value: str | int) -> Json:
    return (
        {"type": "raw_text", "text": value}
        if isinstance(value, str)
        else {"type": "raw_number", "value": value, "text": f"{value} min"}
    )


WAITING = (("Carla", 5), ("Diego", 31), ("Mina", 2), ("Ola", 77), ("Pia", 12), ("Quinn", 8))
FIGURES: list[Json] = [
    {
        "type": "data_table",
        "caption": "Waiting in Queue",
        "page_size": 4,
        "row_header_column_index": 0,
        "rows": [[cell("Customer"), cell("Waits")], *([cell(name), cell(minutes)] for name, minutes in WAITING)],
    },
    chart("bar", "Escalations by day", series("AI", 3, 5, 2, 8, 4), series("Customer", 1, 2, 6, 3, 9)),
]
MORE_FIGURES: list[Json] = [
    chart("line", "First response", series("Median", 3.5, 5, 2, 4, 3), series("p90", 13, 15.5, 9, 12, 10)),
    {
        "type": "data_visualization",
        "title": "Reasons",
        "chart": {"type": "pie", "segments": [{"label": "Delivery", "value": 30}, {"label": "Refund", "value": 12}]},
    },
]

FORM: Json = {
    "type": "modal",
    "title": plain("Preferences"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "alert", "level": "warning", "text": plain("Quiet hours are in your own time zone.")},
        field("News", {"type": "static_select", "action_id": "news", "options": MANY[:3], "initial_option": MANY[0]}),
        field("Inboxes", {"type": "multi_static_select", "action_id": "many", "options": MANY}, optional=True),
        field("Quiet from", {"type": "timepicker", "action_id": "hour", "initial_time": "22:00"}),
        field("Away", {"type": "checkboxes", "action_id": "when", "options": TWO_BOXES}, optional=True),
        field("Note", {"type": "plain_text_input", "action_id": "note", "multiline": True}, hint=plain("All see it.")),
    ],
}
