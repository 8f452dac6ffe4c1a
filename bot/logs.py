"""Logs: one JSON object a line on standard error, with the ids of the task at hand and no word of a conversation."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import cast

import asyncpg
import orjson
import structlog
from structlog.types import EventDict, Processor
from tortoise.exceptions import BaseORMException

from integrations.errors import ServiceError

_FRAMES = 20  # of a traceback, the innermost
_DISCREET = (OSError, ServiceError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException)


def to_stderr(level: int = logging.INFO) -> None:
    """From here on Switchboard's own events go there from `level`, and those of libraries from WARNING."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_shared(), render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(library_formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)


def library_formatter() -> logging.Formatter:
    """The same lines for whatever a library says through the standard library's logging."""
    steps = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_logger_name, *_shared()]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=steps,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _text],
    )


def render(_logger: object, _method: str, event: EventDict) -> bytes:
    """Valid JSON whatever was logged: what JSON cannot say is said as Python would print it."""
    try:
        return orjson.dumps(event, default=repr)
    except orjson.JSONEncodeError:  # half a surrogate pair, which JSON from outside may hold, is no UTF-8
        return json.dumps(event, default=repr).encode()


def _text(logger: object, method: str, event: EventDict) -> str:
    return render(logger, method, event).decode()


def _shared() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_exception,
    ]


def _describe_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Which errors led to each other, and where."""
    error = _given(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = [_in_short(each) for each in _chain(error)]
    return event


def _given(exc_info: object) -> BaseException | None:
    """Both loggers take an exception, the triple of `sys.exc_info()`, or True for the one being handled."""
    if isinstance(exc_info, tuple):
        exc_info = cast("tuple[object, ...]", exc_info)[1]
    error = sys.exception() if exc_info is True else exc_info
    return error if isinstance(error, BaseException) else None


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and its causes, the newest first; a circle of them is walked once."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    return chain


def _in_short(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {"error": name(error), "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in frames]}


def name(error: BaseException) -> str:
    """What went wrong. Words only of those who do not quote what people wrote; a `ValueError` may hold all of it.

    PostgreSQL quotes the row, but on its second line.
    """
    said = str(error).splitlines() if isinstance(error, _DISCREET) else []
    return ": ".join([type(error).__name__, *said[:1]])
