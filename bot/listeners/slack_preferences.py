"""The window for notifications: opened from App Home, saved as a whole or sent back with what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids
from bot.blocks.preferences import INBOXES_BLOCK, SINCE_BLOCK, UNTIL_BLOCK, preferences_modal, topic_block
from bot.domain.inboxes import unlinked
from bot.domain.preferences import Extent, Preferences, QuietHours, Topic
from bot.flows.redraw import show_home
from bot.listeners.slack_front import Click, Dispatcher, Front, json_object, json_objects
from integrations.errors import ServiceError
from storage import preferences
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_BOTH = "Choose both times, or empty both."
_SAME = "Quiet hours end at another time than they begin."


@dataclass(frozen=True, slots=True)
class SlackPreferences:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.PREFERENCES)(self.on_open)
        app.view(action_ids.PREFERENCES_MODAL)(self.on_submit)

    async def on_open(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        refusal = await self.front.admits(click)
        if refusal is not None:
            return await self.front.answer(click, refusal)
        names = {each: self.front.inboxes[each].name for each in await self.front.seen_by(click.user)}
        view = preferences_modal(await preferences.of(click.user), names, self.front.clock())
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:  # nothing was changed, and pressing again helps
            log.warning("modal.not_opened", user=click.user, error=error.code)
        return None

    async def on_submit(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Acknowledged once it is saved: an error keeps the window open, with all that was chosen."""
        click = Click.from_body(body)
        if refusal := await self.front.admits(click):
            await ack(response_action="errors", errors={topic_block(Topic.NEW): unlinked(refusal)})
            return
        told = json_object(json_object(view.get("state")).get("values"))
        chosen = _chosen(told)
        if isinstance(chosen, dict):
            await ack(response_action="errors", errors=chosen)
            return
        async with unit(self.front.clock()) as turn:
            inbox_id = self.front.inboxes.first.id
            await preferences.save(inbox_id, click.user, chosen)
            await show_home(turn, inbox_id, click.user)
        await ack()


def _chosen(told: Json) -> Preferences | dict[str, str]:
    """What was filled in; or what is wrong, by block."""
    since, until = _hour(told, SINCE_BLOCK), _hour(told, UNTIL_BLOCK)
    if (since is None) != (until is None):
        return {UNTIL_BLOCK if until is None else SINCE_BLOCK: _BOTH}
    if since is not None and since == until:
        return {UNTIL_BLOCK: _SAME}
    inboxes = json_objects(_answer(told, INBOXES_BLOCK, action_ids.CHOOSE_INBOXES).get("selected_options"))
    return Preferences(
        extents={topic: extent for topic in Topic if (extent := _extent(told, topic)) is not None},
        inboxes=frozenset(int(value) for each in inboxes if (value := str(each.get("value"))).isdecimal()),
        quiet=QuietHours(since, until) if since is not None and until is not None else None,
    )


def _extent(told: Json, topic: Topic) -> Extent | None:
    answer = _answer(told, topic_block(topic), action_ids.CHOOSE_EXTENT)
    value = json_object(answer.get("selected_option")).get("value")
    return Extent(value) if value in list(Extent) else None


def _hour(told: Json, block: str) -> time | None:
    try:
        return time.fromisoformat(str(_answer(told, block, action_ids.CHOOSE_HOUR).get("selected_time") or ""))
    except ValueError:
        return None


def _answer(told: Json, block: str, action: str) -> Json:
    return json_object(json_object(told.get(block)).get(action))
