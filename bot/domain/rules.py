"""What a business chooses about an inbox: how patient it is, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.files import Conversion


@dataclass(frozen=True, slots=True)
class InboxRules:
    """`ladder` chases queued escalations; `debounce` lets a burst end before the AI answers it once."""

    ladder: tuple[timedelta, ...]
    debounce: timedelta
    send_grace: timedelta  # how long a send of unknown outcome waits for a trace
    reply_delay: timedelta = timedelta(0)  # how long a staff reply can still be changed before it leaves
    able: frozenset[Conversion] = frozenset()  # what its machine can turn files into
    first_reply_takes: bool = False  # whoever answers first in a thread that nobody has takes it by that
    lead_group: str | None = None  # Slack's id of the user group whose members may move what others hold, and erase
    on_call_group: str | None = None  # Slack's id of the user group that is called when nobody comes
    held_shown_after: timedelta = timedelta(minutes=1)
    home_redrawn_after: timedelta = timedelta(seconds=1)
    mark_shown_after: timedelta = timedelta(seconds=2)
