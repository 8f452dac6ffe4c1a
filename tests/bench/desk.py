"""A desk to measure: conversations that Ana has taken, opened the way customers and staff open them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import orjson

from tests.bench import bodies
from tests.bench.peers import POST, Peers
from tests.bench.processes import Server

PATIENCE = 10.0  # seconds for whatever should happen at once


@dataclass(frozen=True, slots=True)
class Thread:
    """One escalation in Ana's hands."""

    customer: int
    ts: str


@dataclass(slots=True)
class Desk:
    """Sends what customers and Ana write. Every text carries a mark of its own, by which its trail is followed."""

    bot: Server
    peers: Peers
    session: aiohttp.ClientSession
    tag: str
    _numbers: itertools.count[int]

    def mark(self) -> str:
        return f"m{next(self._numbers):06d}"

    async def customer_writes(self, customer: int, text: str) -> float:
        """Returns when the webhook set out."""
        body = bodies.whatsapp(customer, f"wamid.{self.tag}.{next(self._numbers)}", text)
        return await self._post("/whatsapp/webhook", body, bodies.whatsapp_headers(body))

    async def ana_writes(self, thread: Thread, text: str) -> float:
        """Returns when the event set out."""
        body = bodies.slack_reply(thread.ts, text, next(self._numbers))
        return await self._post("/slack/events", body, bodies.slack_headers(body))

    async def knocks(self, other: Server) -> float:
        """How long another server takes to answer the same webhook: what the machine is worth at this moment."""
        body = bodies.whatsapp(0, "wamid.yardstick", "Hello?")
        begun = time.perf_counter()
        headers = bodies.whatsapp_headers(body)
        async with self.session.post(f"{other.url}/whatsapp/webhook", data=body, headers=headers) as answer:
            await answer.read()
        return time.perf_counter() - begun

    async def open(self, customer: int) -> Thread:
        """The customer asks for a person, and Ana takes the card."""
        card = self.peers.expect(POST, '"take"')
        await self.customer_writes(customer, "I want to talk to a human")
        seen = await asyncio.wait_for(card, PATIENCE)
        pressed = bodies.slack_take(_value_of_take(seen.body), seen.ts)
        form = "application/x-www-form-urlencoded"
        await self._post("/slack/events", pressed, bodies.slack_headers(pressed, form))
        return Thread(customer, seen.ts)

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> float:
        begun = time.perf_counter()
        async with self.session.post(self.bot.url + path, data=body, headers=headers) as answer:
            assert answer.status == 200, f"{path} answered {answer.status}: {await answer.text()}"
        return begun


@asynccontextmanager
async def desk(bot: Server, peers: Peers, tag: str, first: int = 1) -> AsyncGenerator[Desk]:
    """Its marks count from `first`: desks that are measured together must not share any."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        yield Desk(bot, peers, session, tag, itertools.count(first))


def _value_of_take(card: bytes) -> str:
    """What the card's Take button carries."""
    buttons = (each for block in orjson.loads(card)["blocks"] for each in block.get("elements", []))
    return str(next(each["value"] for each in buttons if each.get("action_id") == "take"))
