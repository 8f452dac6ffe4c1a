"""Names as people half remember them: what of a name is kept to find it by, and how near a guess comes to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import IntEnum

_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart into a plain one and its mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_MOST_WORDS, _LONGEST_WORD = 8, 24  # a name that is a novel is found by its beginning
_SHORTEST_PART = 2
_SLIPS_FROM = 4  # letters; of shorter words a slip makes just any other
_ALIKE = 0.7


class Nearness(IntEnum):
    """How a name answers to what was typed."""

    FAR = 0
    ALIKE = 1  # but for a slip or two
    PART = 2  # each word begins so
    WHOLE = 3  # each word is one of its own


def words_of(text: str) -> list[str]:
    """Its words without case, accents and punctuation."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each)).translate(_PLAIN)
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)[:_MOST_WORDS]]


def keys_of(name: str, username: str | None) -> list[str]:
    """What a customer is found by: each word's beginnings, and each word with any one letter left out."""
    words = {*words_of(name), *words_of(username or "")}
    return sorted({key for word in words for key in (*_beginnings(word), *slips(word))})


def slips(word: str) -> list[str]:
    """The word, and what is left of it without one letter: two words with one slip between them share one of these."""
    if len(word) < _SLIPS_FROM:
        return [word]
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def nearness(typed: Sequence[str], name: str, username: str | None) -> tuple[Nearness, float]:
    """How near this person comes to these words, and, among equals, how much of them it is."""
    own = [*words_of(name), *words_of(username or "")]
    if not own or not typed:
        return Nearness.FAR, 0.0
    share = SequenceMatcher(None, " ".join(typed), " ".join(words_of(name) or own)).ratio()
    if all(word in own for word in typed):
        return Nearness.WHOLE, share
    if all(any(each.startswith(word) for each in own) for word in typed):
        return Nearness.PART, share
    best = [max(SequenceMatcher(None, word, each[: len(word) + 2]).ratio() for each in own) for word in typed]
    if min(best) >= _ALIKE:
        return Nearness.ALIKE, sum(best) / len(best)
    return Nearness.FAR, max(share, sum(best) / len(best))


def _beginnings(word: str) -> list[str]:
    return [word[:length] for length in range(min(_SHORTEST_PART, len(word)), len(word) + 1)]
