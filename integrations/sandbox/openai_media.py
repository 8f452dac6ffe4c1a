"""Pictures within chat completions and recordings to be written down, read as strictly as the real endpoint does."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import PurePath

from aiohttp import BodyPartReader, web

from bot.domain.files import sniff
from integrations.sandbox.demo_files import SAMPLES
from integrations.sandbox.openai_refusals import BadRequest
from integrations.sandbox.wire import Json, as_list, as_object, as_text

TRANSCRIBER = "sandbox-transcriber"
MEGABYTE = 1024 * 1024

# Source: OpenAI, Images and vision, "Image input requirements".
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_PICTURES, MOST_BYTES = 500, 50 * MEGABYTE
DETAILS = ("low", "high", "auto")
# Source: OpenAI, Speech to text, and the error that names them.
RECORDINGS = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
LARGEST = 25 * MEGABYTE

_DATA_URL = re.compile(r"data:([\w/+.-]+);base64,(.*)", re.DOTALL)
_UNKNOWN = "What are your opening hours?"


def check_content(messages: list[Json], *, sees: bool) -> None:
    """The parts of every message that has parts. `sees`: whether the model takes pictures at all."""
    count, size = 0, 0
    for place, message in enumerate(messages):
        parts = as_list(message.get("content"))
        if not parts and isinstance(message.get("content"), list):
            raise BadRequest("Invalid 'content': empty array.", f"messages.[{place}].content")
        for number, part in enumerate(parts):
            where = f"messages.[{place}].content.[{number}]"
            if picture := _picture(as_object(part), as_text(message.get("role")), where, sees=sees):
                count, size = count + 1, size + len(picture)
    if count > MOST_PICTURES or size > MOST_BYTES:
        raise BadRequest("Total image size is too large.", "messages", code="image_file_too_large")


def _picture(part: Json, role: str, where: str, *, sees: bool) -> bytes | None:
    """Its bytes, where the part is a picture."""
    kind = part.get("type")
    if kind == "text":
        if not isinstance(part.get("text"), str):
            raise BadRequest(f"Missing required parameter: '{where}.text'.", f"{where}.text")
        return None
    if kind != "image_url" or role != "user":
        raise BadRequest(f"Invalid value: {kind!r}. Supported values are: 'text'.", f"{where}.type")
    if not sees:
        raise BadRequest("Invalid content type. image_url is only supported by certain models.", f"{where}.type")
    given = part.get("image_url")
    if not isinstance(given, dict):
        raise BadRequest(f"Invalid type for '{where}.image_url': expected an object.", f"{where}.image_url")
    named = as_object(part["image_url"])
    if "detail" in named and named["detail"] not in DETAILS:
        raise BadRequest(f"Invalid value: {named['detail']!r}. Supported values are: {DETAILS}.", f"{where}.detail")
    return _bytes(as_text(named.get("url")), f"{where}.image_url.url")


def _bytes(url: str, where: str) -> bytes:
    matched = _DATA_URL.fullmatch(url)
    if matched is None:
        raise BadRequest("Failed to download image: the sandbox has no way out.", where, code="invalid_image_url")
    try:
        content = base64.b64decode(matched[2], validate=True)
    except binascii.Error as error:
        raise BadRequest("Invalid base64 image_url.", where, code="invalid_base64_image") from error
    if matched[1] not in PICTURES or sniff(content[:512]) != matched[1] or _is_moving(content):
        told = "You uploaded an unsupported image. Please make sure your image has one of the following formats: "
        raise BadRequest(f"{told}['png', 'jpeg', 'gif', 'webp'].", where, code="invalid_image_format")
    return content


def _is_moving(content: bytes) -> bool:
    """GIFs must not be animated (OpenAI, Images and vision); of WebP it does not say, so neither may be here."""
    return (content.startswith(b"GIF8") and content.count(b"\x21\xf9\x04") > 1) or b"ANIM" in content[:64]


class Recordings:
    """What is said in which recording. One that nobody has told us about asks for the opening hours."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self.heard: list[str] = []

    def say(self, content: bytes, words: str) -> bytes:
        """From now on this is what these bytes say."""
        self._words[_digest(content)] = words
        return content

    async def words(self, request: web.Request) -> Json:
        """The answer to a request to write one down; raises `BadRequest`."""
        given = await _form(request)
        if not given.get("model"):
            raise BadRequest("you must provide a model parameter", "model")
        if given["model"] != TRANSCRIBER:
            told = f"The model `{given['model']}` does not exist or you do not have access to it."
            raise BadRequest(told, code="model_not_found", status=404)
        content, name = given.get("file"), as_text(given.get("name"))
        if not isinstance(content, bytes):
            raise BadRequest("Missing required parameter: 'file'.", "file")
        if len(content) > LARGEST:
            told = f"Maximum content size limit ({LARGEST}) exceeded ({len(content)} bytes read)"
            raise BadRequest(told, status=413)
        self._must_be_sound(content, PurePath(name).suffix.lower().removeprefix("."))
        self.heard.append(name)
        return {"text": self._words.get(_digest(content)) or _samples().get(_digest(content), _UNKNOWN)}

    @staticmethod
    def _must_be_sound(content: bytes, extension: str) -> None:
        if extension not in RECORDINGS:
            raise BadRequest(f"Invalid file format. Supported formats: {list(RECORDINGS)}")
        if not content:
            raise BadRequest("Audio file is too short. Minimum audio length is 0.1 seconds.", code="audio_too_short")
        if (sniff(content[:512]) or "").split("/")[0] not in ("audio", "video"):
            raise BadRequest("Audio file might be corrupted or unsupported", "file", code="invalid_value")


def seen_in(url: str) -> str:
    """What the stand-in sees in a picture: it knows the demo's own."""
    matched = _DATA_URL.fullmatch(url)
    content = base64.b64decode(matched[2]) if matched else b""
    return "a torn tent" if content == (SAMPLES / "torn-tent.jpg").read_bytes() else ""


def _samples() -> dict[str, str]:
    content = (SAMPLES / "voice-note.ogg").read_bytes()  # a few kilobytes
    return {_digest(content): "Hello! How long does delivery take?"}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _form(request: web.Request) -> Json:
    if not request.content_type.startswith("multipart/"):
        raise BadRequest("Content-Type must be multipart/form-data.")
    given: Json = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.name == "file":
            given["file"], given["name"] = bytes(await part.read()), part.filename
        elif isinstance(part, BodyPartReader) and part.name:
            given[part.name] = await part.text()
    return given
