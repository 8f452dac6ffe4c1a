"""Files: what WhatsApp takes and how large, whether bytes are what they say they are, and what becomes of the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

MEGABYTE = 1024 * 1024


class FileKind(StrEnum):
    """WhatsApp's message types that carry a file."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"


class FileStatus(StrEnum):
    """`awaited`: what was said with it has been shown without it, so it follows by itself. `here`: we hold its bytes,
    or WhatsApp does. `purged`: we held them for as long as files are kept."""

    COMING = "coming"
    AWAITED = "awaited"
    HERE = "here"
    FAILED = "failed"
    PURGED = "purged"


class Conversion(StrEnum):
    """What a file can be turned into when WhatsApp does not take it as it is, or a model."""

    VOICE = "voice"
    JPEG = "jpeg"
    HEIC = "heic"  # to JPEG too, but by programs that put its tiles together
    MP4 = "mp4"
    SIGHT = "sight"  # a small JPEG of a picture or a video's beginning: a model looks at no more


# Source: Cloud API, Media: supported types and sizes.
LIMITS = {
    FileKind.IMAGE: 5 * MEGABYTE,
    FileKind.VIDEO: 16 * MEGABYTE,
    FileKind.AUDIO: 16 * MEGABYTE,
    FileKind.DOCUMENT: 100 * MEGABYTE,
    FileKind.STICKER: 500 * 1024,
}
LARGEST = max(LIMITS.values())
CAPTION_LIMIT = 1024
CAPTIONED = frozenset({FileKind.IMAGE, FileKind.VIDEO, FileKind.DOCUMENT})
VOICE_NOTE = "audio/ogg; codecs=opus"  # exactly so: `audio/opus` is refused
HEAD = 512  # how many of the first bytes `sniff` wants to see

_SENDABLE = {
    "image/jpeg": FileKind.IMAGE,
    "image/png": FileKind.IMAGE,
    "video/mp4": FileKind.VIDEO,
    "video/3gpp": FileKind.VIDEO,
    "audio/aac": FileKind.AUDIO,
    "audio/amr": FileKind.AUDIO,
    "audio/mpeg": FileKind.AUDIO,
    "audio/mp4": FileKind.AUDIO,
    "audio/ogg": FileKind.AUDIO,
    "text/plain": FileKind.DOCUMENT,
    "application/pdf": FileKind.DOCUMENT,
    "application/msword": FileKind.DOCUMENT,
    "application/vnd.ms-excel": FileKind.DOCUMENT,
    "application/vnd.ms-powerpoint": FileKind.DOCUMENT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": FileKind.DOCUMENT,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": FileKind.DOCUMENT,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": FileKind.DOCUMENT,
}
_ALIASES = {
    "image/jpg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "application/json": "text/plain",
    "application/xml": "text/plain",
}
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}
_BECOMES = {
    Conversion.VOICE: (FileKind.AUDIO, VOICE_NOTE, ".ogg"),
    Conversion.JPEG: (FileKind.IMAGE, "image/jpeg", ".jpg"),
    Conversion.HEIC: (FileKind.IMAGE, "image/jpeg", ".jpg"),
    Conversion.MP4: (FileKind.VIDEO, "video/mp4", ".mp4"),
}
_WANTS_TOOL = {
    Conversion.VOICE: "To send such audio, Switchboard needs ffmpeg on its machine. An MP3 or M4A goes as it is.",
    Conversion.JPEG: "To send such pictures, Switchboard needs ffmpeg or ImageMagick on its machine. "
    "A JPEG or PNG goes as it is.",
    Conversion.HEIC: "To send such pictures, Switchboard needs heif-convert or ImageMagick on its machine. "
    "A JPEG or PNG goes as it is.",
    Conversion.MP4: "To send such video, Switchboard needs ffmpeg on its machine. An MP4 goes as it is.",
}
_TAKEN = "WhatsApp takes JPEG and PNG pictures, MP4 video, audio, PDF, text and Office documents. A link works too."

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"AIFF", "audio/aiff"),
    (0, b"BM", "image/bmp"),
    (0, b"caff", "audio/x-caf"),
    (0, b"FLV", "video/x-flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "text/rtf"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-executable"),
)
# The brand of an ISO container (MP4 and its relatives), after `ftyp`.
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_PROGRAMS = frozenset({"application/x-msdownload", "application/x-executable"})
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|script)\b", re.IGNORECASE | re.DOTALL)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class StaffFile:
    """A file that staff attached in Slack, as Slack describes it. `is_clip`: recorded in Slack as a message."""

    slack_id: str
    name: str
    mime_type: str
    size: int
    is_clip: bool = False
    is_external: bool = False  # it lies with another service: Slack has a link and nothing else
    is_gone: bool = False  # deleted, or hidden from us


@dataclass(frozen=True, slots=True)
class Carriage:
    """How a file goes to the customer: as which kind and type, under which name, after which conversion."""

    kind: FileKind
    mime_type: str
    name: str
    conversion: Conversion | None = None


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Why a file cannot go to the customer, and what would help, for staff."""

    reason: str


def bare(mime_type: str) -> str:
    """A type without its parameters, by its usual name."""
    plain = mime_type.split(";")[0].strip().lower()
    return _ALIASES.get(plain, plain)


def kind_of(mime_type: str) -> FileKind:
    """As which kind a file of this type is sent."""
    return _SENDABLE.get(bare(mime_type), FileKind.DOCUMENT)


def sniff(head: bytes) -> str | None:
    """What the first bytes say the file is; None where they say nothing, as those of plain text."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand) or ("video/3gpp" if brand[:2] == b"3g" else "video/mp4")
    for offset, sign, mime_type in _SIGNATURES:
        if head.startswith(sign, offset) and (offset == 0 or head.startswith((b"RIFF", b"FORM"))):
            return mime_type
    return "text/html" if _HTML.match(head) else None


def is_voice_note(head: bytes) -> bool:
    """Whether it is what WhatsApp plays as a voice message: Opus in Ogg with one channel (RFC 7845, 5.1)."""
    at = head.find(b"OpusHead")
    return head.startswith(b"OggS") and at > 0 and head[at + 9 : at + 10] == b"\x01"


def suspicion(kind: FileKind, mime_type: str, head: bytes) -> str | None:
    """Why these bytes of a customer are not shown to staff, or None: whoever opens them should get what is announced.

    The type comes from the sender's phone, so it proves nothing by itself.
    """
    found, declared = sniff(head), bare(mime_type)
    if found in _PROGRAMS:
        return "it is a program, whatever it calls itself"
    if found == "text/html" and declared != "text/html":
        return "it is a web page, whatever it calls itself"
    if kind is FileKind.DOCUMENT:  # readers of PDF allow some bytes before its header
        is_fake = declared == "application/pdf" and b"%PDF" not in head
        return "it is no PDF, though it calls itself one" if is_fake else None
    is_picture = kind in (FileKind.IMAGE, FileKind.STICKER)
    if found is None:  # sound may begin anywhere, pictures do not
        return f"it is no {kind}, though it calls itself one" if is_picture else None
    wanted = ("image",) if is_picture else ("audio", "video")
    return None if found.split("/")[0] in wanted else f"it is no {kind}, though it calls itself one"


def plan(file: StaffFile, able: frozenset[Conversion], head: bytes = b"") -> Carriage | Unsendable:
    """How a file of staff reaches the customer. `able`: what can be converted here; `head`: its first bytes, once
    they are here, which overrule what Slack calls it (a type that is not the content's is WhatsApp's error 131053).
    """
    if file.is_external:
        return Unsendable(f"“{file.name}” lies outside Slack; send its link, or upload the file itself.")
    if file.is_gone:
        return Unsendable(f"“{file.name}” is not in Slack any more, or hidden from Switchboard.")
    mime_type = _true_type(file, head)
    conversion = _needed(file, mime_type, head)
    if conversion is None:
        kind = _SENDABLE.get(mime_type)
        if kind is None:
            return Unsendable(f"“{file.name}” is of a kind that WhatsApp does not take. {_TAKEN}")
        exact = VOICE_NOTE if mime_type == "audio/ogg" else mime_type
        return fits(Carriage(kind, exact, _named(file.name, mime_type)), file.size)
    if conversion not in able:
        if mime_type in _SENDABLE and mime_type != "audio/ogg":  # a clip goes as plain audio too
            return fits(Carriage(_SENDABLE[mime_type], mime_type, _named(file.name, mime_type)), file.size)
        return Unsendable(f"WhatsApp does not take “{file.name}” as it is. {_WANTS_TOOL[conversion]}")
    if file.size > LARGEST:
        return _too_large(file.name, LARGEST, file.size)
    if head and sniff(head) is None:  # no program should be given what only calls itself a picture
        return Unsendable(f"“{file.name}” is not what it calls itself.")
    kind, exact, extension = _BECOMES[conversion]
    return Carriage(kind, exact, safe_name(PurePath(file.name).stem) + extension, conversion)


def fits(carriage: Carriage, size: int) -> Carriage | Unsendable:
    """The same, unless it is too large for its kind."""
    limit = LIMITS[carriage.kind]
    return carriage if size <= limit else _too_large(carriage.name, limit, size, carriage.kind)


def safe_name(name: str, limit: int = 120) -> str:
    """A file's name without paths, control characters or tricks of direction: whoever sent it chose it."""
    plain = _UNSAFE.sub("_", name).strip(" ._")
    if len(plain) > limit:
        suffix = PurePath(plain).suffix[:12]
        plain = plain[: limit - len(suffix)] + suffix
    return plain or "file"


def shown_name(name: str, kind: str, mime_type: str) -> str:
    """What a customer's file is called in Slack: its own name, or what it is."""
    extension = _EXTENSIONS.get(bare(mime_type), "")
    return safe_name(name) if name.strip() else f"{kind}{extension}"


def in_megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"


def _true_type(file: StaffFile, head: bytes) -> str:
    told = bare(file.mime_type)
    found = sniff(head)
    if found in ("application/zip", "application/x-ole-storage") and _SENDABLE.get(told) is FileKind.DOCUMENT:
        return told  # Office documents are containers
    if found and found.startswith("video/") and told.startswith("audio/"):
        return told  # one container for both
    told = "text/plain" if told.startswith("text/") and told != "text/html" else told
    return found or told


def _needed(file: StaffFile, mime_type: str, head: bytes) -> Conversion | None:
    family = mime_type.split("/")[0]
    if file.is_clip and family in ("audio", "video") and bare(file.mime_type).startswith("audio/"):
        return None if is_voice_note(head) else Conversion.VOICE
    if mime_type == "audio/ogg" and head:
        return None if is_voice_note(head) else Conversion.VOICE
    if mime_type in _SENDABLE:
        return None
    if mime_type == "image/gif":
        return Conversion.MP4  # as a picture it would stand still; WhatsApp's own GIFs are videos
    if mime_type in ("image/heic", "image/heif", "image/avif"):
        return Conversion.HEIC
    wants = {"audio": Conversion.VOICE, "image": Conversion.JPEG, "video": Conversion.MP4}
    return None if mime_type == "image/svg+xml" else wants.get(family)


def _named(name: str, mime_type: str) -> str:
    """WhatsApp shows a document's name, and opens it by its extension."""
    plain = safe_name(name)
    return plain if PurePath(plain).suffix else plain + _EXTENSIONS.get(mime_type, "")


def _too_large(name: str, limit: int, size: int, kind: FileKind | None = None) -> Unsendable:
    what = {FileKind.IMAGE: "a picture", FileKind.VIDEO: "a video", FileKind.AUDIO: "audio"}.get(
        kind or FileKind.DOCUMENT, "a document"
    )
    return Unsendable(
        f"“{name}” is too large: WhatsApp takes {what} of at most {in_megabytes(limit)}, this has {in_megabytes(size)}."
    )
