"""Who takes part: customers (known by our own id) and staff (known by their Slack id)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.text.phone_numbers import masked


class AddressKind(StrEnum):
    """How WhatsApp names a person: by number or by business-scoped user id (BSUID).

    The BSUID of a parent business is only ever another name for somebody we know: it says nothing about who they are.
    """

    WA_ID = "wa_id"
    BSUID = "bsuid"
    PARENT_BSUID = "parent_bsuid"


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a customer, byte for byte as WhatsApp gave it."""

    kind: AddressKind
    value: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A person on WhatsApp. Name and username are theirs to choose: show them, never trust them."""

    id: int
    inbox_id: int
    name: str = ""
    username: str | None = None
    phone: str | None = None  # digits as received; absent for customers who hide their number
    is_masked: bool = False  # the inbox shows nobody's number whole
    opted_out_at: datetime | None = None  # asked to hear nothing that they did not ask for
    blocked_at: datetime | None = None  # staff do not want to hear from them

    @property
    def label(self) -> str:
        """What staff call this customer: name, else @username, else number."""
        return self.name.strip() or (f"@{self.username}" if self.username else self.contact) or "Customer"

    @property
    def contact(self) -> str:
        """The number as `+digits`, else the @username, else empty."""
        if self.phone:
            return masked(self.phone) if self.is_masked else f"+{self.phone}"
        return f"@{self.username}" if self.username else ""


NOWHERE = Address(AddressKind.WA_ID, "")  # whoever could be reached there is somebody else now


def best(addresses: Sequence[Address]) -> Address | None:
    """Where to write to somebody whose address has just changed: the number, else the BSUID."""
    to = {each.kind: each for each in addresses}
    return to.get(AddressKind.WA_ID) or to.get(AddressKind.BSUID)


class Changed(StrEnum):
    """What WhatsApp says has changed about a customer."""

    NUMBER = "user_changed_number"
    BSUID = "user_changed_user_id"
    SECURITY_CODE = "customer_identity_changed"


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """WhatsApp's own word that whoever was `before` is `after` now. Addresses in order of trust."""

    what: Changed
    wamid: str
    before: tuple[Address, ...]
    after: tuple[Address, ...]
    at: datetime | None
    original: dict[str, object]


def is_somebody_else(first_word: datetime | None, changed_at: datetime) -> bool:
    """Whether the customer of the number that somebody changed to is not the one who changed.

    Whoever wrote from the number before the change is somebody who has given it up since; whoever began only after it
    is the one who changed, and was quicker than WhatsApp's word of it.
    """
    return first_word is not None and first_word < changed_at


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A Slack user as the workspace describes them."""

    id: str
    name: str
    team_id: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_outsider: bool = False
    time_zone: str | None = None  # as Slack names it, such as Europe/Madrid

    def refusal(self, home_team: str | None) -> str | None:
        """Why this person may not act on conversations, or None when they may."""
        if self.is_bot:
            return "Bots cannot act on customer conversations."
        if self.is_outsider or (home_team and self.team_id and self.team_id != home_team):
            return "Only members of this workspace can act on customer conversations."
        if self.is_guest:
            return "Guests cannot act on customer conversations. Ask a full member of the workspace."
        return None
