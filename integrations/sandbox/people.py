"""The cast of the demo shop Aurora Outdoor: its customers and the people and bot in its Slack workspace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.sandbox.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A WhatsApp user. Without `wa_id` they hide their number: the business knows a name and a BSUID."""

    id: str
    name: str
    bsuid: str
    wa_id: str | None = None
    phone: str | None = None  # as a person writes it
    username: str | None = None
    color: str = "#475569"
    hints: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackUser:
    """A member of the workspace, or somebody who can be seen there."""

    id: str
    name: str
    team_id: str
    color: str = "#475569"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    tz: str = "Europe/Madrid"

    def as_slack(self, now: float | None = None) -> Json:
        """docs.slack.dev/reference/objects/user-object; `tz_offset` moves with summer time, and nobody is told."""
        here = datetime.fromtimestamp(time.time() if now is None else now, ZoneInfo(self.tz))
        profile = {"real_name": self.name, "display_name": self.name, "team": self.team_id}
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name.lower().replace(" ", "."),
            "real_name": self.name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": here.tzname() or self.tz,
            "tz_offset": round((here.utcoffset() or timedelta()).total_seconds()),
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "updated": 1790000000,
        }


def initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


TEAM = "T0AURORA"
TEAM_NAME = "Aurora Outdoor"

CARLA = Customer(
    id="carla",
    name="Carla Mendes",
    bsuid="ES.70000000000000000001",
    wa_id="34600111222",
    phone="+34 600 111 222",
    color="#b45309",
    hints=("Where is my order 4812?", "What are your opening hours?", "Can I talk to a person?"),
)
DIEGO = Customer(
    id="diego",
    name="Diego Santos",
    bsuid="BR.70000000000000000002",
    wa_id="5511988887777",
    phone="+55 11 98888-7777",
    color="#0f766e",
    hints=("How do I return my boots?", "My tent arrived torn, this is a complaint", "How long does delivery take?"),
)
MINA = Customer(
    id="mina",
    name="Mina Park",
    bsuid="KR.70000000000000000003",
    username="mina.outdoors",
    color="#7c3aed",
    hints=("Is the Polaris 2 tent waterproof?", "I want a refund of 180 euros", "Thanks!"),
)
CUSTOMERS = (CARLA, DIEGO, MINA)


def staff(bot_user_id: str) -> tuple[SlackUser, ...]:
    return (
        SlackUser(id="U0ANA", name="Ana Ruiz", team_id=TEAM, color="#be185d"),
        SlackUser(id="U0BEN", name="Ben Okafor", team_id=TEAM, color="#1d4ed8", tz="Africa/Lagos"),
        SlackUser(id=bot_user_id, name="Switchboard", team_id=TEAM, color="#0b5d3b", is_bot=True),
    )
