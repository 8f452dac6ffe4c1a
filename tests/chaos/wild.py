"""A model that misbehaves in every way we know, turn by turn, and what became of each customer it did so to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from integrations.sandbox.mischief import Mischief, said_last
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.talk import content
from integrations.sandbox.wire import Json, as_objects
from tests.chaos.ledger import CUSTOMER_TOKEN, Ledger
from tests.chaos.post import Weather

# Of a hundred turns how many it spoils, and of those how many to the end, however often it is asked again.
_SPOILED, _STUBBORN = 60, 50
# Each stops all turns for a while, so that none of the others would be met: they come as often as in a bad week.
_RARE = frozenset({Mischief.QUOTA, Mischief.FAILS, Mischief.HANGS_UP, Mischief.BUSY})
_RARELY = 0.25
_ANSWER = "{} It weighs two kilograms and a half with its bag."


@dataclass(slots=True)
class WildModel:
    """Its mood and its brain. A case is the newest word of a customer that a turn is about.

    What it says in earnest begins `ai/c3/12`, as the other model's answers do. Only that counts as having read: what
    comes of a misdeed and reaches a phone all the same leaves its case without an answer.
    """

    ledger: Ledger
    dice: Random
    weather: Weather
    count: int = 0
    _moods: dict[str, Mischief | None] = field(default_factory=dict[str, Mischief | None])
    _spent: set[str] = field(default_factory=set[str])
    _met: set[str] = field(default_factory=set[str])

    def mood(self, request: Json) -> Mischief | None:
        tokens = read_in(request)
        if not tokens:
            return None
        case = tokens[-1]
        if case not in self._moods:
            self._moods[case] = self._roll(case)
        kind = self._moods[case]
        if kind is None or case in self._spent:
            return None
        if kind is Mischief.REPEATS and said_last(request) not in self.ledger.answers:
            return None  # what was said last were people's words: there is nothing of its own to repeat
        if kind is Mischief.REPEATS and case in self._met:
            self._stands_by(said_last(request), tokens)
        self._met.add(case)
        if self.dice.random() * 100 >= _STUBBORN:
            self._spent.add(case)
        self.ledger.fault(f"model {kind}", case)
        return kind

    def _stands_by(self, answer: str, tokens: Sequence[str]) -> None:
        """Asked whether it means what it has said before, it does: then that is its answer to this as well."""
        if answer in self.ledger.answers:
            self.ledger.answers[answer] |= frozenset(tokens)

    def _roll(self, case: str) -> Mischief | None:
        if not self.weather.roughness or self.dice.random() * 100 >= _SPOILED:
            return None
        weights = [_RARELY if kind in _RARE else 1.0 for kind in Mischief]
        [kind] = self.dice.choices(list(Mischief), weights)
        self.ledger.cases[case] = kind
        return kind

    def __call__(self, request: Json) -> Reply:
        tokens = read_in(request)
        who = tokens[-1].split("-")[0] if tokens else "c0"
        if self.dice.random() < 0.04:
            return Reply(tool_calls=(Call("escalate_to_human", {"reason": "A person is better at this"}),))
        self.count += 1
        answer = _ANSWER.format(f"ai/{who}/{self.count}")
        self.ledger.answers[answer] = frozenset(tokens)
        self.ledger.note(answer, f"the model has read up to {tokens[-1] if tokens else 'nothing'}")
        return Reply(text=answer)


@dataclass(slots=True)
class Cases:
    """What became of those to whom the model did this."""

    kind: str
    cases: int = 0
    answered: int = 0
    escalated: int = 0
    lost: int = 0
    ai_after_takeover: int = 0


def tally(
    cases: Mapping[str, str], answered: Collection[str], seen: Collection[str], spoken_late: Collection[str]
) -> list[Cases]:
    """`spoken_late` are the customers to whom the AI spoke while somebody had them."""
    rows: dict[str, Cases] = {}
    for token, kind in sorted(cases.items(), key=lambda case: (case[1], case[0])):
        row = rows.setdefault(kind, Cases(kind))
        row.cases += 1
        row.answered += token in answered
        row.escalated += token in seen and token not in answered
        row.lost += token not in answered and token not in seen
        row.ai_after_takeover += token.split("-")[0] in spoken_late
    return list(rows.values())


def read_in(request: Json) -> list[str]:
    said = [content(each) for each in as_objects(request.get("messages")) if each.get("role") == "user"]
    return [token for text in said for token in CUSTOMER_TOKEN.findall(text)]
