"""Comings and goings: who joins an inbox's channel may act at once, who leaves it no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.slack_front import Dispatcher, Front
from storage import channel_members
from storage.tasks import Claim, unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackMembership:
    """Sources: docs.slack.dev/reference/events/member_joined_channel and member_left_channel."""

    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("member_joined_channel")(self.on_joined)
        app.event("member_left_channel")(self.on_left)

    async def on_joined(self, event: Json, context: AsyncBoltContext) -> None:
        async with unit(self.front.clock(), cast("Claim", context["claimed"])):
            await channel_members.came(str(event.get("channel")), str(event.get("user")))

    async def on_left(self, event: Json, context: AsyncBoltContext) -> None:
        async with unit(self.front.clock(), cast("Claim", context["claimed"])):
            await channel_members.went(str(event.get("channel")), str(event.get("user")))
