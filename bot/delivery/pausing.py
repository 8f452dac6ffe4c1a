"""Before each call: is its way out open? After it: does what the service said close a way, or open it again?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot import metrics
from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.pauses import SLACK, WHATSAPP, Pause, channel_side, key_of
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.work import Work
from bot.flows.side_pauses import reply_waits, side_pauses, side_resumes
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.errors import TOKEN
from integrations.whatsapp import errors as whatsapp_errors
from storage import escalations, messages, pauses
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
    """What this process knows about the blocked sides of all inboxes; the truth is a row per inbox and side.

    Slack's token and WhatsApp's are shared: who loses one loses it for all inboxes, and each is told in its own
    channel. A channel is one inbox's, and so are a WhatsApp number and its account.
    """

    def __init__(self, inboxes: Inboxes, clock: Callable[[], datetime]) -> None:
        self._inboxes = inboxes
        self._clock = clock
        self._shut: dict[str, Pause] = {}  # by key
        self._probed: set[str] = set()  # keys of those that a task of ours is trying
        self._asked_at = 0.0

    # --- Before ---

    def sends(self, handler: Handler) -> Handler:
        """For what goes to WhatsApp. A refused send did nothing: it is as though it had never been tried."""
        return self._behind(handler, WHATSAPP, has_begun=False)

    def posts(self, handler: Handler) -> Handler:
        """For what goes to an inbox's channel. Other posts of the same run may have been made before."""
        return self._behind(handler, SLACK, in_channel=True, has_begun=True)

    def writes(self, handler: Handler) -> Handler:
        """For what goes to single people, whatever has become of the channel."""
        return self._behind(handler, SLACK, has_begun=False)

    def decorates(self, handler: Handler) -> Handler:
        """For what proves nothing when it works: it waits until others have tried."""
        return self._behind(handler, SLACK, in_channel=True, has_begun=False, may_probe=False)

    def adorns(self, handler: Handler) -> Handler:
        """The same, for what goes to WhatsApp."""
        return self._behind(handler, WHATSAPP, has_begun=False, may_probe=False)

    def draws(self, handler: Handler) -> Handler:
        """The same, for what is not in Slack's channel."""
        return self._behind(handler, SLACK, has_begun=False, may_probe=False)

    def fetches(self, handler: Handler) -> Handler:
        """For files of WhatsApp's: to have them twice does no harm, and sends alone prove that its side is open."""
        return self._behind(handler, WHATSAPP, has_begun=False, may_probe=False)

    def asks(self, handler: Handler) -> Handler:
        """For what arrives from Slack: it is handled whatever Slack refuses, unless it must ask Slack back."""
        return self._behind(handler, None, has_begun=True)

    def _behind(
        self, handler: Handler, side: str | None, *, in_channel: bool = False, has_begun: bool, may_probe: bool = True
    ) -> Handler:
        async def run(work: Work, claimed: Claim) -> None:
            try:
                await self._admit(work, await self._shut_before(work, side, in_channel=in_channel), may_probe=may_probe)
                await handler(work, claimed)
            except ServiceError as error:
                pause = await self._pause_behind(error, work)
                if pause is None:
                    raise
                metrics.count_failure(error)
                await self._say_it_waits(work, pause)
                raise NotYetError(
                    pause.probe_at + _BEHIND, "paused", waits_for=pause.key, has_begun=has_begun
                ) from error

        return run

    async def _pause_behind(self, error: ServiceError, work: Work) -> Pause | None:
        inbox = self._inboxes.of_channel(error.channel) or self._inboxes.known(work.inbox_id)
        side = _side_of(error)
        key = key_of(inbox.id, side) if side else None
        return None if key is None else self._shut.get(key) or await pauses.find(key)

    async def _shut_before(self, work: Work, side: str | None, *, in_channel: bool) -> list[Pause]:
        """What is blocked of the ways that it must take. Its channel is looked up only where one of them is blocked."""
        if side is None:
            return []
        known = await self._known()
        shut = [each for each in known if each.inbox_id == work.inbox_id and each.side == side]
        if in_channel and (channels := [each for each in known if each.channel]):
            here = await self._channel_of(work)
            shut += [each for each in channels if each.channel == here]
        return shut

    async def _channel_of(self, work: Work) -> str:
        """Where it will post; by the names that all kinds of work share."""
        if channel := getattr(work, "channel", None):
            return str(channel)
        escalation = getattr(work, "escalation_id", None)
        if escalation is None and (about := getattr(work, "message_id", None)):
            message = await messages.load(about)
            if message.slack_channel:
                return message.slack_channel
            escalation = message.escalation_id
        if escalation is not None:
            return (await escalations.thread_of(escalation)).channel
        return self._inboxes[work.inbox_id].channel

    async def _admit(self, work: Work, shut: Sequence[Pause], *, may_probe: bool) -> None:
        """Return when every side is open, or when this task is the one to try; raises `NotYetError`."""
        if not shut:
            return
        now, last = self._clock(), max(shut, key=lambda each: each.probe_at)
        if may_probe and last.probe_at <= now and await pauses.take_probe(shut, now, _PATIENCE):
            self._probed.update(each.key for each in shut)
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
            self._shut = {each.key: each for each in await pauses.everywhere()}
            self._probed &= self._shut.keys()
            self._asked_at = moment
        return list(self._shut.values())

    # --- After ---

    @asynccontextmanager
    async def heeding_slack(self, method: str, arguments: Json) -> AsyncGenerator[None]:
        """Around every call to Slack. A channel that is not an inbox's any more is gone, not paused."""
        channel = arguments.get("channel")
        inbox = self._inboxes.of_channel(channel)
        try:
            yield
        except ServiceError as error:
            if error.error_class is ErrorClass.CHANNEL and inbox is None:
                raise ServiceError(ErrorClass.GONE, error.code, error.reason, service="slack") from error
            error.channel = channel if inbox else None
            # What closes a side must be what can open it again, or the two would take turns.
            is_proof = method in _PROOF and not (error.code == "missing_scope" and "username" in arguments)
            if is_proof or error.code in TOKEN:
                await self._refused(error, SLACK, inbox)
            raise
        if method in _PROOF:
            await self._works(SLACK)
            if inbox:
                await self._works(channel_side(str(channel)), inbox)

    @asynccontextmanager
    async def heeding_whatsapp(self, inbox_id: int) -> AsyncGenerator[None]:
        """Around every send."""
        inbox = self._inboxes[inbox_id]
        try:
            yield
        except ServiceError as error:
            await self._refused(error, WHATSAPP, inbox)
            raise
        await self._works(WHATSAPP, inbox)

    async def _refused(self, error: ServiceError, service: str, inbox: Inbox | None) -> None:
        side, now = _side_of(error), self._clock()
        if side is None:
            if error.error_class in _LOOKED_AT:
                await self._works(service, inbox if service == WHATSAPP else None)
            return
        is_shared = side == SLACK or error.code in whatsapp_errors.TOKEN
        for each in self._inboxes.values() if is_shared or inbox is None else [inbox]:
            key = key_of(each.id, side)
            if key in self._probed:
                self._probed.discard(key)
                self._shut[key] = await pauses.refused_again(self._shut[key], error.reason, now)
            else:
                self._shut[key] = await side_pauses(each.id, side, error.reason, now)

    async def _works(self, side: str, inbox: Inbox | None = None) -> None:
        """Only a probe opens a side again: a call that left before it was blocked proves nothing.

        It opens it for all inboxes that were blocked for the same cause.
        """
        for pause in [each for each in self._shut.values() if each.side == side and each.key in self._probed]:
            if inbox is not None and pause.inbox_id != inbox.id:
                continue
            others = [each for each in await pauses.of_side(side) if each.key != pause.key]
            for each in [pause, *(each for each in others if side == SLACK or each.reason == pause.reason)]:
                self._probed.discard(each.key)
                await side_resumes(each, self._clock())
                self._shut.pop(each.key, None)


def _side_of(error: ServiceError) -> str | None:
    if error.error_class is ErrorClass.CHANNEL and error.channel:
        return channel_side(error.channel)
    if error.error_class is ErrorClass.AUTH:
        return {"slack": SLACK, "whatsapp": WHATSAPP}.get(error.service)
    return None
