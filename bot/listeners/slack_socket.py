"""Slack's socket, for where no public address is: whatever comes by it takes the same way as what comes to the URL.

Slack promises nothing about what it sends into a line that breaks, so after any end but an announced one live
threads are read back. Several replicas may each hold a line; what Slack has to say comes by any one of them.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

import orjson
import structlog
from slack_bolt.response import BoltResponse

from bot.listeners.health import Peers
from bot.listeners.slack_requests import SlackRequests
from bot.metrics import SOCKET_ENDS, SOCKET_UP
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.socket import Envelope, Goodbye, Line, Patience
from storage.database import is_passing_trouble

log = structlog.get_logger("switchboard.socket")

Json = dict[str, Any]
FINISH_SECONDS = 0.5  # what is in hand; of the ten seconds of a stop the worker needs most


class SocketDoor:
    """Keeps one line open. `dial` opens a new one or raises `ServiceError`."""

    def __init__(
        self, dial: Callable[[], Awaitable[Line]], requests: SlackRequests, peers: Peers, patience: Patience
    ) -> None:
        self._dial = dial
        self._requests = requests
        self._peers = peers
        self._patience = patience
        self._line: Line | None = None
        self._has_gap = True  # until the first line is open
        self._answering: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled; what is being answered then is finished first."""
        failures = 0
        try:
            while True:
                try:
                    failures = await self._one_line(failures)
                except Exception as error:  # whatever becomes of one line, there is a next
                    log.error("socket.failed", exc_info=error)
                    failures += 1
        finally:
            await self._finish()

    async def _one_line(self, failures: int) -> int:
        """From the dialling of one line to its end; returns how many have failed in a row by then."""
        await asyncio.sleep(self._pause(failures))
        try:
            line = await self._dial()
        except ServiceError as error:
            log.warning("socket.not_open", error=error.code, failures=failures + 1)
            await self._rest(error.reason, self._pause_for(error))
            return failures + 1
        self._opened(line)
        begun = asyncio.get_running_loop().time()
        goodbye = await self._listen(line)
        await self._part(line, goodbye)
        lived = asyncio.get_running_loop().time() - begun
        return 0 if lived >= self._patience.lives_at_least else failures + 1

    def _opened(self, line: Line) -> None:
        """Only now is the gap noted: what is said after the reading comes by this line."""
        self._line = line
        self._peers.slack_socket = "connected"
        SOCKET_UP.set(1)
        log.info("socket.open", reads_back=self._has_gap)
        if self._has_gap:
            self._requests.gaps.note()
        self._has_gap = False

    def _pause(self, failures: int) -> float:
        if not failures:
            return 0.0
        seconds = min(self._patience.longest_pause, self._patience.first_pause * 2 ** min(failures - 1, 12))
        return seconds * random.uniform(0.5, 1.5)  # noqa: S311  # jitter, not a secret

    def _pause_for(self, error: ServiceError) -> float:
        """What Slack asks for, or the time it takes somebody to mend a token."""
        if error.error_class in (ErrorClass.AUTH, ErrorClass.BUG):
            return self._patience.pause_when_refused
        return error.retry_after or 0.0

    async def _rest(self, state: str, seconds: float) -> None:
        self._peers.slack_socket = state
        SOCKET_UP.set(0)
        await asyncio.sleep(seconds)

    async def _listen(self, line: Line) -> Goodbye:
        """Hand on what comes, in its order, until Slack or the line says goodbye."""
        while True:
            heard = await line.hear()
            if isinstance(heard, Goodbye):
                return heard
            _run_beside(self._answering, self._take(line, heard))

    async def _part(self, line: Line, goodbye: Goodbye) -> None:
        SOCKET_ENDS.labels("announced" if goodbye.is_announced else "broken").inc()
        log.info("socket.ended", reason=goodbye.reason)
        self._line = None
        if goodbye.is_announced:
            # Beside the next line: between closing this one and opening that one words would be lost.
            _run_beside(self._leaving, self._listen_out(line))
            return
        self._has_gap = True
        await line.close()
        if goodbye.reason == "link_disabled":
            log.error("socket.disabled")
            await self._rest("Socket Mode is switched off in the Slack app", self._patience.pause_when_refused)
        else:
            await self._rest(f"reconnecting: {goodbye.reason}", 0.0)

    async def _listen_out(self, line: Line) -> None:
        """The last seconds of a line that Slack takes back."""
        try:
            async with asyncio.timeout(self._patience.linger):
                while (await self._listen(line)).is_announced:
                    pass
        except TimeoutError:
            log.info("socket.let_go")
        finally:
            self._has_gap = self._has_gap or self._line is None
            await line.close()

    async def _take(self, line: Line, envelope: Envelope) -> None:
        """Only what is done is acknowledged; the rest Slack brings again, or a person sees that it did not work."""
        try:
            answer = await self._answer(envelope)
        except Exception as error:  # the edge, as for HTTP: nothing gets out of here
            if is_passing_trouble(error):
                log.warning("socket.database_away", kind=envelope.kind)
            else:
                log.error("socket.envelope_failed", kind=envelope.kind, exc_info=error)
        else:
            await line.acknowledge(envelope, answer)

    async def _answer(self, envelope: Envelope) -> Json | None:
        if envelope.kind == "events_api":
            await self._requests.keep(envelope.payload)
            return None
        if envelope.kind not in ("interactive", "slash_commands"):
            log.warning("socket.unknown_envelope", kind=envelope.kind)
            return None
        response = await self._requests.answer(envelope.payload)
        if response.status != 200:
            raise RuntimeError(f"Bolt answered {response.status}")
        return _carried(response)

    async def _finish(self) -> None:
        """Hear nothing more, answer what was heard, hang up."""
        SOCKET_UP.set(0)
        if self._answering:
            await asyncio.wait(self._answering, timeout=FINISH_SECONDS)
        for each in self._leaving:
            each.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        if self._line is not None:
            await self._line.close()


def _run_beside(running: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    running.add(task)
    task.add_done_callback(running.discard)


def _carried(response: BoltResponse) -> Json | None:
    """Bolt's answer as an acknowledgement carries it: a JSON object, or bare words as a message."""
    if not response.body:
        return None
    try:
        parsed: object = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return {"text": response.body}
    return cast("Json", parsed) if isinstance(parsed, dict) else {"text": response.body}
