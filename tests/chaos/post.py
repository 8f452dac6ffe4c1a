"""The post between the services and the bot: late, twice and out of order, but repeated until the bot has taken it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from random import Random

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack import Slack
from integrations.sandbox.slack_events import Answer, SlackEvents
from integrations.sandbox.whatsapp_state import RANK, SentMessage, Status
from integrations.sandbox.wire import Json
from tests.chaos.ledger import Ledger, Spoken

# Meta and Slack (with Delayed Events on) repeat for days; the pauses are ours.
PAUSES = (0.05, 0.1, 0.2, *(0.4,) * 2000)


@dataclass(slots=True)
class Weather:
    """How often things go wrong, from 0 (never) to 1; 0 is the healed world."""

    roughness: float = 1.0


class UnreliableEvents(SlackEvents):
    """Slack's events as they really come: some late, some twice."""

    def __init__(self, slack: Slack, ledger: Ledger, dice: Random, weather: Weather) -> None:
        super().__init__(slack.workspace, slack.sockets)
        self._ledger = ledger
        self._dice = dice
        self._weather = weather

    async def attempt(self, envelope: Json, retry: int = 0, reason: str = "") -> Answer:
        rough, dice = self._weather.roughness, self._dice
        if dice.random() < 0.1 * rough:
            self._ledger.faults["slack event late"] += 1
            await asyncio.sleep(dice.uniform(0.05, 1.0))
        spoken = self._spoken(envelope)
        if spoken and spoken.tried is None:
            spoken.tried = time.time()
        answer = await super().attempt(envelope, retry, reason)
        if spoken:
            self._ledger.note(spoken.token, f"Slack brings it, attempt {retry}: {answer.status or 'no answer'}")
        if answer.ok:
            if spoken and spoken.taken is None:
                spoken.taken = time.time()
            if dice.random() < 0.08 * rough:
                self._ledger.faults["slack event twice"] += 1
                self.workspace.world.run(self._once_more(envelope, retry + 1))
        return answer

    async def _once_more(self, envelope: Json, retry: int) -> None:
        await asyncio.sleep(self._dice.uniform(0, 2))
        await super().attempt(envelope, retry, "http_timeout")

    def _spoken(self, envelope: Json) -> Spoken | None:
        event = envelope["event"]
        if event.get("bot_id"):
            return None
        return self._ledger.said.get(str(event.get("text", "")).removeprefix("note: "))


class MetaPost:
    """Brings customers' messages and statuses to the bot."""

    def __init__(self, sandbox: Sandbox, ledger: Ledger, dice: Random, weather: Weather) -> None:
        self._sandbox = sandbox
        self._ledger = ledger
        self._dice = dice
        self._weather = weather
        self.under_way = 0

    async def bring(self, spoken: Spoken, text: str) -> None:
        """A customer's message; returns once the bot has answered 200."""
        _, body = self._sandbox.whatsapp.writes(spoken.by, text)
        if self._dice.random() < 0.15 * self._weather.roughness:
            self._ledger.faults["message late"] += 1
            await asyncio.sleep(self._dice.uniform(0.05, 1.5))
        spoken.tried = time.time()
        await self._insist(body, spoken.token)
        spoken.taken = time.time()

    def report(self, sent: SentMessage) -> None:
        """WhatsApp took a message of the business: its statuses follow, in no reliable order."""
        steps: list[Status] = ["sent", "delivered"]
        if self._dice.random() < 0.3:
            steps.append("read")
        late = 0.2 + 0.6 * self._weather.roughness
        for step in steps:
            self._sandbox.world.run(self._report(sent, step, self._dice.uniform(0, late)))

    async def _report(self, sent: SentMessage, step: Status, after: float) -> None:
        self.under_way += 1
        try:
            await asyncio.sleep(after)
            if RANK[step] > RANK[sent.status]:
                sent.status = step
            await self._insist(self._sandbox.whatsapp.status_body(sent, step), sent.text)
            self._ledger.traces.setdefault(sent.wamid, time.time())
        finally:
            self.under_way -= 1

    async def _insist(self, body: Json, about: str) -> None:
        kind = "message" if "messages" in body["entry"][0]["changes"][0]["value"] else "status"
        for attempt, wait in enumerate(PAUSES, start=1):
            answer = await self._sandbox.whatsapp.deliver(body)
            self._ledger.note(about, f"Meta brings a {kind}, attempt {attempt}: {answer or 'no answer'}")
            if answer == 200:
                break
            await asyncio.sleep(wait)
        if self._dice.random() < 0.1 * self._weather.roughness:
            self._ledger.faults[f"{kind} twice"] += 1
            self._sandbox.world.run(self._once_more(body))

    async def _once_more(self, body: Json) -> None:
        await asyncio.sleep(self._dice.uniform(0, 3))
        await self._sandbox.whatsapp.deliver(body)
