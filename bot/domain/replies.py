"""What becomes of a staff message in an escalation's thread: sent to the customer, kept, held, or too late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.escalation import Escalation, Status
from bot.domain.text.slack_in import Mentions

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
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message; `hold` says why when it is held."""

    kind: Kind
    hold: HoldReason | None = None


def is_note(text: str) -> bool:
    """Whether a message says of itself that it is for colleagues only."""
    return _NOTE.match(text) is not None


def note_text(text: str) -> str:
    """A note without its prefix."""
    return _NOTE.sub("", text, count=1).strip() if is_note(text) else text


def judge(escalation: Escalation, author: str, text: str, mentions: Mentions) -> Verdict:
    """Only the assignee's plain words go out by themselves; whatever may be meant for colleagues waits for a click."""
    if is_note(text):
        return Verdict(Kind.NOTE)
    if escalation.status.is_final:
        return Verdict(Kind.ENDED)
    if escalation.taken_by != author or mentions:  # while it is queued nobody has taken it
        return Verdict(Kind.HOLD, why_held(escalation, author))
    return Verdict(Kind.SEND)


def why_held(escalation: Escalation, author: str) -> HoldReason:
    """Why a held message of this author is held, as things stand now."""
    if escalation.status is Status.QUEUED:
        return HoldReason.NOT_TAKEN
    return HoldReason.NOT_ASSIGNEE if escalation.taken_by != author else HoldReason.MENTION
