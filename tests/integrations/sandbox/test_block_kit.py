"""The Block Kit validator refuses what Slack refuses, says where, and lets through what Slack shows."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.block_kit import Surface, block_problems, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def option(value: str = "a", text: str = "A") -> Json:
    return {"text": plain(text), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(text: str = "Hello", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def select(*options: Json, **more: object) -> Json:
    return {"type": "static_select", "action_id": "s", "placeholder": plain("More…"), "options": list(options), **more}


def boxes(*options: Json, **more: object) -> Json:
    return {"type": "checkboxes", "action_id": "b", "options": list(options), **more}


def entry(**more: object) -> Json:
    return {"type": "input", "label": plain("Why"), "element": {"type": "plain_text_input"}, **more}


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


FOCUSED: Json = {"type": "plain_text_input", "focus_on_load": True}
CONFIRM: Json = {"title": plain("Sure?"), "text": mrkdwn("It *ends*."), "confirm": plain("Yes"), "deny": plain("No")}

GOOD: list[Json] = [
    section(),
    section(fields=[mrkdwn("*A*"), plain("b")], accessory=button(style="danger", confirm=CONFIRM)),
    {"type": "section", "fields": [mrkdwn("x")] * 10},
    {"type": "header", "text": plain("My Queue")},
    {"type": "divider", "block_id": "line"},
    {
        "type": "context",
        "elements": [mrkdwn("small"), {"type": "image", "image_url": "https://x.y/z", "alt_text": "z"}],
    },
    actions(button(), button(action_id="other", value="7"), select(option("a"), option("b"))),
    actions({"type": "overflow", "action_id": "o", "options": [option("a"), option("b")]}),
    actions(select(option("a"), option("b"), initial_option=option("b")), boxes(option(), initial_options=[option()])),
    actions({"type": "radio_buttons", "action_id": "r", "options": [option()], "initial_option": option()}),
    actions({"type": "users_select", "action_id": "u", "initial_user": "U0ANA"}, {"type": "channels_select"}),
    actions({"type": "conversations_select", "filter": {"include": ["public"], "exclude_bot_users": True}}),
    actions({"type": "timepicker", "initial_time": "09:00"}, {"type": "datepicker", "initial_date": "2026-11-23"}),
    entry(element={"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}),
    entry(element={"type": "multi_users_select", "max_selected_items": 3}),
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a tent", "title": plain("Tent")},
    entry(optional=True, hint=plain("In a few words")),
    rich({"type": "text", "text": "hi", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"}),
    rich({"type": "emoji", "name": "wave", "unicode": "1f44b"}, {"type": "link", "url": "https://x.y"}),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
@pytest.mark.parametrize("surface", ["message", "home", "modal"])
def test_what_slack_shows_is_let_through_on_every_surface(block: Json, surface: Surface) -> None:
    assert block_problems([block], surface) == []


WRONG: list[tuple[str, Json, str]] = [
    ("no type", {"text": plain("x")}, "missing required field: type"),
    ("unknown type", {"type": "hologram"}, "unsupported type: hologram"),
    ("unknown key", section(colour="red"), "invalid additional property: colour"),
    ("empty section", {"type": "section"}, "must provide one of: text, fields"),
    ("empty text", section(""), "must be more than 0 characters"),
    ("long section", section("x" * 3001), "must be less than 3001 characters"),
    ("bare string text", {"type": "section", "text": "x"}, "missing required field: type"),
    ("eleven fields", {"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items"),
    ("long field", {"type": "section", "fields": [mrkdwn("x" * 2001)]}, "less than 2001"),
    ("mrkdwn header", {"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
    ("long header", {"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ("eleven in context", {"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10"),
    ("button in context", {"type": "context", "elements": [button()]}, "unsupported type: button"),
    ("no actions", actions(), "no less than 1"),
    ("26 actions", actions(*[button(action_id=f"b{i}") for i in range(26)]), "no more than 25"),
    ("same action twice", actions(button(), button()), "action_id `go` already exists"),
    ("input in actions", actions({"type": "plain_text_input", "action_id": "i"}), "unsupported type"),
    ("long button", actions(button(text=plain("x" * 76))), "less than 76"),
    ("mrkdwn button", actions(button(text=mrkdwn("x"))), "unsupported type: mrkdwn"),
    ("long value", actions(button(value="x" * 2001)), "less than 2001"),
    ("number as value", actions(button(value=7)), "must provide a string"),
    ("long action id", actions(button(action_id="x" * 256)), "less than 256"),
    ("default style", actions(button(style="default")), "must be one of: primary, danger"),
    ("six in overflow", actions({"type": "overflow", "options": [option(str(i)) for i in range(6)]}), "no more than 5"),
    ("101 options", actions(select(*[option(str(i)) for i in range(101)])), "no more than 100"),
    ("same option twice", actions(select(option("a"), option("a"))), "value `a` already exists"),
    ("long option", actions(select(option(text="x" * 76))), "less than 76"),
    ("long option value", actions(select(option("x" * 151))), "less than 151"),
    ("long placeholder", actions(select(option(), placeholder=plain("x" * 151))), "less than 151"),
    ("options and groups", actions(select(option(), option_groups=[])), "exactly one of: options, option_groups"),
    ("half a confirm", actions(button(confirm={"title": plain("Sure?")})), "missing required field: text"),
    ("long confirm", actions(button(confirm=CONFIRM | {"text": plain("x" * 301)})), "less than 301"),
    ("long confirm button", actions(button(confirm=CONFIRM | {"deny": plain("x" * 31)})), "less than 31"),
    ("no alt text", {"type": "image", "image_url": "https://x.y"}, "missing required field: alt_text"),
    ("no image", {"type": "image", "alt_text": "x"}, "exactly one of: image_url, slack_file"),
    ("button as input", entry(element=button()), "unsupported type: button"),
    ("unlabelled input", {"type": "input", "element": {"type": "plain_text_input"}}, "missing required field: label"),
    ("too much input", entry(element={"type": "plain_text_input", "max_length": 4096}), "between 1 and 3000"),
    ("empty leaf", rich({"type": "text", "text": ""}), "must be more than 0 characters"),
    ("unknown leaf", rich({"type": "hologram"}), "unsupported type: hologram"),
    ("unknown style", rich({"type": "text", "text": "x", "style": {"blink": True}}), "invalid additional property"),
    ("loose leaf", {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "unsupported type: text"),
    ("another's option", actions(select(option("a"), initial_option=option("b"))), "must match one of the options"),
    ("an option reworded", actions(select(option(), initial_option=option(text="B"))), "must match one of the options"),
    ("eleven boxes", actions(boxes(*[option(str(i)) for i in range(11)])), "no more than 10"),
    ("same box twice", actions(boxes(option("a"), option("a"))), "value `a` already exists"),
    (
        "ticked but not there",
        actions(boxes(option("a"), initial_options=[option("b")])),
        "must match one of the options",
    ),
    ("none ticked", actions(boxes(option("a"), initial_options=[])), "no less than 1"),
    ("no such day", actions({"type": "datepicker", "initial_date": "2026-13-01"}), "must look like YYYY-MM-DD"),
    ("no such hour", actions({"type": "timepicker", "initial_time": "9:00"}), "must look like HH:mm"),
    ("unknown filter", actions({"type": "conversations_select", "filter": {"include": ["all"]}}), "must be one of: im"),
    (
        "longer than its longest",
        entry(element={"type": "plain_text_input", "min_length": 9, "max_length": 5}),
        "max_len",
    ),
    (
        "told at no time",
        entry(element={"type": "plain_text_input", "dispatch_action_config": {}}),
        "trigger_actions_on",
    ),
    ("several in a row of actions", actions(select(option()) | {"type": "multi_static_select"}), "unsupported type"),
    ("long block id", {"type": "divider", "block_id": "x" * 256}, "less than 256"),
]


@pytest.mark.parametrize(("block", "problem"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_what_slack_refuses_is_refused(block: Json, problem: str) -> None:
    found = block_problems([block])
    assert any(problem in each for each in found), found


def test_a_block_id_stands_once_in_a_message() -> None:
    twice = [{"type": "divider", "block_id": "line"}] * 2
    assert block_problems(twice) == ["[ERROR] block_id `line` already exists [json-pointer:/blocks]"]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("home", 100), ("modal", 100)])
def test_each_surface_holds_so_many_blocks(surface: Surface, most: int) -> None:
    assert block_problems([{"type": "divider"}] * most, surface) == []
    assert "no more than" in block_problems([{"type": "divider"}] * (most + 1), surface)[0]


@pytest.mark.parametrize(
    ("kind", "where"), [("alert", "modal"), ("markdown", "message"), ("data_visualization", "message")]
)
def test_some_blocks_stand_on_one_surface_only(kind: str, where: Surface) -> None:
    block: Json = {"type": kind, "text": mrkdwn("x")} if kind == "alert" else {"type": kind, "text": "x"}
    if kind == "data_visualization":
        pie = {"type": "pie", "segments": [{"label": "AI", "value": 1}]}
        block = {"type": kind, "title": "Week", "chart": pie}
    surfaces: tuple[Surface, ...] = ("message", "home", "modal")
    assert [surface for surface in surfaces if not block_problems([block], surface)] == [where]


def modal(**more: object) -> Json:
    return {"type": "modal", "title": plain("History"), "blocks": [section()], **more}


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ({"type": "drawer", "blocks": []}, "must be one of: modal, home"),
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(title=mrkdwn("x")), "unsupported type: mrkdwn"),
        (modal(blocks=[]), "no less than 1"),
        (modal(blocks=[entry()]), "missing required field: submit"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(blocks=[entry(element=FOCUSED)] * 2, submit=plain("Go")), "only one element may have focus_on_load"),
        (modal(size="large"), "invalid additional property: size"),
        ({"type": "modal", "blocks": [section()]}, "missing required field: title"),
        ({"type": "home", "blocks": [section()], "submit": plain("Go")}, "invalid additional property: submit"),
    ],
)
def test_wrong_views_are_refused(view: Json, problem: str) -> None:
    found = view_problems(view)
    assert any(problem in each for each in found), found


def test_right_views_are_not() -> None:
    assert view_problems(modal(blocks=[entry()], submit=plain("Save"), close=plain("Cancel"))) == []
    assert view_problems({"type": "home", "blocks": [section()], "private_metadata": ""}) == []
