"""What stands in Block Kit's controls: chosen, typed, left as it was or empty, as Slack tells it in `state.values`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from integrations.sandbox.block_kit import controls
from integrations.sandbox.wire import Json, as_list, as_object, as_objects, object_or_none

Chosen = str | list[str] | None

# Where each kind keeps what was chosen: docs.slack.dev/reference/interaction-payloads/view-interactions-payload
CHOSEN = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
STATELESS = ("button", "overflow", "image")
PATTERNS = {
    "datepicker": r"\d{4}-\d\d-\d\d",
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "number_input": r"-?\d+(\.\d+)?",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"https?://\S+",
}
MISSING = object()


def answer_of(control: Json, value: object) -> Json:
    """How a filled-in control is told in an action or in a view's state."""
    kind = control["type"]
    name = CHOSEN.get(kind, "value")
    if name.endswith("s"):
        chosen = as_list(value)
        return {"type": kind, name: [_option(control, each) for each in chosen] if "option" in name else chosen}
    if value in (None, ""):
        return {"type": kind, name: None}
    if kind in PATTERNS and not re.fullmatch(PATTERNS[kind], str(value)):
        raise ValueError(f"{value!r} does not fit a {kind}")
    return {"type": kind, name: _option(control, value) if name == "selected_option" else value}


def state_of(blocks: Iterable[Json], given: Json, standing: Json) -> Json:
    """`state.values` of a screen: what is given now, else what stood there, else what it opened with."""
    state: Json = {}
    for block in blocks:
        for control in controls(block):
            if control["type"] in STATELESS:
                continue
            block_id, action_id = block["block_id"], control["action_id"]
            value = _given(given, block_id, action_id)
            before = object_or_none(as_object(standing.get(block_id)).get(action_id))
            answer = (before or _initial(control)) if value is MISSING else _told(control, value)
            state.setdefault(block_id, {})[action_id] = answer
    return state


def complaints(blocks: Iterable[Json], state: Json) -> list[str]:
    """What Slack's own form says before it lets a modal be submitted."""
    found: list[str] = []
    for block in blocks:
        if block.get("type") != "input":
            continue
        control, label = block["element"], block["label"]["text"]
        answer = state[block["block_id"]][control["action_id"]]
        if is_empty(answer):
            found += [] if block.get("optional") else [f"{label}: please complete this required field"]
        elif isinstance(text := answer.get("value"), str):
            shortest, longest = control.get("min_length", 0), control.get("max_length", 3000)
            found += [] if shortest <= len(text) <= longest else [f"{label}: {shortest} to {longest} characters"]
    return found


def is_empty(answer: Json) -> bool:
    return not any(value for name, value in answer.items() if name != "type")


def _told(control: Json, value: object) -> Json:
    told = object_or_none(value)
    return answer_of(control, value) if told is None else told


def _given(values: Json, block_id: str, action_id: str) -> object:
    """What was filled in: named by block and action, or by either alone."""
    by_action = object_or_none(values.get(block_id))
    if by_action is not None:
        return by_action.get(action_id, MISSING)
    return values.get(action_id, values.get(block_id, MISSING))


def _initial(control: Json) -> Json:
    name = CHOSEN.get(control["type"], "value")
    standing = control.get(name.replace("selected", "initial") if name != "value" else "initial_value")
    if standing is not None:
        return {"type": control["type"], name: standing}
    return {"type": control["type"], name: [] if name.endswith("s") else None}


def _option(control: Json, value: object) -> Json:
    groups = [as_objects(group.get("options")) for group in as_objects(control.get("option_groups"))]
    for option in [*as_objects(control.get("options")), *(each for group in groups for each in group)]:
        if option.get("value") == value:
            return option
    raise LookupError(f"{control['action_id']!r} offers no option {value!r}")
