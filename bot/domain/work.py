"""What every task has in common.

A task runs in a *lane*: tasks of one lane run one at a time, in order. A task with a `key` exists once, however
often its cause is repeated. A task with a `latest` is a *render-latest* task: while one waits, asking again costs
nothing, because whoever runs it reads the state of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

Json = dict[str, Any]


class Crew(StrEnum):
    """Who runs it. Each crew has slots of its own, so a service that hangs holds up nothing but itself."""

    DESK = "desk"  # decides; needs only the database
    THINK = "think"
    WHATSAPP = "whatsapp"
    SLACK = "slack"
    MEDIA = "media"  # files, which may take minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every kind of task has in common."""

    kind: ClassVar[str]
    crew: ClassVar[Crew] = Crew.SLACK
    # Running it changes only our own rows: after a crash of the database it may simply run again.
    is_internal: ClassVar[bool] = False
    inbox_id: int

    @property
    def lane(self) -> str:
        raise NotImplementedError

    @property
    def key(self) -> str | None:
        return None

    @property
    def latest(self) -> str | None:
        return None

    @property
    def not_before(self) -> datetime | None:
        return None

    @property
    def lane_in_logs(self) -> str:
        """The lane without what WhatsApp calls the customer by, which may be their phone number."""
        return self.lane

    def subject(self) -> dict[str, int]:
        """What it is about, in our own numbers: for logs."""
        named = {field.name for field in fields(self)}
        subjects = ("conversation", "escalation", "message")
        return {each: int(getattr(self, f"{each}_id")) for each in subjects if f"{each}_id" in named}

    def payload(self) -> Json:
        """Everything but the inbox as JSON values: what the task row keeps."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("inbox_id", "at")}

    @classmethod
    def from_payload(cls, inbox_id: int, payload: Json) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(inbox_id=inbox_id, **{name: value for name, value in payload.items() if name in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Work):
    """Work that is not to be done before `at`, where that is given."""

    at: datetime | None = None

    @property
    def not_before(self) -> datetime | None:
        return self.at
