"""The history modal: the conversation read back from its newest message, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks.action_ids import HISTORY_NEWER, HISTORY_NEWEST, HISTORY_OLDER
from bot.blocks.history import PAGE, history
from bot.blocks.parts import View
from bot.blocks.quoting import quoted, speaker
from bot.domain.conversation import Author, Message
from bot.domain.desk import EscalationView, HistoryPage, Quoted, Said, Told, ToldFile
from bot.domain.files import shown_name
from bot.listeners.slack_front import Click, Dispatcher, Front, json_object
from bot.listeners.slack_submissions import Asked
from integrations.errors import ServiceError
from storage import escalations, messages, staff
from storage import history as stored

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_TOO_SLOW = "Slack did not let me open the window in time. Please choose it again."


@dataclass(frozen=True, slots=True)
class SlackHistory:
    front: Front

    def register(self, app: Dispatcher) -> None:
        for turn in (HISTORY_OLDER, HISTORY_NEWER, HISTORY_NEWEST):
            app.action(turn)(self.on_turn)

    async def open(self, click: Click, view: EscalationView) -> None:
        """For whoever was let in: the newest page."""
        page = await page_before(view, stored.LAST)
        try:
            await self.front.slack.open_modal(click.trigger_id or "", await self._drawn(click.user, page))
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, _TOO_SLOW)

    async def on_turn(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """Older, newer or newest. A page that was turned meanwhile stays as it is."""
        await ack()
        click, asked, shown = Click.from_body(body), Asked.from_body(body), json_object(body.get("view"))
        if asked.escalation_id is None or click.number is None:
            return
        known = await escalations.load(asked.escalation_id)
        if known is None or await self.front.admits(click, known.inbox_id):
            return
        view = await escalations.view(asked.escalation_id)
        page = await _turned(str(action.get("action_id")), view, click.number)
        drawn = await self._drawn(click.user, page)
        try:
            await self.front.slack.update_modal(str(shown.get("id")), drawn, str(shown.get("hash") or ""))
        except ServiceError as error:
            log.info("modal.not_updated", error=error.code)

    async def _drawn(self, user: str, page: HistoryPage) -> View:
        return history(page, await self.front.zone(user))


async def _turned(how: str, view: EscalationView, message_id: int) -> HistoryPage:
    if how == HISTORY_OLDER:
        return await page_before(view, message_id)
    page = await page_after(view, message_id) if how == HISTORY_NEWER else None
    return page or await page_before(view, stored.LAST)


async def page_before(view: EscalationView, message_id: int) -> HistoryPage:
    """The messages before this one."""
    said = await stored.before(view.escalation.conversation_id, message_id, PAGE + 1)
    is_newest = message_id == stored.LAST
    return await _page(view, said[-PAGE:], has_older=len(said) > PAGE, has_newer=not is_newest)


async def page_after(view: EscalationView, message_id: int) -> HistoryPage | None:
    """The messages after this one, if there are any."""
    said = await stored.after(view.escalation.conversation_id, message_id, PAGE + 1)
    page = await _page(view, said[:PAGE], has_older=True, has_newer=len(said) > PAGE)
    return replace(page, is_from_older=True) if said else None


async def _page(view: EscalationView, said: Sequence[Message], *, has_older: bool, has_newer: bool) -> HistoryPage:
    ids = [each.id for each in said]
    stretches = await stored.stretches(sorted({each.escalation_id for each in said if each.escalation_id}))
    told = await _told(view, said)
    files, posts = await stored.files(ids), await stored.posts(ids)
    shown = [
        replace(each, files=tuple(_files(each.message, files, posts)), url=posts.get(each.message.id)) for each in told
    ]
    return HistoryPage(view, tuple(shown), stretches, has_older, has_newer)


async def _told(view: EscalationView, said: Sequence[Message]) -> list[Told]:
    customer = view.customer.label
    wamids = sorted({each.quoted_wamid for each in said if each.quoted_wamid})
    known = await messages.by_wamids(view.escalation.inbox_id, wamids) if wamids else {}
    names = await staff.names({each.staff_id for each in [*said, *known.values()] if each.staff_id})
    return [
        Told(each, speaker(each, customer, names), _as_it_reads(each, quoted(each, known, customer, names)))
        for each in said
    ]


def _as_it_reads(message: Message, about: Quoted | None) -> Said:
    """An edit by staff does not change what the customer has."""
    said = Said.from_message(message, about)
    return replace(said, is_edited=False) if message.author is Author.STAFF else said


def _files(message: Message, files: Sequence[stored.File], posts: dict[int, str]) -> list[ToldFile]:
    """In Slack by itself, or in the post of the message."""
    of_it = [each for each in files if each.message_id == message.id]
    names = [shown_name(each.name, message.kind, each.mime_type) for each in of_it]
    url = posts.get(message.id)
    return [ToldFile(name, each.slack_url or url, each.failure) for name, each in zip(names, of_it, strict=True)]
