"""What a reader sees as one character, so that no cut ever falls inside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_ZWJ = "\u200d"


def clusters(text: str) -> Iterator[str]:
    """The text as user-perceived characters; joined together they are the text again.

    Follows the parts of Unicode Annex 29 that chats need: marks, emoji sequences, flags, CR LF and Korean syllables.
    """
    start = 0
    for index in range(1, len(text)):
        if not _joins(text, start, index):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def utf16_units(text: str) -> int:
    """Length as JavaScript and Java count it: an emoji beyond the first plane counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def _joins(text: str, start: int, index: int) -> bool:
    before, char = text[index - 1], text[index]
    if before == "\r":
        return char == "\n"
    if _extends(char):
        return before != "\n"
    if _is_flag_letter(before) and _is_flag_letter(char):
        return (index - start) % 2 == 1
    if before == _ZWJ:
        return unicodedata.category(char) == "So"
    return _joins_syllable(before, char)


def _extends(char: str) -> bool:
    """Marks, joiners, variation selectors, skin tones and tag letters belong to what they follow."""
    return (
        char == _ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _joins_syllable(before: str, char: str) -> bool:
    """Conjoining jamo: leading consonants, then vowels, then trailing consonants."""
    leading, vowel = "\u1100" <= before <= "\u115f", "\u1160" <= before <= "\u11a7"
    if leading:
        return "\u1100" <= char <= "\u11a7" or "\uac00" <= char <= "\ud7a3"
    if vowel or "\uac00" <= before <= "\ud7a3":
        return "\u1160" <= char <= "\u11ff"
    return "\u11a8" <= before <= "\u11ff" and "\u11a8" <= char <= "\u11ff"
