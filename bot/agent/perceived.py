"""What a model gets of customers' files in one turn, and what it is told of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.openai.payloads import Image

UNSEEN = ", which you cannot see: say so honestly if it matters"
UNHEARD = ", which you cannot hear: say so honestly, and ask the customer to write or hand over"
UNWATCHED = ", which you cannot watch: say so honestly if it matters"
BEGINNING = ", of which you see the first picture only"


def unread(why: str) -> str:
    because = f" ({why})" if why else ""
    return f", which you cannot read{because}: say so honestly if it matters"


@dataclass(frozen=True, slots=True)
class Perceived:
    """By the ids of their messages: pictures to show, and notes that stand beside a file's kind."""

    pictures: Mapping[int, Image] = field(default_factory=dict[int, Image])
    notes: Mapping[int, str] = field(default_factory=dict[int, str])


NOTHING = Perceived()
