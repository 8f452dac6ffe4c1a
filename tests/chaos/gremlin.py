"""The gremlin: spoils calls to the services, kills bots, and pulls the database from under them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random

from aiohttp import web

from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.wire import Json, as_object, as_text
from tests.chaos.ledger import STAFF_TOKEN, Arrival, Ledger
from tests.chaos.post import Weather

# What may happen to a call, and out of a thousand calls to how many.
Odds = Sequence[tuple[int, Callable[[Random], Fault]]]

WHATSAPP: Odds = (
    (20, lambda _: Fault(code=130429, status=429, retry_after=1)),
    (15, lambda _: Fault(status=500)),
    (15, lambda _: Fault(code=131000, status=500)),
    (8, lambda _: Fault(code=131026)),
    (25, lambda _: Fault(drop="before")),
    (25, lambda _: Fault(drop="after")),
    (80, lambda dice: Fault(delay=dice.uniform(0.05, 1.0))),
    (8, lambda _: Fault(hang=True)),
)
SLACK: Odds = (
    (20, lambda _: Fault(status=429, retry_after=1)),
    (15, lambda _: Fault(status=500)),
    (15, lambda _: Fault(code="internal_error")),
    (20, lambda _: Fault(drop="before")),
    (25, lambda _: Fault(drop="after")),
    (60, lambda dice: Fault(delay=dice.uniform(0.05, 1.0))),
    (5, lambda _: Fault(hang=True)),
)
MODEL: Odds = (
    (30, lambda _: Fault(status=429, retry_after=0.2)),
    (30, lambda _: Fault(status=500)),
    (20, lambda _: Fault(drop="before")),
    (20, lambda _: Fault(drop="after")),
    (300, lambda dice: Fault(delay=dice.uniform(0.1, 3.0))),
    (10, lambda _: Fault(hang=True)),
)


class Spoiler(Faults):
    """Rolls the dice for every call of one service, and notes what was asked of WhatsApp the moment it comes."""

    def __init__(self, service: str, odds: Odds, ledger: Ledger, dice: Random, weather: Weather) -> None:
        super().__init__()
        self._service = service
        self._odds = odds
        self._ledger = ledger
        self._dice = dice
        self._weather = weather

    async def meet(
        self,
        request: web.Request,
        method: str,
        arguments: Json,
        act: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Fault], web.Response],
        *,
        by_name: bool = False,
    ) -> web.Response:
        text = as_text(as_object(arguments.get("text")).get("body")) if self._service == "whatsapp" else ""
        if text:
            self._ledger.arrivals.append(Arrival(time.time(), text))
            self._ledger.note(text, "is asked of WhatsApp")
        fault = self._roll()
        if fault is not None:
            self._ledger.fault(f"{self._service} {_name(fault)}", text or _about(arguments), method)
            self.add(fault)  # nothing runs between this and its being met
        return await super().meet(request, method, arguments, act, refuse, by_name=by_name)

    def _roll(self) -> Fault | None:
        rolled = self._dice.random() * 1000 / max(self._weather.roughness, 1e-9)
        for odds, make in self._odds:
            if rolled < odds:
                return make(self._dice)
            rolled -= odds
        return None


async def let_go(spoilers: Sequence[Spoiler], dice: Random) -> None:
    """Calls that hang are answered in the end."""
    while True:
        await asyncio.sleep(dice.uniform(1, 4))
        for each in spoilers:
            each.release()


def _name(fault: Fault) -> str:
    if fault.drop:
        return f"drops the connection {fault.drop}"
    if fault.hang:
        return "hangs"
    if fault.refuses:
        return f"says {fault.code or fault.status}"
    return "is slow"


def _about(arguments: Json) -> str:
    found = STAFF_TOKEN.search(as_text(arguments.get("text")))
    return found[0] if found else ""
