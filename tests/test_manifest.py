"""manifest.yml says to Slack what the code does: the same commands and events, and no scope that nothing needs."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft7Validator
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.scopes import REQUIRED

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCHEMA: dict[str, Any] = json.loads((ROOT / "tests/payloads/slack_manifest.schema.json").read_text())
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
COMMANDS: list[dict[str, str]] = MANIFEST["features"]["slash_commands"]

# What each method needs, for the public and private channels Switchboard works in: docs.slack.dev/reference/methods.
METHOD_SCOPES: dict[str, frozenset[str]] = {
    "apps.connections.open": frozenset(),  # the app-level token's connections:write, which no manifest grants
    "auth.test": frozenset(),
    "chat.delete": frozenset({"chat:write"}),
    "chat.getPermalink": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.members": frozenset({"channels:read", "groups:read"}),
    "conversations.replies": frozenset({"channels:history", "groups:history"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "reactions.add": frozenset({"reactions:write"}),
    "reactions.remove": frozenset({"reactions:write"}),
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.info": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.push": frozenset(),
    "views.update": frozenset(),
}
# docs.slack.dev/reference/events
EVENT_SCOPES: dict[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "reaction_added": frozenset({"reactions:read"}),
    "reaction_removed": frozenset({"reactions:read"}),
    "user_change": frozenset({"users:read"}),
}


def syntax_trees() -> Iterator[ast.Module]:
    """The code that talks to Slack; the stand-in for Slack itself is not part of it."""
    for room in ("bot", "integrations/slack"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text(), str(path))


def nodes() -> Iterator[ast.AST]:
    for tree in syntax_trees():
        yield from ast.walk(tree)


def called_methods() -> frozenset[str]:
    """Methods named in the code, as `client.chat_postMessage` or as the string "chat.postMessage"."""
    sdk = [name for name in dir(AsyncWebClient) if "_" in name and not name.startswith(("_", "api_"))]
    known = {name: name.replace("_", ".") for name in sdk}
    found: set[str] = set()
    for node in nodes():
        if isinstance(node, ast.Attribute) and node.attr in known:
            found.add(known[node.attr])
        if isinstance(node, ast.Constant) and node.value in known.values():
            found.add(str(node.value))
    return frozenset(found)


def customises_names() -> bool:
    """Whether a post carries a name of its own."""
    return any(isinstance(node, ast.keyword) and node.arg == "username" for node in nodes()) or any(
        isinstance(node, ast.Constant) and node.value == "username" for node in nodes()
    )


def registered(kind: str) -> frozenset[str]:
    """What Bolt listeners are registered for: first arguments of `app.command(...)`, `app.event(...)`."""
    found: set[str] = set()
    for node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == kind and node.args:
            found.update(_names(node.args[0]))
    return frozenset(found)


def _names(argument: ast.expr) -> Iterator[str]:
    """`"message"`, or the type within `{"type": "message", "subtype": "message_changed"}`."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    if isinstance(argument, ast.Dict):
        for key, value in zip(argument.keys, argument.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "type":
                yield from _names(value)


def violations(manifest: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(manifest)]  # pyright: ignore[reportUnknownMemberType]


def test_slack_accepts_the_manifest() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert violations(MANIFEST) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("display_information", "name"), "Switchboard for everybody who answers"),
        (("features", "bot_user", "display_name"), ""),
        (("features", "slash_commands", 0, "command"), "queue"),
        (("features", "slash_commands", 0, "hint"), "mine"),
        (("settings", "interactivity", "request_url"), "switchboard.example.com"),
        (("settings", "event_subscriptions", "bot_events"), ["user_change", "user_change"]),
        (("settings", "delayed_events"), True),
    ],
)
def test_slack_refuses_a_manifest_with_a_slip(path: tuple[str | int, ...], value: object) -> None:
    slipped = copy.deepcopy(MANIFEST)
    target: Any = slipped
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert len(violations(slipped)) == 1


def test_slack_accepts_the_manifest_of_socket_mode_too() -> None:
    """As the README says to make it: one flag, and the eight lines with a URL deleted."""
    text = (ROOT / "manifest.yml").read_text().replace("socket_mode_enabled: false", "socket_mode_enabled: true")
    kept = [line for line in text.splitlines() if not re.match(r"\s*(request_)?url:", line)]
    assert len(text.splitlines()) - len(kept) == 8
    manifest = yaml.safe_load("\n".join(kept))
    assert violations(manifest) == []
    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == EVENTS


def test_every_command_is_in_the_manifest_and_no_other() -> None:
    """Typer's commands, of the command line, are registered in the same words but have no slash."""
    listened_for = {name for name in registered("command") if name.startswith("/")}
    assert {command["command"] for command in COMMANDS} == listened_for


def test_every_event_listened_for_is_subscribed_to_and_no_other() -> None:
    """`message` comes as `message.channels` and `message.groups`, by where it was said."""
    assert {event.split(".")[0] for event in EVENTS} == registered("event")


def test_every_shortcut_is_listened_for_and_no_other() -> None:
    assert {each["callback_id"] for each in MANIFEST["features"]["shortcuts"]} == registered("shortcut")


def test_every_method_called_is_in_the_table_of_scopes() -> None:
    assert called_methods() <= METHOD_SCOPES.keys()


def test_scopes_are_exactly_those_that_are_needed() -> None:
    needed: set[str] = {"commands"} if COMMANDS else set()
    needed.update(*(METHOD_SCOPES[method] for method in called_methods()), *(EVENT_SCOPES[event] for event in EVENTS))
    if customises_names():
        needed.add("chat:write.customize")
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_the_doctor_asks_for_the_scopes_of_the_manifest() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == REQUIRED


def test_buttons_work_because_interactivity_is_on() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]


def test_everything_comes_to_one_address() -> None:
    settings = cast("dict[str, dict[str, str]]", MANIFEST["settings"])
    addresses = [command["url"] for command in COMMANDS]
    addresses += [settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]]
    assert set(addresses) == {"https://switchboard.example.com/slack/events"}
    assert "/slack/events" in registered("add_post")
    assert len(addresses) == (ROOT / "manifest.yml").read_text().count("https://switchboard.example.com")
