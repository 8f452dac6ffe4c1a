"""Before every call: is it its turn? If not, the task comes back when it is, and keeps no slot busy meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.pace import Budget, Rate, Rates
from bot.domain.work import Work
from integrations.errors import ErrorClass, ServiceError
from storage import pace
from storage.tasks import Claim, NotYetError

_WORTH_WAITING_FOR = timedelta(milliseconds=50)  # putting the task back and claiming it again costs about as much


@dataclass(frozen=True, slots=True)
class Pace:
    rates: Rates
    clock: Callable[[], datetime]

    def posts(self, _work: Work, channel: str, calls: int = 1) -> Budget:
        return Budget(f"chat.postMessage:{channel}", self.rates.post, calls)

    def workspace(self, _work: Work, method: str, rate: Rate) -> Budget:
        """A method of Slack's that is counted for the whole workspace, whichever inbox it is for."""
        return Budget(method, rate)

    def customer(self, work: Work, conversation_id: int) -> Budget:
        return Budget(f"{work.inbox_id}:customer:{conversation_id}", self.rates.customer)

    def number(self, work: Work, phone_number_id: str) -> Budget:
        return Budget(f"{work.inbox_id}:number:{phone_number_id}", self.rates.number)

    async def turn(self, claimed: Claim, *budgets: Budget) -> None:
        """Return when these calls may be made; raises `NotYetError` where that is not now.

        All calls of a run are asked for at once and before the first of them, so a run never stops halfway.
        """
        if not budgets:
            return
        now = self.clock()
        at = claimed.reserved_at
        if at is None or (at <= now + _WORTH_WAITING_FOR and await pace.is_held(budgets, now)):
            at = await pace.reserve(claimed.work.inbox_id, budgets, now)
        if at - now > _WORTH_WAITING_FOR:
            raise NotYetError(at, "paced", is_reserved=True)
        await asyncio.sleep(max(0.0, (at - now).total_seconds()))

    async def spare_turn(self, claimed: Claim, budget: Budget) -> None:
        """The same for what can wait: it never queues before others, and half of the burst stays theirs."""
        now = self.clock()
        at = await pace.take_spare(claimed.work.inbox_id, budget, now)
        if at > now:  # not all of those that wait should come back at the same moment
            raise NotYetError(at + budget.rate.every * random.uniform(0, 10), "paced")  # noqa: S311  # jitter

    @asynccontextmanager
    async def heeding(self, inbox_id: int, *budgets: Budget) -> AsyncGenerator[None]:
        """If a service asks for quiet, nobody on any replica calls before it is over."""
        try:
            yield
        except ServiceError as error:
            if error.error_class is ErrorClass.THROTTLED:
                await self.hold_off(error, inbox_id, *budgets)
            raise

    async def hold_off(self, error: ServiceError, inbox_id: int, *budgets: Budget) -> None:
        asked = error.retry_after or max(each.rate.every for each in budgets).total_seconds()
        await pace.hold_off(inbox_id, budgets, self.clock() + timedelta(seconds=asked))
