"""The other end of the line: a server that takes what the sandbox sends a bot, and checks each signature itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs

from aiohttp import web

from integrations.sandbox.config import SandboxConfig

Json = dict[str, Any]


@dataclass(slots=True)
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Json:
        if "form" in self.headers["Content-Type"]:
            return cast("Json", json.loads(self.fields["payload"]))
        return cast("Json", json.loads(self.raw))

    @property
    def fields(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.raw.decode()).items()}

    @property
    def event(self) -> Json:
        return cast("Json", self.json["event"])

    @property
    def value(self) -> Json:
        return cast("Json", self.json["entry"][0]["changes"][0]["value"])


@dataclass(slots=True)
class ListeningBot:
    """Answers 200 with nothing, unless answers wait in the queue."""

    config: SandboxConfig
    heard: list[Heard] = field(default_factory=list[Heard])
    answers: deque[web.Response] = field(default_factory=deque[web.Response])
    runner: web.AppRunner | None = None
    url: str = ""

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/slack/events", self._hear)
        app.router.add_post("/whatsapp/webhook", self._hear)
        app.router.add_get("/whatsapp/webhook", self._shake_hands)
        app.router.add_get("/healthz", self._healthy)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def close(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()

    def events(self, subtype: str | None = None) -> list[Json]:
        """Slack events of one subtype, None being plain messages and everything that has no subtype."""
        heard = [each.event for each in self.heard if each.raw.startswith(b'{"token"')]
        return [event for event in heard if event.get("subtype") == subtype]

    def statuses(self) -> list[Json]:
        told = [each.value for each in self.heard if each.path == "/whatsapp/webhook"]
        return [status for value in told for status in value.get("statuses", [])]

    async def _hear(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.heard.append(Heard(request.path, dict(request.headers), raw))
        expected, given = self._signatures(request, raw)
        if not hmac.compare_digest(expected, given):
            return web.Response(status=401)
        return self.answers.popleft() if self.answers else web.Response()

    def _signatures(self, request: web.Request, raw: bytes) -> tuple[str, str]:
        if request.path == "/whatsapp/webhook":
            digest = hmac.new(self.config.whatsapp_app_secret.encode(), raw, hashlib.sha256).hexdigest()
            return "sha256=" + digest, request.headers.get("X-Hub-Signature-256", "")
        base = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + raw
        digest = hmac.new(self.config.slack_signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return "v0=" + digest, request.headers["X-Slack-Signature"]

    async def _shake_hands(self, request: web.Request) -> web.Response:
        if request.query["hub.verify_token"] != self.config.whatsapp_verify_token:
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def _healthy(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")
