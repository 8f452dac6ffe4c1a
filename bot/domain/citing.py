"""Which of the pages that the AI looked up its answer plainly has its words from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.domain.knowledge import Citation, LookedUp, Passage

_FEWEST_WORDS = 3  # in common; fewer any two texts of one business share
_SHORTEST_WORD = 4  # letters; what is shorter joins sentences together
_WORD = re.compile(r"\w+")


def sources_of(answer: str, searches: Iterable[LookedUp]) -> tuple[Citation, ...]:
    """Each place once, in the order in which it was found.

    Where the answer shares clearly more words with some passages, only those: it says what was looked up, and proves
    nothing. An answer in another language than the pages may share none with any; then all of them are named.
    """
    passages = [passage for each in searches for passage in each.found]
    return tuple(dict.fromkeys(Citation(each.source, each.title) for each in _told_from(answer, passages)))


def _told_from(answer: str, passages: Sequence[Passage]) -> Sequence[Passage]:
    said = _words(answer)
    shared = [len(said & _words(f"{each.title} {each.body}")) for each in passages]
    most = max(shared, default=0)
    if most < _FEWEST_WORDS:
        return passages
    return [each for each, common in zip(passages, shared, strict=True) if 2 * common >= most]


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word for word in _WORD.findall(text.casefold()) if len(word) >= _SHORTEST_WORD or any(map(str.isdigit, word))
    )
