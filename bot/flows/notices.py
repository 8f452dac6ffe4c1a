"""Something happens that staff may want to be told: those who chose to be get a direct message each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.conversation import Conversation
from bot.domain.escalation import Escalation, Status
from bot.domain.notice_work import Notify, NotifyOfReminder, SettleNotices
from bot.domain.notices import ANSWERED_WITHIN, GATHERED_FOR, Happening, told
from bot.domain.preferences import Topic
from storage import escalations, notices, preferences
from storage.tasks import Unit


async def tell_of_new(turn: Unit, escalation: Escalation) -> None:
    """`mine` are customers whom one had before: whoever had this one last."""
    former = await escalations.former_holder(escalation.conversation_id, before=escalation.id)
    mine = frozenset({former} if former else ())
    happening = Happening(Topic.NEW, escalation.inbox_id, mine, by=escalation.started_by)
    await _tell(turn, happening, escalation, "", GATHERED_FOR)


async def tell_of_assignment(turn: Unit, escalation: Escalation, by: str | None) -> bool:
    """Returns whether the one who was given it is told by direct message, and so need not be called in the thread."""
    assert escalation.taken_by
    assert escalation.taken_at
    happening = Happening(Topic.ASSIGNED, escalation.inbox_id, frozenset({escalation.taken_by}), by)
    return escalation.taken_by in await _tell(turn, happening, escalation, f"{escalation.taken_at.timestamp():.3f}")


async def tell_of_customer(turn: Unit, escalation: Escalation, conversation: Conversation) -> None:
    """Once, however much they write, until somebody answers. One read: this is on the way of every customer's word."""
    if escalation.status is Status.OPEN and escalation.taken_by:
        happening = Happening(Topic.CUSTOMER, escalation.inbox_id, frozenset({escalation.taken_by}))
        await _tell(turn, happening, escalation, str(conversation.answered_through), ANSWERED_WITHIN)


async def tell_of_window(turn: Unit, escalation: Escalation, about: str) -> None:
    mine = frozenset({escalation.taken_by} if escalation.taken_by else ())
    await _tell(turn, Happening(Topic.WINDOW, escalation.inbox_id, mine), escalation, about, GATHERED_FOR)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who is in the groups of a reminder: its leads, and those who were called in the thread, for it or earlier."""

    leads: Collection[str] = ()
    pinged: Collection[str] = ()
    called: Collection[str] = ()


async def tell_of_reminder(turn: Unit, work: NotifyOfReminder, concerned: Concerned) -> None:
    escalation = await escalations.load(work.escalation_id)
    if escalation is None or escalation.status.is_final or escalation.taken_by != work.holder:
        return
    mine = {*concerned.leads} - {*concerned.called} | {*([work.holder] if work.holder else [])}
    pinged = {*concerned.pinged, *work.pinged}
    happening = Happening(Topic.REMINDER, escalation.inbox_id, frozenset(mine), pinged=frozenset(pinged))
    await _tell(turn, happening, escalation, work.about, GATHERED_FOR)


async def settle_notices(turn: Unit, escalation: Escalation) -> None:
    """What was told of it has changed."""
    if await notices.any_about(escalation.id):
        turn.cause(SettleNotices(inbox_id=escalation.inbox_id, escalation_id=escalation.id))


async def _tell(
    turn: Unit, happening: Happening, escalation: Escalation, about: str, after: timedelta | None = None
) -> list[str]:
    users = told(happening, await preferences.concerned(happening.topic, happening.mine))
    for user in users:
        turn.cause(
            Notify(
                inbox_id=escalation.inbox_id,
                user=user,
                escalation_id=escalation.id,
                topic=happening.topic,
                about=about,
                holder=escalation.taken_by,
                at=turn.now + after if after else None,
            )
        )
    return users
