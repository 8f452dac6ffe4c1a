"""A small language for saying what a JSON value must look like, and finding out where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from integrations.sandbox.wire import Json

Check = Callable[[Any, str, "Report"], None]


@dataclass(slots=True)
class Report:
    """What was found wrong, with the JSON pointer of where."""

    problems: list[str] = field(default_factory=list[str])

    def add(self, where: str, what: str) -> None:
        self.problems.append(f"[ERROR] {what} [json-pointer:{where}]")


def string(at_most: int, at_least: int = 1) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add(where, "must provide a string")
        elif len(value) < at_least:
            report.add(where, f"must be more than {at_least - 1} characters")
        elif len(value) > at_most:
            report.add(where, f"must be less than {at_most + 1} characters")

    return check


def matching(pattern: str, example: str) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            report.add(where, f"must look like {example}")

    return check


def boolean(value: Any, where: str, report: Report) -> None:
    if not isinstance(value, bool):
        report.add(where, "must provide a boolean")


def number(low: float, high: float) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.add(where, "must provide a number")
        elif not low <= value <= high:
            report.add(where, f"must be between {low:g} and {high:g}")

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if value not in allowed:
            report.add(where, f"must be one of: {', '.join(allowed)}")

    return check


def anything(value: Any, where: str, report: Report) -> None:
    """Accept whatever is there."""


def array(item: Check, at_most: int, at_least: int = 1) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add(where, "must provide an array")
            return
        items = cast("list[Any]", value)
        if len(items) < at_least:
            report.add(where, f"no less than {at_least} items allowed")
        if len(items) > at_most:
            report.add(where, f"no more than {at_most} items allowed")
        for place, each in enumerate(items):
            item(each, f"{where}/{place}", report)

    return check


def one_object(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *extra: Check) -> Check:
    """An object with these keys and no others; `extra` checks look at the whole of it."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(where, "must provide an object")
            return
        thing = cast("Json", value)
        for name in required:
            if name not in thing:
                report.add(where, f"missing required field: {name}")
        for name, part in thing.items():
            if name in known:
                known[name](part, f"{where}/{name}", report)
            else:
                report.add(where, f"invalid additional property: {name}")
        for each in extra:
            each(thing, where, report)

    return check


def by_type(kinds: Mapping[str, Check], allowed: Sequence[str] | None = None) -> Check:
    """An object whose `type` picks the check; `allowed` narrows which types may stand here."""

    def check(value: Any, where: str, report: Report) -> None:
        kind = cast("Json", value).get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            report.add(where, "missing required field: type")
        elif kind not in kinds or (allowed is not None and kind not in allowed):
            report.add(f"{where}/type", f"unsupported type: {kind}")
        else:
            kinds[kind](value, where, report)

    return check


def at_least_one(*names: str) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.add(where, f"must provide one of: {', '.join(names)}")

    return check


def exactly_one(*names: str) -> Check:
    def check(value: Any, where: str, report: Report) -> None:
        if sum(name in value for name in names) != 1:
            report.add(where, f"must provide exactly one of: {', '.join(names)}")

    return check


def unique(things: Sequence[Any], name: str, where: str, report: Report) -> None:
    """No two of these objects may carry the same value under this name."""
    seen: set[str] = set()
    for thing in things:
        value = cast("Json", thing).get(name) if isinstance(thing, dict) else None
        if isinstance(value, str):
            if value in seen:
                report.add(where, f"{name} `{value}` already exists")
            seen.add(value)
