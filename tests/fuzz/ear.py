"""Listens to what a bot in this process logs, and keeps what should not be there."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

import structlog
from structlog.types import EventDict

# Two who are said to be one person, then another, may wait for each other: PostgreSQL sends one away for a moment.
PASSING = ("ServiceError", "DeadlockDetectedError")
# A file that nobody has uploaded cannot be had, and its thread says so: the one honest end of a task here.
HONEST = "media.fetch"


class Ear(logging.Handler):
    """`complaints`: exceptions, dead tasks, and tasks that run again because of an error of ours."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.complaints: list[str] = []

    def process(self, _logger: object, method: str, event: EventDict) -> EventDict:
        name = event.get("event")
        is_bad = method in ("error", "critical", "exception") or "exc_info" in event
        is_ours = name == "task.again_later" and not str(event.get("error")).startswith(PASSING)
        if (is_bad or is_ours) and event.get("kind") != HONEST:
            self.complaints.append(repr(event))
        raise structlog.DropEvent

    def emit(self, record: logging.LogRecord) -> None:
        self.complaints.append(f"{record.name}: {record.getMessage()} {record.exc_info}")


@contextmanager
def listening() -> Generator[Ear]:
    before, ear = structlog.get_config(), Ear()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, ear.process], cache_logger_on_first_use=False
    )
    logging.getLogger().addHandler(ear)
    try:
        yield ear
    finally:
        logging.getLogger().removeHandler(ear)
        structlog.configure(**before)
