"""Who takes part: customers (known by our own id) and staff (known by their Slack id)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AddressKind(StrEnum):
    """How WhatsApp names a person: by number or by business-scoped user id (BSUID)."""

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

    @property
    def label(self) -> str:
        """What staff call this customer: name, else @username, else number."""
        return self.name.strip() or (f"@{self.username}" if self.username else self.contact) or "Customer"

    @property
    def contact(self) -> str:
        """The number as `+digits`, else the @username, else empty."""
        if self.phone:
            return f"+{self.phone}"
        return f"@{self.username}" if self.username else ""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A Slack user as the workspace describes them."""

    id: str
    name: str
    team_id: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_outsider: bool = False

    def refusal(self, home_team: str | None) -> str | None:
        """Why this person may not act on conversations, or None when they may."""
        if self.is_bot:
            return "Bots cannot act on customer conversations."
        if self.is_outsider or (home_team and self.team_id and self.team_id != home_team):
            return "Only members of this workspace can act on customer conversations."
        if self.is_guest:
            return "Guests cannot act on customer conversations. Ask a full member of the workspace."
        return None
