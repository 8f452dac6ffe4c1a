"""The sandbox: one server that is Slack, WhatsApp and a model at once, and the demo page that shows them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
from aiohttp import web

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.control import Control
from integrations.sandbox.demo_state import Scene
from integrations.sandbox.openai_api import MODEL, OpenAI
from integrations.sandbox.slack import Slack
from integrations.sandbox.whatsapp import WhatsApp
from integrations.sandbox.world import World

Found = TypeVar("Found")

BODY_LIMIT = 128 * 1024**2

__all__ = ["Sandbox", "SandboxConfig"]


class Sandbox:
    """Open it with `async with`; then give its addresses to a bot, and its `bot_url` the bot's."""

    def __init__(self, config: SandboxConfig | None = None, *, model: str | None = None) -> None:
        """`model` names the real model in use, where the bot does not think with the stand-in."""
        self.config = config or SandboxConfig()
        self.world = World(self.config.bot_url)
        self.slack = Slack(self.config, self.world)
        self.whatsapp = WhatsApp(self.config, self.world)
        self.numbers = {
            number: WhatsApp(
                replace(self.config, phone_number_id=number, display_phone_number=f"1555000{last:04d}"), self.world
            )
            for last, number in enumerate(self.config.more_numbers, 2222)
        }
        self.openai = OpenAI(self.world)
        self._scene = Scene(model=model or MODEL, is_stand_in=model is None)
        self._control = Control(self.world, self._scene, self.slack, self.whatsapp, self.openai)
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    @property
    def bot_url(self) -> str:
        return self.world.bot_url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self.world.bot_url = url.rstrip("/")
        self.world.touch()

    @property
    def bot_is_ready(self) -> bool:
        """Whether the bot answered when last looked for, which is while somebody has the page open."""
        return self._scene.bot_ready

    @property
    def slack_api_url(self) -> str:
        return f"{self.base_url}/slack/api/"

    @property
    def whatsapp_api_url(self) -> str:
        return f"{self.base_url}/whatsapp"

    @property
    def openai_base_url(self) -> str:
        return f"{self.base_url}/openai/v1"

    def bot_environment(self) -> dict[str, str]:
        """The settings that lead a bot to this sandbox, as environment variables."""
        return {
            "SLACK_BOT_TOKEN": self.config.slack_bot_token,
            "SLACK_SIGNING_SECRET": self.config.slack_signing_secret,
            "SLACK_CHANNEL": self.config.channel,
            "SLACK_API_URL": self.slack_api_url,
            "WHATSAPP_ACCESS_TOKEN": self.config.whatsapp_access_token,
            "WHATSAPP_APP_SECRET": self.config.whatsapp_app_secret,
            "WHATSAPP_VERIFY_TOKEN": self.config.whatsapp_verify_token,
            "WHATSAPP_PHONE_NUMBER_ID": self.config.phone_number_id,
            "WHATSAPP_BUSINESS_ACCOUNT_ID": self.config.whatsapp_business_account_id,
            "WHATSAPP_API_URL": self.whatsapp_api_url,
            "OPENAI_BASE_URL": self.openai_base_url,
            "OPENAI_MODEL": MODEL,
        }

    async def until(self, condition: Callable[[], Found], within: float = 30.0) -> Found:
        """Wait until the condition holds and return what it found; TimeoutError tells what the world looks like."""
        return await self.world.until(condition, within, self.dump)

    def dump(self) -> str:
        """The world in a few lines, for a test that waited in vain."""
        slack, phones = self.slack.workspace, self.whatsapp.phones.all.values()
        lines = [f"bot at {self.bot_url}, {len(self.openai.requests)} model calls"]
        for phone in phones:
            lines += [f"  {phone.customer.id}: {type(m).__name__} {m.text!r}" for m in phone.chat[-6:]]
        for channel in slack.channels.values():
            newest = list(channel.messages.values())[-12:]
            lines += [f"  #{channel.name} {m.ts} in {m.thread_ts}: {m.text[:120]!r}" for m in newest]
        lines += [f"  only {each.user}: {each.text[:120]!r}" for each in slack.ephemerals[-4:]]
        lines += [f"  call {c.method} {c.error or 'ok'} {json.dumps(c.args)[:160]}" for c in slack.calls[-8:]]
        lines += [f"  delivery {d.kind} #{d.attempt} -> {d.status}" for d in self.slack.events.deliveries[-6:]]
        return "\n".join(lines)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=BODY_LIMIT)
        for each in self.numbers.values():  # before the first number's, which are for whatever number is named
            app.add_routes(each.api.own_routes())
        for part in (self.slack.routes(), self.whatsapp.routes(), self.openai.routes(), self._control.routes()):
            app.add_routes(part)
        # Hanging answers are released on the way out; nothing else may keep a test waiting.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.config.host, self.config.port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.slack.start(self._session, self.base_url)
        for each in (self.whatsapp, *self.numbers.values()):
            each.start(self._session, self.base_url)
        self._control.start(self._session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self.slack, self.whatsapp, *self.numbers.values(), self.openai):
            each.faults.release()
        self.openai.release()
        await self.world.close()
        self.slack.sockets.drop()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            server = self._runner.server
            transports = [each.transport for each in server.connections] if server else []
            await self._runner.cleanup()
            for transport in transports:  # whoever left in the middle of a file would keep theirs open for ever
                if transport is not None:
                    transport.abort()
            await asyncio.sleep(0)
