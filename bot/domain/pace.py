"""How fast we may call: buckets that fill steadily, as arithmetic, and how fast Slack and WhatsApp let us be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """One call each `every`, after a burst of `burst`.

    A bucket is one moment, the time until which it is booked: each call books `every` more, starting no earlier
    than now. So a bucket is full when it is booked until now, and empty when it is booked `burst` calls ahead.
    """

    every: timedelta
    burst: int

    def cost(self, calls: int) -> timedelta:
        return self.every * calls

    def opens_at(self, booked_until: datetime) -> datetime:
        """When the calls may be made whose booking ended there."""
        return booked_until - self.every * self.burst

    def spare_limit(self, now: datetime) -> datetime:
        """How far calls that can wait may book: half of the burst stays for those that cannot."""
        return now + self.every * self.burst / 2

    def booked_by_hold(self, until: datetime) -> datetime:
        """The booking after which the next single call is made at `until`: no burst follows a rebuff."""
        return until + self.every * (self.burst - 1)


def _a_minute(calls: int, burst: int) -> Rate:
    return Rate(timedelta(minutes=1) / calls, burst)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the services allow (research: slack.md §3, whatsapp.md §7). Slack's are for each method of a workspace.

    Bursts stay below what is tolerated: calls that leave in step do not arrive in step.
    """

    post: Rate  # in a channel
    update: Rate
    react: Rate
    unreact: Rate
    whisper: Rate
    home: Rate
    customer: Rate  # WhatsApp's pair rate
    number: Rate


USUAL = Rates(
    post=Rate(timedelta(seconds=1), 4),  # Slack tolerates short bursts, and gives no number
    update=_a_minute(50, 30),
    react=_a_minute(50, 30),
    unreact=_a_minute(20, 10),
    whisper=_a_minute(100, 50),
    home=_a_minute(100, 50),
    customer=Rate(timedelta(seconds=6), 40),
    number=Rate(timedelta(seconds=1) / 80, 40),
)


@dataclass(frozen=True, slots=True)
class Budget:
    """Some calls to be made at once, and the bucket they are taken from."""

    key: str
    rate: Rate
    calls: int = 1
