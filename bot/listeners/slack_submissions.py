"""What a submitted modal says, and what is answered to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import modals
from bot.blocks.parts import View
from bot.domain.escalation import Refusal
from bot.listeners.slack_front import json_object

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a modal was opened with, and what was filled in by whoever submits it."""

    user: str
    team: str | None
    known: Json
    values: Json

    @classmethod
    def from_body(cls, body: Json) -> Asked:
        view, user = json_object(body.get("view")), json_object(body.get("user"))
        team = user.get("team_id") or json_object(body.get("team")).get("id")
        try:
            known = json_object(orjson.loads(str(view.get("private_metadata") or "{}")))
        except orjson.JSONDecodeError:
            known = Json()
        return cls(str(user.get("id", "")), team, known, json_object(json_object(view.get("state")).get("values")))

    @property
    def escalation_id(self) -> int | None:
        number = self.known.get("escalation")
        return number if isinstance(number, int) else None

    @property
    def held_by(self) -> str:
        return str(self.known.get("held_by") or "")

    def chosen(self, block: str, action: str) -> str | None:
        told = json_object(json_object(self.values.get(block)).get(action))
        return told.get("selected_user") or json_object(told.get("selected_option")).get("value")

    def typed(self, block: str, action: str) -> str | None:
        """What stands in a field, "" where it is empty; None where the modal did not have it."""
        if action not in (told := json_object(self.values.get(block))):
            return None
        return str(json_object(told[action]).get("value") or "")


async def close_or_say(ack: AsyncAck, title: str, outcome: object) -> None:
    """Done, the modal goes; a refusal is told in its place."""
    if isinstance(outcome, Refusal):
        await say_instead(ack, title, outcome.reason)
    else:
        await ack()


async def say_instead(ack: AsyncAck, title: str, words: str) -> None:
    await ack_with(ack, modals.notice(title, words))


async def ack_with(ack: AsyncAck, view: View) -> None:
    """The modal goes on as this."""
    await ack(response_action="update", view=view)
