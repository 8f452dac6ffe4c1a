"""What a staff reply becomes in WhatsApp: each file a message, the words with the first or after them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.files import CAPTION_LIMIT, CAPTIONED, FileKind
from bot.domain.text.split import split_for_whatsapp

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """One message: `file` is the place of the file it carries among those of the reply."""

    text: str
    kind: str = TEXT
    file: int | None = None


def parts_of(text: str, files: Sequence[FileKind]) -> list[Part]:
    """In the order in which they leave; never empty."""
    is_caption = bool(files) and is_caption_for(files[0], text)
    carried = [Part(text if is_caption and place == 0 else "", kind, place) for place, kind in enumerate(files)]
    words = [] if is_caption or (files and not text.strip()) else split_for_whatsapp(text)
    return [*carried, *(Part(each) for each in words)]


def is_caption_for(kind: FileKind | str, text: str) -> bool:
    """Whether these words can stand under such a file. WhatsApp does not say in which unit it counts: the smaller."""
    return kind in CAPTIONED and bool(text.strip()) and len(text.encode("utf-16-le")) // 2 <= CAPTION_LIMIT
