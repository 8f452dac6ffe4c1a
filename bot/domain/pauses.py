"""Ways out that are blocked until somebody mends them: what is paused, and how often it is tried meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WHATSAPP, SLACK = "whatsapp", "slack"
FIRST_PROBE, LONGEST_PROBE = timedelta(seconds=5), timedelta(minutes=5)


def channel_side(channel: str) -> str:
    """The side that only one Slack channel's posts take."""
    return f"channel:{channel}"


def key_of(inbox_id: int, side: str) -> str:
    return f"{inbox_id}:{side}"


def probe_after(failures: int) -> timedelta:
    """How long to leave a blocked side alone after so many refusals in a row."""
    return min(LONGEST_PROBE, FIRST_PROBE * 2 ** min(failures - 1, 10))


@dataclass(frozen=True, slots=True)
class Pause:
    """A side that refuses everything we ask of it. At `probe_at` one task may try again."""

    inbox_id: int
    side: str
    reason: str
    since: datetime
    probe_at: datetime
    failures: int = 1

    @property
    def key(self) -> str:
        return key_of(self.inbox_id, self.side)

    @property
    def channel(self) -> str | None:
        """The one channel whose posts it is about."""
        return None if self.side in (WHATSAPP, SLACK) else self.side.partition(":")[2]

    @property
    def what(self) -> str:
        """What does not happen meanwhile, for staff. Mrkdwn."""
        if self.side == WHATSAPP:
            return "Sending to WhatsApp"
        return "Posting to Slack" if self.side == SLACK else f"Posting to <#{self.channel}>"
