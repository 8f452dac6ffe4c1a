"""A customer's picture as a model takes it: JPEG or PNG, and no larger than a model looks at anyway."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.domain.files import HEAD, MEGABYTE, Conversion, sniff
from bot.tools import ConversionError, Tools
from integrations.openai.payloads import Image

_AS_IT_IS = frozenset({"image/jpeg", "image/png"})
_SOME_SERVERS = frozenset({"image/webp"})  # OpenAI's takes it, llama.cpp's does not
_HEIC = frozenset({"image/heic", "image/avif"})
_LIGHT = 1 * MEGABYTE
_HEAVIEST = 5 * MEGABYTE  # of a picture that nothing here makes smaller: what WhatsApp takes at the most
_WITHIN_SECONDS = 15.0


async def picture_of(content: bytes, tools: Tools) -> Image | None:
    """None where a model could not see it. Of a video it is the first picture."""
    kind = sniff(content[:HEAD]) or ""
    if kind in _AS_IT_IS and len(content) <= _LIGHT:
        return Image(kind, content)
    conversion = Conversion.HEIC if kind in _HEIC else Conversion.SIGHT
    if kind.startswith(("image/", "video/")) and conversion in tools.able:
        try:
            async with asyncio.timeout(_WITHIN_SECONDS):
                return await _made_fit(content, conversion, tools)
        except (ConversionError, TimeoutError):
            return None
    is_taken = kind in _AS_IT_IS or (kind in _SOME_SERVERS and not _is_moving(content))
    return Image(kind, content) if is_taken and len(content) <= _HEAVIEST else None


async def _made_fit(content: bytes, conversion: Conversion, tools: Tools) -> Image:
    with tempfile.TemporaryDirectory(prefix="switchboard-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "picture.jpg"
        await asyncio.to_thread(source.write_bytes, content)
        await tools.convert(conversion, source, target)
        made = await asyncio.to_thread(target.read_bytes)
    if len(made) > _HEAVIEST:
        raise ConversionError("it stays too large")
    return Image("image/jpeg", made)


def _is_moving(content: bytes) -> bool:
    """Source: WebP container specification, the animation's chunk."""
    return b"ANIM" in content[:64]
