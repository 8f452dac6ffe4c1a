"""Message shortcuts: the entries in a message's own menu, which work where slash commands do not: in threads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, modals, shortcut_modals
from bot.blocks.parts import View, escaped, one_line
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Refusal, Status, Why
from bot.domain.replies import note_text
from bot.domain.text.slack_out import escape
from bot.flows.staff_replies import StaffReply
from bot.flows.staff_shortcuts import (
    NOT_OURS,
    Offer,
    offered,
    staff_keeps_message,
    staff_retries_message,
    staff_sends_message,
    to_retry,
)
from bot.listeners.slack_front import Click, Dispatcher, Front, is_place, json_object
from bot.listeners.slack_messages import SlackMessages
from bot.listeners.slack_submissions import Asked, ack_with, close_or_say, say_instead
from integrations.errors import ServiceError
from storage import escalations
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_GONE = "That message is not there any more, or Slack does not show it to Switchboard just now."
_NOT_A_PERSONS = "Only what a colleague wrote can be sent to the customer. What stands here was said by the bot."
_CHANGED = "The message was changed while you looked at it."


@dataclass(frozen=True, slots=True)
class SlackShortcuts:
    front: Front
    said: SlackMessages

    def register(self, app: Dispatcher) -> None:
        app.shortcut("send_to_customer")(self.on_send)
        app.shortcut("keep_as_note")(self.on_keep)
        app.shortcut("retry")(self.on_retry)
        app.view(action_ids.SEND_MESSAGE_MODAL)(self.on_submit)
        app.view(action_ids.SEND_AGAIN_MODAL)(self.on_again)

    async def on_send(self, ack: AsyncAck, body: Json) -> None:
        """Nothing leaves by this alone: the words are shown as the customer will read them."""
        await ack()
        click, message = Click.from_body(body), json_object(body.get("message"))
        about = await self._admitted(click)
        if about is None:
            return None
        reply = await self._reply(click.channel or "", message, click.user)
        outcome = await self._offer(about, reply) if reply else Refusal(Why.WRONG, _NOT_A_PERSONS)
        if isinstance(outcome, Refusal):
            return await self._tell(click, outcome.reason)
        assert reply is not None
        return await self._open(click, await _asking(about, reply, outcome))

    async def on_submit(self, ack: AsyncAck, body: Json) -> None:
        """What is sent is what was read: a message that its author has changed since is shown once more."""
        asked = Asked.from_body(body)
        about = await self._submitting(ack, asked)
        if about is None:
            return None
        reply = await self._read_again(asked)
        if reply is None:
            return await say_instead(ack, "Not sent", _GONE)
        if _digest(reply) != asked.known.get("digest"):
            outcome = await self._offer(about, reply)
            if isinstance(outcome, Refusal):
                return await say_instead(ack, "Not sent", outcome.reason)
            return await ack_with(ack, await _asking(about, reply, outcome, _CHANGED))
        rules = self.front.inboxes.known(about.inbox_id).rules
        actor = await self.front.actor(asked.user, about.inbox_id)
        async with unit(self.front.clock()) as turn:
            outcome = await staff_sends_message(turn, reply, actor, rules)
        return await close_or_say(ack, "Not sent", outcome)

    async def on_keep(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        if await self._admitted(click) is None:
            return
        async with unit(self.front.clock()) as turn:
            outcome = await staff_keeps_message(turn, click.channel or "", click.message_ts or "")
        if isinstance(outcome, Refusal):
            await self._tell(click, outcome.reason)

    async def on_retry(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        if await self._admitted(click) is None:
            return
        channel, ts = click.channel or "", click.message_ts or ""
        async with unit(self.front.clock()) as turn:
            in_doubt = [each for each in await to_retry(channel, ts) if each.status is Delivery.UNCONFIRMED]
            outcome = [] if in_doubt else await staff_retries_message(turn, channel, ts, even_twice=False)
        if in_doubt:
            await self._open(click, shortcut_modals.send_again(_place(channel, click.thread_ts or "", ts)))
        elif isinstance(outcome, Refusal):
            await self._tell(click, outcome.reason)

    async def on_again(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked.from_body(body)
        if await self._submitting(ack, asked) is None:
            return
        channel, ts = str(asked.known.get("channel")), str(asked.known.get("ts"))
        async with unit(self.front.clock()) as turn:
            outcome = await staff_retries_message(turn, channel, ts, even_twice=True)
        await close_or_say(ack, "Not sent", outcome)

    async def _admitted(self, click: Click) -> Escalation | None:
        """The escalation in whose thread the message stands, for somebody who may act; else they are told why not."""
        in_thread = is_place(click.channel, click.thread_ts) and is_place(click.channel, click.message_ts)
        about = await escalations.of_thread(click.channel or "", click.thread_ts or "") if in_thread else None
        refusal = NOT_OURS if about is None else await self.front.admits(click, about.inbox_id)
        if refusal is None:
            return about
        await self._tell(click, refusal)
        return None

    async def _submitting(self, ack: AsyncAck, asked: Asked) -> Escalation | None:
        channel, thread = asked.known.get("channel"), asked.known.get("thread")
        about = await escalations.of_thread(str(channel), str(thread)) if is_place(channel, thread) else None
        refusal = _GONE if about is None else await self.front.may_act(asked.user, asked.team, about.inbox_id)
        if refusal is None:
            return about
        await say_instead(ack, "Not sent", refusal)
        return None

    async def _offer(self, about: Escalation, reply: StaffReply) -> Offer | Refusal:
        async with unit(self.front.clock()) as turn:
            return await offered(turn, reply, self.front.inboxes.known(about.inbox_id).rules)

    async def _reply(self, channel: str, message: Json, user: str) -> StaffReply | None:
        """The message as a reply of whoever pressed; None where no person wrote it."""
        reply = await self.said.reply_of({**message, "channel": channel})
        return replace(reply, staff_id=user, text=note_text(reply.text)) if reply else None

    async def _read_again(self, asked: Asked) -> StaffReply | None:
        """A submission does not bring the message along."""
        channel, ts = str(asked.known.get("channel")), str(asked.known.get("ts"))
        try:
            found = await self.front.slack.message(channel, str(asked.known.get("thread")), ts)
            return await self._reply(channel, found, asked.user) if found else None
        except ServiceError as error:
            log.warning("message.not_read", error=error.code)
            return None

    async def _tell(self, click: Click, words: str) -> None:
        """In a window: Slack shows no ephemeral message to somebody who has the thread closed."""
        await self._open(click, modals.notice("Switchboard", words))

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)


async def _asking(about: Escalation, reply: StaffReply, offer: Offer, *warnings: str) -> View:
    """What there is to know before it leaves."""
    known = [*warnings, *map(escape, offer.unsendable)]
    if offer.escalation.status is Status.OPEN and offer.escalation.taken_by != reply.staff_id:
        known.append(f"<@{offer.escalation.taken_by}> has this conversation, and keeps it.")
    if offer.answered is not None:
        said = escaped(one_line(offer.answered.text, 200), 600) or "with a file"
        known.append(f"<@{offer.answered.staff_id}> has just answered: {said}")
    if offer.mentions:
        known.append("It mentions a colleague: the customer reads their name.")
    place = _place(reply.channel, reply.thread_ts, reply.ts) | {"digest": _digest(reply)}
    return shortcut_modals.send(await escalations.view(about.id), place, offer.text, offer.files, known)


def _place(channel: str, thread: str, ts: str) -> dict[str, str]:
    return {"channel": channel, "thread": thread, "ts": ts}


def _digest(reply: StaffReply) -> str:
    """Names what was read, to tell whether it is still that."""
    whole = "\0".join([reply.text, *(each.slack_id for each in reply.files)])
    return hashlib.sha256(whole.encode()).hexdigest()
