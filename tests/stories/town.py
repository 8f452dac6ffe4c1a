"""What the stories are told with: short words for what customers and staff do, and for what they then see."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.app import switchboard, wall_clock
from bot.domain.pace import Rates
from bot.settings import Settings
from bot.worker import Clock
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.slack.socket import USUAL_PATIENCE, Patience
from storage.database import Credentials
from storage.engine_models import Task
from tests.brisk import BRISK

ANA, BEN = "U0ANA", "U0BEN"
CARLA, DIEGO, MINA = "carla", "diego", "mina"
CHANNEL = "C0SUPPORT"
ASK_FOR_PERSON = "Can I talk to a person?"


def settings_for(sandbox: Sandbox, **overrides: Any) -> Settings:
    """The settings that lead a bot to the sandbox; nothing is read from the environment's own."""
    values: dict[str, Any] = {
        **{name.lower(): value for name, value in sandbox.bot_environment().items()},
        "agent_debounce_seconds": 0.05,
        "send_grace_seconds": 1.0,
        "inbox_name": "Aurora Outdoor",
        "switchboard_config": os.devnull,
        "port": 0,
    }
    return Settings(_env_file=None, **(values | overrides))  # pyright: ignore[reportCallIssue]  # pydantic-settings' own


class Moved:
    """The wall clock, moved on, for the sandbox and for a bot that is given `now`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.by = timedelta(0)
        sandbox.world.clock = lambda: self.now().timestamp()

    def now(self) -> datetime:
        return wall_clock() + self.by


@dataclass(frozen=True, slots=True)
class Town:
    """The sandbox with a bot beside it."""

    sandbox: Sandbox
    bot_url: str

    def on_phone(self, customer: str) -> list[str]:
        """What the business's number said to this customer."""
        return self.sandbox.whatsapp.sent_to(customer)

    def cards(self) -> list[Message]:
        return [each for each in self.sandbox.slack.root_messages(CHANNEL) if each.bot_id]

    async def card(self, within: float = 30.0) -> Message:
        """The first card, once there is one."""
        return (await self.sandbox.until(self.cards, within))[0]

    def thread(self, card: Message) -> list[Message]:
        """The replies under a card."""
        return self.sandbox.slack.thread(CHANNEL, card.ts)[1:]

    def thread_text(self, card: Message) -> str:
        return "\n".join(each.text for each in self.thread(card))

    def told(self, user: str) -> str:
        """All that only this person can see."""
        return "\n".join(each.text for each in self.sandbox.slack.ephemerals(user))

    async def escalation(self, customer: str = CARLA, said: str = ASK_FOR_PERSON) -> Message:
        """A customer asks for a person; the new card, once its thread is open."""
        before = {each.ts for each in self.cards()}
        await self.sandbox.whatsapp.say(customer, said)
        [card, *_] = await self.sandbox.until(lambda: [each for each in self.cards() if each.ts not in before])
        await self.sandbox.until(lambda: self.thread(card))
        return card

    async def taken(self, customer: str = CARLA, by: str = ANA) -> Message:
        """An escalation that somebody holds."""
        card = await self.escalation(customer)
        await self.press(by, card, "take")
        await self.shows(card, f"<@{by}>")
        return card

    async def press(self, user: str, card: Message, action: str) -> int:
        return await self.sandbox.slack.click(user, CHANNEL, card.ts, action)

    async def reply(self, user: str, card: Message, text: str) -> str:
        return await self.sandbox.slack.reply(user, CHANNEL, card.ts, text)

    async def shows(self, card: Message, words: str) -> None:
        """Wait until the card says this."""
        await self.sandbox.until(lambda: words in card.text)

    async def hears(self, customer: str, words: str) -> None:
        """Wait until this customer was told this."""
        await self.sandbox.until(lambda: any(words in said for said in self.on_phone(customer)))

    async def has_done(self, kind: str) -> None:
        """Wait until the bot has no task of this kind left."""
        async with asyncio.timeout(30):
            while await Task.exists(kind=kind, done_at=None):
                await self.sandbox.world.change(0.02)


@asynccontextmanager
async def open_town(
    sandbox: Sandbox,
    credentials: Credentials,
    clock: Clock = wall_clock,
    rates: Rates = BRISK,
    patience: Patience = USUAL_PATIENCE,
    **overrides: Any,
) -> AsyncGenerator[Town]:
    async with switchboard(settings_for(sandbox, **overrides), credentials, clock, rates, patience) as bot:
        sandbox.bot_url = bot.url
        yield Town(sandbox, bot.url)
