"""Files on the demo page: their bytes for whoever looks at it, and what its people send."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from pathlib import Path
from typing import Any

from aiohttp import web

from integrations.sandbox.slack import Slack
from integrations.sandbox.whatsapp import WhatsApp
from integrations.sandbox.whatsapp_state import SentMessage, WrittenMessage
from integrations.sandbox.wire import Json, as_text

SAMPLES = Path(__file__).with_name("samples")
VOICE = "audio/ogg; codecs=opus"
# What stands ready for a visitor: name, type, kind, and whether it is a voice message.
READY: dict[str, tuple[str, str, str, bool]] = {
    "photo": ("torn-tent.jpg", "image/jpeg", "image", False),
    "voice": ("voice-note.ogg", VOICE, "audio", True),
}
KINDS = {"image/jpeg": "image", "image/png": "image", "video/mp4": "video", "video/3gpp": "video"}


class DemoFiles:
    """Nothing here is Slack's or Meta's: the page has no tokens."""

    def __init__(self, slack: Slack, whatsapp: WhatsApp) -> None:
        self.slack = slack
        self.whatsapp = whatsapp

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get("/demo/whatsapp-file/{id}", self._whatsapp), web.get("/demo/slack-file/{id}", self._slack)]

    async def _whatsapp(self, request: web.Request) -> web.Response:
        file = self.whatsapp.api.media.files.get(request.match_info["id"])
        return _bytes(file.content if file else None, file.mime_type if file else "")

    async def _slack(self, request: web.Request) -> web.Response:
        file = self.slack.workspace.files.get(request.match_info["id"])
        return _bytes(file.content if file else None, file.mimetype if file else "")

    async def customer_sends(self, given: Json) -> Json:
        """A sample, or a file of the visitor's own; with what was typed as its caption."""
        customer, caption = as_text(given.get("customer")), as_text(given.get("text"))
        if ready := READY.get(as_text(given.get("sample"))):
            name, mime_type, kind, voice = ready
            content = (SAMPLES / name).read_bytes()  # a few kilobytes
        else:
            name, mime_type, content = _chosen(given)
            kind = KINDS.get(mime_type) or ("audio" if mime_type.startswith("audio/") else "document")
            voice = False
        more: dict[str, Any] = {"kind": kind, "caption": "" if kind == "audio" else caption, "voice": voice}
        more |= {"name": name} if kind == "document" else {}
        return {"id": self.whatsapp.file_patiently(customer, content, mime_type, **more)}

    async def staff_attaches(self, given: Json) -> Json:
        user, channel, text = (as_text(given.get(name)) for name in ("user", "channel", "text"))
        name, mime_type, content = _chosen(given)
        file = self.slack.attach(user, name, content, mime_type)
        thread_ts = as_text(given.get("thread_ts")) or None
        return {"ts": await self.slack.reply(user, channel, thread_ts, text, files=[file])}


def on_phone(whatsapp: WhatsApp, message: SentMessage | WrittenMessage) -> Json | None:
    """The file of a message as the page shows it."""
    media_id = message.media_id if isinstance(message, WrittenMessage) else message.carried.get("id")
    file = whatsapp.api.media.files.get(media_id or "")
    if file is None:
        return None
    name = file.name if isinstance(message, WrittenMessage) else as_text(message.carried.get("filename")) or file.name
    return {"src": f"/demo/whatsapp-file/{file.id}", "type": file.mime_type, "name": name or "file"}


def in_workspace(file: Json) -> Json:
    """A file object with the address where the page may have its bytes."""
    if file.get("mode") == "tombstone":
        return file | {"name": "This file was deleted.", "type": "gone"}
    return file | {"src": f"/demo/slack-file/{file['id']}", "type": file["mimetype"]}


def _chosen(given: Json) -> tuple[str, str, bytes]:
    name, data = as_text(given.get("name")), as_text(given.get("data"))
    mime_type = as_text(given.get("type")) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    try:
        content = base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise ValueError("The file did not come whole.") from error
    if not name or not content:
        raise ValueError("There is nothing to send.")
    return name, mime_type, content


def _bytes(content: bytes | None, mime_type: str) -> web.Response:
    if content is None:
        return web.Response(status=404, text="There is no such file any more.")
    # Whoever looks at the page must not run what a "customer" sent: pictures and sound alone are shown in it.
    is_shown = mime_type.startswith(("image/", "audio/", "video/")) and "svg" not in mime_type
    headers = {"Content-Type": mime_type.split(";")[0] if is_shown else "application/octet-stream"}
    return web.Response(body=content, headers=headers | {"X-Content-Type-Options": "nosniff"})
