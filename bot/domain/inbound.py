"""What a customer sent, as far as decisions need to know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.people import Address


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a customer. `addresses` in order of trust; `reply_to` is the address they wrote from."""

    addresses: tuple[Address, ...]
    reply_to: Address
    wamid: str
    kind: str
    text: str
    said_at: datetime | None
    name: str = ""
    username: str | None = None
    quoted_wamid: str | None = None
    original: dict[str, object] = field(default_factory=dict[str, object])
