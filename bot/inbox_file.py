"""switchboard.toml: the inboxes and what each chooses. What is wrong in it is said in a line each: file, table, key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.hours import ALWAYS, Calendar, Hours, Span
from bot.domain.rules import InboxRules
from bot.inbox_values import (
    Channel,
    Channels,
    DatedSpans,
    Dates,
    Day,
    Digits,
    Duration,
    EscalateOn,
    Group,
    KnowledgePath,
    Ladder,
    Language,
    Limit,
    PromptPath,
    Short,
    Spans,
    WaitingLadder,
    Word,
    Zone,
)

USUAL_NAME = "switchboard.toml"

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = (Span.parse("00:00-24:00"),)
_WANTED = {
    "bool_type": "write true or false",
    "string_type": 'write it in quotes, like "this"',
    "model_type": "write a table of its own",
    "dict_type": "write a table of its own",
}


class InboxFileError(Exception):
    """The file cannot be used; `problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# --- Tables -----------------------------------------------------------------------------------------------------------


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class Week(_Table):
    """A day that is not named is closed."""

    monday: Day = ()
    tuesday: Day = ()
    wednesday: Day = ()
    thursday: Day = ()
    friday: Day = ()
    saturday: Day = ()
    sunday: Day = ()

    @property
    def days(self) -> tuple[Spans, ...]:
        return tuple(getattr(self, day) for day in _DAYS)


class Choices(_Table):
    """What `[defaults]` may say for every inbox, and each for itself. What nobody says comes from the environment."""

    whatsapp_business_account_id: Digits | None = None
    prompt: PromptPath = None
    knowledge: KnowledgePath = None
    knowledge_language: Word | None = None
    mask_phone_numbers: bool | None = None
    language: Language | None = None
    thread_language: Language | None = None
    debounce: Short = timedelta(0)
    reply_delay: Short = timedelta(0)
    reminder_ladder: Ladder = ()
    waiting_ladder: WaitingLadder = ()
    time_zone: Zone = None
    hours: Week | None = None
    holidays: Dates = ()
    exceptions: DatedSpans = {}
    release_after: Limit = None
    close_after: Limit = None
    close_warning: Duration = timedelta(hours=1)
    tells_wait: bool = True
    weekly_report: bool = False
    first_reply_takes: bool = False
    answered_lately: Duration = timedelta(seconds=30)
    lead_group: Group | None = None
    on_call_group: Group | None = None
    escalate_on: EscalateOn = ()

    def over(self, usual: Choices) -> Choices:
        """These choices where there are any, else the usual ones."""
        return self.model_copy(
            update={each: getattr(usual, each) for each in usual.model_fields_set - self.model_fields_set}
        )

    def rules(self, usual: InboxRules) -> InboxRules:
        chosen = {_RULES[each]: getattr(self, each) for each in _RULES.keys() & self.model_fields_set}
        return replace(usual, hours=self.calendar, **chosen)

    @property
    def calendar(self) -> Calendar:
        """Without hours, days and dates that are not named are open round the clock."""
        if self.time_zone is None:
            return ALWAYS
        week = self.hours.days if self.hours else (_ALL_DAY,) * 7
        closed: dict[date, Spans] = dict.fromkeys(self.holidays, ())
        return Hours(self.time_zone, week, closed | dict(self.exceptions))

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """What cannot be true together: the key, and what is wrong."""
        if self.time_zone is None and (self.hours or self.holidays or self.exceptions):
            yield "time_zone", 'missing; opening hours need one, like "Europe/Madrid"'
        if self.hours and not any(self.hours.days):
            yield "hours", 'no day has any; write monday = "09:00-17:30", or leave the table out: always open'
        if self.close_after is not None and self.close_warning >= self.close_after:
            yield "close_warning", "must be shorter than close_after"


class InboxTable(Choices):
    """One of `[[inboxes]]`."""

    name: Word
    whatsapp_phone_number_id: Digits
    slack_channel: Channel | None = None
    slack_channels: Channels = ()

    @property
    def channels(self) -> tuple[str, ...]:
        return (self.slack_channel,) if self.slack_channel else self.slack_channels

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from super().contradictions()
        if bool(self.slack_channel) == bool(self.slack_channels):
            yield "slack_channel", "name one channel, or several in slack_channels"


# Keys that are a rule of the inbox, and what the rule is called.
_RULES = {
    "reminder_ladder": "ladder",
    **{
        each: each
        for each in (
            *("debounce", "reply_delay", "waiting_ladder", "release_after", "close_after", "close_warning"),
            *("tells_wait", "weekly_report", "first_reply_takes", "answered_lately", "lead_group", "on_call_group"),
            *("language", "thread_language", "escalate_on"),
        )
    },
}

# --- The file ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InboxFile:
    """The file as it was read; empty where there is none. Each inbox has the defaults in it already."""

    defaults: Choices = field(default_factory=Choices)
    inboxes: tuple[InboxTable, ...] = ()


def read(path: Path) -> InboxFile:
    """Raises `InboxFileError` with every problem at once."""
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InboxFileError([f"{path.name}: is no TOML: {error}"]) from None
    except UnicodeDecodeError:
        raise InboxFileError([f"{path.name}: not a UTF-8 text file"]) from None
    except OSError as error:
        raise InboxFileError([f"{path.name}: cannot be read: {error.strerror} ({path})"]) from None
    reader = _Reader(path)
    found = reader.read(told)
    if reader.problems:
        raise InboxFileError(reader.problems)
    return found


class _Reader:
    """Collects what is wrong while it reads."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self._context = {"folder": path.resolve().parent}
        self.problems: list[str] = []

    def read(self, told: dict[str, Any]) -> InboxFile:
        for key in told.keys() - {"defaults", "inboxes"}:
            self._say("", key, _unknown(key, ("defaults", "inboxes")))
        defaults = self._table("[defaults]", Choices, told.get("defaults", {})) or Choices()
        written: object = told.get("inboxes", [])
        if not isinstance(written, list):
            self._say("", "inboxes", "write [[inboxes]], in two brackets, once for each")
            return InboxFile(defaults)
        inboxes: list[tuple[str, InboxTable]] = []
        for number, each in enumerate(cast("list[object]", written), 1):
            where = _named(number, each)
            if own := self._table(where, InboxTable, each):
                inboxes.append((where, cast("InboxTable", own.over(defaults))))
        for where, table in inboxes or [("[defaults]", defaults)]:
            for key, what in table.contradictions():
                self._say(where, key, what)
        self._twice(cast("list[object]", written))
        return InboxFile(defaults, tuple(table for _, table in inboxes))

    def _table(self, where: str, kind: type[Choices], told: object) -> Choices | None:
        try:
            return kind.model_validate(told, context=self._context)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                self._say(where, _key(each), _what(each, kind))
            return None

    def _twice(self, written: Sequence[object]) -> None:
        """A number, a channel and a name each belong to one inbox."""
        owners: dict[tuple[str, str], str] = {}
        for number, each in enumerate(written, 1):
            where = _named(number, each)
            for key, value in _own(each):
                kind = "slack_channel" if key == "slack_channels" else key
                if owner := owners.get((kind, value)):
                    self._say(where, key, f"{value!r} belongs to {owner} already")
                owners.setdefault((kind, value), where)

    def _say(self, where: str, key: str, what: str) -> None:
        self.problems.append(": ".join(filter(None, (self._file, where, key, what))))


def _named(number: int, table: object) -> str:
    name = cast("dict[str, object]", table).get("name") if isinstance(table, dict) else None
    return f'[[inboxes]] {number} "{name}"' if isinstance(name, str) and name.strip() else f"[[inboxes]] {number}"


def _own(table: object) -> Iterator[tuple[str, str]]:
    """What no other inbox may have, as it is written."""
    told = cast("dict[str, object]", table) if isinstance(table, dict) else {}
    for key in ("name", "whatsapp_phone_number_id", "slack_channel", "slack_channels"):
        value = told.get(key)
        for each in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield key, each


def _key(error: ErrorDetails) -> str:
    return ".".join(str(each) for each in error["loc"] if isinstance(each, str))


def _what(error: ErrorDetails, kind: type[Choices]) -> str:
    if error["type"] == "missing":
        return "missing"
    if error["type"] == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), _DAYS if len(error["loc"]) > 1 else tuple(kind.model_fields))
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return f"{error['input']!r} does not fit; {_WANTED.get(error['type'], error['msg'])}"


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    return f"there is no such key; did you mean {near[0]}?" if near else f"there is no such key; {', '.join(known)}"
