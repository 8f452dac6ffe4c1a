"""Finding passages by their words: in the grammar of each language that pages are in, rare words weighing most."""

from __future__ import annotations

from typing import Any

from bot.domain.knowledge import Passage
from bot.domain.knowledge_words import fold, words
from storage.database import connection
from storage.knowledge import vocabulary

AS_MANY = 5  # as many as the labelled questions are measured by
_QUERY_WORDS = 32
# Each word of the query is looked for by itself, in all its forms and in each language's own way. A passage's score is
# the sum over its words, each by how rare it is in this inbox's pages; one that is no word at all in another of the
# languages ("die", "la") says little in any. The weights are those of D, C, B, A: nothing, where a page stands, what is
# said, and the heading it is said under. Ids settle ties: the same question finds the same.
_SEARCH = """
WITH form AS (SELECT * FROM unnest($2::int[], $3::text[]) AS each(n, word)),
spoken AS (SELECT language, sum(passages) AS passages FROM knowledge_page WHERE inbox_id = $1 GROUP BY language),
parsed AS (
    SELECT n, language, plainto_tsquery(language::regconfig, word) AS query FROM form CROSS JOIN spoken
),
wanted AS MATERIALIZED (
    SELECT n, language, string_agg(query::text, ' | ')::tsquery AS query
    FROM parsed WHERE numnode(query) > 0 GROUP BY n, language
),
hit AS MATERIALIZED (
    SELECT id, n, ts_rank('{0, 0.15, 0.5, 1}', search, query, 1) AS rate
    FROM wanted JOIN knowledge ON inbox_id = $1 AND knowledge.language = wanted.language AND search @@ query
),
worth AS (
    SELECT n, ln(1 + (greatest((SELECT sum(passages) FROM spoken) - count(*), 0) + 0.5) / (count(*) + 0.5))
              * CASE WHEN n IN (SELECT n FROM parsed WHERE numnode(query) = 0) THEN 0.2 ELSE 1 END AS worth
    FROM hit GROUP BY n
),
best AS (
    SELECT id, sum(rate * worth) AS score FROM hit JOIN worth USING (n)
    GROUP BY id ORDER BY score DESC, id LIMIT $4
)
SELECT id, source, title, body FROM best JOIN knowledge USING (id) ORDER BY score DESC, id
"""


async def search(inbox_id: int, query: str, limit: int = AS_MANY) -> list[Passage]:
    """The passages that hold any of the query's words, best first."""
    return [Passage(row["source"], row["title"], row["body"]) for row in await _found(inbox_id, query, limit)]


async def _found(inbox_id: int, query: str, limit: int) -> list[dict[str, Any]]:
    typed = list(dict.fromkeys(words(query)))[:_QUERY_WORDS]
    meant = await vocabulary.meant(inbox_id, typed)
    forms = [(n, form) for n, word in enumerate(typed) for form in sorted({word, fold(word), *meant[word]})]
    return await connection().execute_query_dict(
        _SEARCH, [inbox_id, [n for n, _ in forms], [form for _, form in forms], limit]
    )
