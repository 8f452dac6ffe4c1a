"""Slack's Socket Mode, one line at a time: open it, hear envelopes on it, acknowledge them.

The SDK's client keeps dialling a used-up address, and closes the old line before it opens the next; so this is ours.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import orjson
from aiohttp import WSMsgType

from integrations.errors import ErrorClass, ServiceError
from integrations.slack import errors
from integrations.slack.client import Slack

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. A line on which neither a frame nor an answer to our ping comes for half as long again is dead."""

    ping_every: float = 10.0
    hello_within: float = 10.0
    linger: float = 30.0  # a line that Slack takes back ends by itself in about ten
    first_pause: float = 0.5
    longest_pause: float = 30.0
    pause_when_refused: float = 60.0  # somebody must mend the token or switch Socket Mode on
    lives_at_least: float = 10.0  # a line that ends sooner counts as a failed attempt


USUAL_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Something for us. `takes_answer`: its acknowledgement may carry one."""

    id: str
    kind: str
    payload: Json
    takes_answer: bool
    attempt: int


@dataclass(frozen=True, slots=True)
class Goodbye:
    """This line is about to end, or has ended: `reason` is Slack's word, or what broke it."""

    reason: str

    @property
    def is_announced(self) -> bool:
        """Slack moves us to another line; this one works a few seconds longer."""
        return self.reason in ("warning", "refresh_requested")


class Line:
    """One open WebSocket. Its address holds a ticket, so it is neither kept nor logged."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    async def hear(self) -> Envelope | Goodbye:
        """The next envelope, or word of the end."""
        while True:
            message = await self._ws.receive()
            if message.type is WSMsgType.TEXT:
                if heard := _read(message.data):
                    return heard
            elif message.type is WSMsgType.ERROR:
                return Goodbye(type(self._ws.exception()).__name__)
            elif message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
                return Goodbye(f"closed ({self._ws.close_code})")

    async def acknowledge(self, envelope: Envelope, answer: Json | None = None) -> None:
        """On a line that broke meanwhile this does nothing: Slack sends such an envelope again."""
        frame: Json = {"envelope_id": envelope.id}
        if answer and envelope.takes_answer:
            frame["payload"] = answer
        try:
            await self._ws.send_str(orjson.dumps(frame).decode())
        except (aiohttp.ClientError, ConnectionError):
            return

    async def close(self) -> None:
        await self._ws.close()


async def address(slack: Slack) -> str:
    """An address for one line, good once and secret. `slack` has the app's token. Raises `ServiceError`."""
    try:
        return await slack.socket_url()
    except ServiceError as error:
        if error.error_class is not ErrorClass.AUTH:
            raise
        reason = f"Slack does not accept the app's token ({error.code})"
        raise ServiceError(ErrorClass.AUTH, error.code, reason, service="slack") from error


async def open_line(slack: Slack, session: aiohttp.ClientSession, patience: Patience) -> Line:
    """Ask for an address and connect, until Slack has said hello. Raises `ServiceError`."""
    url = await address(slack)
    try:
        async with asyncio.timeout(patience.hello_within):
            ws = await session.ws_connect(
                url,
                heartbeat=patience.ping_every,  # aiohttp cuts a line that answers no ping: the watchdog
                timeout=aiohttp.ClientWSTimeout(ws_close=0.5),  # pyright: ignore[reportCallIssue]  # made by attrs
            )
            if await _is_greeted(ws):
                return Line(ws)
            await ws.close()
    except (aiohttp.ClientError, TimeoutError) as error:
        # Without its words, which quote the address.
        raise errors.unreachable(type(error).__name__) from None
    raise errors.unreachable("no_hello")


async def _is_greeted(ws: aiohttp.ClientWebSocketResponse) -> bool:
    try:
        first = await ws.receive()
    except BaseException:
        await ws.close()
        raise
    return first.type is WSMsgType.TEXT and _object(first.data).get("type") == "hello"


def _read(text: str) -> Envelope | Goodbye | None:
    frame = _object(text)
    if frame.get("type") == "disconnect":
        return Goodbye(str(frame.get("reason") or "disconnect"))
    if not isinstance(frame.get("envelope_id"), str) or not isinstance(frame.get("payload"), dict):
        return None
    return Envelope(
        id=frame["envelope_id"],
        kind=str(frame.get("type")),
        payload=frame["payload"],
        takes_answer=bool(frame.get("accepts_response_payload")),
        attempt=int(frame.get("retry_attempt") or 0),
    )


def _object(text: str) -> Json:
    try:
        parsed: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return cast("Json", parsed) if isinstance(parsed, dict) else {}
