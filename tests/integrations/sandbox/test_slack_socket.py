"""The stand-in's Socket Mode is as hard to please as Slack's: tickets, acknowledgements, refreshes and dead lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import Sandbox

ANA, CHANNEL = "U0ANA", "C0SUPPORT"

Json = dict[str, Any]


class Bot:
    """A client that does as little as Slack allows."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def ticket(self, token: str = "xapp-sandbox") -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.sandbox.slack_api_url}apps.connections.open"
        async with self.session.post(url, headers=headers) as answer:
            return await answer.json()

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """A line that has been greeted."""
        ws = await self.session.ws_connect((await self.ticket())["url"])
        assert (await ws.receive_json())["type"] == "hello"
        return ws


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(SandboxConfig(slack_retry_delays=(0.3, 0.3, 0.3))) as opened:
        opened.slack.socket_mode = True
        yield opened


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncGenerator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(sandbox, session)


def said(sandbox: Sandbox, text: str) -> asyncio.Task[str]:
    return asyncio.create_task(sandbox.slack.say(ANA, CHANNEL, text))


async def test_only_the_apps_own_token_opens_a_line(bot: Bot):
    assert (await bot.ticket("xoxb-sandbox"))["error"] == "not_allowed_token_type"
    assert (await bot.ticket("xapp-another"))["error"] == "invalid_auth"
    assert (await bot.ticket())["ok"]


async def test_a_ticket_is_good_once(bot: Bot):
    url = (await bot.ticket())["url"]
    await bot.session.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await bot.session.ws_connect(url)


async def test_an_event_comes_in_an_envelope_and_an_acknowledgement_ends_it(sandbox: Sandbox, bot: Bot):
    ws = await bot.connect()
    writing = said(sandbox, "Hello")
    envelope = await ws.receive_json()
    assert (envelope["type"], envelope["payload"]["event"]["text"]) == ("events_api", "Hello")
    assert (envelope["accepts_response_payload"], envelope["retry_attempt"]) == (False, 0)
    await ws.send_json({"envelope_id": envelope["envelope_id"]})
    await writing
    assert [each.status for each in sandbox.slack.events.deliveries] == [200]


async def test_what_was_not_acknowledged_when_the_line_broke_comes_once_more(sandbox: Sandbox, bot: Bot):
    first, writing = await bot.connect(), said(sandbox, "Hello")
    before = await first.receive_json()
    sandbox.slack.sockets.drop()
    second = await bot.connect()
    await writing
    again = await second.receive_json()
    assert again["payload"]["event_id"] == before["payload"]["event_id"]
    assert (again["retry_attempt"], again["envelope_id"] == before["envelope_id"]) == (1, False)
    await second.send_json({"envelope_id": again["envelope_id"]})
    await sandbox.until(lambda: [each.status for each in sandbox.slack.events.deliveries] == [0, 200])


async def test_what_an_acknowledgement_carries_is_the_answer_to_a_command(sandbox: Sandbox, bot: Bot):
    ws = await bot.connect()
    asking = asyncio.create_task(sandbox.slack.command(ANA, CHANNEL, "/queue"))
    envelope = await ws.receive_json()
    assert (envelope["type"], envelope["payload"]["command"]) == ("slash_commands", "/queue")
    assert envelope["accepts_response_payload"]
    await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Nobody waits."}})
    assert await asking == {"text": "Nobody waits."}


async def test_a_deaf_line_answers_no_ping_and_swallows_what_it_is_given(sandbox: Sandbox, bot: Bot):
    ws = await bot.connect()
    sandbox.slack.sockets.go_deaf()
    await said(sandbox, "Hello")
    await ws.ping()
    with pytest.raises(TimeoutError):
        await ws.receive(timeout=0.1)
    await sandbox.until(lambda: [each.status for each in sandbox.slack.events.deliveries] == [0, 0])


async def test_a_refresh_is_announced_on_every_line(sandbox: Sandbox, bot: Bot):
    lines = [await bot.connect(), await bot.connect()]
    await sandbox.slack.sockets.disconnect("warning")
    for ws in lines:
        assert await ws.receive_json() == {
            "type": "disconnect",
            "reason": "warning",
            "debug_info": {"host": "applink-sandbox"},
        }
