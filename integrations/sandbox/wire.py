"""The shapes JSON takes on the way in and out of the stand-ins."""

from __future__ import annotations

import json
from typing import Any, cast

Json = dict[str, Any]


def object_or_none(value: object) -> Json | None:
    return cast("Json", value) if isinstance(value, dict) else None


def as_object(value: object) -> Json:
    """The value when it is a JSON object, else an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_objects(value: object) -> list[Json]:
    return [cast("Json", each) for each in as_list(value) if isinstance(each, dict)]


def as_text(value: object) -> str:
    """Text as it is, numbers as digits, everything else as nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def is_on(value: object) -> bool:
    """A flag as JSON, or as a form spells it."""
    return as_text(value).lower() in ("1", "true") or value is True


def parsed(text: str | bytes) -> object:
    """What the text says as JSON, or None when it is no JSON at all."""
    try:
        return cast("object", json.loads(text))
    except ValueError:
        return None


def as_meta_writes_it(body: Json) -> bytes:
    r"""Meta signs and sends ASCII with `\u` escapes and `\/`: a receiver that re-encodes before hashing must fail."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
