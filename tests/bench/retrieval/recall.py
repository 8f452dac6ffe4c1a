"""How often the passage that answers a question is among the first five found."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.knowledge import Passage

SHOP = Path(__file__).parent / "shop"
AMONG = 5

Find = Callable[[str], Awaitable[Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class Question:
    """`answers`: any of these passages will do, each known by its page and by words that only it holds."""

    kind: str
    language: str
    text: str
    answers: tuple[tuple[str, str], ...]

    def is_answered_by(self, passage: Passage) -> bool:
        said = f"{passage.title}\n{passage.body}"
        return any(
            passage.source == page and " ".join(words.split()) in " ".join(said.split()) for page, words in self.answers
        )


@dataclass(frozen=True, slots=True)
class Recall:
    """Of `asked` questions `found` were answered among the first five; `first` counts those answered by the first."""

    asked: int
    found: int
    first: int
    missed: tuple[Question, ...] = ()

    @property
    def share(self) -> float:
        return self.found / self.asked

    def __str__(self) -> str:
        return f"{self.share:.3f} ({self.found} of {self.asked}; first {self.first / self.asked:.2f})"


def questions() -> list[Question]:
    with (Path(__file__).parent / "questions.csv").open(encoding="utf-8", newline="") as opened:
        return [_question(row) for row in csv.DictReader(opened, delimiter=";")]


async def recall(find: Find) -> tuple[Recall, Mapping[str, Recall]]:
    """Over all questions, and over those of each kind."""
    places: dict[Question, int | None] = {}
    for each in questions():
        found = (await find(each.text))[:AMONG]
        places[each] = next((place for place, passage in enumerate(found) if each.is_answered_by(passage)), None)
    kinds: dict[str, dict[Question, int | None]] = defaultdict(dict)
    for question, place in places.items():
        kinds[question.kind][question] = place
    return _recall(places), {kind: _recall(those) for kind, those in kinds.items()}


def _recall(places: Mapping[Question, int | None]) -> Recall:
    missed = tuple(question for question, place in places.items() if place is None)
    first = sum(place == 0 for place in places.values())
    return Recall(len(places), len(places) - len(missed), first, missed)


def _question(row: Mapping[str, str]) -> Question:
    answers = tuple((page, words) for page, _, words in (each.partition("#") for each in row["answers"].split(" / ")))
    return Question(row["kind"], row["language"], row["question"], answers)
