"""Two conversations turn out to be one person's: what holds for both together, and whose thread goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Conversation
from bot.domain.escalation import Escalation, Status


def joined(ours: Conversation, theirs: Conversation) -> Conversation:
    """`ours` with what `theirs` adds. Where either still waits for an answer, both together do."""
    both = (ours, theirs)
    unanswered = [each for each in both if each.last_customer_message > each.answered_through]
    latest = max(both, key=lambda each: each.last_customer_message)
    since = _of(max, (each.reply_since for each in both))
    reached = latest if since is None else next(each for each in both if each.reply_since == since)
    return replace(
        ours,
        reply_to=reached.reply_to,
        reply_since=reached.reply_since,
        last_customer_at=_of(max, (each.last_customer_at for each in both)),
        last_customer_message=latest.last_customer_message,
        window_refused_at=_of(max, (each.window_refused_at for each in both)),
        waiting_since=_of(min, (each.waiting_since for each in unanswered)),
        answered_through=min(
            (each.answered_through for each in unanswered), default=max(each.answered_through for each in both)
        ),
        promises="\n".join(dict.fromkeys(filter(None, (each.promises for each in both)))),
        language=latest.language or ours.language or theirs.language,
    )


def goes_on(ours: Escalation | None, theirs: Escalation | None) -> tuple[Escalation | None, Escalation | None]:
    """Whose thread the person is answered in from now on, and whose ends. Whoever has them keeps them."""
    if ours is None or theirs is None:
        return ours or theirs, None
    if theirs.status is Status.OPEN and ours.status is not Status.OPEN:
        return theirs, ours
    return ours, theirs


def _of(choose: Callable[[Iterable[datetime]], datetime], moments: Iterable[datetime | None]) -> datetime | None:
    known = [each for each in moments if each is not None]
    return choose(known) if known else None
