"""The one way to ask a model: tried again where that helps, left alone where it does not, and always counted."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

import structlog

from bot import metrics
from bot.agent.breaker import Attempt, Breaker, Breakers, State
from integrations.errors import ErrorClass
from integrations.openai.errors import TIMEOUT, ModelUnavailable
from integrations.openai.payloads import ChatMessage, Completion, Tool, Usage

LEFT_ALONE = "left_alone"
_TRIED_AGAIN = frozenset({ErrorClass.TRANSIENT, ErrorClass.THROTTLED})
_OF_THE_SERVER = _TRIED_AGAIN | {ErrorClass.AUTH}
_MILLION = 1_000_000

T = TypeVar("T")

log = structlog.get_logger("switchboard.agent")


class Purpose(StrEnum):
    """What a model is asked for, as the metrics name it."""

    ANSWER = "answer"
    RECAP = "recap"
    DRAFT = "draft"
    BRIEF = "brief"
    TRANSLATE = "translate"
    TRANSCRIBE = "transcribe"
    EMBED = "embed"


class Asks(Protocol):
    """Somebody who can be asked for the next words of a conversation; raises `ModelUnavailable`."""

    async def complete(self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = ()) -> Completion: ...


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever money the bill is in; None where nobody said."""

    prompt: float | None = None
    completion: float | None = None

    def of(self, usage: Usage) -> float:
        read, written = (self.prompt or 0.0) * usage.prompt_tokens, (self.completion or 0.0) * usage.completion_tokens
        return max(0.0, (read + written) / _MILLION)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often one question is put, and how long a customer may wait for a server that asks us to slow down."""

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 15.0
    pause_waited_for: float = 6.0  # of a model that is left alone: people would not come any sooner


@dataclass(frozen=True, slots=True)
class Asking:
    """Everybody's telephone to the models. What it remembers of them is this process's own (see `Breakers`)."""

    model: Asks
    name: str
    breakers: Breakers = field(default_factory=Breakers)
    prices: Prices = Prices()
    patience: Patience = Patience()

    def on_behalf_of(self, inbox_id: int, purpose: Purpose) -> Asks:
        """The chat model, with the bill for this inbox and this purpose."""
        return _Line(self, inbox_id, purpose)

    async def call(self, model: str, inbox_id: int, purpose: Purpose, once: Callable[[], Awaitable[T]]) -> T:
        """Any call to a model of this name (a transcription, an embedding); raises `ModelUnavailable`."""
        for tried in range(1, self.patience.attempts):
            try:
                return await self._once(model, inbox_id, purpose, once)
            except ModelUnavailable as error:
                wait = self._wait_before_next(error, tried)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
        return await self._once(model, inbox_id, purpose, once)

    async def _once(self, model: str, inbox_id: int, purpose: Purpose, once: Callable[[], Awaitable[T]]) -> T:
        """One attempt. One that was broken off (by the turn's end, by a stop) is no proof against the server."""
        breaker, begun, outcome = self.breakers.of(model), time.perf_counter(), "failed"
        attempt = breaker.admit()
        if attempt is None:
            metrics.MODEL_TOOK.labels(inbox_id, purpose, "not_asked").observe(0)
            raise _left_alone(breaker)
        try:
            result = await once()
            outcome = "completed"
            self._worked(model, breaker)
            return result
        except ModelUnavailable as error:
            metrics.count_failure(error)
            self._heed(model, breaker, attempt, error)
            raise
        finally:
            breaker.left(attempt)
            metrics.MODEL_TOOK.labels(inbox_id, purpose, outcome).observe(time.perf_counter() - begun)

    def _wait_before_next(self, error: ModelUnavailable, tried: int) -> float | None:
        """Seconds until the same question may be put again; None where that is pointless or takes too long."""
        if error.error_class not in _TRIED_AGAIN or (error.code == TIMEOUT and tried > 1):
            return None  # two calls in vain took a minute: a third would take all that the turn has
        if error.code == LEFT_ALONE:  # without a pause somebody is asking for all at this moment
            left = error.retry_after or self.patience.first_wait
            return left if left <= self.patience.pause_waited_for else None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.patience.longest_wait else None
        return self.patience.first_wait * 2 ** (tried - 1) * random.uniform(0.75, 1.0)  # noqa: S311 - spreads replicas

    def _worked(self, model: str, breaker: Breaker) -> None:
        if breaker.state is not State.CLOSED:
            log.info("model.works_again", model=model)
        breaker.worked()

    def _heed(self, model: str, breaker: Breaker, attempt: Attempt, error: ModelUnavailable) -> None:
        if error.error_class not in _OF_THE_SERVER:
            return
        if error.retry_after is not None and error.retry_after > self.patience.longest_wait:
            breaker.told_to_wait(error.retry_after, error.reason)
        else:
            breaker.failed(attempt, error.reason)
        if breaker.state is State.OPEN:
            log.warning("model.left_alone", model=model, seconds=round(breaker.wait, 1), error=error.code)


@dataclass(frozen=True, slots=True)
class _Line:
    asking: Asking
    inbox_id: int
    purpose: Purpose

    async def complete(self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = ()) -> Completion:
        asking = self.asking
        completion = await asking.call(
            asking.name, self.inbox_id, self.purpose, lambda: asking.model.complete(messages, tools)
        )
        if completion.usage:
            self._count(completion.usage)
        return completion

    def _count(self, usage: Usage) -> None:
        labels = (self.inbox_id, self.purpose)
        metrics.TOKENS.labels(*labels, "read").inc(max(0, usage.prompt_tokens))
        metrics.TOKENS.labels(*labels, "written").inc(max(0, usage.completion_tokens))
        if cost := self.asking.prices.of(usage):
            metrics.COST.labels(*labels).inc(cost)


def _left_alone(breaker: Breaker) -> ModelUnavailable:
    reason = f"The AI model has failed again and again and is being left alone for a while. Last: {breaker.why}"
    return ModelUnavailable(ErrorClass.TRANSIENT, LEFT_ALONE, reason, retry_after=breaker.wait)
