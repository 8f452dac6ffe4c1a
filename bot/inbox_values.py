"""The values that switchboard.toml may hold, each as a person writes it; ValueError says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, PlainValidator, ValidationInfo

from bot.agent.prompt import PromptUnreadableError, load_prompt
from bot.domain.escalate_on import KeywordRule, Rule, TopicRule, can_be_found
from bot.domain.escalation import Priority
from bot.domain.hours import Span
from bot.domain.reminders import Step, Tell, usual_ladder

Spans = tuple[Span, ...]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _word(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _id(begins: str, what: str, value: str) -> str:
    if not re.fullmatch(f"[{begins}][A-Z0-9]+", value):
        raise ValueError(f"{value!r} is no {what}; it is the id that begins with {' or '.join(begins)}")
    return value


def _digits(value: str) -> str:
    if not value.isascii() or not value.isdigit():
        raise ValueError(f"{value!r} is no id of WhatsApp's: they are digits, and not the phone number itself")
    return value


def _duration(value: object) -> timedelta:
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{value!r} is no duration; write it like "90s", "5m", "2h" or "1d"')
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def _short(value: object) -> timedelta:
    duration = _duration(value)
    if duration > timedelta(minutes=1):
        raise ValueError(f"{value!r} is too long: a minute is the most")
    return duration


def _duration_or_never(value: object) -> timedelta | None:
    if value == "never":
        return None
    if (duration := _duration(value)) <= timedelta(0):
        raise ValueError(f'{value!r} is too short; "never" switches it off')
    return duration


def _ladder(value: object) -> tuple[Step, ...]:
    """`["5m", "15m"]`, or steps that say who is told: `[{ after = "5m", tell = ["leads"] }]`."""
    if not isinstance(value, list):
        raise ValueError(f'{value!r} is no ladder; write ["5m", "15m"] or [{{ after = "5m", tell = ["channel"] }}]')
    written = cast("list[object]", value)
    if all(isinstance(each, str) for each in written):
        steps = usual_ladder([_duration(each) for each in written])
    else:
        steps = tuple(_step(each) for each in written)
    when = [each.after for each in steps]
    if any(each <= timedelta(0) for each in when) or when != sorted(set(when)):
        raise ValueError("each step must be later than the one before it")
    return steps


def _waiting_ladder(value: object) -> tuple[Step, ...]:
    """Where it does not say who is told, it is the thread, in which whoever has the conversation reads along."""
    steps = _ladder(value)
    plain = all(isinstance(each, str) for each in cast("list[object]", value))
    return tuple(Step(each.after) for each in steps) if plain else steps


def _step(value: object) -> Step:
    table = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    told = table.get("tell", [])
    if not {"after"} <= table.keys() <= {"after", "tell"} or not isinstance(told, list):
        raise ValueError(f'{value!r} is no step; write {{ after = "30m", tell = ["channel", "on_call"] }}')
    names = cast("list[object]", told)
    if wrong := [each for each in names if each not in tuple(Tell)]:
        raise ValueError(f"nobody is called {wrong[0]!r}; there are {', '.join(Tell)}")
    return Step(_duration(table["after"]), frozenset({Tell.THREAD, *(Tell(str(each)) for each in names)}))


def _escalate_on(value: object) -> tuple[Rule, ...]:
    """Tables with words or with a topic, and with what staff are to read."""
    if not isinstance(value, list):
        raise ValueError(f'{value!r} is no list; write [{{ words = ["refund*"], reason = "Money back" }}]')
    return tuple(_rule(number, each) for number, each in enumerate(cast("list[object]", value), 1))


def _rule(number: int, value: object) -> Rule:
    table = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    kind = table.keys() & {"words", "topic"}
    if len(kind) != 1 or table.keys() - kind - {"reason", "priority"}:
        raise ValueError(
            f"rule {number} is {value!r}; write either words = [...] or topic, a reason, and a priority if it has one"
        )
    topic, priority = table.get("topic"), table.get("priority", Priority.NORMAL)
    if priority not in tuple(Priority):
        raise ValueError(f"rule {number}: there is no priority {priority!r}; {', '.join(Priority)}")
    reason = _words_for_staff(number, "reason", table.get("reason", topic))
    if kind == {"topic"}:
        return TopicRule(_words_for_staff(number, "topic", topic), reason, Priority(str(priority)))
    return KeywordRule(_sought(number, table["words"]), reason, Priority(str(priority)))


def _words_for_staff(number: int, key: str, value: object) -> str:
    """On one line: a topic is a line of the prompt."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'rule {number}: {key} is missing; write it in words, like "Money back"')
    return " ".join(value.split())


def _sought(number: int, value: object) -> tuple[str, ...]:
    written = cast("list[object]", value) if isinstance(value, list) else []
    words = tuple(" ".join(each.split()) for each in written if isinstance(each, str))
    if not words or len(words) < len(written):
        raise ValueError(f'rule {number}: words is {value!r}; write a list, like ["refund*", "money back"]')
    if wrong := [each for each in words if not can_be_found(each)]:
        raise ValueError(f"rule {number}: {wrong[0]!r} has no letter to look for")
    return words


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'{value!r} is no time zone; write one like "Europe/Madrid"') from None


def _spans(value: object) -> Spans:
    """`"09:00-17:30"` or several in a list; an empty list is a closed day."""
    written = cast("list[object]", value) if isinstance(value, list) else [value]
    spans: list[Span] = []
    for each in written:
        try:
            spans.append(Span.parse(each if isinstance(each, str) else ""))
        except ValueError:
            raise ValueError(f"{each!r} is no time span; write 09:00-17:30") from None
    return tuple(spans)


def _date(value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no date; write 2026-12-25") from None


def _holidays(value: object) -> tuple[date, ...]:
    """A list of dates, or a table in which each has its name."""
    if not isinstance(value, list | dict):
        raise ValueError(f'{value!r} is no list; write [2026-12-25], or a table of 2026-12-25 = "Christmas"')
    return tuple(_date(each) for each in cast("list[object]", value))


def _exceptions(value: object) -> Mapping[date, Spans]:
    if not isinstance(value, dict):
        raise ValueError('write a table: 2026-12-24 = "09:00-12:00"')
    return {_date(day): _spans(each) for day, each in cast("dict[str, object]", value).items()}


def _beside(value: object, info: ValidationInfo) -> Path:
    """Paths are beside the file that names them, wherever Switchboard is started."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no path")
    return cast("Path", cast("dict[str, object]", info.context)["folder"]) / value


def _prompt(value: object, info: ValidationInfo) -> Path:
    path = _beside(value, info)
    try:
        load_prompt(path)
    except PromptUnreadableError as error:
        raise ValueError(error.what) from None
    return path


def _knowledge(value: object, info: ValidationInfo) -> Path:
    if not (path := _beside(value, info)).is_dir():
        raise ValueError(f"{path} is not there or is no folder")
    return path


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?", value):
        raise ValueError(f'{value!r} is no language; write its code, like "es"')
    return value


def _channels(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'{value!r} is no list of channels; write ["C0123456789", "C0123456780"]')
    written = cast("list[object]", value)
    return tuple(_id("CG", "channel", each if isinstance(each, str) else repr(each)) for each in written)


Word = Annotated[str, AfterValidator(_word)]
Digits = Annotated[str, AfterValidator(_digits)]
Channel = Annotated[str, AfterValidator(partial(_id, "CG", "channel"))]
Group = Annotated[str, AfterValidator(partial(_id, "S", "user group"))]
Duration = Annotated[timedelta, PlainValidator(_duration)]
Short = Annotated[timedelta, PlainValidator(_short)]
Limit = Annotated[timedelta | None, PlainValidator(_duration_or_never)]
Day = Annotated[Spans | None, PlainValidator(_spans)]
Channels = Annotated[tuple[str, ...], PlainValidator(_channels)]
PromptPath = Annotated[Path | None, PlainValidator(_prompt)]
KnowledgePath = Annotated[Path | None, PlainValidator(_knowledge)]
Language = Annotated[str, AfterValidator(_language)]
Ladder = Annotated[tuple[Step, ...], PlainValidator(_ladder)]
WaitingLadder = Annotated[tuple[Step, ...], PlainValidator(_waiting_ladder)]
EscalateOn = Annotated[tuple[Rule, ...], PlainValidator(_escalate_on)]
Zone = Annotated[ZoneInfo | None, PlainValidator(_zone)]
Dates = Annotated[tuple[date, ...], PlainValidator(_holidays)]
DatedSpans = Annotated[Mapping[date, Spans], PlainValidator(_exceptions)]
