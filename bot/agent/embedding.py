"""Asking the embedding model: for passages in batches, with patience, and for a customer's question, without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import metrics
from bot.agent.asking import Asking, Patience, Purpose
from integrations.errors import ErrorClass
from integrations.openai.embeddings import Embedded, Vector
from integrations.openai.errors import ModelUnavailable

PASSAGES_WITHIN, QUESTION_WITHIN = 30.0, 1.5  # seconds
# Some servers take only 512 tokens; the beginning of a passage says what it is about.
_SHORTENED = 500

_ONCE = Patience(attempts=1)


class Embeds(Protocol):
    async def embed(self, name: str, texts: Sequence[str], within: float) -> Embedded: ...


@dataclass(slots=True)
class Embedder:
    """An embedding model. `space` names it and the size of its vectors: only those of one space can be compared."""

    asking: Asking
    model: Embeds
    name: str
    _size: int = field(default=0)

    @property
    def space(self) -> str:
        """Empty until it has answered once."""
        return f"{self.name}/{self._size}" if self._size else ""

    async def settle(self, inbox_id: int) -> None:
        """Learn the size of its vectors; raises `ModelUnavailable`."""
        if not self._size:
            await self._embed(self.asking, inbox_id, ["size"], PASSAGES_WITHIN)

    async def passages(self, inbox_id: int, texts: Sequence[str]) -> Sequence[Vector | None]:
        """What each means; None for one that the model does not take. Raises `ModelUnavailable`."""
        try:
            return await self._embed(self.asking, inbox_id, texts, PASSAGES_WITHIN)
        except ModelUnavailable as error:
            if error.error_class is not ErrorClass.BUG or error.code == "404":
                raise
        return [await self._single(inbox_id, text) for text in texts]

    async def question(self, inbox_id: int, text: str) -> Vector | None:
        """What it means; None where the model does not say so at once: the customer waits."""
        try:
            hurried = replace(self.asking, patience=_ONCE)
            return (await self._embed(hurried, inbox_id, [text], QUESTION_WITHIN))[0]
        except ModelUnavailable:
            return None

    async def _single(self, inbox_id: int, text: str) -> Vector | None:
        for tried in (text, text[:_SHORTENED]):
            try:
                return (await self._embed(self.asking, inbox_id, [tried], PASSAGES_WITHIN))[0]
            except ModelUnavailable as error:
                if error.error_class is not ErrorClass.BUG:
                    raise
        return None

    async def _embed(self, asking: Asking, inbox_id: int, texts: Sequence[str], within: float) -> tuple[Vector, ...]:
        embedded = await asking.call(
            self.name, inbox_id, Purpose.EMBED, lambda: self.model.embed(self.name, texts, within)
        )
        metrics.TOKENS.labels(inbox_id, Purpose.EMBED, "read").inc(max(0, embedded.tokens))
        self._size = len(embedded.vectors[0])
        return embedded.vectors
