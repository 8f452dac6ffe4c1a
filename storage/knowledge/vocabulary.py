"""The words that an inbox's pages are written in: what a word typed without accents, or mistyped, may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.knowledge_words import LONGEST_WORD, SLIPS_FROM, deletions, fold, is_slip, words
from storage.database import connection, fetch

_BEGINS_FROM = 5  # letters: "devolucion" also finds a page that knows only "devoluciones"
_LONGER_BY = 6

# In order, so that two pages that share words wait for each other and never both at once.
_LEARN = """
INSERT INTO knowledge_word (inbox_id, folded, spelled, near)
SELECT $1, folded, spelled, CASE WHEN length(folded) BETWEEN $4 AND $5
       THEN ARRAY(SELECT DISTINCT left(folded, at - 1) || substr(folded, at + 1)
                  FROM generate_series(1, length(folded)) AS at) || folded
       ELSE '{}' END
FROM unnest($2::text[], $3::text[]) AS each(folded, spelled) ORDER BY folded, spelled
ON CONFLICT DO NOTHING
"""
# A page that is indexed at this moment may share such a word: then it is corrected less well until it changes.
_FORGET = """
DELETE FROM knowledge_word AS word
WHERE inbox_id = $1 AND spelled = ANY($2::text[]) AND NOT EXISTS (
    SELECT 1 FROM (SELECT DISTINCT language FROM knowledge_page WHERE inbox_id = $1) AS spoken
    JOIN knowledge ON knowledge.inbox_id = $1 AND knowledge.language = spoken.language
     AND search @@ plainto_tsquery(spoken.language::regconfig, word.spelled))
"""
_KNOWN = "SELECT folded, spelled FROM knowledge_word WHERE inbox_id = $1 AND folded = ANY($2::text[])"
_NEAR = """
SELECT folded, spelled FROM knowledge_word
WHERE inbox_id = $1 AND (near && $2::text[] OR folded LIKE ANY($3::text[]))
"""


async def learn(inbox_id: int, texts: Iterable[str]) -> None:
    known = _kept(texts)
    await connection().execute_query(
        _LEARN, [inbox_id, [fold(word) for word in known], known, SLIPS_FROM, LONGEST_WORD]
    )


async def forget(inbox_id: int, texts: Iterable[str]) -> None:
    """Those of its words that are on no other page."""
    await connection().execute_query(_FORGET, [inbox_id, _kept(texts)])


async def meant(inbox_id: int, typed: Sequence[str]) -> dict[str, set[str]]:
    """For each typed word how the pages spell it; where they do not know it, the words that it comes near to."""
    folded = {word: fold(word) for word in typed}
    spelled: dict[str, set[str]] = {}
    for row in await fetch(_KNOWN, inbox_id, list(folded.values())):
        spelled.setdefault(row["folded"], set()).add(row["spelled"])
    unknown = {each for each in folded.values() if each not in spelled and len(each) >= SLIPS_FROM and each.isalpha()}
    spelled |= await _nearest(inbox_id, unknown)
    return {word: spelled.get(folded[word], set()) for word in typed}


async def _nearest(inbox_id: int, unknown: set[str]) -> dict[str, set[str]]:
    if not unknown:
        return {}
    slips = [each for word in unknown if len(word) <= LONGEST_WORD for each in deletions(word)]
    beginnings = [f"{word}%" for word in unknown if len(word) >= _BEGINS_FROM]
    near = [(row["folded"], row["spelled"]) for row in await fetch(_NEAR, inbox_id, slips, beginnings)]
    return {
        word: {spelled for folded, spelled in sorted(near, key=_by_length) if _may_mean(word, folded)}
        for word in unknown
    }


def _by_length(word: tuple[str, str]) -> tuple[int, str]:
    return len(word[0]), word[0]


def _may_mean(typed: str, known: str) -> bool:
    begins = len(typed) >= _BEGINS_FROM and known.startswith(typed) and len(known) <= len(typed) + _LONGER_BY
    return begins or is_slip(typed, known)


def _kept(texts: Iterable[str]) -> list[str]:
    """Words as they are spelled. Short ones without an accent lead nowhere that they do not lead by themselves."""
    found = {word for text in texts for word in words(text) if not word.isdecimal() and len(word) <= 2 * LONGEST_WORD}
    return sorted(word for word in found if len(word) >= SLIPS_FROM or fold(word) != word)
