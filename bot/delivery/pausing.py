"""Before each call: is its way out open? After it: does what the service said close a way, or open it again?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot import metrics
from bot.domain.pauses import SLACK, WHATSAPP, Pause, channel_side, key_of
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.work import Work
from bot.flows.side_pauses import reply_waits, side_pauses, side_resumes
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.errors import TOKEN
from storage import pauses
from storage.tasks import Claim, NotYetError

Handler = Callable[[Any, Claim], Awaitable[None]]
Json = dict[str, Any]

_TRUSTED_SECONDS = 1.0  # for so long we believe that nothing is paused, and ask nobody
_PATIENCE = timedelta(seconds=40)  # longer than any call takes: after that a probe without an outcome is forgotten
_BEHIND = timedelta(seconds=1)  # who was refused comes after those who wait: one bad task must not be every probe
_PROOF = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral"})  # a read works with less permission
# Refusals of this one request: the service knows us and looked at what we asked.
_LOOKED_AT = frozenset(
    {
        ErrorClass.GONE,
        ErrorClass.MEDIA,
        ErrorClass.RECIPIENT,
        ErrorClass.SIZE,
        ErrorClass.TEMPLATE,
        ErrorClass.WINDOW_CLOSED,
    }
)


class Pausing:
    """What this process knows about an inbox's blocked sides; the truth is a row per side."""

    def __init__(self, inbox_id: int, channel: str, clock: Callable[[], datetime]) -> None:
        self._inbox_id = inbox_id
        self._channel = channel
        self._clock = clock
        self._shut: dict[str, Pause] = {}  # by side
        self._probed: set[str] = set()  # sides that a task of ours is trying
        self._asked_at = 0.0

    # --- Before ---

    def sends(self, handler: Handler) -> Handler:
        """For what goes to WhatsApp. A refused send did nothing: it is as though it had never been tried."""
        return self._behind(handler, (WHATSAPP,), has_begun=False)

    def posts(self, handler: Handler) -> Handler:
        """For what goes to the inbox's channel. Other posts of the same run may have been made before."""
        return self._behind(handler, (SLACK, channel_side(self._channel)), has_begun=True)

    def writes(self, handler: Handler) -> Handler:
        """For what goes to single people, whatever has become of the channel."""
        return self._behind(handler, (SLACK,), has_begun=False)

    def decorates(self, handler: Handler) -> Handler:
        """For what proves nothing when it works: it waits until others have tried."""
        return self._behind(handler, (SLACK, channel_side(self._channel)), has_begun=False, may_probe=False)

    def adorns(self, handler: Handler) -> Handler:
        """The same, for what goes to WhatsApp."""
        return self._behind(handler, (WHATSAPP,), has_begun=False, may_probe=False)

    def draws(self, handler: Handler) -> Handler:
        """The same, for what is not in Slack's channel."""
        return self._behind(handler, (SLACK,), has_begun=False, may_probe=False)

    def fetches(self, handler: Handler) -> Handler:
        """For files of WhatsApp's: to have them twice does no harm, and sends alone prove that its side is open."""
        return self._behind(handler, (WHATSAPP,), has_begun=False, may_probe=False)

    def asks(self, handler: Handler) -> Handler:
        """For what arrives from Slack: it is handled whatever Slack refuses, unless it must ask Slack back."""
        return self._behind(handler, (), has_begun=True)

    def _behind(self, handler: Handler, sides: Sequence[str], *, has_begun: bool, may_probe: bool = True) -> Handler:
        async def run(work: Work, claimed: Claim) -> None:
            try:
                await self._admit(work, sides, may_probe=may_probe)
                await handler(work, claimed)
            except ServiceError as error:
                pause = await self._pause_behind(error)
                if pause is None:
                    raise
                metrics.count_failure(error)
                await self._say_it_waits(work, pause)
                raise NotYetError(
                    pause.probe_at + _BEHIND, "paused", waits_for=pause.key, has_begun=has_begun
                ) from error

        return run

    async def _pause_behind(self, error: ServiceError) -> Pause | None:
        side = self._side_of(error)
        return None if side is None else self._shut.get(side) or await pauses.find(key_of(self._inbox_id, side))

    async def _admit(self, work: Work, sides: Sequence[str], *, may_probe: bool) -> None:
        """Return when every side is open, or when this task is the one to try; raises `NotYetError`."""
        shut = [each for each in await self._known() if each.side in sides]
        if not shut:
            return
        now, last = self._clock(), max(shut, key=lambda each: each.probe_at)
        if may_probe and last.probe_at <= now and await pauses.take_probe(shut, now, _PATIENCE):
            self._probed.update(each.side for each in shut)
            return
        await self._say_it_waits(work, last)
        until = last.probe_at if last.probe_at > now else now + (_PATIENCE if may_probe else _BEHIND)
        raise NotYetError(until, "paused", waits_for=last.key)

    async def _say_it_waits(self, work: Work, pause: Pause) -> None:
        if isinstance(work, SendToCustomer):
            await reply_waits(work.message_id, pause, self._clock())

    async def _known(self) -> Sequence[Pause]:
        moment = asyncio.get_running_loop().time()
        if self._shut or moment - self._asked_at > _TRUSTED_SECONDS:
            self._shut = {each.side: each for each in await pauses.known(self._inbox_id)}
            self._probed &= self._shut.keys()
            self._asked_at = moment
        return list(self._shut.values())

    # --- After ---

    @asynccontextmanager
    async def heeding_slack(self, method: str, arguments: Json) -> AsyncGenerator[None]:
        """Around every call to Slack. A channel that is not the inbox's any more is gone, not paused."""
        channel = arguments.get("channel")
        try:
            yield
        except ServiceError as error:
            if error.error_class is ErrorClass.CHANNEL and channel != self._channel:
                raise ServiceError(ErrorClass.GONE, error.code, error.reason, service="slack") from error
            # What closes a side must be what can open it again, or the two would take turns.
            is_proof = method in _PROOF and not (error.code == "missing_scope" and "username" in arguments)
            if is_proof or error.code in TOKEN:
                await self._refused(error, SLACK)
            raise
        if method in _PROOF:
            await self._works(SLACK, *([channel_side(self._channel)] if channel == self._channel else []))

    @asynccontextmanager
    async def heeding_whatsapp(self) -> AsyncGenerator[None]:
        """Around every send."""
        try:
            yield
        except ServiceError as error:
            await self._refused(error, WHATSAPP)
            raise
        await self._works(WHATSAPP)

    def _side_of(self, error: ServiceError) -> str | None:
        if error.error_class is ErrorClass.CHANNEL:
            return channel_side(self._channel)
        if error.error_class is ErrorClass.AUTH:
            return {"slack": SLACK, "whatsapp": WHATSAPP}.get(error.service)
        return None

    async def _refused(self, error: ServiceError, service: str) -> None:
        side, now = self._side_of(error), self._clock()
        if side is None:
            if error.error_class in _LOOKED_AT:
                await self._works(service)
        elif side in self._probed:
            self._probed.discard(side)
            self._shut[side] = await pauses.refused_again(self._shut[side], error.reason, now)
        else:
            self._shut[side] = await side_pauses(self._inbox_id, side, error.reason, now)

    async def _works(self, *sides: str) -> None:
        """Only a probe opens a side again: a call that left before it was blocked proves nothing."""
        for side in sides:
            if side in self._probed and (pause := self._shut.get(side)):
                self._probed.discard(side)
                await side_resumes(pause, self._clock())
                self._shut.pop(side, None)
