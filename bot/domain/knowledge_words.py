"""The words of a text as a search wants them: cut in any script, without case and accents, and those near a slip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

SLIPS_FROM, LONGEST_WORD = 4, 24  # letters; of shorter words a slip makes just any other
_TWO_SLIPS_FROM = 8
# Scripts without spaces between words (Thai to Khmer, Kana, Han): pairs of letters find what words would.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SAME = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None, "ı": "i", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def words(text: str) -> list[str]:
    """In order, in small letters, with their accents. Vowel signs are part of a word, which `\\w` denies."""
    lowered = unicodedata.normalize("NFC", text.lower())
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in lowered)
    return [piece for run in kept.split() for piece in _pieces(run)]


def fold(word: str) -> str:
    """Without accents, and one way where people write two: "devolución" and "devolucion" are the same."""
    decomposed = unicodedata.normalize("NFKD", word.translate(_SAME))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_SAME)


def deletions(word: str) -> list[str]:
    """The word, and the word without each of its letters in turn: two that are one slip apart share one of these."""
    return sorted({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def is_slip(typed: str, meant: str) -> bool:
    """Whether the one may be the other mistyped: one slip, in long words two. Two swapped letters are one."""
    if not SLIPS_FROM <= min(len(typed), len(meant)) <= LONGEST_WORD:
        return False
    return _distance(typed, meant) <= (2 if min(len(typed), len(meant)) >= _TWO_SLIPS_FROM else 1)


def _pieces(run: str) -> Iterator[str]:
    for unspaced, group in groupby(run, lambda char: bool(_UNSPACED.match(char))):
        letters = "".join(group)
        if unspaced and len(letters) > 1:
            yield from (letters[at : at + 2] for at in range(len(letters) - 1))
        else:
            yield letters


def _distance(one: str, other: str) -> int:
    """Letters to put in, leave out, change or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
