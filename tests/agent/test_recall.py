"""What customers ask is found: a floor under the recall that `make bench` prints."""

from __future__ import annotations

import pytest

from bot.domain.knowledge import Passage
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL
from integrations.sandbox.server import Sandbox
from storage import knowledge
from tests.bench.retrieval.measure import BY_MEANING, BY_WORDS, in_words, library
from tests.bench.retrieval.recall import questions, recall

_SURE = ("plain", "slip", "no accents")


@pytest.mark.usefixtures("database")
async def test_the_passage_that_answers_is_among_the_first_five():
    async with Sandbox() as sandbox, library(sandbox.openai_base_url, "", EMBEDDING_MODEL) as shop:
        words, kinds = await recall(in_words)
        assert words.share >= BY_WORDS, words.missed
        for kind in _SURE:
            assert kinds[kind].share == 1.0, kinds[kind].missed

        async def by_meaning(query: str) -> list[Passage]:
            return await shop.search(1, query, 5)

        await shop.embed()
        both, kinds_of_both = await recall(by_meaning)
        assert both.share >= BY_MEANING, both.missed
        assert kinds_of_both["other language"].found > kinds["other language"].found


@pytest.mark.usefixtures("database")
async def test_each_label_names_one_passage():
    async with Sandbox() as sandbox, library(sandbox.openai_base_url, "", EMBEDDING_MODEL):
        passages = [passage for page in await knowledge.pages(1) for passage in await knowledge.read(1, page.source)]
    assert len({page.source for page in passages}) >= 12
    for question in questions():
        assert sum(map(question.is_answered_by, passages)) == len(question.answers), question.text
