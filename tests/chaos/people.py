"""The people of the storm: customers who write, staff who take, answer, return and close, and a model that answers."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from random import Random

from integrations.sandbox.people import TEAM, Customer, SlackUser
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json, as_objects, as_text
from tests.chaos.ledger import CUSTOMER_TOKEN, Ledger, Press, Spoken
from tests.chaos.post import MetaPost

CHANNEL = "C0SUPPORT"
CUSTOMER_NAME = re.compile(r"Customer (c\d+)\b")
ASKS = "{} What does your blue tent weigh?"
_WISHES = ("Can I talk to a person? {}", "I want to speak to a human, please. {}")
_PRESSES_AGAIN_AFTER = 0.3


def customer(number: int) -> Customer:
    """Every third one hides their phone number."""
    wa_id = None if number % 3 == 0 else f"346000{number:05d}"
    username = f"customer{number}" if wa_id is None else None
    name = f"Customer c{number}"
    return Customer(id=f"c{number}", name=name, bsuid=f"ES.{number:020d}", wa_id=wa_id, username=username)


def staff_ids(count: int) -> list[str]:
    return ["U0ANA", "U0BEN", *(f"U0STAFF{number}" for number in range(3, count + 1))][:count]


@dataclass(slots=True)
class Scene:
    """Where everybody meets. `over` lets them finish what they are at and go home."""

    sandbox: Sandbox
    ledger: Ledger
    post: MetaPost
    over: bool = False
    speed: float = 1.0  # how many times faster than a brisk day

    async def pause(self, dice: Random, low: float, high: float) -> None:
        await asyncio.sleep(dice.uniform(low, high) / self.speed)


@dataclass(slots=True)
class CustomerLife:
    """Writes numbered messages: mostly one after the other, now and then a burst that overtakes itself."""

    who: Customer
    scene: Scene
    dice: Random
    count: int = 0
    asks: str = "{}"
    longs_for_people: float = 0.12

    async def live(self) -> None:
        while not self.scene.over:
            burst = self.dice.choice((1, 1, 1, 1, 2, 3))
            async with asyncio.TaskGroup() as group:
                for _ in range(burst):
                    group.create_task(self._write())
            await self.scene.pause(self.dice, 0.3, 3.5)

    async def _write(self) -> None:
        self.count += 1
        token = f"{self.who.id}-{self.count}"
        wish = self.dice.choice(_WISHES) if self.dice.random() < self.longs_for_people else self.asks
        spoken = self.scene.ledger.says(Spoken(token, self.who.id, self.who.id, time.time()))
        await self.scene.post.bring(spoken, wish.format(token))


@dataclass(slots=True)
class StaffLife:
    """Looks at the channel as anyone would, and acts on what the cards say."""

    user: str
    scene: Scene
    dice: Random
    count: int = 0
    retried: set[str] = field(default_factory=set[str])
    hands_back: float = 0.0  # how often they give it back to the AI at once

    async def live(self) -> None:
        while not self.scene.over:
            await self.scene.pause(self.dice, 0.1, 0.9)
            cards = [each for each in self.scene.sandbox.slack.root_messages(CHANNEL) if each.is_ours]
            mine = [each for each in cards if f"<@{self.user}> has this" in each.text]
            waiting = [each for each in cards if each.text.startswith("🟡")]
            if waiting and (not mine or self.dice.random() < 0.5):
                await self._press(self.dice.choice(waiting), "take")
            elif mine:
                await self._work_on(self.dice.choice(mine))

    async def _work_on(self, card: Message) -> None:
        chance = self.dice.random()
        if self.hands_back and self.dice.random() < self.hands_back:
            await self._press(card, "return_to_bot")
        elif chance < 0.68:
            for _ in range(self.dice.choice((1, 1, 2, 3))):
                await self._reply(card, "s")
        elif chance < 0.73:
            await self._reply(card, "n")
        elif chance < 0.83:
            await self._retry(card)
        elif not self._is_waiting_on(card) or self.dice.random() < 0.2:
            await self._press(card, self.dice.choice(("return_to_bot", "return_to_bot", "close")))

    def _is_waiting_on(self, card: Message) -> bool:
        """Most people look whether what they wrote has left before they end a conversation."""
        said = self.scene.ledger.said.values()
        return any(each.thread == card.ts and each.by == self.user and each.taken is None for each in said)

    async def _reply(self, card: Message, kind: str) -> None:
        found = CUSTOMER_NAME.search(card.text)
        assert found is not None, card.text
        self.count += 1
        token = f"{kind}-{self.user.removeprefix('U0').lower()}-{found[1]}-{self.count}"
        spoken = Spoken(token, self.user, found[1], time.time(), thread=card.ts, is_note=kind == "n")
        self.scene.ledger.says(spoken)
        text = f"note: {token}" if spoken.is_note else token
        spoken.ts = await self.scene.sandbox.slack.reply(self.user, CHANNEL, card.ts, text)

    async def _retry(self, card: Message) -> None:
        """Press Retry under a failure that nobody has touched yet."""
        for each in self.scene.sandbox.slack.thread(CHANNEL, card.ts):
            if each.ts not in self.retried and has_button(each, "retry_send"):
                self.retried.add(each.ts)
                self.scene.ledger.retried.update(re.findall(r"s-[a-z0-9]+-c\d+-\d+", each.text))
                return await self._press(each, "retry_send")
        return None

    async def _press(self, message: Message, action: str) -> None:
        """Until the bot says that it heard, or the button is gone because somebody was heard."""
        ledger, slack = self.scene.ledger, self.scene.sandbox.slack
        press = Press(self.user, message.ts, action, time.time())
        ledger.presses.append(press)
        found = CUSTOMER_NAME.search(message.text)
        while press.answered is None:
            try:
                status = await slack.click(self.user, CHANNEL, message.ts, action)
            except LookupError:
                if action != "take" or not message.text.startswith("🟢"):
                    return
                status = 200  # the card already says who has it
            ledger.note(found[1] if found else "", f"{self.user} presses {action}: {status or 'no answer'}")
            if status == 200:
                press.answered = time.time()
            else:
                await asyncio.sleep(_PRESSES_AGAIN_AFTER)


@dataclass(slots=True)
class StandInModel:
    """Answers `ai/c3/12` and remembers what it had read by then; now and then it asks for a person."""

    ledger: Ledger
    dice: Random
    count: int = 0

    def __call__(self, request: Json) -> Reply:
        said = [as_text(each.get("content")) for each in as_objects(request["messages"]) if each.get("role") == "user"]
        tokens = [token for text in said for token in CUSTOMER_TOKEN.findall(text)]
        who = tokens[-1].split("-")[0] if tokens else "c0"
        if self.dice.random() < 0.04:
            return Reply(tool_calls=(Call("escalate_to_human", {"reason": "A person is better at this"}),))
        self.count += 1
        answer = f"ai/{who}/{self.count}"
        self.ledger.answers[answer] = frozenset(tokens)
        self.ledger.note(answer, f"the model has read up to {tokens[-1] if tokens else 'nothing'}")
        return Reply(text=answer)


def staff_member(user: str) -> SlackUser:
    return SlackUser(id=user, name=user.removeprefix("U0").capitalize(), team_id=TEAM)


def has_button(message: Message, action: str) -> bool:
    return any(
        element.get("action_id") == action for block in message.blocks for element in as_objects(block.get("elements"))
    )
