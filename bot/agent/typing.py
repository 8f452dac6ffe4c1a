"""While the model thinks the customer sees "typing…": beside the turn, which neither waits for it nor fails with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from bot.flows.agent_answers import TurnBegun
from bot.flows.receipts import ai_is_typing
from storage.database import PASSING_TROUBLE

log = structlog.get_logger("switchboard.agent")

_TIMES = 2
AGAIN_AFTER_SECONDS = 20.0  # it fades after 25; whether saying it again renews it, Meta does not tell: once is enough


@asynccontextmanager
async def typing_while(
    begun: TurnBegun, clock: Callable[[], datetime], again_after: float = AGAIN_AFTER_SECONDS
) -> AsyncGenerator[None]:
    is_over = asyncio.Event()
    showing = asyncio.create_task(_show(begun, clock, is_over, again_after))
    try:
        yield
    finally:
        is_over.set()
        await asyncio.wait({showing})


async def _show(begun: TurnBegun, clock: Callable[[], datetime], is_over: asyncio.Event, again_after: float) -> None:
    for time in range(1, _TIMES + 1):
        try:
            await ai_is_typing(begun, time, clock())
        except PASSING_TROUBLE:
            log.info("typing.not_shown", conversation=begun.conversation.id)
        try:
            await asyncio.wait_for(is_over.wait(), again_after)
        except TimeoutError:
            continue
        return
