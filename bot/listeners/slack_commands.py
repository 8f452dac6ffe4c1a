"""Slash commands: read what was typed, answer in the response itself, so that only the person who typed sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import queue, thread_notes
from bot.blocks.parts import Post
from bot.domain.escalation import Actor, Refusal
from bot.domain.people import AddressKind, Customer
from bot.flows.staff_presses import staff_escalates
from bot.listeners.slack_front import Dispatcher, Front
from storage import customers, escalations
from storage.tasks import unit

Json = dict[str, Any]

_LISTS = {
    "": ("waiting", "Waiting in Queue"),
    "waiting": ("waiting", "Waiting in Queue"),
    "mine": ("mine", "My Queue"),
    "team": ("team", "Teammates"),
    "all": ("all", "All open conversations"),
}
_PHONE = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")
_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class SlackCommands:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.command("/queue")(self.on_queue)
        app.command("/escalate")(self.on_escalate)
        app.command(re.compile(".*"))(self.on_unknown)

    async def on_queue(self, ack: AsyncAck, command: Json) -> None:
        await _reply(ack, await self._admitted(command) or await self._queue(command))

    async def on_escalate(self, ack: AsyncAck, command: Json) -> None:
        await _reply(ack, await self._admitted(command) or await self._escalate(command))

    async def on_unknown(self, ack: AsyncAck, command: Json) -> None:
        await _reply(ack, thread_notes.note(f"Switchboard does not know {command.get('command')}. Try `/queue help`."))

    async def _admitted(self, command: Json) -> Post | None:
        refusal = await self.front.may_act(command["user_id"], command.get("team_id"))
        return thread_notes.note(refusal) if refusal else None

    async def _queue(self, command: Json) -> Post:
        wanted = str(command.get("text") or "").strip().lower()
        if wanted not in _LISTS:
            return queue.queue_help()
        which, title = _LISTS[wanted]
        views = await escalations.listed(self._inboxes(command), which, command["user_id"], limit=100)
        return queue.queue_list(title, views, self.front.clock())

    async def _escalate(self, command: Json) -> Post:
        who, reason, found = await self._find(str(command.get("text") or "").strip(), self._inboxes(command))
        if len(found) != 1:
            return queue.several_matches(who, found) if found else queue.no_match(who)
        rules = self.front.inboxes[found[0].inbox_id].rules
        async with unit(self.front.clock()) as turn:
            outcome = await staff_escalates(turn, found[0].id, reason, Actor(command["user_id"]), rules)
        if isinstance(outcome, Refusal):
            return thread_notes.note(outcome.reason)
        return queue.escalated(await escalations.view(outcome.id))

    def _inboxes(self, command: Json) -> list[int]:
        return self.front.seen_in(command.get("channel_id"))

    @staticmethod
    async def _find(text: str, inbox_ids: Sequence[int]) -> tuple[str, str, list[Customer]]:
        """Who is meant, and the reason that follows: a number in any format, an @username, or a name."""
        if match := _PHONE.match(text):
            digits = re.sub(r"\D", "", match[0])
            found = await customers.find(inbox_ids, AddressKind.WA_ID, _spellings(digits))
            return match[0], text[match.end() :].strip(), found
        words = text.split()
        longest = 1 if text.startswith("@") else _NAME_WORDS
        for count in range(min(longest, len(words)), 0, -1):
            name = " ".join(words[:count])
            if found := await customers.find_by_name(inbox_ids, name):
                return name, " ".join(words[count:]), found
        return text, "", []


def _spellings(digits: str) -> list[str]:
    """WhatsApp's ids differ from the numbers people type in Brazil (9th digit), Mexico (1) and Argentina (9)."""
    spellings = {digits, digits.lstrip("0")}
    try:
        parsed = phonenumbers.parse(f"+{digits.removeprefix('00')}")
    except phonenumbers.NumberParseException:
        return sorted(spellings)
    country, national = parsed.country_code, str(parsed.national_number)
    spellings.add(f"{country}{national}")
    if country == 55 and len(national) == 11:
        spellings.add(f"55{national[:2]}{national[3:]}")
    elif country == 55 and len(national) == 10:
        spellings.add(f"55{national[:2]}9{national[2:]}")
    elif country in (52, 54):
        mark = "1" if country == 52 else "9"
        spellings |= {f"{country}{mark}{national}", f"{country}{national.removeprefix(mark)}"}
    return sorted(spellings)


async def _reply(ack: AsyncAck, post: Post) -> None:
    await ack(text=post.text, blocks=post.blocks, response_type="ephemeral")
