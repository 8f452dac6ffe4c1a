"""The reactions by which a staff message shows how far it got. Slack names; each is one Slack itself knows."""

from __future__ import annotations

from bot.domain.delivery import Delivery

MARKS = {
    Delivery.KEPT: "lock",
    Delivery.HELD: "hourglass",
    Delivery.QUEUED: "outbox_tray",
    Delivery.PARKED: "zzz",
    Delivery.SENT: "white_check_mark",
    Delivery.DELIVERED: "mailbox_with_mail",
    Delivery.READ: "eyes",
    Delivery.PLAYED: "eyes",
    Delivery.UNCONFIRMED: "question",
    Delivery.FAILED: "x",
}

# These are no longer true once something else is; the others only ever add to each other.
PASSING = frozenset(
    MARKS[each]
    for each in (
        Delivery.KEPT,  # until somebody sends the note after all
        Delivery.HELD,
        Delivery.PARKED,
        Delivery.QUEUED,
        Delivery.UNCONFIRMED,
        Delivery.FAILED,
    )
)
