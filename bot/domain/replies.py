"""What becomes of a staff message in an escalation's thread: sent to the customer, kept, held, or too late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.escalation import Escalation, Status
from bot.domain.text.slack_in import Mentions

# What was right to say a day ago may not be now; Slack tells late of what it could not tell while we were away.
TIMELY = timedelta(hours=24)

# Staff write the prefix in a hurry: any case, bold or quoted, spaces anywhere, an invisible character from a paste.
# A dash counts only before a space, so that "Note-taking is free" still reaches the customer.
_NOTE = re.compile(
    r"""[\s*_~>`\u200b-\u200d\u2060\ufeff]*
    (?: (?:(?:internal|private|team|staff)\s+)? notes? (?:\s+to\s+(?:self|team|staff|all))?
        [\s*_~`]* (?: [:：] | [-–—](?=\s|$) )
      | [!！]+ | // | 🔒\ufe0f? | :lock: )
    [\s*_~`]*""",
    re.IGNORECASE | re.VERBOSE,
)


class Kind(StrEnum):
    """`send`: to the customer. `note`: never leaves. `hold`: ask its author first. `ended`: nobody to send it for."""

    SEND = "send"
    NOTE = "note"
    HOLD = "hold"
    ENDED = "ended"


class HoldReason(StrEnum):
    """Why a message waits for a click before the customer may get it."""

    NOT_TAKEN = "not_taken"
    NOT_ASSIGNEE = "not_assignee"
    LATE = "late"
    MENTION = "mention"
    WINDOW = "window"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message; `hold` says why when it is held. `takes`: its author has the conversation by it."""

    kind: Kind
    hold: HoldReason | None = None
    takes: bool = False


def is_note(text: str) -> bool:
    """Whether a message says of itself that it is for colleagues only."""
    return _NOTE.match(text) is not None


def note_text(text: str) -> str:
    """A note without its prefix."""
    return _NOTE.sub("", text, count=1).strip() if is_note(text) else text


def is_late(ts: str, heard_at: datetime) -> bool:
    """Whether a Slack message, named by its `ts`, was heard of so long after it was written that it may be wrong."""
    return heard_at.timestamp() - float(ts) > TIMELY.total_seconds()


def judge(
    escalation: Escalation,
    author: str,
    text: str,
    mentions: Mentions,
    *,
    late: bool = False,
    window_closed: bool = False,
    first_takes: bool = False,
) -> Verdict:
    """Only the assignee's plain words go out by themselves; whatever may be meant for colleagues waits for a click,
    and so does what WhatsApp would refuse. Where the `first_takes`, whoever answers in a queued thread is the assignee.
    """
    if is_note(text):
        return Verdict(Kind.NOTE)
    if escalation.status.is_final:
        return Verdict(Kind.ENDED)
    if first_takes and escalation.status is Status.QUEUED and not (mentions or late or window_closed):
        return Verdict(Kind.SEND, takes=True)
    if escalation.taken_by != author or mentions or late:  # while it is queued nobody has taken it
        return Verdict(Kind.HOLD, why_held(escalation, author, late=late))
    return Verdict(Kind.HOLD, HoldReason.WINDOW) if window_closed else Verdict(Kind.SEND)


def why_held(
    escalation: Escalation, author: str, *, late: bool = False, window_closed: bool = False, answered: bool = False
) -> HoldReason:
    """Why a held message of this author is held, as things stand now."""
    if escalation.status is Status.QUEUED:
        return HoldReason.NOT_TAKEN
    if escalation.taken_by != author:
        return HoldReason.NOT_ASSIGNEE
    if late:
        return HoldReason.LATE
    if window_closed:
        return HoldReason.WINDOW
    return HoldReason.ANSWERED if answered else HoldReason.MENTION
