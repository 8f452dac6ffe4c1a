"""A message's details, between the JSON of their column and their own type."""

from __future__ import annotations

from typing import cast

from pydantic import TypeAdapter

from bot.domain.inbound import PLAIN, Details
from storage.models import Json

_DETAILS = TypeAdapter(Details)


def as_details(column: Json | None) -> Details:
    return _DETAILS.validate_python(column) if column else PLAIN


def as_column(details: Details) -> Json | None:
    """Only what is there; nothing at all for most messages."""
    if details == PLAIN:
        return None
    return cast("Json", _DETAILS.dump_python(details, mode="json", exclude_defaults=True))
