"""Teach the bot: in a message's own menu, beside what it was asked in vain, and to change what it was taught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, modals, teach
from bot.blocks.parts import View
from bot.domain.conversation import Message
from bot.domain.escalation import Refusal
from bot.domain.people import Customer
from bot.domain.replies import note_text
from bot.domain.teaching import Lesson, personal_in
from bot.flows.staff_shortcuts import NOT_OURS
from bot.flows.teaching import lesson_about, lesson_from, staff_teaches
from bot.listeners.slack_front import Click, Dispatcher, Front, is_place, json_object
from bot.listeners.slack_knowledge import SlackKnowledge
from bot.listeners.slack_messages import SlackMessages
from bot.listeners.slack_submissions import Asked, ack_with, say_instead
from integrations.errors import ServiceError
from storage import conversations, customers, escalations, messages, staff, taught
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_GONE = "That is not there any more."
_TITLE = "Teach the bot"
_WARNED_OF = 15
_LETTERS = 60  # of each; a window carries 3,000 characters


@dataclass(frozen=True, slots=True)
class SlackTeaching:
    front: Front
    said: SlackMessages
    known: SlackKnowledge

    def register(self, app: Dispatcher) -> None:
        app.shortcut("teach_the_bot")(self.on_message)
        app.action(action_ids.TEACH_ABOUT)(self.on_question)
        app.action(action_ids.EDIT_TAUGHT)(self.on_edit)
        app.view(action_ids.TEACH_MODAL)(self.on_save)

    async def on_message(self, ack: AsyncAck, body: Json) -> None:
        """What a colleague has told the customer becomes the answer, what the customer had written the question."""
        await ack()
        click, message = Click.from_body(body), json_object(body.get("message"))
        in_thread = is_place(click.channel, click.thread_ts) and is_place(click.channel, click.message_ts)
        about = await escalations.of_thread(click.channel or "", click.thread_ts or "") if in_thread else None
        refusal = NOT_OURS if about is None else await self.front.admits(click, about.inbox_id)
        if about is None or refusal:
            # In a window: Slack shows no ephemeral message to somebody who has the thread closed.
            return await self._open(click, modals.notice(_TITLE, refusal or NOT_OURS))
        lesson = await lesson_from(
            about, click.channel or "", click.message_ts or "", await self._words(click, message)
        )
        return await self._ask(click, lesson, None)

    async def on_question(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        lesson = await lesson_about(click.number) if click.number is not None else None
        refusal = await self.front.admits(click, lesson.inbox_id if lesson else None)
        if refusal or lesson is None or lesson.inbox_id not in self.front.inboxes:
            return await self.front.answer(click, refusal or _GONE)
        return await self._ask(click, lesson, None)

    async def on_edit(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        named = await self.known.numbers_in(click, 2)
        answer = await taught.find(*named) if not isinstance(named, str) else None
        if isinstance(named, str) or answer is None:
            return await self.front.answer(click, named if isinstance(named, str) else _GONE)
        said = await _said(answer.message_id)
        talk = said.conversation_id if said else 0
        lesson = Lesson(answer.inbox_id, answer.question, answer.answer, answer.message_id, talk)
        return await self._ask(click, lesson, answer.id)

    async def on_save(self, ack: AsyncAck, body: Json) -> None:
        """What was typed may name a customer only if its author has read the warning that it does."""
        asked = Asked.from_body(body)
        lesson = _lesson_in(asked)
        refusal = await self.front.may_act(asked.user, asked.team, lesson.inbox_id if lesson else None)
        if refusal or lesson is None or lesson.inbox_id not in self.front.inboxes:
            return await say_instead(ack, _TITLE, refusal or _GONE)
        personal = await _personal(lesson)
        if not set(personal) <= set(asked.known.get("warned") or []):
            known = asked.known | {"warned": personal}
            return await ack_with(ack, teach.teach_modal(lesson, self._named(lesson), personal, known))
        replaces = asked.known.get("replaces")
        async with unit(self.front.clock()) as turn:
            outcome = await staff_teaches(turn, lesson, asked.user, replaces if isinstance(replaces, int) else None)
        if isinstance(outcome, Refusal):
            return await say_instead(ack, _TITLE, outcome.reason)
        await ack()
        return await self.front.answer(_asked_from(asked), teach.taught(lesson, outcome.id, outcome.replaced))

    async def _ask(self, click: Click, lesson: Lesson, replaces: int | None) -> None:
        personal = await _personal(lesson)
        known = {
            "inbox": lesson.inbox_id,
            "message": lesson.message_id,
            "conversation": lesson.conversation_id,
            "replaces": replaces,
            "warned": personal,
            "channel": click.channel,
            "thread": click.thread_ts,
            "url": click.response_url,
        }
        await self._open(click, teach.teach_modal(lesson, self._named(lesson), personal, known))

    async def _words(self, click: Click, message: Json) -> str:
        """Of a colleague's message that nobody has written down, such as one after the end."""
        reply = await self.said.reply_of({**message, "channel": click.channel})
        return note_text(reply.text) if reply else ""

    def _named(self, lesson: Lesson) -> str:
        return self.front.inboxes[lesson.inbox_id].name

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, "Slack did not let me open the window in time. Please try again.")


async def _personal(lesson: Lesson) -> list[str]:
    customer, colleague = await _customer(lesson.conversation_id), await _colleague(lesson.message_id)
    found = personal_in(f"{lesson.question}\n{lesson.answer}", customer, colleague)
    return [each[:_LETTERS] for each in found[:_WARNED_OF]]


async def _customer(conversation_id: int) -> Customer | None:
    if not conversation_id:
        return None
    return await customers.load((await conversations.load(conversation_id)).customer_id)


async def _said(message_id: int | None) -> Message | None:
    """The answer that it was made from, unless its customer has been forgotten since."""
    found = await messages.load_all([message_id]) if message_id is not None else []
    return found[0] if found else None


async def _colleague(message_id: int | None) -> str:
    said = await _said(message_id)
    return (await staff.names({said.staff_id})).get(said.staff_id, "") if said and said.staff_id else ""


def _lesson_in(asked: Asked) -> Lesson | None:
    inbox, message, talk = (asked.known.get(each) for each in ("inbox", "message", "conversation"))
    if not isinstance(inbox, int):
        return None
    question = _typed(asked, teach.QUESTION_BLOCK, action_ids.TEACH_QUESTION)
    answer = _typed(asked, teach.ANSWER_BLOCK, action_ids.TEACH_ANSWER)
    about = message if isinstance(message, int) else None
    return Lesson(inbox, question, answer, about, talk if isinstance(talk, int) else 0)


def _typed(asked: Asked, block: str, action: str) -> str:
    return str(json_object(json_object(asked.values.get(block)).get(action)).get("value") or "").strip()


def _asked_from(asked: Asked) -> Click:
    """Where the window was opened from: a submission does not say."""
    channel, thread, url = (asked.known.get(each) for each in ("channel", "thread", "url"))
    return Click(asked.user, asked.team, "", channel, None, thread, None, url, is_ephemeral=False)
