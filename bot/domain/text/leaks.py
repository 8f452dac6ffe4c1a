"""Whether an answer repeats what it was written by: a long stretch of the instructions, in whatever disguise.

Letters are compared, not words, so that it is the same in every language. A translation or a summary is not found.
"""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache

from bot.domain.text.lookalikes import drawn, without_unseen

_RUN = 24  # letters in a row that are no coincidence
_FRAME_LIMIT = 60  # nothing in our own instructions is meant for customers
# A business's prompt holds facts that customers should read, so it takes more to be a quotation of it.
_PROMPT_LIMIT = 240
_SHORT_PROMPT_LIMIT, _SHORT_PROMPT_SHARE = 100, 0.6

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[\s:]?){40,}")


class Instructions:
    """What an answer was written by, and must not repeat. `frame` is ours, `prompt` the business's."""

    def __init__(self, frame: str, prompt: str) -> None:
        self._frame, letters = _runs_of(frame), _letters(prompt)
        self._prompt = _runs(letters)
        self._prompt_limit = min(_PROMPT_LIMIT, max(_SHORT_PROMPT_LIMIT, _SHORT_PROMPT_SHARE * len(letters)))

    def are_quoted(self, text: str, earlier: str = "") -> bool:
        """`earlier`: what was answered before, because instructions can be asked for slice by slice."""
        told = _shared(_letters(earlier), self._frame)
        return any(self._are_in(view, told) for view in _views(text))

    def _are_in(self, letters: str, told: int) -> bool:
        ours = _shared(letters, self._frame)
        return (ours > 0 and ours + told >= _FRAME_LIMIT) or _shared(letters, self._prompt) >= self._prompt_limit


def _views(text: str) -> Iterator[str]:
    """What a reader could make of it: as it is, backwards, each letter moved by thirteen, decoded."""
    letters = _letters(text)
    yield letters
    yield letters[::-1]
    yield codecs.encode(letters, "rot13")
    for each in _decoded(text):
        yield _letters(each)


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(re.sub(r"(?<=\S)\n(?=\S)", "", text)):
        coded = match[0].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            yield b64decode(coded + "=" * (-len(coded) % 4)).decode(errors="replace")
        except binascii.Error:
            continue
    for match in _HEX.finditer(text):
        yield bytes.fromhex(re.sub(r"[\s:]", "", match[0])).decode(errors="replace")


def _letters(text: str) -> str:
    """Letters and digits alone. A letter of a script that needs few of them to say much counts for three."""
    plain, _ = drawn(without_unseen(text))
    return "".join(
        each * 3 if unicodedata.east_asian_width(each) == "W" else each for each in plain.casefold() if each.isalnum()
    )


@lru_cache(maxsize=4)
def _runs_of(frame: str) -> frozenset[str]:
    """It is the same for every answer of every inbox."""
    return _runs(_letters(frame))


def _runs(letters: str) -> frozenset[str]:
    return frozenset(letters[start : start + _RUN] for start in range(len(letters) - _RUN + 1))


def _shared(letters: str, runs: frozenset[str]) -> int:
    """How many of the letters stand in one of the runs."""
    shared, counted_to = 0, 0
    for start in range(len(letters) - _RUN + 1):
        if letters[start : start + _RUN] in runs:
            shared += start + _RUN - max(start, counted_to)
            counted_to = start + _RUN
    return shared
