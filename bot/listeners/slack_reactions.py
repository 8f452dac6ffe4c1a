"""Reactions in threads: those that members of the team put under a customer's message, or take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from slack_bolt.context.async_context import AsyncBoltContext

from bot.flows.staff_reacts import StaffReaction, staff_reacts
from bot.listeners.slack_front import Dispatcher, Front, is_place, json_object
from storage import posted
from storage.tasks import Claim, unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackReactions:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("reaction_added")(self.on_reaction)
        app.event("reaction_removed")(self.on_reaction)

    async def on_reaction(self, event: Json, context: AsyncBoltContext) -> None:
        """Our own marks come back as events too; nobody needs to hear about guests' reactions."""
        reaction = await self._understand(event)
        async with unit(self.front.clock(), cast("Claim", context["claimed"])) as turn:
            if reaction:
                await staff_reacts(turn, reaction)

    async def _understand(self, event: Json) -> StaffReaction | None:
        """Slack is asked who it was only where something may follow from it."""
        item, user = json_object(event.get("item")), str(event.get("user") or "")
        channel, ts = item.get("channel"), item.get("ts")
        if item.get("type") != "message" or not is_place(channel, ts) or self.front.us.said(event):
            return None
        if not await posted.messages_at(str(channel), str(ts)):
            return None
        member = await self.front.member(user)
        if member.refusal(self.front.us.team_id):
            return None
        is_added = event.get("type") == "reaction_added"
        return StaffReaction(str(channel), str(ts), user, str(event.get("reaction") or ""), is_added)
