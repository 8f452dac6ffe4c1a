"""What a person does on Slack's screens, as the payloads Slack makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from integrations.sandbox.block_kit import controls
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.slack_controls import Chosen, answer_of
from integrations.sandbox.slack_state import APP_ID, Channel, Message
from integrations.sandbox.wire import Json

TEAM_PART: Json = {"id": TEAM, "domain": "aurora-outdoor"}


def find_control(blocks: Iterable[Json], action_id: str, value: object = None, block_id: str | None = None) -> Json:
    """The control a person means, with the block it stands in; LookupError when it is not on the screen.

    A block that the app did not name has another id after each drawing: whoever pressed meanwhile still means the same.
    """
    found = list(_meant(blocks, action_id, value))
    for control in found:
        if block_id in (None, control["block_id"]):
            return control
    if not found:
        raise LookupError(f"no control {action_id!r} with value {value!r} on this screen")
    return found[0]


def _meant(blocks: Iterable[Json], action_id: str, value: object) -> Iterator[Json]:
    for block in blocks:
        for control in controls(block):
            if control.get("action_id") == action_id and _offers(control, value):
                yield control | {"block_id": block["block_id"]}


def _offers(control: Json, value: object) -> bool:
    return value is None or control.get("type") != "button" or control.get("value") == value


def action(control: Json, value: Chosen, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    kind = control["type"]
    told: Json = {"type": kind, "action_id": control["action_id"], "block_id": control["block_id"], "action_ts": ts}
    if kind == "button":
        parts = {name: control[name] for name in ("text", "value", "style", "url") if name in control}
        return told | parts
    shown = {name: control[name] for name in ("placeholder",) if name in control}
    return told | shown | answer_of(control, value)


def by(user: SlackUser, kind: str, trigger_id: str | None = None) -> Json:
    """What every interaction says: who did what kind of thing, and what it may open."""
    who = {"id": user.id, "username": user.as_slack()["name"], "name": user.name, "team_id": user.team_id}
    install: Json = {"enterprise": None, "is_enterprise_install": False}
    told: Json = {"type": kind, "user": who, "api_app_id": APP_ID, "token": "unused", "team": TEAM_PART, **install}
    return told if trigger_id is None else told | {"trigger_id": trigger_id}


def on_message(message: Message, channel: Channel, response_url: str) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": False,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    place = place_of(channel)
    return {"container": container, "channel": place, "message": message.as_slack(), "response_url": response_url}


def on_ephemeral(ts: str, thread_ts: str | None, channel: Channel, response_url: str) -> Json:
    """Slack does not say what an ephemeral held."""
    container: Json = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": True}
    if thread_ts:
        container["thread_ts"] = thread_ts
    return {"container": container, "channel": place_of(channel), "response_url": response_url}


def on_view(view: Json) -> Json:
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def of_shortcut(message: Message, channel: Channel, callback_id: str, ts: str, response_url: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload: the message comes whole."""
    about = {"message_ts": message.ts, "message": message.as_slack(), "channel": place_of(channel)}
    return {"callback_id": callback_id, "action_ts": ts, "response_url": response_url, **about}


def place_of(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}
