"""Tells WhatsApp that somebody has read, or is typing. A nicety: it is tried once, late ones are let go, none fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.delivery.pacing import Pace
from bot.domain.inboxes import Inboxes
from bot.domain.whatsapp_work import MarkRead, ShowTyping
from bot.flows.receipts import is_still_answered
from integrations.errors import ServiceError
from integrations.whatsapp.client import WhatsApp
from storage import messages, tasks
from storage.tasks import Claim

log = structlog.get_logger("switchboard.delivery")

_STALE = timedelta(seconds=20)  # WhatsApp shows "typing…" for at most 25 seconds (Cloud API, Typing indicators)


@dataclass(frozen=True, slots=True)
class Receipts:
    whatsapp: WhatsApp
    inboxes: Inboxes
    clock: Callable[[], datetime]
    pace: Pace

    async def type(self, work: ShowTyping, claimed: Claim) -> None:
        if self.clock() - claimed.created_at < _STALE and await is_still_answered(work):
            await self._tell(work, claimed, is_typing=True)
        await tasks.finish(claimed, self.clock())

    async def read(self, work: MarkRead, claimed: Claim) -> None:
        await self._tell(work, claimed, is_typing=False)
        await tasks.finish(claimed, self.clock())

    async def _tell(self, work: MarkRead | ShowTyping, claimed: Claim, *, is_typing: bool) -> None:
        wamid = (await messages.load(work.message_id)).wamid
        if wamid is None or claimed.started > 1:
            return
        number = self.inboxes[work.inbox_id].number
        await self.pace.spare_turn(claimed, self.pace.number(work, number))
        try:
            await self.whatsapp.mark_read(number, wamid, is_typing=is_typing)
        except ServiceError as error:
            metrics.count_failure(error)
            log.info("receipt.refused", error=error.code)
