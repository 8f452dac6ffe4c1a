"""Block Kit's smaller parts: text objects, options, confirmations, buttons, menus, inputs and rich text."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.shapes import (
    Check,
    Report,
    anything,
    array,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    matching,
    number,
    one_object,
    one_of,
    string,
    unique,
)
from integrations.sandbox.wire import as_list, as_object

TYPE: dict[str, Check] = {"type": anything}
ACTION_ID = string(255)


def plain_text(at_most: int, at_least: int = 1) -> Check:
    return by_type({"plain_text": one_object({**TYPE, "text": string(at_most, at_least)}, {"emoji": boolean})})


def mrkdwn(at_most: int) -> Check:
    return by_type({"mrkdwn": one_object({**TYPE, "text": string(at_most)}, {"verbatim": boolean})})


def any_text(at_most: int) -> Check:
    return by_type({"plain_text": plain_text(at_most), "mrkdwn": mrkdwn(at_most)})


confirm = one_object(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)


def option(text: Check, **more: Check) -> Check:
    return one_object({"text": text, "value": string(150)}, {"description": plain_text(75), **more})


def _distinct_values(element: Any, where: str, report: Report) -> None:
    unique(as_list(element.get("options")), "value", f"{where}/options", report)


def _opens_with_its_own(element: Any, where: str, report: Report) -> None:
    """What is chosen from the start is one of the options, letter for letter."""
    groups = [as_list(as_object(group).get("options")) for group in as_list(element.get("option_groups"))]
    offered = [*as_list(element.get("options")), *(each for group in groups for each in group)]
    if "initial_option" in element and element["initial_option"] not in offered:
        report.add(f"{where}/initial_option", "must match one of the options")
    for place, each in enumerate(as_list(element.get("initial_options"))):
        if each not in offered:
            report.add(f"{where}/initial_options/{place}", "must match one of the options")


def _shortest_below_longest(element: Any, where: str, report: Report) -> None:
    if isinstance(least := element.get("min_length"), int) and least > element.get("max_length", 3000):
        report.add(f"{where}/min_length", "must be less than max_length")


_plain_option = option(plain_text(75))
_group = one_object({"label": plain_text(75), "options": array(_plain_option, 100)})
_menu: dict[str, Check] = {"action_id": ACTION_ID, "placeholder": plain_text(150), "confirm": confirm}
_field: dict[str, Check] = {"action_id": ACTION_ID, "placeholder": plain_text(150), "focus_on_load": boolean}
_when_told = one_object({"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
_typed: dict[str, Check] = {**_field, "dispatch_action_config": _when_told}
_picker: dict[str, Check] = {**_menu, "focus_on_load": boolean}
_many: dict[str, Check] = {**_picker, "max_selected_items": number(1, 100)}
_choice = one_object({"text": any_text(75), "value": string(150)}, {"description": any_text(75)})
_choices: dict[str, Check] = {**TYPE, "options": array(_choice, 10)}
_kinds_of_conversation = array(one_of("im", "mpim", "private", "public"), 4)
_filter = one_object(
    {},
    {
        "include": _kinds_of_conversation,
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
_date = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD")
_time = matching(r"([01]\d|2[0-3]):[0-5]\d", "HH:mm")

button = one_object(
    {**TYPE, "text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
    },
)


def _listed(more: dict[str, Check]) -> Check:
    parts = {"options": array(_plain_option, 100), "option_groups": array(_group, 100), **more}
    return one_object(TYPE, parts, exactly_one("options", "option_groups"), _distinct_values, _opens_with_its_own)


ELEMENTS: dict[str, Check] = {
    "button": button,
    "static_select": _listed({**_picker, "initial_option": _plain_option}),
    "multi_static_select": _listed({**_many, "initial_options": array(_plain_option, 100)}),
    "external_select": one_object(
        TYPE, {**_picker, "min_query_length": number(0, 3000), "initial_option": _plain_option}
    ),
    "users_select": one_object(TYPE, {**_picker, "initial_user": string(30)}),
    "multi_users_select": one_object(TYPE, {**_many, "initial_users": array(string(30), 100)}),
    "conversations_select": one_object(
        TYPE,
        {
            **_picker,
            "initial_conversation": string(30),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _filter,
        },
    ),
    "channels_select": one_object(TYPE, {**_picker, "initial_channel": string(30), "response_url_enabled": boolean}),
    "overflow": one_object(
        {**TYPE, "options": array(option(plain_text(75), url=string(3000)), 5)},
        {"action_id": ACTION_ID, "confirm": confirm},
        _distinct_values,
    ),
    "datepicker": one_object(TYPE, {**_picker, "initial_date": _date}),
    "timepicker": one_object(TYPE, {**_picker, "initial_time": _time, "timezone": string(60)}),
    "datetimepicker": one_object(
        TYPE,
        {"action_id": ACTION_ID, "confirm": confirm, "focus_on_load": boolean, "initial_date_time": number(0, 1e10)},
    ),
    "checkboxes": one_object(
        _choices,
        {"action_id": ACTION_ID, "confirm": confirm, "focus_on_load": boolean, "initial_options": array(_choice, 10)},
        _distinct_values,
        _opens_with_its_own,
    ),
    "radio_buttons": one_object(
        _choices,
        {"action_id": ACTION_ID, "confirm": confirm, "focus_on_load": boolean, "initial_option": _choice},
        _distinct_values,
        _opens_with_its_own,
    ),
    "plain_text_input": one_object(
        TYPE,
        {
            **_typed,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
        _shortest_below_longest,
    ),
    "email_text_input": one_object(TYPE, {**_typed, "initial_value": string(3000, 0)}),
    "url_text_input": one_object(TYPE, {**_typed, "initial_value": string(3000, 0)}),
    "number_input": one_object(
        {**TYPE, "is_decimal_allowed": boolean},
        {**_typed, "initial_value": string(30), "min_value": string(30), "max_value": string(30)},
    ),
    "image": one_object(
        {**TYPE, "alt_text": string(2000)},
        {"image_url": string(3000), "slack_file": anything},
        exactly_one("image_url", "slack_file"),
    ),
}

MENUS = (
    "static_select",
    "multi_static_select",
    "external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
)
PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
IN_SECTION = ("button", "overflow", "image", *MENUS, *PICKERS)
IN_ACTIONS = ("button", "overflow", "datetimepicker", *(m for m in MENUS if not m.startswith("multi_")), *PICKERS)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "datetimepicker",
    *MENUS,
    *PICKERS,
)

_style = one_object({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_styled: dict[str, Check] = {"style": _style}

LEAVES: dict[str, Check] = {
    "text": one_object({**TYPE, "text": string(40_000)}, _styled),
    "link": one_object({**TYPE, "url": string(3000)}, {"text": string(3000), "unsafe": boolean, **_styled}),
    "user": one_object({**TYPE, "user_id": string(30)}, _styled),
    "usergroup": one_object({**TYPE, "usergroup_id": string(30)}, _styled),
    "channel": one_object({**TYPE, "channel_id": string(30)}, _styled),
    "broadcast": one_object({**TYPE, "range": one_of("here", "channel", "everyone")}, _styled),
    "emoji": one_object(
        {**TYPE, "name": string(255)},
        {"unicode": string(255), "skin_tone": number(1, 6), "url": string(3000), **_styled},
    ),
    "date": one_object(
        {**TYPE, "timestamp": number(0, 1e11), "format": string(300)},
        {"url": string(3000), "fallback": string(300), **_styled},
    ),
    "color": one_object({**TYPE, "value": string(30)}, _styled),
}
_section = one_object({**TYPE, "elements": array(by_type(LEAVES), 1000, 0)})
_inside = one_object({**TYPE, "elements": array(by_type(LEAVES), 1000, 0)}, {"border": number(0, 1)})

RICH: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": _inside,
    "rich_text_preformatted": one_object(
        {**TYPE, "elements": array(by_type(LEAVES, ("text", "link")), 1000)},
        {"border": number(0, 1), "language": string(60)},
    ),
    "rich_text_list": one_object(
        {
            **TYPE,
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _section}), 1000),
        },
        {"indent": number(0, 8), "offset": number(0, 1e6), "border": number(0, 1)},
    ),
}
