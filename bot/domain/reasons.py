"""Why people were needed, with those reasons told together that mean the same: the AI words each one anew."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.escalation import Trigger

_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5  # letters; enough to tell words apart, and mostly short of what grammar hangs on them
# Words of a desk's every day: that two reasons share them says nothing.
_COMMON_WORDS = (
    "customer customers user client person people human agent staff support team would like wants want wanted asks ask "
    "asked asking asked needs need needed needing requests request requested requesting says said saying please help "
    "with without about for the and her his their they she from into that this has have had was were been being are "
    "not can cannot does did doing speak talk talking because after before when which who whom her him them its"
)
_COMMON = frozenset(_COMMON_WORDS.split())
OTHER = "Other reasons"
NONE_GIVEN = "No reason given"


@dataclass(frozen=True, slots=True)
class Counted:
    """A reason as it was given, and how often."""

    trigger: Trigger
    reason: str
    count: int


@dataclass(slots=True)
class _Group:
    trigger: Trigger
    seed: frozenset[str]
    labels: Counter[str] = field(default_factory=Counter[str])

    @property
    def count(self) -> int:
        return self.labels.total()

    def takes(self, trigger: Trigger, words: frozenset[str]) -> bool:
        return trigger is self.trigger and alike(self.seed, words)


def grouped(reasons: Iterable[Counted], most: int, unseen: int = 0) -> tuple[Counted, ...]:
    """The most frequent kinds of reasons under their most frequent wording; `unseen` are more that were not looked at.

    What is left over comes last, as other reasons.
    """
    groups: list[_Group] = []
    for each in sorted(reasons, key=lambda one: (-one.count, one.reason)):
        words = stems(each.reason)
        group = next((one for one in groups if one.takes(each.trigger, words)), None)
        if group is None:
            groups.append(group := _Group(each.trigger, words))
        group.labels[" ".join(each.reason.split()) or NONE_GIVEN] += each.count
    ranked = sorted(groups, key=lambda one: (-one.count, _label(one)))
    kept = ranked if len(ranked) <= most and not unseen else ranked[: most - 1]
    rest = sum(one.count for one in ranked[len(kept) :]) + unseen
    shown = [Counted(one.trigger, _label(one), one.count) for one in kept]
    return (*shown, Counted(Trigger.SYSTEM, OTHER, rest)) if rest else tuple(shown)


def total(reasons: Sequence[Counted]) -> int:
    return sum(each.count for each in reasons)


def _label(group: _Group) -> str:
    """The most frequent wording; of two, the shorter."""
    return min(group.labels, key=lambda each: (-group.labels[each], len(each), each))


def stems(reason: str) -> frozenset[str]:
    """What its words begin with, by which it is told from others."""
    plain = unicodedata.normalize("NFKD", reason.lower())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    said = _WORD.findall(letters)
    return frozenset(each[:_STEM] for each in said if each not in _COMMON) or frozenset(said)


def alike(seed: frozenset[str], words: frozenset[str]) -> bool:
    """Half of all their words in common, or one says nothing that the other does not."""
    if not seed or not words:
        return seed == words
    shared = len(seed & words)
    within = shared == min(len(seed), len(words)) and shared >= 2
    return within or 2 * shared > len(seed | words) or seed == words
