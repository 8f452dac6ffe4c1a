"""Finding people and words: by what is left of a name, by number, tag and what was said, fast however many there are.

Names are found by an index of their beginnings and of slips of the finger. Words are looked for in the newest messages
only, and numbers by their last digits only where there is no whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.desk import EscalationView
from bot.domain.people import AddressKind, Customer
from bot.domain.text.names import Nearness, nearness, slips, words_of
from storage import customers, escalations
from storage.database import Row, fetch

NEWEST = 50_000  # messages in which words are looked for, those of all inboxes together
_CANDIDATES = 300
_WORTH_SAYING = 0.55
_LAST_RESORT = 200  # customers, the newest, whom a guess with several slips is compared to
_KNOWN = "c.inbox_id = ANY($1::int[]) AND c.merged_into IS NULL"
_NAMED = "SELECT id, name, username FROM customer WHERE inbox_id = ANY($1::int[]) AND merged_into IS NULL"

_SAID = """
SELECT v.customer_id, m.text, m.said_at FROM (
  SELECT id, conversation_id, text, said_at FROM message
  WHERE id > (SELECT max(id) FROM message) - $4::bigint AND inbox_id = ANY($1::int[]) AND text ILIKE $2
  ORDER BY id DESC LIMIT $3
) AS m JOIN conversation v ON v.id = m.conversation_id ORDER BY m.id DESC
"""


_ABOUT = """
SELECT id FROM (
  SELECT e.id FROM escalation e JOIN conversation v ON v.id = e.conversation_id
  WHERE e.inbox_id = ANY($1::int[]) AND v.customer_id = ANY($2::bigint[])
  UNION
  SELECT id FROM escalation
  WHERE id > (SELECT max(id) FROM escalation) - $5::bigint AND inbox_id = ANY($1::int[])
    AND (reason ILIKE $3 OR summary ILIKE $3)
) AS found ORDER BY id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer, and how near they come to what was typed."""

    customer: Customer
    nearness: Nearness


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of a conversation in which what was looked for occurs."""

    customer: Customer
    text: str
    at: datetime


async def by_number(inbox_ids: Sequence[int], spellings: Sequence[str]) -> list[Customer]:
    return await customers.find(list(inbox_ids), AddressKind.WA_ID, spellings)


async def by_last_digits(inbox_ids: Sequence[int], digits: str, limit: int) -> list[Customer]:
    return await customers.shown(f"{_KNOWN} AND c.phone LIKE '%' || $2::text", [list(inbox_ids), digits], limit)


async def by_name(inbox_ids: Sequence[int], typed: str, limit: int) -> list[Match]:
    """The nearest first: whose words these are, then whose words begin so, then whose are like them."""
    words = words_of(typed)
    if not words:
        return []
    begun = f"{_NAMED} AND sought @> $2::text[] ORDER BY id DESC LIMIT $3"
    found = _ranked(words, await fetch(begun, list(inbox_ids), words, _CANDIDATES))
    if not found:
        near = " AND ".join(f"sought && ${number}::text[]" for number in range(3, len(words) + 3))
        rows = await fetch(
            f"{_NAMED} AND {near} ORDER BY id DESC LIMIT $2", list(inbox_ids), _CANDIDATES, *map(slips, words)
        )
        found = _ranked(words, rows)
    return await _matches(found[:limit])


async def nearest(inbox_ids: Sequence[int], typed: str, limit: int) -> list[Customer]:
    """Who may have been meant, where nobody was found."""
    words = words_of(typed)
    any_slip = sorted({slip for word in words for slip in slips(word)})
    rows = [
        *await fetch(
            f"{_NAMED} AND sought && $2::text[] ORDER BY id DESC LIMIT $3", list(inbox_ids), any_slip, _CANDIDATES
        ),
        *await fetch(f"{_NAMED} ORDER BY id DESC LIMIT $2", list(inbox_ids), _LAST_RESORT),
    ]
    far = sorted(((nearness(words, row["name"], row["username"])[1], row["id"]) for row in rows), reverse=True)
    ids = dict.fromkeys(ident for share, ident in far if share >= _WORTH_SAYING)
    return await _load(list(ids)[:limit])


async def by_tag(inbox_ids: Sequence[int], tag: str, limit: int) -> list[Customer]:
    where = f"{_KNOWN} AND c.tags IS NOT NULL AND EXISTS ("
    where += "SELECT 1 FROM jsonb_array_elements_text(c.tags) AS t WHERE lower(t) = lower($2))"
    return await customers.shown(where, [list(inbox_ids), tag], limit)


async def escalations_about(
    inbox_ids: Sequence[int], customer_ids: Sequence[int], typed: str, limit: int
) -> list[EscalationView]:
    """Those of these customers, and those whose reason or summary says this; the newest first."""
    rows = await fetch(_ABOUT, list(inbox_ids), list(customer_ids), containing(typed), limit, NEWEST)
    return await escalations.views([row["id"] for row in rows])


async def by_words(inbox_ids: Sequence[int], typed: str, limit: int) -> list[Heard]:
    """Who said or was told this lately, each once, with the newest words in which it occurs."""
    rows = await fetch(_SAID, list(inbox_ids), containing(typed), limit * 10, NEWEST)
    newest = dict[int, tuple[str, datetime]]()
    for row in rows:
        newest.setdefault(row["customer_id"], (row["text"], row["said_at"]))
    known = await _load(list(newest)[:limit])
    return [Heard(each, *newest[each.id]) for each in known if each.id in newest]


def containing(typed: str) -> str:
    """The pattern of ILIKE for these words anywhere."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", typed.strip()) + "%"


def _ranked(words: Sequence[str], rows: Iterable[Row]) -> list[tuple[Nearness, float, int]]:
    near = [(*nearness(words, row["name"], row["username"]), row["id"]) for row in rows]
    return sorted((each for each in near if each[0] is not Nearness.FAR), reverse=True)


async def _matches(found: Sequence[tuple[Nearness, float, int]]) -> list[Match]:
    known = {each.id: each for each in await _load([ident for _, _, ident in found])}
    return [Match(known[ident], near) for near, _, ident in found if ident in known]


async def _load(ids: Sequence[int]) -> list[Customer]:
    """These customers in this order."""
    known = {each.id: each for each in await customers.shown("c.id = ANY($1::bigint[])", [list(ids)], len(ids) or 1)}
    return [known[each] for each in ids if each in known]
