"""The programs beside Switchboard, on real files: iPhone pictures, stickers, and programs that only share a name."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bot import tools
from bot.domain.files import Conversion
from bot.tools import ConversionError, Tools

FILES = Path(__file__).parent / "files"
HERE = tools.find()
EACH = {
    "heif-convert": Tools(heif=HERE.heif),
    "ImageMagick": Tools(magick=HERE.magick),
    "ffmpeg": Tools(ffmpeg=HERE.ffmpeg),
}
_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def able(conversion: Conversion) -> list[str]:
    return [name for name, found in EACH.items() if conversion in found.able]


def size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Width and height, from the header of the frame (ITU-T T.81, B.2.2)."""
    assert content[:2] == b"\xff\xd8"
    at = 2
    while content[at + 1] not in _STARTS_OF_FRAME:
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    height, width = struct.unpack(">HH", content[at + 5 : at + 9])
    return int(width), int(height)


@pytest.mark.parametrize(
    ("conversion", "name", "program"),
    [(Conversion.HEIC, "picture.heic", each) for each in able(Conversion.HEIC)]
    + [(Conversion.JPEG, "picture.webp", each) for each in able(Conversion.JPEG)]
    + [(Conversion.SIGHT, "picture.webp", each) for each in able(Conversion.SIGHT)],
)
async def test_a_real_picture_becomes_a_whole_jpeg(conversion: Conversion, name: str, program: str, tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "converted.jpg"
    source.write_bytes((FILES / name).read_bytes())
    await EACH[program].convert(conversion, source, target)
    assert size_of_jpeg(target.read_bytes()) == (64, 48)


@pytest.mark.parametrize("program", able(Conversion.HEIC))
async def test_what_only_calls_itself_a_picture_is_refused_with_what_the_program_said(program: str, tmp_path: Path):
    (tmp_path / "source").write_bytes(b"<html>Sign in</html>")
    with pytest.raises(ConversionError, match=r"\w"):
        await EACH[program].convert(Conversion.HEIC, tmp_path / "source", tmp_path / "converted.jpg")


@pytest.mark.parametrize(
    ("says", "is_asked"), [("convert 1.0: miles to kilometres", False), ("Version: ImageMagick 6.9.11-60 Q16", True)]
)
def test_a_convert_that_is_not_imagemagick_is_not_asked_to_convert_pictures(
    says: str, is_asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "convert"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools.find().magick == (str(program) if is_asked else None)
