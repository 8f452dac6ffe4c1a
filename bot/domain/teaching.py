"""Answers that staff add to what the AI may look up, and what in them is about one customer alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Customer

LONGEST_QUESTION, LONGEST_ANSWER = 500, 3_000
_SHORTEST_NAME = 3  # letters; shorter ones are words of some language
_NUMBER_ENDS = 7  # digits by which a number is known, however its beginning is written

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"[+(]?\d[\d\s().\-/]{5,}\d")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15  # of a number somebody can be called at; ITU-T E.164 has no longer ones
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_ORDER = re.compile(
    r"(?:#|№)\s?\d{3,}"  # #1042
    r"|\b(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){3})[A-Z0-9][A-Z0-9-]{3,}[A-Z0-9]\b"  # AB-10422
    r"|\b\d{6,}\b"
    r"|\b(?:order|pedido|orden|commande|bestellung|oda)\W{0,3}(?:n[.ºo°]{1,2}\W?)?\d{3,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the AI is to be told. `message_id` is the staff answer it was made from, in that conversation."""

    inbox_id: int
    question: str
    answer: str
    message_id: int | None = None
    conversation_id: int = 0

    @property
    def trouble(self) -> str:
        """What keeps it from being learnt; empty when nothing does."""
        return "" if self.question.strip() and self.answer.strip() else "It takes a question and an answer."


@dataclass(frozen=True, slots=True)
class TaughtAnswer:
    """One that was added, by whom and when."""

    id: int
    inbox_id: int
    question: str
    answer: str
    staff_id: str
    at: datetime
    message_id: int | None = None


def personal_in(text: str, about: Customer | None, colleague: str = "") -> tuple[str, ...]:
    """What seems to be about one conversation, as it stands there: knowledge is told to everybody who asks.

    `colleague` is who had it; the AI should not sign with their name either.
    """
    named = [*_of_customer(text, about), *_named(text, colleague)]
    found = list(dict.fromkeys([*named, *_of_anybody(text)]))
    return tuple(each for each in found if not any(each in other for other in found if other != each))


def _of_customer(text: str, about: Customer | None) -> Iterator[str]:
    if about is None:
        return
    yield from _named(text, about.name)
    if about.username and (found := _word(about.username, text)):
        yield found
    ending = (about.phone or "")[-_NUMBER_ENDS:]
    if len(ending) == _NUMBER_ENDS and (found := re.search(r"\W{0,3}".join(ending), text)):
        yield found[0]


def _named(text: str, name: str) -> Iterator[str]:
    for each in re.findall(r"[^\W\d_]+", name):
        if len(each) >= _SHORTEST_NAME and (found := _word(each, text)):
            yield found


def _word(word: str, text: str) -> str:
    found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    return found[0] if found else ""


def _of_anybody(text: str) -> Iterator[str]:
    yield from _EMAIL.findall(text)
    dateless = _DATE.sub(" ", text)
    numbers = [each.strip() for each in _PHONE.findall(dateless)]
    yield from (each for each in numbers if _FEWEST_DIGITS <= sum(map(str.isdigit, each)) <= _MOST_DIGITS)
    yield from _ORDER.findall(dateless)
