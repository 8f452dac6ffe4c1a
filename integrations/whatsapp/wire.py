"""The shapes JSON takes in what WhatsApp sends: whatever is not of the shape asked for counts as absent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

Json = dict[str, Any]


def json_object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def json_objects(value: object) -> list[Json]:
    return (
        [cast("Json", each) for each in cast("list[object]", value) if isinstance(each, dict)]
        if isinstance(value, list)
        else []
    )


def string(value: object) -> str:
    return value if isinstance(value, str) else ""


def identifier(value: object, longest: int = 160) -> str:
    """What names a person or a message; empty where it cannot be a name: absurdly long, or with a NUL in it."""
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else ""


def wamid_in(value: object) -> str:
    """The name of a message."""
    return identifier(value, 512)


def read_time(timestamp: object) -> datetime | None:
    """Unix seconds, as text or number; None when it is neither or absurd."""
    try:
        return datetime.fromtimestamp(int(str(timestamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
