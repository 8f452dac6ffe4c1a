"""App Home: somebody opened the Escalations page, looks at it another way, or says that they are away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.blocks import action_ids
from bot.domain.home import Look, Part
from bot.flows.availability import staff_puts_down, staff_says_away
from bot.flows.redraw import show_home
from bot.listeners.slack_front import Click, Dispatcher, Front, json_object
from storage import escalations, staff
from storage.tasks import Claim, unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackHome:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("app_home_opened")(self.on_opened)
        app.event("user_change")(self.on_user_change)
        app.action(action_ids.FILTER_INBOX)(self.on_filter)
        app.action(action_ids.HOME_PREVIOUS)(self.on_turn)
        app.action(action_ids.HOME_NEXT)(self.on_turn)
        app.action(action_ids.GO_AWAY)(self.on_away)
        app.action(action_ids.COME_BACK)(self.on_back)
        app.action(action_ids.PUT_DOWN)(self.on_put_down)

    async def on_opened(self, event: Json, context: AsyncBoltContext) -> None:
        """The event comes for the Messages tab too; only Home is drawn."""
        async with unit(self.front.clock(), cast("Claim", context["claimed"])) as turn:
            if event.get("tab", "home") == "home":
                await show_home(turn, self.front.inboxes.first.id, str(event["user"]))

    async def on_user_change(self, event: Json, context: AsyncBoltContext) -> None:
        user = json_object(event.get("user"))
        async with unit(self.front.clock(), cast("Claim", context["claimed"])):
            await staff.forget(str(user.get("id", "")))

    async def on_filter(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        chosen = str(json_object(action.get("selected_option")).get("value") or "")
        inbox = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
        await self._look(Click.from_body(body), lambda look: look.on(inbox))

    async def on_turn(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        part, _, start = click.value.partition(":")
        if part in list(Part) and start.isascii() and start.isdigit() and len(start) < 10:
            await self._look(click, lambda look: look.at(Part(part), int(start)))

    async def on_away(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self._says(Click.from_body(body), is_away=True)

    async def on_back(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self._says(Click.from_body(body), is_away=False)

    async def on_put_down(self, ack: AsyncAck, body: Json) -> None:
        """One after the other, each whole: should it stop halfway, what is left can be put down by pressing again."""
        await ack()
        click = Click.from_body(body)
        if not await self._admit(click):
            return
        for escalation_id in await escalations.held_by(click.user):
            rules = (await self.front.inbox_of(escalation_id)).rules
            async with unit(self.front.clock()) as turn:
                await staff_puts_down(turn, click.user, escalation_id, rules)
        async with unit(self.front.clock()) as turn:
            await show_home(turn, self.front.inboxes.first.id, click.user)

    async def _says(self, click: Click, *, is_away: bool) -> None:
        if not await self._admit(click):
            return
        async with unit(self.front.clock()) as turn:
            rules = {each.id: each.rules for each in self.front.inboxes.values()}
            await staff_says_away(turn, click.user, rules, self.front.inboxes.first.id, is_away=is_away)
            await show_home(turn, self.front.inboxes.first.id, click.user)

    async def _look(self, click: Click, change: Callable[[Look], Look]) -> None:
        if not await self._admit(click):
            return
        async with unit(self.front.clock()) as turn:
            await show_home(turn, self.front.inboxes.first.id, click.user)
            await staff.looks(click.user, change((await staff.viewer(click.user)).look))

    async def _admit(self, click: Click) -> bool:
        refusal = await self.front.admits(click)
        if refusal is not None:
            await self.front.answer(click, refusal)
        return refusal is None
