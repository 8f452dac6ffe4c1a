"""What a person does on Slack's screens, as the payloads Slack makes of it."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.sandbox.block_kit import controls
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.slack_state import APP_ID, Channel, Message
from integrations.sandbox.wire import Json, as_list, as_objects, object_or_none

TEAM_PART: Json = {"id": TEAM, "domain": "aurora-outdoor"}

# Where each kind of control keeps what was chosen.
CHOSEN = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "multi_users_select": "selected_users",
}
OPTION_KINDS = ("static_select", "overflow", "radio_buttons", "external_select")
OPTIONS_KINDS = ("multi_static_select", "checkboxes")


def find_control(blocks: Iterable[Json], action_id: str, value: object = None, block_id: str | None = None) -> Json:
    """The control a person means, with the block it stands in; LookupError when it is not on the screen."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for control in controls(block):
            if control.get("action_id") == action_id and _offers(control, value):
                return control | {"block_id": block["block_id"]}
    raise LookupError(f"no control {action_id!r} with value {value!r} on this screen")


def _offers(control: Json, value: object) -> bool:
    return value is None or control.get("type") != "button" or control.get("value") == value


def action(control: Json, value: object, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    kind = control["type"]
    told: Json = {"type": kind, "action_id": control["action_id"], "block_id": control["block_id"], "action_ts": ts}
    if kind == "button":
        parts = {name: control[name] for name in ("text", "value", "style", "url") if name in control}
        return told | parts
    return told | answer_of(control, value)


def answer_of(control: Json, value: object) -> Json:
    """How a filled-in control is told in an action or in a view's state."""
    kind = control["type"]
    if kind in OPTION_KINDS:
        return {"type": kind, "selected_option": _option(control, value)}
    if kind in OPTIONS_KINDS:
        return {"type": kind, "selected_options": [_option(control, each) for each in as_list(value)]}
    return {"type": kind, CHOSEN.get(kind, "value"): value}


def _option(control: Json, value: object) -> Json:
    groups = [as_objects(group.get("options")) for group in as_objects(control.get("option_groups"))]
    for option in [*as_objects(control.get("options")), *(each for group in groups for each in group)]:
        if option.get("value") == value:
            return option
    raise LookupError(f"{control['action_id']!r} offers no option {value!r}")


def block_actions(user: SlackUser, trigger_id: str, pressed: Json) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": user.id, "username": user.as_slack()["name"], "name": user.name, "team_id": user.team_id},
        "api_app_id": APP_ID,
        "token": "unused",
        "team": TEAM_PART,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger_id,
        "actions": [pressed],
    }


def on_message(message: Message, channel: Channel, response_url: str) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": False,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    place = {"id": channel.id, "name": channel.name}
    return {"container": container, "channel": place, "message": message.as_slack(), "response_url": response_url}


def on_ephemeral(ts: str, thread_ts: str | None, channel: Channel, response_url: str) -> Json:
    """Slack does not say what an ephemeral held."""
    container: Json = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": True}
    if thread_ts:
        container["thread_ts"] = thread_ts
    return {"container": container, "channel": {"id": channel.id, "name": channel.name}, "response_url": response_url}


def on_view(view: Json) -> Json:
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def filled(view: Json, values: Json) -> Json:
    """A modal's `state.values`; ValueError when a required field is empty, as Slack's own form would say."""
    state: Json = {}
    for block in as_objects(view.get("blocks")):
        for control in controls(block):
            given = _given(values, block["block_id"], control["action_id"])
            if (told := object_or_none(given)) is not None:
                answer = told
            elif given is None:
                answer = _standing(view, block["block_id"], control["action_id"]) or _initial(control)
                if not answer and block.get("type") == "input" and not block.get("optional"):
                    raise ValueError(f"{block['label']['text']}: please complete this required field")
            else:
                answer = answer_of(control, given)
            if control["type"] != "button":
                state.setdefault(block["block_id"], {})[control["action_id"]] = answer
    return {"values": state}


def _standing(view: Json, block_id: str, action_id: str) -> Json:
    """What was typed or chosen before, unless it was emptied again."""
    told = view["state"]["values"].get(block_id, {}).get(action_id, {})
    return told if any(value for name, value in told.items() if name != "type") else {}


def keep(view: Json, values: Json, only_in: str | None = None) -> None:
    """What stands in a modal's fields by now, whether or not it is complete; what stood there before stays."""
    state = view["state"]["values"]
    for block in as_objects(view.get("blocks")):
        for control in controls(block):
            given = _given(values, block["block_id"], control["action_id"])
            if given is None or control["type"] == "button" or only_in not in (None, block["block_id"]):
                continue
            answer = object_or_none(given) or answer_of(control, given)
            state.setdefault(block["block_id"], {})[control["action_id"]] = answer


def _given(values: Json, block_id: str, action_id: str) -> object:
    """What was filled in: named by block and action, or by either alone."""
    by_action = object_or_none(values.get(block_id))
    if by_action is not None:
        return by_action.get(action_id)
    return values.get(action_id, values.get(block_id))


def _initial(control: Json) -> Json:
    for name in ("initial_value", "initial_user", "initial_date", "initial_time"):
        if name in control:
            return {"type": control["type"], CHOSEN.get(control["type"], "value"): control[name]}
    if "initial_option" in control:
        return {"type": control["type"], "selected_option": control["initial_option"]}
    return {}
