"""Slack's response_url: where a click or a command may be answered, five times within half an hour."""

from __future__ import annotations

from aiohttp import web

from integrations.sandbox.slack_chat import admit_blocks, whisper
from integrations.sandbox.slack_state import (
    BOT_ID,
    BOT_USER,
    RESPONSE_URL_LIFE,
    RESPONSE_URL_USES,
    Message,
    ResponseUrl,
    SlackRefusal,
    Workspace,
    with_ids,
)
from integrations.sandbox.wire import Json, as_object, as_objects, as_text, parsed


async def respond(workspace: Workspace, request: web.Request) -> web.Response:
    where = workspace.response_urls.get(request.match_info["id"])
    if where is None or workspace.world.now() - where.made_at > RESPONSE_URL_LIFE:
        return web.json_response({"ok": False, "error": "expired_url"}, status=404)
    if where.uses >= RESPONSE_URL_USES:
        return web.json_response({"ok": False, "error": "used_url"}, status=404)
    where.uses += 1
    try:
        show(workspace, where, as_object(parsed(await request.read())))
    except SlackRefusal as refusal:
        return web.json_response(refusal.answer)
    return web.json_response({"ok": True})


def show(workspace: Workspace, where: ResponseUrl, answer: Json) -> None:
    """Carry an answer out. On a message the default is to overwrite it: the trap that eats cards."""
    has_original = where.message_ts is not None or where.ephemeral_id is not None
    if answer.get("delete_original"):
        _drop(workspace, where)
        return
    text, blocks = as_text(answer.get("text")), as_objects(answer.get("blocks"))
    admit_blocks(workspace, blocks)
    if not text.strip() and not blocks:
        raise SlackRefusal("no_text")
    if has_original and answer.get("replace_original", True):
        _replace(workspace, where, text, blocks)
        return
    thread_ts = as_text(answer.get("thread_ts")) or None
    if answer.get("response_type", "ephemeral") == "in_channel":
        ts = workspace.world.stamp()
        posted = Message(ts=ts, channel=where.channel, text=text, blocks=with_ids(blocks), bot_id=BOT_ID, user=BOT_USER)
        posted.thread_ts = thread_ts
        workspace.tell(workspace.add(posted))
    else:
        whisper(workspace, where.channel, where.user, text, blocks, thread_ts=thread_ts)


def _replace(workspace: Workspace, where: ResponseUrl, text: str, blocks: list[Json]) -> None:
    for ephemeral in workspace.ephemerals:
        if ephemeral.id == where.ephemeral_id:
            ephemeral.text, ephemeral.blocks = text, with_ids(blocks)
            workspace.world.touch()
    if where.message_ts is not None:
        message = workspace.message(workspace.channel(where.channel), where.message_ts)
        before = message.as_slack(with_metadata=True)
        message.text, message.blocks = text, with_ids(blocks)
        workspace.tell(workspace.changed(message, before))


def _drop(workspace: Workspace, where: ResponseUrl) -> None:
    workspace.ephemerals = [each for each in workspace.ephemerals if each.id != where.ephemeral_id]
    workspace.world.touch()
    if where.message_ts is not None:
        message = workspace.message(workspace.channel(where.channel), where.message_ts)
        workspace.tell(workspace.remove(message))
