"""The Graph API's media endpoints: uploads that Meta checks, ids that end, and addresses that live five minutes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from bot.domain.files import FileKind, is_voice_note, sniff
from integrations.sandbox.whatsapp_refusals import GraphRefusal, spoiled
from integrations.sandbox.wire import Json, as_text

if TYPE_CHECKING:
    from integrations.sandbox.config import SandboxConfig
    from integrations.sandbox.faults import Faults
    from integrations.sandbox.world import World

URL_LIFE, RECEIVED_LIFE, UPLOADED_LIFE = 5 * 60, 7 * 24 * 3600, 30 * 24 * 3600
MEGABYTE = 1024 * 1024
# Type, then how large, and what its first bytes must say: Cloud API, Media, "Supported media types".
OFFICE = ("application/zip", "application/x-ole-storage")
ACCEPTED: dict[str, tuple[FileKind, int, tuple[str | None, ...]]] = {
    "image/jpeg": (FileKind.IMAGE, 5 * MEGABYTE, ("image/jpeg",)),
    "image/png": (FileKind.IMAGE, 5 * MEGABYTE, ("image/png",)),
    "image/webp": (FileKind.STICKER, 500 * 1024, ("image/webp",)),
    "audio/aac": (FileKind.AUDIO, 16 * MEGABYTE, ("audio/aac", "video/mp4", "audio/mp4")),
    "audio/amr": (FileKind.AUDIO, 16 * MEGABYTE, ("audio/amr", "video/3gpp")),
    "audio/mpeg": (FileKind.AUDIO, 16 * MEGABYTE, ("audio/mpeg",)),
    "audio/mp4": (FileKind.AUDIO, 16 * MEGABYTE, ("audio/mp4", "video/mp4")),
    "audio/ogg": (FileKind.AUDIO, 16 * MEGABYTE, ("audio/ogg",)),
    "video/mp4": (FileKind.VIDEO, 16 * MEGABYTE, ("video/mp4",)),
    "video/3gpp": (FileKind.VIDEO, 16 * MEGABYTE, ("video/3gpp",)),
    "text/plain": (FileKind.DOCUMENT, 100 * MEGABYTE, (None, "text/html", "text/rtf")),
    "application/pdf": (FileKind.DOCUMENT, 100 * MEGABYTE, ("application/pdf",)),
    "application/msword": (FileKind.DOCUMENT, 100 * MEGABYTE, (*OFFICE, "text/rtf")),
    "application/vnd.ms-excel": (FileKind.DOCUMENT, 100 * MEGABYTE, OFFICE),
    "application/vnd.ms-powerpoint": (FileKind.DOCUMENT, 100 * MEGABYTE, OFFICE),
    **{
        f"application/vnd.openxmlformats-officedocument.{each}": (FileKind.DOCUMENT, 100 * MEGABYTE, OFFICE)
        for each in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
    },
}
LISTED = ", ".join(ACCEPTED)


@dataclass(slots=True, kw_only=True)
class GraphFile:
    """A file that WhatsApp keeps for a while, of a customer or of the business."""

    id: str
    mime_type: str
    content: bytes
    ends_at: float
    name: str = ""
    asked_at: float = 0.0
    ticket: str = ""
    is_uploaded: bool = False

    @property
    def kind(self) -> FileKind | None:
        return ACCEPTED[_bare(self.mime_type)][0] if _bare(self.mime_type) in ACCEPTED else None

    @property
    def sha256(self) -> str:
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class GraphMedia:
    """Uploading, looking up, downloading and deleting. `base_url` is where the bytes are fetched."""

    def __init__(self, config: SandboxConfig, world: World, faults: Faults) -> None:
        self.config = config
        self.world = world
        self.faults = faults
        self.base_url = ""
        self.files: dict[str, GraphFile] = {}
        self.downloads = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/whatsapp/{version}/{number}/media", self.upload),
            web.get("/whatsapp/media/{ticket}", self.download, allow_head=False),
            web.delete("/whatsapp/{version}/{media}", self.delete),
        ]

    def received(self, content: bytes, mime_type: str, name: str = "") -> GraphFile:
        """A file of a customer, which WhatsApp keeps for seven days."""
        return self._keep(content, mime_type, name, RECEIVED_LIFE)

    def uploaded(self, media_id: str) -> GraphFile:
        """A file of the business that may be sent. Raises as Meta refuses an id it does not know, or not any more."""
        file = self.files.get(media_id)
        if file is None or self.world.now() >= file.ends_at or not file.is_uploaded:
            raise _no_such(media_id)
        return file

    async def upload(self, request: web.Request) -> web.Response:
        parts = await _parts(request)

        async def act() -> web.Response:
            try:
                self._admit(request)
                if request.match_info["number"] != self.config.phone_number_id:
                    raise _no_such(request.match_info["number"])
                return web.json_response({"id": self._upload(parts).id})
            except GraphRefusal as refusal:
                return refusal.answer()

        return await self._met(request, "upload", act)

    async def look_up(self, request: web.Request, media_id: str) -> web.Response:
        async def act() -> web.Response:
            try:
                self._admit(request)
                number = request.query.get("phone_number_id", self.config.phone_number_id)
                file = self.files.get(media_id)
                if file is None or self.world.now() >= file.ends_at or number != self.config.phone_number_id:
                    raise _no_such(media_id)
                return web.json_response(self._described(file))
            except GraphRefusal as refusal:
                return refusal.answer()

        return await self._met(request, "media", act)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The address is not enough, it wants the token too; after five minutes it leads nowhere."""

        async def act() -> web.Response:
            file = next((each for each in self.files.values() if each.ticket == request.match_info["ticket"]), None)
            if file is None or self.world.now() - file.asked_at >= URL_LIFE:
                return web.Response(status=404, text="Not Found")
            if request.headers.get("Authorization") != f"Bearer {self.config.whatsapp_access_token}":
                return web.Response(status=401, text="Unauthorized")
            self.downloads += 1
            return web.Response(body=file.content, headers={"Content-Type": file.mime_type})

        return await self._met(request, "download", act)

    async def delete(self, request: web.Request) -> web.Response:
        try:
            self._admit(request)
            if self.files.pop(request.match_info["media"], None) is None:
                raise _no_such(request.match_info["media"])
        except GraphRefusal as refusal:
            return refusal.answer()
        return web.json_response({"success": True})

    async def _met(self, request: web.Request, method: str, act: Callable[[], Awaitable[web.Response]]) -> web.Response:
        answer = await self.faults.meet(request, method, dict(request.query), act, spoiled, by_name=True)
        self.world.touch()
        return answer

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.config.whatsapp_access_token}":
            raise GraphRefusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)

    def _upload(self, parts: Json) -> GraphFile:
        if parts.get("messaging_product") != "whatsapp":
            raise GraphRefusal(100, "The parameter messaging_product is required.")
        content, declared = parts.get("file"), as_text(parts.get("type"))
        if not isinstance(content, bytes) or not content:
            raise GraphRefusal(100, "The parameter file is required.")
        if not declared:
            raise GraphRefusal(100, "The parameter type is required.")
        known = ACCEPTED.get(_bare(declared))
        if known is None:
            details = f"Param file must be a file with one of the following types: {LISTED}. Received file of type"
            raise GraphRefusal(100, f"{details} '{declared}'.")
        kind, limit, heads = known
        if len(content) > limit:
            raise GraphRefusal(131053, f"Media file of type {kind} must be at most {limit} bytes.")
        if sniff(content[:512]) not in heads or (kind is FileKind.AUDIO and not _is_playable(declared, content)):
            raise GraphRefusal(131053, f"Media upload error: the file's content is not '{declared}'.")
        file = self._keep(content, declared, as_text(parts.get("name")), UPLOADED_LIFE)
        file.is_uploaded = True
        return file

    def _keep(self, content: bytes, mime_type: str, name: str, life: float) -> GraphFile:
        media_id = str(10**15 + secrets.randbelow(9 * 10**15))
        file = GraphFile(id=media_id, mime_type=mime_type, content=content, name=name, ends_at=self.world.now() + life)
        self.files[media_id] = file
        return file

    def _described(self, file: GraphFile) -> Json:
        file.ticket, file.asked_at = secrets.token_urlsafe(24), self.world.now()
        return {
            "messaging_product": "whatsapp",
            "url": f"{self.base_url}/whatsapp/media/{file.ticket}",
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "file_size": str(len(file.content)),  # Meta writes it as text
            "id": file.id,
        }


def media_content(media: GraphMedia, kind: str, content: Json) -> None:
    """What Meta demands of a message that carries a file. Source: Cloud API, Messages, media objects."""
    media_id, link = content.get("id"), content.get("link")
    if (media_id is None) == (link is None):
        raise GraphRefusal(100, f"Exactly one of the parameters {kind}['id'] and {kind}['link'] is required.")
    caption = content.get("caption", "")
    if not isinstance(caption, str) or len(caption) > 1024:
        raise GraphRefusal(100, f"Param {kind}['caption'] must be at most 1024 characters long.")
    if media_id is None:
        return
    file = media.uploaded(as_text(media_id))
    if file.kind != kind:
        raise GraphRefusal(131053, f"The media's type {file.mime_type} does not fit a message of type {kind}.")
    if content.get("voice") and not is_voice_note(file.content[:512]):
        raise GraphRefusal(131053, "A voice message must be mono audio in Ogg with the Opus codec.")


def _is_playable(declared: str, content: bytes) -> bool:
    """Of Ogg WhatsApp takes only Opus with one channel."""
    return _bare(declared) != "audio/ogg" or is_voice_note(content[:512])


def _bare(mime_type: str) -> str:
    return mime_type.split(";")[0].strip()


def _no_such(media_id: str) -> GraphRefusal:
    details = f"Unsupported get request. Object with ID '{media_id}' does not exist, cannot be loaded due to missing "
    return GraphRefusal(
        100, details + "permissions, or does not support this operation", kind="GraphMethodException", subcode=33
    )


async def _parts(request: web.Request) -> Json:
    """The form as Graph reads it: every field, and the file's bytes and name. Read by hand: it may be large."""
    if not request.content_type.startswith("multipart/"):
        return {}
    parts: Json = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.name == "file":
            parts["file"], parts["name"] = bytes(await part.read()), part.filename
        else:
            parts[part.name] = await part.text()
    return parts
