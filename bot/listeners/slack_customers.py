"""The window about one customer: opened from a card, a list or a command, saved, and the customer blocked there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import orjson
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, customer, found, modals, queue, thread_notes
from bot.blocks.handback import PROMISES_BLOCK
from bot.blocks.parts import Post
from bot.domain.escalation import Refusal
from bot.domain.inboxes import unlinked
from bot.domain.profiles import tags_in
from bot.flows.customer_records import Described, staff_blocks, staff_describes
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_typed import meant
from integrations.errors import ServiceError
from storage import conversations, customer_records, escalations
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_GONE = "This customer is not here any more."
_TOO_SLOW = "Slack did not let me open the window in time. Please press it again."


@dataclass(frozen=True, slots=True)
class SlackCustomers:
    front: Front
    answers: Answers

    def register(self, app: Dispatcher) -> None:
        app.command("/customer")(self.on_command)
        app.action(action_ids.OPEN_CUSTOMER)(self.on_open)
        app.action(action_ids.BLOCK_CUSTOMER)(self.on_block)
        app.action(action_ids.UNBLOCK_CUSTOMER)(self.on_block)
        app.view(action_ids.CUSTOMER_MODAL)(self.on_save)

    async def on_command(self, ack: AsyncAck, command: Json) -> None:
        typed, trigger = str(command.get("text") or ""), str(command.get("trigger_id") or "")
        await self.answers.give(ack, command, self._typed(typed, trigger, command))

    async def _typed(self, typed: str, trigger_id: str, command: Json) -> Post | None:
        """The window itself where the words name one person and nothing else."""
        who = await meant(await self.front.seen_by(command["user_id"], command.get("channel_id")), typed)
        if not who.all:
            return queue.no_match(who.who, "/customer", "Carla Mendes")
        if who.only is None or who.rest:
            return found.people(who.who, who.all, is_named=bool(who.certain))
        profile = await customer_records.profile(who.only.id)
        if profile is None:
            return thread_notes.note(_GONE)
        try:
            await self.front.slack.open_modal(trigger_id, customer.customer_modal(profile, self.front.clock()))
        except ServiceError as error:
            log.warning("modal.not_opened", error=error.code)
            return found.people(who.who, who.all, is_named=True)
        return None

    async def on_open(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        await self.open(click, click.number)

    async def of_escalation(self, click: Click, escalation_id: int) -> None:
        """*More… > Customer…* on a card."""
        escalation = await escalations.load(escalation_id)
        found = await conversations.load(escalation.conversation_id) if escalation else None
        await self.open(click, found.customer_id if found else None)

    async def open(self, click: Click, customer_id: int | None) -> None:
        inbox = await customer_records.inbox_of(customer_id or 0)
        refusal = await self.front.admits(click, inbox)
        profile = await customer_records.profile(customer_id) if customer_id is not None and not refusal else None
        if refusal or profile is None:
            return await self.front.answer(click, refusal or _GONE)
        try:
            await self.front.slack.open_modal(
                click.trigger_id or "", customer.customer_modal(profile, self.front.clock())
            )
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, _TOO_SLOW)
        return None

    async def on_block(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """At once, and seen in the window; what was typed there stays."""
        await ack()
        click, view = Click.from_body(body), cast("Json", body.get("view") or {})
        inbox = await customer_records.inbox_of(click.number or 0)
        refusal = await self.front.admits(click, inbox)
        if refusal is None and click.number is not None and inbox is not None:
            blocked, rules = action["action_id"] == action_ids.BLOCK_CUSTOMER, self.front.inboxes[inbox].rules
            async with unit(self.front.clock()) as turn:
                # Pressed twice it is as it is: the window shows it.
                await staff_blocks(turn, click.number, click.user, rules, blocked=blocked)
        profile = await customer_records.profile(click.number) if click.number is not None else None
        if refusal or profile is None:
            shown = modals.notice("Customer", refusal or _GONE)
        else:
            shown = customer.customer_modal(profile, self.front.clock())
        try:
            await self.front.slack.update_modal(str(view.get("id") or ""), shown)
        except ServiceError as error:
            log.info("modal.not_updated", error=error.code)

    async def on_save(self, ack: AsyncAck, body: Json) -> None:
        view, user = cast("Json", body["view"]), cast("Json", body.get("user") or {})
        team = cast("Json", body.get("team") or {})
        staff_id, number = str(user.get("id", "")), customer_in(view)
        inbox = await customer_records.inbox_of(number or 0)
        refusal = await self.front.may_act(staff_id, user.get("team_id") or team.get("id"), inbox)
        wrong = unlinked(refusal or "") or (_GONE if number is None else None)
        if wrong is None and number is not None:
            async with unit(self.front.clock()) as turn:
                outcome = await staff_describes(turn, number, _described(view), staff_id)
            wrong = outcome.reason if isinstance(outcome, Refusal) else None
        if wrong:
            await ack(response_action="errors", errors={customer.NOTE_BLOCK: wrong})
        else:
            await ack()


def _described(view: Json) -> Described:
    """Promises count only where they were changed: somebody else may have changed them since the window was opened."""
    tags, note = tags_in(typed_in(view, customer.TAGS_BLOCK)), typed_in(view, customer.NOTE_BLOCK)
    shown = next((each for each in cast("list[Json]", view.get("blocks") or []) if _is_promises(each)), None)
    if shown is None:
        return Described(tags, note)
    promises = typed_in(view, PROMISES_BLOCK)
    before = str(cast("Json", shown.get("element") or {}).get("initial_value") or "")
    return Described(tags, note, promises if promises != before else None)


def _is_promises(block: Json) -> bool:
    return block.get("block_id") == PROMISES_BLOCK


def customer_in(view: Json) -> int | None:
    try:
        kept: object = orjson.loads(str(view.get("private_metadata") or "{}"))
    except orjson.JSONDecodeError:
        return None
    number = cast("Json", kept).get("customer") if isinstance(kept, dict) else None
    return number if isinstance(number, int) else None


def typed_in(view: Json, block: str) -> str:
    """What stands in the block's one field."""
    values = cast("Json", cast("Json", view.get("state") or {}).get("values") or {})
    for told in cast("dict[str, Json]", values.get(block) or {}).values():
        return str(told.get("value") or "")
    return ""
