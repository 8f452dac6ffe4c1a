"""This week's figures, counted at most once a minute, however many pages show them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.figures import Week
from bot.domain.periods import Period
from storage import reports

_FRESH_FOR = timedelta(minutes=1)
_REMEMBERED = 64  # inboxes together with time zones

_Key = tuple[tuple[int, ...], date, str]


@dataclass(frozen=True, slots=True)
class Figures:
    clock: Callable[[], datetime]
    _counted: OrderedDict[_Key, tuple[datetime, Week]] = field(default_factory=OrderedDict[_Key, tuple[datetime, Week]])
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def week(self, inboxes: Sequence[int], here: ZoneInfo) -> Week:
        """From Monday on, by the days of whoever looks at them."""
        today = self.clock().astimezone(here).date()
        key = (tuple(inboxes), today, here.key)
        async with self._counting:  # pages that are drawn at once share one count
            at, week = self._counted.get(key, (None, Week()))
            if at is None or self.clock() - at >= _FRESH_FOR:
                week = await _count(inboxes, Period(today - timedelta(days=today.weekday()), today, here))
                self._counted[key] = (self.clock(), week)
                self._counted.move_to_end(key)
                while len(self._counted) > _REMEMBERED:
                    self._counted.popitem(last=False)
        return week


async def _count(inboxes: Sequence[int], period: Period) -> Week:
    volume = await reports.volume(inboxes, period)
    members = await reports.members(inboxes, period) if volume.response.count else ()
    return Week(
        days={bucket.first: many for bucket, many in zip(period.buckets(), volume.counts, strict=True)},
        answered=volume.response.count,
        answered_by={each.staff_id: each.response.count for each in members},
        first_response=volume.response.median,
    )
