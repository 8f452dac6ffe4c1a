"""A sandbox with a bot that listens, and short ways to call the three stand-in services."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import pytest

from integrations.sandbox.server import Sandbox, SandboxConfig
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]


@pytest.fixture
def config() -> SandboxConfig:
    return SandboxConfig(slack_retry_delays=(0.0, 0.0, 0.0), whatsapp_retry_delays=(0.0, 0.0))


@pytest.fixture
async def bot(config: SandboxConfig) -> AsyncIterator[ListeningBot]:
    listening = ListeningBot(config)
    await listening.open()
    yield listening
    await listening.close()


@pytest.fixture
async def sandbox(config: SandboxConfig, bot: ListeningBot) -> AsyncIterator[Sandbox]:
    async with Sandbox(config) as opened:
        opened.bot_url = bot.url
        yield opened


@dataclass
class Caller:
    """What a bot does: calls with its tokens."""

    sandbox: Sandbox
    session: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def at(cls, sandbox: Sandbox) -> AsyncGenerator[Caller]:
        async with aiohttp.ClientSession() as session:
            yield cls(sandbox, session)

    async def slack(self, method: str, **args: object) -> Json:
        token = {"Authorization": f"Bearer {self.sandbox.config.slack_bot_token}"}
        async with self.session.post(self.sandbox.slack_api_url + method, json=args, headers=token) as answer:
            return cast("Json", await answer.json()) | {"status": answer.status}

    async def post(self, **args: object) -> str:
        """Post to the support channel; the ts."""
        answer = await self.slack("chat.postMessage", **({"channel": "C0SUPPORT", "text": "A card"} | args))
        assert answer["ok"], answer
        return cast("str", answer["ts"])

    async def whatsapp(self, **body: object) -> tuple[int, Json]:
        config = self.sandbox.config
        url = f"{self.sandbox.whatsapp_api_url}/v25.0/{config.phone_number_id}/messages"
        token = {"Authorization": f"Bearer {config.whatsapp_access_token}"}
        async with self.session.post(url, json={"messaging_product": "whatsapp"} | body, headers=token) as answer:
            return answer.status, cast("Json", await answer.json())

    async def text(self, to: str = "34600111222", text: str = "Hello", **more: object) -> tuple[int, Json]:
        return await self.whatsapp(to=to, type="text", text={"body": text}, **more)

    async def complete(self, *messages: Json, **body: object) -> tuple[int, Json]:
        asked = {"model": "any", "messages": list(messages), **body}
        async with self.session.post(f"{self.sandbox.openai_base_url}/chat/completions", json=asked) as answer:
            return answer.status, cast("Json", await answer.json())

    async def demo(self, path: str, **body: object) -> tuple[int, Json]:
        async with self.session.post(f"{self.sandbox.base_url}/demo/{path}", json=body) as answer:
            return answer.status, cast("Json", await answer.json())


@pytest.fixture
async def caller(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with Caller.at(sandbox) as opened:
        yield opened
