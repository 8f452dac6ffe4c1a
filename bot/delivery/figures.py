"""This week's figures, counted at most once a minute, however many pages show them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.figures import Week
from storage import desk

_FRESH_FOR = timedelta(minutes=1)
_REMEMBERED = 64  # inboxes together with time zones

_Key = tuple[tuple[int, ...], datetime]


@dataclass(frozen=True, slots=True)
class Figures:
    clock: Callable[[], datetime]
    _counted: OrderedDict[_Key, tuple[datetime, Week]] = field(default_factory=OrderedDict[_Key, tuple[datetime, Week]])
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def week(self, inboxes: Sequence[int], midnight: datetime) -> Week:
        """From Monday on, where the day began at `midnight`."""
        key = (tuple(inboxes), midnight)
        async with self._counting:  # pages that are drawn at once share one count
            at, week = self._counted.get(key, (None, Week()))
            if at is None or self.clock() - at >= _FRESH_FOR:
                week = await desk.week(inboxes, midnight)
                self._counted[key] = (self.clock(), week)
                self._counted.move_to_end(key)
                while len(self._counted) > _REMEMBERED:
                    self._counted.popitem(last=False)
        return week
