"""A month at the desk, hour by hour, small enough to reckon by hand. All times are Madrid's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from bot.domain.escalation import Priority, Status, Trigger
from bot.domain.periods import Period
from storage.desk_models import Audit, Staff
from storage.engine_models import Task
from storage.models import ConversationRow, CustomerRow, EscalationRow, Inbox, MessageRow

MADRID = ZoneInfo("Europe/Madrid")
ANA, BEN = "U0ANA", "U0BEN"
AI, CUSTOMER, SYSTEM = Trigger.AI, Trigger.CUSTOMER, Trigger.SYSTEM
RESOLVED, CLOSED, OPEN, QUEUED = Status.RESOLVED, Status.CLOSED, Status.OPEN, Status.QUEUED
FIRST_WEEK = Period(date(2026, 3, 2), date(2026, 3, 8), MADRID)
CLOCKS_WEEK = Period(date(2026, 3, 23), date(2026, 3, 29), MADRID)  # on its Sunday two o'clock becomes three
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), MADRID)


@dataclass(frozen=True)
class Case:
    """Minutes count from `asked`; `answered` and `ended` by whoever took it."""

    asked: str
    trigger: Trigger
    reason: str
    by: str | None
    answered: int | None
    ended: int | None
    status: Status


# When it was asked for, by whom, why, who took it, answered after and ended after so many minutes, and how.
MONTH = (
    Case("2026-03-01 23:30", AI, "Wants to exchange boots", BEN, 15, 60, CLOSED),
    Case("2026-03-02 09:00", AI, "Wants a refund for a broken lamp", ANA, 4, 30, RESOLVED),
    Case("2026-03-02 10:00", AI, "Customer wants a refund, lamp broken", ANA, 6, 50, RESOLVED),
    Case("2026-03-02 23:50", AI, "Parcel has not arrived", BEN, 10, 20, CLOSED),
    Case("2026-03-04 09:00", CUSTOMER, "Asked for a person", ANA, 8, 60, CLOSED),
    Case("2026-03-08 23:59", SYSTEM, "AI unavailable", None, None, None, QUEUED),
    Case("2026-03-28 23:30", AI, "Tent leaks", BEN, 60, 180, RESOLVED),
    Case("2026-03-29 23:59", AI, "Tent leaks again", ANA, None, None, OPEN),
    Case("2026-03-30 00:00", AI, "Rope is too short", None, None, None, QUEUED),
)
ALONE = ("2026-03-03 12:00", "2026-03-05 12:00")  # when the AI answered customers that needed nobody
LONG_AGO = Case("2026-02-10 09:00", AI, "Tent leaks", BEN, 5, 10, CLOSED)
BACK = "2026-03-06 12:00"  # when the AI answered that customer again, who needed nobody this time


def at(local: str, minutes: int = 0) -> datetime:
    """Minutes pass as they do on a watch, whatever the clocks on the wall are set to."""
    return datetime.fromisoformat(local).replace(tzinfo=MADRID).astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)


async def lived() -> int:
    """The month as rows; the inbox's id."""
    inbox = await Inbox.create(phone_number_id="1", name="Support", slack_channel="C0SUPPORT")
    for ident, name in ((ANA, "Ana"), (BEN, "Ben")):
        await Staff.create(id=ident, inbox_id=inbox.id, name=name)
    for case in MONTH:
        await _escalation(inbox.id, case)
    for moment in ALONE:
        await _said(inbox.id, await _conversation(inbox.id), Author.BOT, moment)
    former = await _escalation(inbox.id, LONG_AGO)
    await _said(inbox.id, former, Author.BOT, BACK)
    unheard = await _conversation(inbox.id)
    await _said(inbox.id, unheard, Author.BOT, "2026-03-05 13:00", status=Delivery.DROPPED)
    await _said(inbox.id, unheard, Author.SYSTEM, "2026-03-05 13:00", status=Delivery.FAILED)
    for number, moment in enumerate(("2026-03-01 23:59", "2026-03-02 00:00", "2026-03-04 09:05")):
        kind = "slack.remind_holder" if number == 1 else "slack.remind"
        await _task(inbox.id, f"reminder:{number}", kind, moment)
    await _task(inbox.id, "other", "slack.note", "2026-03-04 09:05")
    return inbox.id


async def _escalation(inbox_id: int, case: Case) -> int:
    """The id of its conversation."""
    conversation = await _conversation(inbox_id)
    await _said(inbox_id, conversation, Author.BOT, case.asked, minutes=-1)
    ended = None if case.ended is None else at(case.asked, case.ended)
    answered = None if case.answered is None else at(case.asked, case.answered)
    row = await EscalationRow.create(
        inbox_id=inbox_id,
        conversation_id=conversation,
        status=case.status,
        trigger=case.trigger,
        reason=case.reason,
        priority=Priority.NORMAL,
        language="en",
        queued_at=at(case.asked),
        created_at=at(case.asked),
        taken_by=case.by,
        taken_at=at(case.asked, 1) if case.by else None,
        first_answer_at=answered,
        first_answer_by=case.by if answered else None,
        ended_by=case.by if ended else None,
        ended_at=ended,
    )
    history: list[tuple[str, str | None, Status | None, Status, int]] = [("escalate", None, None, QUEUED, 0)]
    if case.by:
        history.append(("take", case.by, QUEUED, OPEN, 1))
    if case.ended is not None:
        history.append(("close" if case.status is CLOSED else "return_to_bot", case.by, OPEN, case.status, case.ended))
    for event, actor, before, after, minutes in history:
        await Audit.create(
            inbox_id=inbox_id,
            conversation_id=conversation,
            escalation_id=row.id,
            event=event,
            actor=actor,
            from_status=before,
            to_status=after,
            holder=None if after is QUEUED else case.by,
            at=at(case.asked, minutes),
        )
    if case.answered is not None:
        await _said(inbox_id, conversation, Author.STAFF, case.asked, case.answered, by=case.by, of=row.id)
        await _said(inbox_id, conversation, Author.STAFF, case.asked, case.answered + 1, by=case.by, of=row.id)
    return conversation


async def _conversation(inbox_id: int) -> int:
    customer = await CustomerRow.create(inbox_id=inbox_id, name="Carla")
    row = await ConversationRow.create(
        inbox_id=inbox_id, customer_id=customer.id, reply_kind="bsuid", reply_value=f"ES.{customer.id}"
    )
    return row.id


async def _said(
    inbox_id: int,
    conversation: int,
    author: Author,
    moment: str,
    minutes: int = 0,
    *,
    by: str | None = None,
    of: int | None = None,
    status: Delivery = Delivery.READ,
) -> None:
    await MessageRow.create(
        inbox_id=inbox_id,
        conversation_id=conversation,
        escalation_id=of,
        author=author,
        staff_id=by,
        kind="text",
        text="Hello",
        status=status,
        said_at=at(moment, minutes),
    )


async def _task(inbox_id: int, key: str, kind: str, moment: str) -> None:
    done = at(moment)
    await Task.create(
        inbox_id=inbox_id, kind=kind, lane=key, key=key, payload={}, not_before=done, created_at=done, done_at=done
    )
