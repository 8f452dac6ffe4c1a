"""App Home: somebody opened the Escalations page, or their profile changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.staff_work import RefreshHome
from bot.listeners.slack_front import Dispatcher, Front, json_object
from storage import staff
from storage.tasks import Claim, unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackHome:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("app_home_opened")(self.on_opened)
        app.event("user_change")(self.on_user_change)

    async def on_opened(self, event: Json, context: AsyncBoltContext) -> None:
        """The event comes for the Messages tab too; only Home is drawn."""
        user = str(event["user"])
        async with unit(self.front.clock(), cast("Claim", context["claimed"])) as turn:
            if event.get("tab", "home") == "home":
                await staff.saw_home(self.front.inbox_id, user, turn.now)
                turn.cause(RefreshHome(inbox_id=self.front.inbox_id, user=user))

    async def on_user_change(self, event: Json, context: AsyncBoltContext) -> None:
        user = json_object(event.get("user"))
        async with unit(self.front.clock(), cast("Claim", context["claimed"])):
            await staff.forget(str(user.get("id", "")))
