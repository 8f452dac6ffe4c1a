"""How much a model reads, reckoned without its tokenizer."""

from __future__ import annotations

LETTERS = 4  # of English to a token, as OpenAI's own rule of thumb has it
_OTHERS = 1.5  # accented letters and other scripts: between one and two, whatever the model


def tokens(text: str) -> int:
    """Rather too many than too few: a prompt that is too long is refused as a whole."""
    plain = sum(letter.isascii() for letter in text)
    return -(-plain // LETTERS) + int((len(text) - plain) / _OTHERS + 0.5)
