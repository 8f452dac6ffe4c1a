"""Slack's views.* methods: modals opened by a trigger_id, and App Home."""

from __future__ import annotations

import json
import secrets

from integrations.sandbox.block_data import unknown_here
from integrations.sandbox.block_kit import VIEW_JSON, controls, view_problems
from integrations.sandbox.people import TEAM
from integrations.sandbox.slack_chat import Method
from integrations.sandbox.slack_state import APP_ID, BOT_ID, SlackRefusal, Workspace, with_ids
from integrations.sandbox.wire import Json, as_object, as_objects, as_text

STACK = 3


def open_view(workspace: Workspace, args: Json) -> Json:
    view = _checked(workspace, args, "modal")
    user = workspace.redeem(args.get("trigger_id"))
    return {"view": show(workspace, user, view)}


def push(workspace: Workspace, args: Json) -> Json:
    view = _checked(workspace, args, "modal")
    user = workspace.redeem(args.get("trigger_id"))
    if not workspace.modals.get(user):
        raise SlackRefusal("not_found")
    return {"view": show(workspace, user, view, on_top=True)}


def update(workspace: Workspace, args: Json) -> Json:
    view = _checked(workspace, args, None)
    for shown in [*_open(workspace), *workspace.homes.values()]:
        if _is_meant(shown, args):
            if shown["type"] != view["type"]:
                raise SlackRefusal("invalid_arguments", ["[ERROR] must keep its type [json-pointer:/view/type]"])
            _same_hash(args, shown)
            return {"view": _redressed(workspace, shown, view)}
    raise SlackRefusal("not_found")


def publish(workspace: Workspace, args: Json) -> Json:
    view, user = _checked(workspace, args, "home"), as_text(args.get("user_id"))
    if user not in workspace.users:
        raise SlackRefusal("user_not_found")
    shown = workspace.homes.get(user)
    if shown is not None:
        _same_hash(args, shown)
        return {"view": _redressed(workspace, shown, view)}
    workspace.homes[user] = _dressed(view, _view_id())
    workspace.world.touch()
    return {"view": workspace.homes[user]}


def show(workspace: Workspace, user: str, view: Json, *, on_top: bool = False) -> Json:
    """Put a modal in front of a person, on top of what they have open or instead of it."""
    refused(workspace, view)
    stack = workspace.modals.setdefault(user, [])
    if on_top and len(stack) >= STACK:
        raise SlackRefusal("push_limit_reached")
    if not on_top:
        stack.clear()
    _unheard_of(workspace, view)
    dressed = _dressed(view, _view_id())
    if stack:
        dressed |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
    stack.append(dressed)
    workspace.world.touch()
    return dressed


def replace(workspace: Workspace, user: str, view_id: str, view: Json) -> None:
    """Show something else in the same modal."""
    refused(workspace, view)
    for shown in workspace.modals.get(user, []):
        if shown["id"] == view_id:
            _redressed(workspace, shown, view)


def refused(workspace: Workspace, view: Json) -> None:
    """Raise what Slack says about a view it cannot show."""
    if len(json.dumps(view)) > VIEW_JSON:
        raise SlackRefusal("view_too_large")
    problems = view_problems(view)
    if not workspace.takes_data_blocks:
        problems += unknown_here(as_objects(view.get("blocks")), "/view/blocks")
    if problems:
        raise SlackRefusal("invalid_arguments", problems)


def _checked(workspace: Workspace, args: Json, kind: str | None) -> Json:
    view = as_object(args.get("view"))
    if not view or (kind and view.get("type") != kind):
        raise SlackRefusal("invalid_arguments", [f"[ERROR] must be a {kind or 'modal'} view [json-pointer:/view]"])
    refused(workspace, view)
    return view


def _open(workspace: Workspace) -> list[Json]:
    return [shown for stack in workspace.modals.values() for shown in stack]


def _unheard_of(workspace: Workspace, view: Json, but: Json | None = None) -> None:
    """An external_id is the app's own name for one view of the whole workspace."""
    external = view.get("external_id")
    if external and any(shown.get("external_id") == external for shown in _open(workspace) if shown is not but):
        raise SlackRefusal("duplicate_external_id")


def _redressed(workspace: Workspace, shown: Json, view: Json) -> Json:
    """Show this instead: the place in the stack stays, and what stands in the fields that are still there."""
    _unheard_of(workspace, view, but=shown)
    place = {name: shown[name] for name in ("root_view_id", "previous_view_id")}
    state: Json = {"state": {"values": _still_there(view, shown)}}
    dressed = _dressed(view, shown["id"]) | place | state
    for stack in workspace.modals.values():
        stack[:] = [dressed if each is shown else each for each in stack]
    workspace.homes = {user: dressed if each is shown else each for user, each in workspace.homes.items()}
    workspace.world.touch()
    return dressed


def _same_hash(args: Json, shown: Json) -> None:
    if args.get("hash") and args["hash"] != shown["hash"]:
        raise SlackRefusal("hash_conflict")


def _is_meant(shown: Json, args: Json) -> bool:
    if args.get("view_id"):
        return shown["id"] == args["view_id"]
    return bool(args.get("external_id")) and shown.get("external_id") == args["external_id"]


def _dressed(view: Json, view_id: str) -> Json:
    """A view as Slack hands it back: with ids, a hash and a place for what people fill in."""
    ids: Json = {"id": view_id, "team_id": TEAM, "app_id": APP_ID, "bot_id": BOT_ID, "root_view_id": view_id}
    whole: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {"values": {}}}
    fresh: Json = {"previous_view_id": None, "hash": f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"}
    return whole | view | ids | fresh | {"blocks": with_ids(as_objects(view.get("blocks")))}


def _still_there(view: Json, before: Json) -> Json:
    """What people had filled in stays in the fields that an update leaves in place, by block and action."""
    there = {
        (block.get("block_id"), control.get("action_id"))
        for block in as_objects(view.get("blocks"))
        for control in controls(block)
    }
    kept = {
        block: {action: told for action, told in as_object(actions).items() if (block, action) in there}
        for block, actions in as_object(before["state"]["values"]).items()
    }
    return {block: actions for block, actions in kept.items() if actions}


def _view_id() -> str:
    return "V" + secrets.token_hex(5).upper()


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
