"""What staff write in Slack, as the customer should read it in WhatsApp."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a Slack message calls: user ids, user group ids, and whether it calls everybody."""

    users: tuple[str, ...] = ()
    usergroups: tuple[str, ...] = ()
    broadcast: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.usergroups or self.broadcast)
