"""Pictures as a model gets them: small ones as they are, large ones made smaller, and none that it could not see."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from bot import tools
from bot.agent.pictures import picture_of
from bot.domain.files import MEGABYTE, Conversion
from bot.tools import Tools
from tests.test_tools import size_of_jpeg

STICKER = (Path(__file__).parents[1] / "files" / "picture.webp").read_bytes()
MOVING = b"RIFF\0\1\0\0WEBPVP8X" + bytes(14) + b"ANIM" + bytes(64)
HERE, NONE = tools.find(), Tools()
needs_tool = pytest.mark.skipif(Conversion.SIGHT not in HERE.able, reason="neither ffmpeg nor ImageMagick is installed")


def png(width: int, height: int) -> bytes:
    """A grey picture that does not compress."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(width) for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


async def test_a_small_picture_stays_as_it_is():
    picture = await picture_of(png(40, 30), HERE)
    assert picture
    assert (picture.mime_type, picture.content) == ("image/png", png(40, 30))


@needs_tool
async def test_a_large_picture_becomes_as_small_as_a_model_looks_at():
    picture = await picture_of(png(3136, 400), HERE)
    assert picture
    assert (picture.mime_type, size_of_jpeg(picture.content)) == ("image/jpeg", (1568, 200))


@needs_tool
async def test_what_calls_itself_a_video_and_is_none_cannot_be_seen():
    assert await picture_of(b"\0\0\0\x20ftypisom" + bytes(64), HERE) is None


async def test_without_tools_what_fits_is_shown_and_the_rest_is_not():
    assert await picture_of(png(1200, 1200), NONE)
    assert await picture_of(png(2400, 2400), NONE) is None
    assert (await picture_of(STICKER, NONE)) is not None
    for shut in (MOVING, b"GIF89a" + bytes(64), b"\0\0\0\x20ftypheic" + bytes(64), b"%PDF-1.7", b""):
        assert await picture_of(shut, NONE) is None
    assert len(png(2400, 2400)) > 5 * MEGABYTE > len(png(1200, 1200)) > MEGABYTE
