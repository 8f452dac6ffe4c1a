"""The programs beside Switchboard that turn files into what WhatsApp takes. None is needed; each lets more through."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.files import Conversion

WITHIN_SECONDS = 150.0  # within a task's lease, beside the transfers
_SAID = 300
# Readers of single files only: a playlist or a script would make ffmpeg open whatever it names.
_FORMATS = (
    "mov,mp4,m4a,3gp,matroska,webm,avi,flv,asf,mpeg,mpegts,ogg,wav,w64,aiff,caf,flac,mp3,aac,amr,gif,"
    "png_pipe,jpeg_pipe,bmp_pipe,tiff_pipe,webp_pipe,avif"
)


class ConversionError(Exception):
    """A program could not make of a file what it should."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where each program is, or None."""

    ffmpeg: str | None = None
    magick: str | None = None
    heif: str | None = None

    @property
    def able(self) -> frozenset[Conversion]:
        """What can be converted here."""
        film = set(_MADE) if self.ffmpeg else set[Conversion]()
        pictures = {Conversion.JPEG, Conversion.HEIC, Conversion.SIGHT} if self.magick else set[Conversion]()
        return frozenset(film | pictures | ({Conversion.HEIC} if self.heif else set()))

    async def convert(self, conversion: Conversion, source: Path, target: Path) -> None:
        """Try each program that can; raises `ConversionError` with what the last one said."""
        said = "no program for it is installed"
        for command in self._commands(conversion, str(source), str(target)):
            said = await _run(command, source.parent)
            if not said and await asyncio.to_thread(_is_filled, target):
                return
        raise ConversionError(said or "nothing came of it")

    def _commands(self, conversion: Conversion, source: str, target: str) -> list[list[str]]:
        """ffmpeg takes the tiles of a HEIC picture for pictures of their own, and would send a corner of it."""
        commands: list[list[str]] = []
        if self.heif and conversion is Conversion.HEIC:
            commands.append([self.heif, "-q", "88", source, target])
        if self.magick and conversion in (Conversion.HEIC, Conversion.JPEG, Conversion.SIGHT):
            bounds = ["-limit", "memory", "256MiB", "-limit", "map", "512MiB", "-limit", "time", "60"]
            size = ["-resize", f"{_SIGHT}x{_SIGHT}>"] if conversion is Conversion.SIGHT else []
            made = ["-auto-orient", "-strip", *size, "-quality", "88", f"jpg:{target}"]
            commands.append([self.magick, *bounds, f"{source}[0]", *made])
        if self.ffmpeg and (made := _MADE.get(conversion)):
            commands.append(_ffmpeg(self.ffmpeg, source, target, made))
        return commands


_SIGHT = 1568  # pixels of the longer side
_MADE: dict[Conversion, tuple[str, ...]] = {
    # What WhatsApp plays as a voice message: Opus in Ogg, one channel (Cloud API, Media: audio).
    Conversion.VOICE: (
        *("-map", "0:a:0", "-vn", "-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", "32k"),
        *("-map_metadata", "-1", "-f", "ogg"),
    ),
    # H.264 and AAC; even sides, which 4:2:0 needs.
    Conversion.MP4: (
        *("-map", "0:v:0", "-map", "0:a:0?", "-c:v", "libx264", "-preset", "veryfast", "-crf", "27"),
        *("-pix_fmt", "yuv420p", "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-c:a", "aac", "-b:a", "96k", "-ac", "2"),
        *("-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4"),
    ),
    Conversion.JPEG: ("-map", "0:v:0", "-frames:v", "1", "-q:v", "3", "-map_metadata", "-1", "-f", "image2"),
    Conversion.SIGHT: (
        *("-map", "0:v:0", "-frames:v", "1", "-q:v", "4", "-map_metadata", "-1", "-f", "image2"),
        *("-vf", rf"scale=min({_SIGHT}\,iw):min({_SIGHT}\,ih):force_original_aspect_ratio=decrease"),
    ),
}


def find() -> Tools:
    """What is on the PATH now."""
    return Tools(
        ffmpeg=shutil.which("ffmpeg"),
        magick=shutil.which("magick") or shutil.which("convert-im6.q16") or _imagemagick_6(shutil.which("convert")),
        heif=shutil.which("heif-convert") or shutil.which("heif-dec"),
    )


@functools.cache
def _imagemagick_6(program: str | None) -> str | None:
    """ImageMagick 6 calls its program `convert`, and so do others that convert something else."""
    if program is None:
        return None
    try:
        said = subprocess.run([program, "-version"], capture_output=True, check=False, timeout=5)  # noqa: S603  # of the PATH
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if said.returncode == 0 and b"Version: ImageMagick" in said.stdout else None


def _is_filled(target: Path) -> bool:
    return target.is_file() and target.stat().st_size > 0


def _ffmpeg(program: str, source: str, target: str, made: Sequence[str]) -> list[str]:
    """Nothing is asked, nothing but this file is opened, and no network."""
    quiet = ["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "2"]
    bounds = ["-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS]
    return [program, *quiet, *bounds, "-i", source, *made, "-y", target]


async def _run(command: Sequence[str], folder: Path) -> str:
    """What the program complained of; nothing when it succeeded. No shell, few secrets around it, and a limit."""
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ
    }
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=environment,
        )
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), WITHIN_SECONDS)
    except TimeoutError:
        return "it took too long"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = complaint.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {process.returncode}"]
    return "" if process.returncode == 0 else lines[-1][:_SAID]
