"""Slack's Socket Mode: tickets, WebSockets, and envelopes that wait for their acknowledgement."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from integrations.sandbox.slack_state import APP_ID, SlackRefusal, Workspace
from integrations.sandbox.wire import Json, as_text, object_or_none, parsed

MOST_LINES = 10
CLOSES_AFTER = 10.0  # seconds from a warning to the end
LASTS = 18_060  # what Slack says a connection is good for


class NobodyTookIt(Exception):  # noqa: N818 - it is the answer
    """No line is open, or the envelope was not acknowledged on the one it went to."""


@dataclass(eq=False, slots=True)
class Line:
    """One WebSocket of the bot's. A deaf one looks open: it takes everything, sends nothing and answers no ping."""

    ws: web.WebSocketResponse
    request: web.Request
    is_deaf: bool = False
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict[str, "asyncio.Future[Json]"])

    async def send(self, frame: Json) -> None:
        if not self.is_deaf and not self.ws.closed:
            await self.ws.send_json(frame)

    async def deliver(self, envelope: Json, within: float) -> Json:
        """Send one envelope and return what its acknowledgement carried."""
        if self.is_deaf:
            raise NobodyTookIt("deaf")
        envelope_id = as_text(envelope["envelope_id"])
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.waiting[envelope_id] = acknowledged
        try:
            await self.ws.send_json(envelope)
            return await asyncio.wait_for(acknowledged, within)
        except (TimeoutError, ConnectionError) as error:
            raise NobodyTookIt("timeout") from error
        finally:
            del self.waiting[envelope_id]

    def cut(self) -> None:
        """The network breaks: no closing handshake."""
        if self.request.transport is not None:
            self.request.transport.abort()
        self.lost()

    def lost(self) -> None:
        for each in self.waiting.values():
            if not each.done():
                each.set_exception(NobodyTookIt("connection_failed"))


class Sockets:
    """All open lines. What Slack has to say goes to any one of them."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.lines: list[Line] = []
        self.opened = 0
        self.new_ones_are_deaf = False
        self.acknowledged: list[Json] = []
        self._tickets: set[str] = set()
        self._turn = 0

    def ticket(self) -> Json:
        """The answer of `apps.connections.open`: an address that is good once."""
        if len(self.lines) >= MOST_LINES:
            raise SlackRefusal("too_many_websockets")
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        host = self.workspace.base_url.replace("http", "ws", 1)
        return {"url": f"{host}/slack/socket?ticket={ticket}&app_id={APP_ID}"}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid_ticket")
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        line = Line(ws, request, is_deaf=self.new_ones_are_deaf)
        self.lines.append(line)
        self.opened += 1
        try:
            await line.send(self._hello())
            self.workspace.world.touch()
            await self._hear(line)
        finally:
            line.lost()
            self.lines.remove(line)
            self.workspace.world.touch()
        return ws

    async def deliver(self, kind: str, payload: Json, within: float, retry: int = 0, reason: str = "") -> Json:
        """Hand something to the bot; what its acknowledgement carried. Raises `NobodyTookIt`."""
        if not self.lines:
            raise NobodyTookIt("no_connection")
        self._turn += 1
        line = self.lines[self._turn % len(self.lines)]
        envelope: Json = {"envelope_id": secrets.token_hex(8), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        carried = await line.deliver(envelope, within)
        if carried and kind == "events_api":
            raise AssertionError("an event's acknowledgement carried a payload, which Slack does not take")
        return carried

    async def disconnect(self, reason: str = "refresh_requested", *, then_close: bool = False) -> None:
        """Announce the end of every line, as Slack does every few hours; a warning comes some ten seconds ahead."""
        for line in list(self.lines):
            await line.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})
            if then_close:
                await line.ws.close()

    def go_deaf(self) -> None:
        """Every line of now looks open and is dead; the next ones are well."""
        for line in self.lines:
            line.is_deaf = True

    def drop(self) -> None:
        """Every line breaks."""
        for line in list(self.lines):
            line.cut()

    def _hello(self) -> Json:
        info: Json = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": LASTS}
        known: Json = {"num_connections": len(self.lines), "connection_info": {"app_id": APP_ID}}
        return {"type": "hello", "debug_info": info, **known}

    async def _hear(self, line: Line) -> None:
        """Pings are answered and acknowledgements taken, unless the line is deaf."""
        async for message in line.ws:
            if line.is_deaf:
                continue
            if message.type is WSMsgType.PING:
                await line.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                frame = object_or_none(parsed(message.data)) or {}
                waiting = line.waiting.get(as_text(frame.get("envelope_id")))
                self.acknowledged.append(frame)
                if waiting is not None and not waiting.done():
                    waiting.set_result(object_or_none(frame.get("payload")) or {})
