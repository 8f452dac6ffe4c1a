"""What models do when they misbehave, on demand: for the next calls, at random by a seed, or until told otherwise."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random

from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.talk import content
from integrations.sandbox.wire import Json, as_objects

_SLOW = 2.0
_SOON, _LATER = 0.2, 30.0  # seconds of `Retry-After`
_WORDS_OF_A_BOOK = 20_000


class Mischief(StrEnum):
    """Its value is how it is called where somebody reads it."""

    SLOW = "is slow"
    FAILS = "fails"
    BUSY = "is busy for a moment"
    QUOTA = "is busy for long"
    HANGS_UP = "hangs up"
    GARBAGE = "answers garbage"
    EMPTY = "says nothing"
    REPEATS = "repeats itself"
    PROMISES = "promises a person"
    UNKNOWN_TOOL = "calls unknown tools"
    GARBAGE_ARGUMENTS = "calls with garbage"
    LOOPS = "looks things up for ever"
    REFUSES = "refuses"
    FILTERED = "is filtered"
    CUT_OFF = "is cut off"
    BOOK = "writes a book"
    THINKS = "thinks aloud"
    NEVER_STOPS_THINKING = "never stops thinking"
    CALLS_IN_WORDS = "writes its calls as words"


_IN_THE_CALL = {
    Mischief.SLOW: Fault(delay=_SLOW),
    Mischief.FAILS: Fault(status=500),
    Mischief.BUSY: Fault(status=429, retry_after=_SOON),
    Mischief.QUOTA: Fault(status=429, retry_after=_LATER),
    Mischief.HANGS_UP: Fault(drop="before"),
    Mischief.GARBAGE: Fault(status=200, body='{"choices": [{"message": {"role": "assi'),
}


_WHATEVER_WAS_MEANT = {
    Mischief.EMPTY: Reply(text=""),
    Mischief.UNKNOWN_TOOL: Reply(tool_calls=(Call("issue_refund", {"euros": 900}),)),
    Mischief.GARBAGE_ARGUMENTS: Reply(tool_calls=(Call("escalate_to_human", raw='{"reason": "Asked'),)),
    Mischief.LOOPS: Reply(tool_calls=(Call("search_knowledge", {"query": "tent"}),)),
    Mischief.REFUSES: Reply(refusal="I'm sorry, I can't help with that."),
    Mischief.CALLS_IN_WORDS: Reply(text='<tool_call>{"name": "escalate_to_human", "arguments": {}}</tool_call>'),
}
_IN_THE_WORDS: dict[Mischief, Callable[[str], Reply]] = {
    Mischief.PROMISES: lambda said: Reply(text=f"{said} A colleague will call you about it today."),
    Mischief.FILTERED: lambda said: Reply(text=said[: len(said) // 2], finish_reason="content_filter"),
    Mischief.CUT_OFF: lambda said: Reply(text=said[: len(said) // 2], finish_reason="length"),
    Mischief.BOOK: lambda said: Reply(text=f"{said} {'word ' * _WORDS_OF_A_BOOK}"),
    Mischief.THINKS: lambda said: Reply(text=f"<think>They want to know.\n</think>\n\n{said}"),
    Mischief.NEVER_STOPS_THINKING: lambda said: Reply(text=f"<think>They may want this: {said}"),
}


@dataclass(slots=True)
class Temper:
    """Who decides how the model behaves. What it was told for the next call; else what lasts; else the dice."""

    lasting: Mischief | None = None
    _next: deque[Mischief] = field(default_factory=deque[Mischief])
    _dice: Random = field(default_factory=Random)
    _chance: float = 0.0
    _kinds: Sequence[Mischief] = tuple(Mischief)

    def misbehave(self, *kinds: Mischief) -> None:
        """One of these for each of the next calls."""
        self._next.extend(kinds)

    def misbehave_at_random(self, chance: float, seed: int, kinds: Sequence[Mischief] = tuple(Mischief)) -> None:
        self._chance, self._dice, self._kinds = chance, Random(seed), kinds  # noqa: S311 - dice

    def __call__(self, _request: Json) -> Mischief | None:
        if self._next:
            return self._next.popleft()
        if self.lasting or self._dice.random() >= self._chance:
            return self.lasting
        return self._dice.choice(self._kinds)


def spoiled_call(kind: Mischief | None) -> Fault | None:
    """What happens to the call as a whole, if this is of that sort."""
    return _IN_THE_CALL.get(kind) if kind else None


def misdeed(kind: Mischief | None, request: Json, meant: Reply) -> Reply:
    """What comes instead of what was meant."""
    if kind and (whatever := _WHATEVER_WAS_MEANT.get(kind)):
        return whatever
    if kind is Mischief.REPEATS:
        return replace(meant, text=said_last(request) or meant.text)
    spoil = _IN_THE_WORDS.get(kind) if kind and meant.text else None
    return spoil(meant.text or "") if spoil else meant


def said_last(request: Json) -> str:
    said = [content(each) for each in as_objects(request.get("messages")) if each.get("role") == "assistant"]
    return next((each for each in reversed(said) if each), "")
