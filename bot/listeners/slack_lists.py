"""/queue and /chats: lists that one person sees, page by page, and what is found in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, found, queue
from bot.blocks.paging import PAGE_ROWS, SEARCH, Page, row_of
from bot.blocks.parts import Post
from bot.blocks.queue import Kept
from bot.blocks.queue_table import FEW, TABLE_ROWS, queue_table
from bot.listeners import slack_reports
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_front import Click, Dispatcher, Front
from bot.listeners.slack_reports import SlackReports
from bot.listeners.slack_typed import meant
from integrations.errors import ServiceError
from storage import chats, customer_records, customer_search, escalations

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_LISTS = {
    "waiting": "Waiting in Queue",
    "mine": "My Queue",
    "team": "Teammates",
    "all": "All open conversations",
}
_CHATS = "chats"
_MOST_FOUND = 5  # of each kind: whoever gets more says more
_STALE = "This list is from another time. Type the command again."


@dataclass(frozen=True, slots=True)
class SlackLists:
    front: Front
    answers: Answers
    reports: SlackReports

    def register(self, app: Dispatcher) -> None:
        app.command("/queue")(self.on_queue)
        app.command("/chats")(self.on_chats)
        app.action(re.compile(f"^({action_ids.PAGE_BACK}|{action_ids.PAGE_ON})$"))(self.on_page)

    async def on_queue(self, ack: AsyncAck, command: Json) -> None:
        typed = str(command.get("text") or "").strip()
        word, _, rest = typed.partition(" ")
        if (asked := word.lower()) in slack_reports.WORDS:
            return await self.answers.give(ack, command, self.reports.answer(command, asked, rest))
        return await self.answers.give(ack, command, self._queue(typed, command["user_id"], command.get("channel_id")))

    async def on_chats(self, ack: AsyncAck, command: Json) -> None:
        page = Page(_CHATS, words=str(command.get("text") or "").strip())
        await self.answers.give(ack, command, self._page(page, command["user_id"], command.get("channel_id")))

    async def on_page(self, ack: AsyncAck, body: Json) -> None:
        """Another page takes the place of the one that was pressed on."""
        await ack()
        click = Click.from_body(body)
        page, refusal = Page.read(click.value), await self.front.admits(click)
        if refusal or page is None or (page.which not in _LISTS and page.which != _CHATS):
            return await self.front.answer(click, refusal or _STALE)
        return await self._show_instead(click, await self._page(page, click.user, click.channel))

    async def redraw(self, click: Click, escalation_id: int) -> None:
        """Somebody pressed *Take* in a list that only they see: it stays, with the truth of that row."""
        views, row = await escalations.views([escalation_id]), row_of(click.block_id)
        if not views:
            return None
        if row is None or (row[1].which not in _LISTS and row[1].which != SEARCH):
            return await self._show_instead(click, queue.stands(views[0], self.front.clock()))
        number, page = row
        if page.which == SEARCH:
            post = await self._search(page.words, await self.front.seen_by(click.user, click.channel))
        else:
            post = await self._page(page, click.user, click.channel, queue.Kept(views[0], number))
        return await self._show_instead(click, post)

    async def _show_instead(self, click: Click, post: Post) -> None:
        url = click.response_url or ""
        try:
            await self.front.slack.respond(url, post.text, post.blocks, post.plain, instead=True)
        except ServiceError as error:
            log.warning("answer.not_shown", user=click.user, error=error.code)

    async def _queue(self, typed: str, user: str, channel: str | None) -> Post:
        word, _, rest = typed.partition(" ")
        wanted = word.lower() or "waiting"
        if wanted in _LISTS and not rest.strip():
            return await self._page(Page(wanted), user, channel)
        if wanted == SEARCH:
            seen = await self.front.seen_by(user, channel)
            return await self._search(rest.strip(), seen) if rest.strip() else found.search_hint()
        if wanted == "help":
            return queue.queue_help()
        near = get_close_matches(wanted, queue.QUEUE_WORDS, 1, 0.6)
        return queue.unknown_word(typed, near[0] if near else None)

    async def _page(self, page: Page, user: str, channel: str | None, kept: Kept | None = None) -> Post:
        now, inboxes = self.front.clock(), await self.front.seen_by(user, channel)
        if page.which == _CHATS:
            return found.chat_list(await chats.recent(inboxes, page.words, PAGE_ROWS + 1, page.at), now, page)
        total = await escalations.counted(inboxes, page.which, user)
        at = page.at if page.at < total else 0  # the list has become shorter since
        shown, title = replace(page, at=at, total=total), _LISTS[page.which]
        is_table = page.which == "all" and total > FEW and kept is None
        views = await escalations.listed(inboxes, page.which, user, TABLE_ROWS if is_table else PAGE_ROWS, at)
        if kept and any(each.escalation.id == kept.view.escalation.id for each in views):
            kept = None
        listed = queue.queue_list(title, views[:PAGE_ROWS], now, shown, kept)
        return queue_table(title, views, now, shown, listed) if is_table else listed

    async def _search(self, words: str, inboxes: Sequence[int]) -> Post:
        """Names, numbers and tags; then the escalations of those and about the words; then who said them."""
        who = await meant(inboxes, words)
        named = list(who.all if not who.rest else ())
        tagged = await customer_search.by_tag(inboxes, words.lstrip("#"), _MOST_FOUND)
        known = {each.id: each for each in [*named, *tagged]}
        people = list(known.values())[:_MOST_FOUND]
        ids = [each.id for each in people]
        said = await customer_search.by_words(inboxes, words, _MOST_FOUND)
        sought = found.Sought(
            words,
            people,
            await customer_search.escalations_about(inboxes, ids, words, _MOST_FOUND),
            [(each.customer, each.text, each.at) for each in said],
            await customer_records.tags_of(ids),
        )
        return found.search_results(sought, self.front.clock())
