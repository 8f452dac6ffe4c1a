"""Slack's three-step upload, its files.info, and the bytes themselves."""

from __future__ import annotations

import asyncio
import mimetypes
import secrets

from aiohttp import BodyPartReader, web

from integrations.sandbox.slack_chat import Method, landing
from integrations.sandbox.slack_state import BOT_ID, BOT_USER, Message, SlackRefusal, StoredFile, Workspace
from integrations.sandbox.wire import Json, as_object, as_objects, as_text

# Slack scans and shares a file some time after it has answered.
SHARE_DELAY = 0.02
COMMENT_LIMIT, ALT_LIMIT = 4_000, 1_000


def get_upload_url(workspace: Workspace, args: Json) -> Json:
    name, length = as_text(args.get("filename")), as_text(args.get("length"))
    if not name or not length.isdigit() or not int(length):
        raise SlackRefusal("invalid_arguments", ["[ERROR] missing required field: filename, length"])
    if len(as_text(args.get("alt_txt"))) > ALT_LIMIT:
        raise SlackRefusal("alt_txt_too_large")
    stored = store(workspace, name, int(length))
    return {"upload_url": f"{workspace.base_url}/slack/upload/{stored.id}", "file_id": stored.id}


def store(workspace: Workspace, name: str, length: int) -> StoredFile:
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kept = StoredFile(id="F" + secrets.token_hex(5).upper(), name=name, length=length, mimetype=mimetype, title=name)
    workspace.files[kept.id] = kept
    return kept


def complete_upload(workspace: Workspace, args: Json) -> Json:
    """Once per upload; the share itself follows later and is told by an event only."""
    uploads = [(_uploaded(workspace, given), as_text(given.get("title"))) for given in as_objects(args.get("files"))]
    if not uploads or (args.get("thread_ts") and not args.get("channel_id")):
        raise SlackRefusal("invalid_arguments")
    if len(as_text(args.get("initial_comment"))) > COMMENT_LIMIT:
        raise SlackRefusal("msg_too_long")
    if args.get("channel_id"):
        channel = workspace.channel(args["channel_id"])
        if BOT_USER not in channel.members:
            raise SlackRefusal("not_in_channel")
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        args = args | {"thread_ts": landing(channel, args)}
    for stored, title in uploads:
        stored.completed, stored.title = True, title or stored.name
    if args.get("channel_id"):
        workspace.world.run(_share(workspace, [stored for stored, _ in uploads], args))
    return {"files": [as_slack(workspace, stored) for stored, _ in uploads]}


def attach(
    workspace: Workspace, user: str, name: str, content: bytes, mimetype: str | None = None, subtype: str = ""
) -> StoredFile:
    """A file that a person brings along with a message."""
    stored = store(workspace, name, len(content))
    stored.user, stored.content, stored.completed, stored.subtype = user, content, True, subtype
    stored.mimetype = mimetype or stored.mimetype
    return stored


def file_info(workspace: Workspace, args: Json) -> Json:
    stored = workspace.files.get(as_text(args.get("file")))
    if stored is None or not stored.completed:
        raise SlackRefusal("file_not_found")
    if stored.is_deleted:
        raise SlackRefusal("file_deleted")
    return {"file": as_slack(workspace, stored)}


def delete(workspace: Workspace, args: Json) -> Json:
    """The app's own files only; where one was shared a tombstone stays, or nothing if it came without words."""
    stored = workspace.files.get(as_text(args.get("file")))
    if stored is None or not stored.completed:
        raise SlackRefusal("file_not_found")
    if stored.is_deleted:
        raise SlackRefusal("file_deleted")
    if stored.user != BOT_USER:
        raise SlackRefusal("cant_delete_file")
    stored.is_deleted, stored.content = True, None
    for share in stored.shares:
        message = workspace.channels[share["channel"]].messages.get(share["ts"])
        if message is not None:
            _bury(workspace, message, stored.id)
    return {}


def _bury(workspace: Workspace, message: Message, file_id: str) -> None:
    before = message.as_slack(with_metadata=True)
    gone = {"id": file_id, "mode": "tombstone"}
    message.files = [gone if each["id"] == file_id else each for each in message.files]
    if not message.text and all(each.get("mode") == "tombstone" for each in message.files):
        workspace.tell(workspace.remove(message))
    else:
        workspace.tell(workspace.changed(message, before))


def as_slack(workspace: Workspace, stored: StoredFile) -> Json:
    url = f"{workspace.base_url}/slack/files/{stored.id}"
    shares: Json = {"public": {share["channel"]: [share] for share in stored.shares}} if stored.shares else {}
    named = {"id": stored.id, "name": stored.name, "title": stored.title, "mimetype": stored.mimetype}
    named |= {"subtype": stored.subtype} if stored.subtype else {}
    named |= {"permalink": f"{workspace.base_url}/files/{stored.user}/{stored.id}"}
    where = {"mode": "hosted", "url_private": url, "url_private_download": url, "shares": shares}
    return named | where | {"size": stored.length, "user": stored.user, "is_external": False, "timestamp": 1790000000}


async def receive(workspace: Workspace, request: web.Request) -> web.Response:
    """Step two: the bytes, raw or as a form, without a token."""
    stored = workspace.files.get(request.match_info["id"])
    if stored is None or stored.completed:
        return web.Response(status=404)
    stored.content = await _bytes(request)
    if len(stored.content) != stored.length:
        return web.Response(status=400, text="length differs from what was announced")
    return web.Response(text=f"OK - {stored.length}")


def download(workspace: Workspace, request: web.Request) -> web.Response:
    """Without a good token Slack answers 200 with a sign-in page, not an error."""
    stored = workspace.files.get(request.match_info["id"])
    if stored is None or stored.content is None or stored.is_deleted:
        return web.Response(status=404)
    is_known = request.headers.get("Authorization") == f"Bearer {workspace.config.slack_bot_token}"
    if stored.wants_sign_in or not is_known:
        return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
    return web.Response(body=stored.content, content_type=stored.mimetype)


async def _bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.filename:
            return bytes(await part.read())
    return b""


def _uploaded(workspace: Workspace, given: Json) -> StoredFile:
    stored = workspace.files.get(as_text(as_object(given).get("id")))
    if stored is None or stored.content is None or stored.completed:
        raise SlackRefusal("file_not_found")
    return stored


async def _share(workspace: Workspace, files: list[StoredFile], args: Json) -> None:
    await asyncio.sleep(SHARE_DELAY)
    channel = workspace.channel(args["channel_id"])
    ts, thread_ts = workspace.world.stamp(), as_text(args.get("thread_ts")) or None
    for stored in files:
        stored.shares.append({"channel": channel.id, "ts": ts, **({"thread_ts": thread_ts} if thread_ts else {})})
    message = Message(
        ts=ts,
        channel=channel.id,
        text=as_text(args.get("initial_comment")),
        user=BOT_USER,
        bot_id=BOT_ID,
        subtype="file_share",
        thread_ts=thread_ts,
        files=[as_slack(workspace, stored) for stored in files],
    )
    workspace.tell(workspace.add(message))


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": file_info,
    "files.delete": delete,
}
