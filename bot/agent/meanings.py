"""Passages by what they mean: each is shown to the embedding model once, in the background, and found by its answer."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from bot.agent.embedding import Embedder
from bot.domain.knowledge import Passage
from integrations.openai.errors import ModelUnavailable
from storage.database import transaction
from storage.knowledge import meanings
from storage.knowledge.meanings import NoMeaningsError

_BATCH = 64  # passages of at most 1,500 letters: far below what servers take at once
# Unrelated texts rarely come so near with OpenAI's present models; with those that rate all texts alike, ranks decide.
_LEAST_LIKENESS = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 15.0, 600.0

log = structlog.get_logger("switchboard.knowledge")


@dataclass(slots=True)
class Meanings:
    """What this process knows of them. `trouble` says why there are none, or no more, just now."""

    embedder: Embedder
    trouble: str = ""
    progress: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    _has_place: bool = False
    _refused: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _settled: set[int] = field(default_factory=set[int])
    _pause: float = 0.0

    async def near(self, inbox_id: int, query: str, limit: int) -> list[Passage]:
        """The passages that mean nearly the same; none while the model is silent."""
        if not self._has_place or not query.strip():
            return []
        meaning = await self.embedder.question(inbox_id, query)
        if meaning is None:
            return []
        return await meanings.nearest(inbox_id, self.embedder.space, meaning, _LEAST_LIKENESS, limit)

    async def catch_up(self, inbox_id: int) -> float:
        """Have every passage of the inbox read that was not yet. Seconds until that may be worth trying again."""
        try:
            await self._prepare()
            await self.embedder.settle(inbox_id)
            while await self._batch(inbox_id):
                await self._count(inbox_id)
            await self._settle(inbox_id)
            await self._count(inbox_id)
        except NoMeaningsError as error:
            self._has_trouble(str(error))
            return _LONGEST_PAUSE
        except ModelUnavailable as error:
            self._has_trouble(error.reason)
            self._pause = min(max(_FIRST_PAUSE, 2 * self._pause), _LONGEST_PAUSE)
            return self._pause
        self.trouble, self._pause = "", 0.0
        return 0.0

    async def _prepare(self) -> None:
        if not self._has_place:
            await meanings.prepare()
            self._has_place = True

    async def _batch(self, inbox_id: int) -> bool:
        """The lock is held while the model reads: nothing else waits for it, and no replica pays for the same again."""
        space, refused = self.embedder.space, self._refused.setdefault(inbox_id, set())
        async with transaction():
            if not await meanings.is_ours(inbox_id):
                return False
            unread = await meanings.missing(inbox_id, space, refused, _BATCH)
            if not unread:
                return False
            vectors = await self.embedder.passages(inbox_id, [each.text for each in unread])
            read = {each.id: vector for each, vector in zip(unread, vectors, strict=True) if vector}
            await meanings.keep(inbox_id, space, read)
        refused |= {each.id for each in unread} - read.keys()
        return True

    async def _settle(self, inbox_id: int) -> None:
        """Once all are read, what another model made of them goes; a replica that asks that one keeps to words."""
        kept, passages = await meanings.kept(inbox_id, self.embedder.space)
        if inbox_id not in self._settled and kept >= passages:
            await meanings.forget_others(inbox_id, self.embedder.space)
            self._settled.add(inbox_id)

    async def _count(self, inbox_id: int) -> None:
        before = self.progress.get(inbox_id)
        self.progress[inbox_id] = now = await meanings.kept(inbox_id, self.embedder.space)
        if now != before:
            log.info("knowledge.embedded", inbox=inbox_id, passages=now[0], of=now[1], model=self.embedder.name)

    def _has_trouble(self, why: str) -> None:
        if why != self.trouble:
            log.warning("knowledge.not_embedded", why=why, advice="passages are found by their words until then")
        self.trouble = why
