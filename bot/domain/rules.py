"""What a business chooses about an inbox: how patient it is, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.escalate_on import Rule
from bot.domain.files import Conversion
from bot.domain.hours import ALWAYS, Calendar
from bot.domain.reminders import Ladder, Patience, Step, Tell

_TO_LEADS = frozenset({Tell.THREAD, Tell.LEADS})


@dataclass(frozen=True, slots=True)
class InboxRules:
    """`ladder` chases queued escalations; `debounce` lets a burst end before the AI answers it once."""

    ladder: tuple[Step, ...]
    debounce: timedelta
    send_grace: timedelta  # how long a send of unknown outcome waits for a trace
    reply_delay: timedelta = timedelta(0)  # how long a staff reply can still be changed before it leaves
    able: frozenset[Conversion] = frozenset()  # what its machine can turn files into
    language: str = "en"  # the customers', as long as nobody knows theirs
    thread_language: str | None = None  # what staff read and write, whatever the customer speaks; None: no translation
    first_reply_takes: bool = False  # whoever answers first in a thread that nobody has takes it by that
    answered_lately: timedelta = timedelta(seconds=30)  # a colleague's answer that one may not have seen; 0: never
    lead_group: str | None = None  # Slack's id of the user group whose members may move what others hold, and erase
    on_call_group: str | None = None  # Slack's id of the user group that is called when nobody comes
    hours: Calendar = ALWAYS  # when people are there: all that is said to take time takes opening time
    # `waiting_ladder` chases whoever has a conversation in which the customer waits for an answer.
    waiting_ladder: tuple[Step, ...] = (Step(timedelta(minutes=15)), Step(timedelta(hours=1), _TO_LEADS))
    release_after: timedelta | None = None  # an assignee silent for so long while the customer waits loses it
    close_after: timedelta | None = None  # nobody has said anything for so long: it is closed
    close_warning: timedelta = timedelta(hours=1)  # how long before that staff are warned
    escalate_on: tuple[Rule, ...] = ()  # words and topics that are people's, whoever asks
    tells_wait: bool = True  # customers are told how long it lately took, where that is known
    weekly_report: bool = False  # Mondays at nine the channel is told how the week before went
    held_shown_after: timedelta = timedelta(minutes=1)
    home_redrawn_after: timedelta = timedelta(seconds=1)
    mark_shown_after: timedelta = timedelta(seconds=2)

    @property
    def queue_ladder(self) -> Ladder:
        return Ladder(self.ladder, self.hours)

    @property
    def answer_ladder(self) -> Ladder:
        """It ends: a customer's last word may well have been thanks."""
        return Ladder(self.waiting_ladder, self.hours, goes_on=False)

    def released_at(self, silent_since: datetime) -> datetime | None:
        """When whoever has been silent since then loses the conversation, if ever."""
        if self.release_after is None:
            return None
        return self.hours.next_opening(self.hours.after(silent_since, self.release_after))

    @property
    def patience(self) -> Patience | None:
        """With conversations in which nobody says anything any more; None where they stay open."""
        return Patience(self.close_after, self.close_warning, self.hours) if self.close_after else None
