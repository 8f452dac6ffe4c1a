"""How far a message got. Statuses only climb; `failed` is final unless somebody retries."""

from __future__ import annotations

from enum import StrEnum


class Delivery(StrEnum):
    """`received` is the customer's own message; `held` waits for a staff click; `kept` never leaves (a note).

    `parked` waits for the customer to write again; `withdrawn` was deleted by its author before it left.
    """

    RECEIVED = "received"
    KEPT = "kept"
    HELD = "held"
    PARKED = "parked"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    UNCONFIRMED = "unconfirmed"  # it may have left, once or twice, and no trace of it came back
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"  # an AI answer that a person's arrival overtook; it never left


_RANK = {
    Delivery.QUEUED: 0,
    Delivery.UNCONFIRMED: 1,  # any report overrules it
    Delivery.SENT: 2,
    Delivery.DELIVERED: 3,
    Delivery.READ: 4,
    Delivery.PLAYED: 5,
}
ARRIVED = frozenset({Delivery.DELIVERED, Delivery.READ, Delivery.PLAYED})
LEFT = ARRIVED | {Delivery.SENT}
REPORTED = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.PLAYED, Delivery.FAILED)


def climb(current: Delivery, reported: Delivery) -> Delivery:
    """The status after a report, whatever order reports come in.

    `failed` beats queued and sent but not a message that verifiably arrived; only proof of arrival
    (delivered and beyond) overrules `failed`, a late `sent` does not.
    """
    if current is Delivery.FAILED:
        return reported if _RANK.get(reported, 0) >= _RANK[Delivery.DELIVERED] else current
    if current not in _RANK:
        return current
    if reported is Delivery.FAILED:
        return reported if _RANK[current] <= _RANK[Delivery.SENT] else current
    return reported if _RANK.get(reported, -1) > _RANK[current] else current
