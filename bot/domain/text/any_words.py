"""The words of a text in whatever script it is written, so that two of them can be compared."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.text.languages import fold

# Thai, Lao, Burmese, Khmer, Chinese and Japanese put no spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def any_words(text: str) -> list[str]:
    """Its folded words: letters and digits with the signs that belong to them, such as the vowels of Bengali."""
    # Joiners and directions are within words, or between them, without being seen.
    seen = (char for char in fold(text) if unicodedata.category(char) != "Cf")
    return "".join(char if _is_of_a_word(char) else " " for char in seen).split()


def is_unspaced(text: str) -> bool:
    """Whether its script puts no spaces between words, which then cannot be told apart."""
    return _UNSPACED.search(text) is not None


def _is_of_a_word(char: str) -> bool:
    # Selectors say how an emoji is drawn, and are marks to Unicode.
    return char.isalnum() or (unicodedata.category(char) in ("Mn", "Mc") and not "\ufe00" <= char <= "\ufe0f")
