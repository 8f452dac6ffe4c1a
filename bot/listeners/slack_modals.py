"""Modals: opened within the three seconds that Slack gives a click, filled in, submitted once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, cast

import orjson
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, modals
from bot.blocks.parts import View
from bot.domain.desk import TemplateChoice
from bot.domain.escalation import Actor, Refusal
from bot.domain.inboxes import unlinked
from bot.domain.templates import Template, problems
from bot.domain.whatsapp_work import FetchTemplates
from bot.flows.staff_replies import too_late
from bot.flows.templates import Order, choice, staff_sends_template
from bot.listeners.slack_front import Click, Dispatcher, Front
from integrations.errors import ServiceError
from integrations.slack.client import Shown
from storage import escalations, tasks, templates
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_NO_ACCOUNT = (
    "Templates are not set up yet. Whoever looks after Switchboard sets `WHATSAPP_BUSINESS_ACCOUNT_ID` to the id of "
    "your WhatsApp Business Account (WhatsApp Manager shows it, and so does API Setup at Meta)."
)
_TOO_SLOW = "Slack did not let me open the window in time. Please press it again."
_STALE = "This button is from another time; what it was about is not here any more."
_REMEMBERED = 256  # open modals whose newest change this process keeps in mind


@dataclass(frozen=True, slots=True)
class SlackModals:
    front: Front
    # The newest change of each open modal: what an earlier one would show is not shown after it.
    _newest: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str])

    def register(self, app: Dispatcher) -> None:
        app.action(action_ids.SEND_TEMPLATE)(self.on_send_template)
        for changed in (action_ids.CHOOSE_TEMPLATE, action_ids.SEARCH_TEMPLATES, action_ids.FILL_TEMPLATE):
            app.action(changed)(self.on_change)
        app.action(action_ids.REFRESH_TEMPLATES)(self.on_refresh)
        app.view(action_ids.TEMPLATE_MODAL)(self.on_submit)

    async def on_send_template(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        await self.offer(click, click.number)

    async def on_change(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """What is filled in is Slack's to keep; we draw the fields of the template and how it will read."""
        await ack()
        filled = _Filled.from_view(cast("Json", body["view"]))
        if filled.escalation_id is None:
            return
        changed_at = str(action.get("action_ts") or "")
        self._newest[filled.view_id] = max(changed_at, self._newest.get(filled.view_id, ""))
        while len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)
        view = modals.template_picker(filled.applied(await choice(filled.escalation_id)), self.front.clock())
        await self._redraw(filled, view, changed_at)

    async def on_refresh(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        filled = _Filled.from_view(cast("Json", body["view"]))
        if filled.escalation_id is None:
            return
        try:
            shown = await self.front.slack.update_modal(
                filled.view_id, modals.fetching_templates(filled.escalation_id), filled.hash
            )
        except ServiceError as error:
            log.info("modal.not_updated", error=error.code)
        else:
            await self._fetch(filled.escalation_id, shown)

    async def on_submit(self, ack: AsyncAck, body: Json) -> None:
        """Whatever is wrong is said at the field it is about; the modal closes once the message is written down."""
        filled = _Filled.from_view(cast("Json", body["view"]))
        user, team = cast("Json", body.get("user") or {}), cast("Json", body.get("team") or {})
        staff_id = str(user.get("id", ""))
        inbox = await self.front.inbox_of(filled.escalation_id or 0)
        refusal = await self.front.may_act(staff_id, user.get("team_id") or team.get("id"), inbox.id)
        wrong = {modals.TEMPLATE_BLOCK: unlinked(refusal)} if refusal else await self._submit(filled, staff_id)
        if wrong:
            await ack(response_action="errors", errors=wrong)
        else:
            await ack()

    async def _submit(self, filled: _Filled, user: str) -> dict[str, str]:
        """What is wrong, by block; nothing when the message is on its way."""
        if filled.escalation_id is None:
            return {modals.TEMPLATE_BLOCK: _STALE}
        inbox = await self.front.inbox_of(filled.escalation_id)
        chosen = await templates.find(inbox.id, filled.template_id) if filled.template_id else None
        if chosen is None:
            return {modals.TEMPLATE_BLOCK: "Choose a template first."}
        values = filled.values(chosen)
        found = problems(chosen, values)
        if found and not chosen.obstacle:
            return {
                modals.slot_block(chosen, number): found[slot.key]
                for number, slot in enumerate(chosen.slots)
                if slot.key in found
            }
        order = Order(filled.escalation_id, chosen.id, values, filled.view_id, filled.despite)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sends_template(turn, order, Actor(user), inbox.rules)
        return {modals.TEMPLATE_BLOCK: _plain(outcome.reason)} if isinstance(outcome, Refusal) else {}

    async def offer(self, click: Click, escalation_id: int | None) -> None:
        """Open the modal for whoever pressed a button, or chose it in the card's menu."""
        escalation = await escalations.load(escalation_id) if escalation_id is not None else None
        refusal = await self.front.admits(click, escalation.inbox_id if escalation else None)
        if refusal is None and escalation is None:
            refusal = _STALE
        if escalation is not None and refusal is None and escalation.status.is_final:
            refusal = too_late(escalation)
        if escalation is not None and refusal is None and self.front.inboxes[escalation.inbox_id].account is None:
            refusal = _NO_ACCOUNT
        if refusal is not None or escalation is None:
            return await self.front.answer(click, refusal or _STALE)
        return await self._offer(click, await choice(escalation.id))

    async def _offer(self, click: Click, known: TemplateChoice) -> None:
        """At once from what we know; where that is nothing, the modal fills when WhatsApp has answered."""
        now, escalation = self.front.clock(), known.view.escalation
        view = modals.template_picker(known, now) if known.templates else modals.fetching_templates(escalation.id)
        try:
            shown = await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            return await self.front.answer(click, _TOO_SLOW)
        if not known.templates:
            await self._fetch(escalation.id, shown)
        elif not await templates.are_fresh(escalation.inbox_id, now):
            await self._fetch(escalation.id, None)
        return None

    async def _fetch(self, escalation_id: int, shown: Shown | None) -> None:
        """By a worker: it may take longer than Slack waits. `shown` is the modal that waits for it."""
        now = self.front.clock()
        about = f"{shown.view_id}:{shown.hash}" if shown else f"stale:{int(now.timestamp()) // 60}"
        work = FetchTemplates(
            inbox_id=(await self.front.inbox_of(escalation_id)).id,
            about=about,
            escalation_id=escalation_id if shown else None,
            view_id=shown.view_id if shown else None,
            view_hash=shown.hash if shown else None,
        )
        await tasks.enqueue([work], now)

    async def _redraw(self, filled: _Filled, view: View, changed_at: str) -> None:
        """Two changes in a row carry the same hash: where the first was drawn meanwhile, only the newest still is."""
        try:
            await self.front.slack.update_modal(filled.view_id, view, filled.hash)
        except ServiceError as error:
            if error.code != "hash_conflict" or self._newest.get(filled.view_id, "") > changed_at:
                log.info("modal.not_updated", error=error.code)
                return
            try:
                await self.front.slack.update_modal(filled.view_id, view)
            except ServiceError as again:
                log.info("modal.not_updated", error=again.code)


@dataclass(frozen=True, slots=True)
class _Filled:
    """What somebody has filled in, as Slack tells it with every action and with the submission."""

    view_id: str
    hash: str
    escalation_id: int | None
    state: Json

    @classmethod
    def from_view(cls, view: Json) -> _Filled:
        try:
            kept: object = orjson.loads(str(view.get("private_metadata") or "{}"))
        except orjson.JSONDecodeError:
            kept = {}
        number = cast("Json", kept).get("escalation") if isinstance(kept, dict) else None
        values = cast("Json", cast("Json", view.get("state") or {}).get("values") or {})
        return cls(str(view["id"]), str(view.get("hash") or ""), number if isinstance(number, int) else None, values)

    @property
    def template_id(self) -> int | None:
        chosen = str(self._told(modals.TEMPLATE_BLOCK, action_ids.CHOOSE_TEMPLATE, "selected_option").get("value", ""))
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None

    @property
    def despite(self) -> bool:
        told = cast("Json", self.state.get(modals.CONSENT_BLOCK) or {}).get(action_ids.CONFIRM_OPTED_OUT)
        return bool(cast("Json", told or {}).get("selected_options"))

    def values(self, template: Template) -> dict[str, str]:
        blocks = {slot.key: modals.slot_block(template, number) for number, slot in enumerate(template.slots)}
        return {key: self._typed(block, action_ids.FILL_TEMPLATE) for key, block in blocks.items()}

    def applied(self, known: TemplateChoice) -> TemplateChoice:
        chosen = next((each for each in known.templates if each.id == self.template_id), None)
        sought = self._typed(modals.SEARCH_BLOCK, action_ids.SEARCH_TEMPLATES)
        return replace(known, chosen=chosen, values=self.values(chosen) if chosen else {}, sought=sought)

    def _told(self, block: str, action: str, name: str) -> Json:
        told = cast("Json", cast("Json", self.state.get(block) or {}).get(action) or {})
        return cast("Json", told.get(name) or {})

    def _typed(self, block: str, action: str) -> str:
        told = cast("Json", cast("Json", self.state.get(block) or {}).get(action) or {})
        return str(told.get("value") or "")


def _plain(mrkdwn: str) -> str:
    """An error at a field is plain text."""
    return mrkdwn.replace("*", "").replace("`", "")
