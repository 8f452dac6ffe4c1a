"""A scenario: what a customer writes, what people do in between, and what the agent must make of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.domain.escalation import Priority

SHIPPED = Path(__file__).parent / "scenarios"


class ScenarioError(Exception):
    """Scenario files that cannot be played; `problems` holds one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)


class Step(_Strict):
    """One thing that happens. Of a customer's words: what the agent must do with them.

    `says` must all be found in the answer, `never` none of it; they are regular expressions, in any case.
    """

    customer: str | None = None
    staff: str | None = None
    returned: bool = False  # staff return the conversation to the bot
    guidance: str = ""
    escalates: bool = False
    reason: Pattern | None = None  # of the escalation: found in its reason or summary
    priority: Priority | None = None
    language: str | None = None
    silent: bool = False  # a person has the conversation
    says: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum((self.customer is not None, self.staff is not None, self.returned)) != 1:
            raise ValueError("a step is one of customer, staff or returned")
        if self.customer is None and (self.escalates or self.silent or self.says or self.never):
            raise ValueError("only what a customer writes can be expected to have consequences")
        if (self.reason or self.priority or self.language) and not self.escalates:
            raise ValueError("reason, priority and language are those of an escalation: add escalates = true")
        if self.escalates and (self.silent or self.says):
            raise ValueError("where people come, the agent says nothing of its own")
        return self


class Scenario(_Strict):
    name: Annotated[str, Field(pattern=r"^[\w-]+$")]
    about: str
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class _File(_Strict):
    scenarios: tuple[Scenario, ...]


def load(places: Iterable[Path]) -> list[Scenario]:
    """All scenarios of these TOML files, and of those in these folders; raises `ScenarioError` with every problem."""
    problems, found = list[str](), list[Scenario]()
    for path in _files(places, problems):
        try:
            found += _File.model_validate(tomllib.loads(path.read_text("utf-8"))).scenarios
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            problems.append(f"{path.name}: {error}")
        except ValidationError as error:
            problems += [f"{path.name}: {_place(each['loc'])}: {each['msg']}" for each in error.errors()]
    names = [each.name for each in found]
    problems += [f"two scenarios are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})]
    if problems or not found:
        raise ScenarioError(problems or ["no scenarios found: give TOML files, or folders that hold some"])
    return found


def _files(places: Iterable[Path], problems: list[str]) -> Iterable[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(place.glob("*.toml"))
        elif place.is_file():
            yield place
        else:
            problems.append(f"{place}: no such file or folder")


def _place(where: tuple[int | str, ...]) -> str:
    """`scenarios.3.steps.1.says` as people count."""
    return " ".join(str(each + 1) if isinstance(each, int) else each for each in where)
