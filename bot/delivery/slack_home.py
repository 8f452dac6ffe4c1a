"""Draws the Escalations page of one person, in App Home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.blocks.home import home, no_home
from bot.blocks.parts import View
from bot.delivery.figures import Figures
from bot.delivery.pacing import Pace
from bot.domain.escalation import Status
from bot.domain.home import ENDED_ROWS, Desk, Look, Part, Rows, Today, midnight, paged, shared
from bot.domain.inboxes import Inboxes, not_there
from bot.domain.preferences import zone
from bot.domain.staff_work import RefreshHome
from bot.roster import Roster
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import desk, escalations, staff, tasks
from storage.staff import Viewer
from storage.tasks import Claim

log = structlog.get_logger("switchboard.delivery")

_WATCHING = timedelta(seconds=10)  # after they opened it or pressed something there


@dataclass(frozen=True, slots=True)
class SlackHome:
    slack: Slack
    roster: Roster
    inboxes: Inboxes
    figures: Figures
    clock: Callable[[], datetime]
    pace: Pace

    async def redraw(self, work: RefreshHome, claimed: Claim) -> None:
        viewer = await staff.viewer(work.user)
        one = replace(work, inbox_id=self.inboxes.first.id)  # whatever inbox has changed, Slack counts them together
        budget = self.pace.workspace(one, "views.publish", self.pace.rates.home)
        if viewer.seen_at and self.clock() - viewer.seen_at < _WATCHING:
            await self.pace.turn(claimed, budget)
        else:  # whoever has just pressed something never waits behind the pages of others
            await self.pace.spare_turn(claimed, budget)
        page = await self._page(work, viewer)
        try:
            async with self.pace.heeding(work.inbox_id, budget):
                await self.slack.publish_home(work.user, page)
        except ServiceError as error:
            if error.error_class is not ErrorClass.RECIPIENT:
                raise
            await staff.has_no_home(work.user)  # they are gone, or the app has no Home: until they open it again
        await tasks.finish(claimed, self.clock())

    async def _page(self, work: RefreshHome, viewer: Viewer) -> View:
        """Customers are shown to nobody but those who may act for them."""
        member = await self.roster.member(work.user, work.inbox_id)
        if refusal := member.refusal(self.roster.home()):
            await staff.has_no_home(work.user)
            return no_home(refusal)
        now, theirs = self.clock(), await self._inboxes_of(work.user)
        if not theirs:
            await staff.has_no_home(work.user)
            return no_home(not_there(list(self.inboxes.values()), is_sure=True))
        return home(await self._desk(work.user, viewer, theirs, now), now)

    async def _inboxes_of(self, user: str) -> Mapping[int, str]:
        """Those in whose channels they are. One of which Slack cannot say so is left out, unless that is all."""
        theirs: dict[int, str] = {}
        trouble: ServiceError | None = None
        for each in self.inboxes.values():
            try:
                if await self.roster.is_of(each, user):
                    theirs[each.id] = each.name
            except ServiceError as error:
                log.warning("channel.unknown", inbox=each.id, error=error.code)
                trouble = error
        if trouble is not None and not theirs and trouble.is_retryable:
            raise trouble
        return theirs

    async def _desk(self, user: str, viewer: Viewer, inboxes: Mapping[int, str], now: datetime) -> Desk:
        look = viewer.look
        if look.inbox is not None and look.inbox not in inboxes:
            look = look.on(None)
            await staff.looks(user, look)  # that inbox is not theirs any more, and what changes in others must be seen
        of = list(inboxes) if look.inbox is None else [look.inbox]
        active, since = await desk.active(of, user), midnight(now, viewer.member.time_zone)
        ended = await desk.ended(of, since)
        return Desk(
            viewer=user,
            lists=await _lists(of, look, active, sum(ended.values()), since),
            today=_today(active, ended),
            away=await staff.away(),
            inboxes=inboxes,
            chosen=look.inbox,
            preferences=viewer.member.preferences,
            week=await self.figures.week(of, zone(viewer.member.time_zone)),
            is_new=not active and not ended and not await desk.has_any(of),
        )


async def _lists(
    of: Sequence[int], look: Look, active: Mapping[Part, Sequence[int]], ended: int, since: datetime
) -> dict[Part, Rows]:
    """One question for the rows of all four."""
    sizes = shared({part: len(ids) for part, ids in active.items()})
    pages = {part: paged(look.starts.get(part, 0), size, len(active.get(part, ()))) for part, size in sizes.items()}
    shown = {part: list(active.get(part, ())[page.start : page.end]) for part, page in pages.items()}
    pages[Part.ENDED] = past = paged(look.starts.get(Part.ENDED, 0), ENDED_ROWS, ended)
    shown[Part.ENDED] = await desk.lately_ended(of, since, past.size, past.start) if ended else []
    views = await escalations.views([each for ids in shown.values() for each in ids])
    found = {view.escalation.id: view for view in views}
    return {part: Rows(tuple(found[each] for each in shown[part] if each in found), pages[part]) for part in Part}


def _today(active: Mapping[Part, Sequence[int]], ended: Mapping[Status, int]) -> Today:
    held = len(active.get(Part.MINE, ())) + len(active.get(Part.TEAM, ()))
    waiting = len(active.get(Part.WAITING, ()))
    return Today(waiting, held, ended.get(Status.RESOLVED, 0), ended.get(Status.CLOSED, 0))
