"""What customers asked and the AI could not look up, with those questions told together that mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.reasons import alike, stems

REPORTED_FOR = timedelta(days=30)  # older questions say little about the pages as they are
KEPT_FOR = timedelta(days=90)  # what customers asked for is kept no longer than it is looked at; /forget is sooner


@dataclass(frozen=True, slots=True)
class Missed:
    """A search that found nothing, or after which people were called in. `message_id` is what it was made for."""

    lookup_id: int
    message_id: int
    query: str
    found: int
    handed_over: bool
    at: datetime
    thread_url: str | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Questions that are alike, under the newest wording. `times` counts what customers wrote, not searches."""

    newest: Missed
    times: int = 1
    handed_over: int = 0
    thread_url: str | None = None

    @property
    def found_nothing(self) -> bool:
        return self.newest.found == 0


def grouped(missed: Iterable[Missed]) -> list[Unanswered]:
    """The most frequent first; of those asked as often, the newest."""
    groups: list[tuple[frozenset[str], list[Missed]]] = []
    for each in sorted(missed, key=lambda one: (one.at, one.lookup_id), reverse=True):
        words = stems(each.query)
        # Searches of one turn are for one question, however differently they are worded.
        fit = (one for seed, one in groups if alike(seed, words) or one[-1].message_id == each.message_id)
        if (found := next(fit, None)) is None:
            groups.append((words, [each]))
        else:
            found.append(each)
    told = [_as_one(each) for _, each in groups]
    return sorted(told, key=lambda one: (-one.times, -one.newest.at.timestamp()))


def _as_one(group: list[Missed]) -> Unanswered:
    newest = group[0]
    return Unanswered(
        newest=newest,
        times=len({each.message_id for each in group}),
        handed_over=len({each.message_id for each in group if each.handed_over}),
        thread_url=next((each.thread_url for each in group if each.thread_url), None),
    )
