"""Direct messages to staff about escalations: each once, several that come together as one, kept true afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.blocks.notices import direct_message
from bot.delivery.pacing import Pace
from bot.domain.desk import EscalationView
from bot.domain.escalation import Escalation
from bot.domain.inboxes import Inboxes
from bot.domain.notice_work import Notify, NotifyOfReminder, SettleNotices
from bot.domain.notices import is_moot, may_be_told_at
from bot.domain.preferences import Member, Topic
from bot.flows.notices import Concerned, tell_of_reminder
from bot.roster import Roster
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import conversations, escalations, notices, preferences, tasks, tasks_joining
from storage.notices import DirectMessage, Told
from storage.tasks import Claim, NotYetError, unit

log = structlog.get_logger("switchboard.delivery")

_CARD_COMES_FIRST = timedelta(seconds=2)  # a message without a link to the thread is little use
_AT_ONCE = 11  # things told beside the first: each is four blocks of the 50 that Slack takes


@dataclass(frozen=True, slots=True)
class StaffNotices:
    slack: Slack
    roster: Roster
    inboxes: Inboxes
    clock: Callable[[], datetime]
    pace: Pace

    async def ask_whom(self, work: NotifyOfReminder, claimed: Claim) -> None:
        """A reminder is due: who is in the groups that it is for, and who has been called already?"""
        leads = await self._group(work.leads, work.inbox_id)
        called = await self._group(work.calls, work.inbox_id)
        earlier = await self._group(work.called, work.inbox_id)
        async with unit(self.clock(), claimed) as turn:
            await tell_of_reminder(turn, work, Concerned(leads, called, earlier))

    async def tell(self, work: Notify, claimed: Claim) -> None:
        """After a doubt it is not told again: the thread and its reminders say the same, and a call once is enough."""
        whole = await self._with_others(work, claimed)
        member = None if claimed.doubts else await self._reader(work)
        if member is not None:
            at = may_be_told_at(Topic(work.topic), member, self.clock())
            if at is not None and at > self.clock():
                raise NotYetError(at, "quiet_hours")
            if at is not None and (things := await self._still_worth(whole)):
                await self._write(work, claimed, things)
        await tasks.finish(claimed, self.clock())

    async def settle(self, work: SettleNotices, claimed: Claim) -> None:
        escalation = await escalations.load(work.escalation_id)
        outdated = await notices.outdated(work.escalation_id, _state(escalation)) if escalation else []
        for message in outdated:
            await self._redraw(work, claimed, message)
        await tasks.finish(claimed, self.clock())

    async def _with_others(self, work: Notify, claimed: Claim) -> list[Notify]:
        """What waits for the same person is told with it; committed before anything is sent."""
        if work.is_told_with_others and claimed.started == 1:
            behind = await tasks_joining.behind(claimed, self.clock(), _AT_ONCE)
            others = [(task, other) for task, other in behind if isinstance(other, Notify)]
            if others:
                work = replace(work, also=[*work.also, *(other.payload() for _task, other in others)])
                await tasks_joining.take_along(claimed, work, [task for task, _other in others], self.clock())
        return [work, *(Notify.from_payload(work.inbox_id, each) for each in work.also)]

    async def _reader(self, work: Notify) -> Member | None:
        """Whoever is to read it, unless they have left, or become a guest, or left the channel, since they chose to."""
        try:
            described = await self.roster.member(work.user, work.inbox_id)
            is_there = await self.roster.is_of(self.inboxes[work.inbox_id], work.user)
        except ServiceError as error:
            if error.is_retryable:
                raise
            return None
        if described.refusal(self.roster.home()) or not is_there:
            return None
        return await preferences.of(work.user)

    async def _still_worth(self, things: Sequence[Notify]) -> list[tuple[Topic, EscalationView]]:
        """Each conversation once, and only where nobody has seen to it meanwhile."""
        worth: dict[int, tuple[Topic, EscalationView]] = {}
        for each in things:
            topic, escalation = Topic(each.topic), await escalations.load(each.escalation_id)
            if escalation is None or escalation.id in worth:
                continue
            conversation = await conversations.load(escalation.conversation_id)
            if not is_moot(topic, each.holder, escalation, conversation, self.clock()):
                worth[escalation.id] = (topic, await escalations.view(escalation.id))
        for escalation_id in worth:
            if (await escalations.thread_of(escalation_id)).ts is None:
                raise NotYetError(self.clock() + _CARD_COMES_FIRST, "unopened")
        return list(worth.values())

    async def _write(self, work: Notify, claimed: Claim, things: Sequence[tuple[Topic, EscalationView]]) -> None:
        budget = self.pace.posts(work, work.user)
        await self.pace.turn(claimed, budget)
        post = direct_message(things, work.user, self.clock())
        try:
            async with self.pace.heeding(work.inbox_id, budget):
                channel, ts = await self.slack.write(work.user, post.text, post.blocks)
        except ServiceError as error:
            if error.is_retryable:
                raise
            log.warning("notice.not_told", user=work.user, error=error.code)  # they cannot be written to
            return
        told = tuple(Told(view.escalation.id, topic, _state(view.escalation)) for topic, view in things)
        await notices.add(work.inbox_id, DirectMessage(work.user, channel, ts, told), self.clock())

    async def _redraw(self, work: SettleNotices, claimed: Claim, message: DirectMessage) -> None:
        things = [(each.topic, await escalations.view(each.escalation_id)) for each in message.things]
        budget = self.pace.workspace(work, "chat.update", self.pace.rates.update)
        await self.pace.turn(claimed, budget)
        post = direct_message(things, message.staff_id, self.clock())
        try:
            async with self.pace.heeding(work.inbox_id, budget):
                await self.slack.update(message.channel, message.ts, post.text, post.blocks)
        except ServiceError as error:
            if error.is_retryable:
                raise
            log.info("notice.not_settled", user=message.staff_id, error=error.code)  # pressing it is told the truth
        shown = [Told(view.escalation.id, topic, _state(view.escalation)) for topic, view in things]
        await notices.set_shown(message.channel, message.ts, shown)

    async def _group(self, group: str | None, inbox_id: int) -> frozenset[str]:
        """Nobody, where Slack refuses to say."""
        if group is None:
            return frozenset()
        try:
            return await self.roster.group(group, inbox_id)
        except ServiceError as error:
            if error.is_retryable and error.error_class is not ErrorClass.AUTH:
                raise
            log.warning("group.unknown", group=group, error=error.code)
            return frozenset()


def _state(escalation: Escalation) -> str:
    """What of it a message shows that can change."""
    return f"{escalation.status}:{escalation.taken_by or ''}"
