"""/knowledge: what the AI would find, what there is to find, what it was asked in vain; and taking answers back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, cast

import orjson
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import action_ids, knowledge, shelf, unanswered
from bot.blocks.data_blocks import plain_version
from bot.blocks.paging import PAGE_ROWS, Page
from bot.blocks.parts import Post
from bot.blocks.shelf import Shelf
from bot.blocks.thread_notes import note
from bot.domain.escalation import Refusal
from bot.domain.knowledge import Passage, taught_id
from bot.domain.teaching import TaughtAnswer
from bot.domain.unanswered import REPORTED_FOR, Unanswered, grouped
from bot.flows.teaching import staff_undoes, staff_unteaches
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_front import Click, Dispatcher, Front
from integrations.errors import ServiceError
from storage import knowledge as stored
from storage import lookups, taught
from storage.tasks import unit

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
Find = Callable[[int, str, int], Awaitable[Sequence[Passage]]]
_SEARCH, _LIST, _UNANSWERED, _ASK_HELP = shelf.WORDS
_STALE = "This list is from another time. Type the command again."
_TOO_SLOW = "Slack did not let me open the window in time. Please press it again."
_UNDONE = "↩️ Undone. The AI knows what it knew before."


@dataclass(frozen=True, slots=True)
class SlackKnowledge:
    front: Front
    answers: Answers
    find: Find

    def register(self, app: Dispatcher) -> None:
        app.command("/knowledge")(self.on_command)
        app.action(re.compile(f"^({action_ids.KNOWLEDGE_BACK}|{action_ids.KNOWLEDGE_ON})$"))(self.on_page)
        app.action(action_ids.KNOWLEDGE_INBOX)(self.on_inbox)
        app.action(action_ids.READ_PAGE)(self.on_read)
        app.action(action_ids.REMOVE_TAUGHT)(self.on_remove)
        app.action(action_ids.UNDO_TEACHING)(self.on_undo)

    async def on_command(self, ack: AsyncAck, command: Json) -> None:
        await self.answers.give(ack, command, self._typed(command))

    async def _typed(self, command: Json) -> Post | None:
        typed = str(command.get("text") or "").strip()
        word, _, rest = typed.partition(" ")
        wanted, rest = word.lower() or _ASK_HELP, rest.strip()
        if wanted == _SEARCH and not rest:
            return shelf.search_hint()
        if wanted == _ASK_HELP:
            return shelf.help_()
        if wanted != _SEARCH and (rest or wanted not in shelf.WORDS):
            near = [] if wanted in shelf.WORDS else get_close_matches(wanted, shelf.WORDS, 1, 0.6)
            return shelf.hint(typed, f"{near[0]} {rest}".strip() if near else f"search {typed}")
        seen = await self.front.seen_by(command["user_id"], command.get("channel_id"))
        post = await self._drawn(Page(wanted, words=rest), seen[0], seen, command["user_id"])
        # What is answered at once Slack refuses without telling us; by its URL a table can be shown in letters instead.
        url = str(command.get("response_url") or "")
        await self._show(url, post, instead=False)
        return None

    async def on_page(self, ack: AsyncAck, body: Json) -> None:
        """Another page takes the place of the one that was pressed on."""
        await ack()
        click = Click.from_body(body)
        await self._turn(click, Page.read(click.value), None)

    async def on_inbox(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """The same of another inbox."""
        await ack()
        chosen = str(cast("Json", action.get("selected_option") or {}).get("value") or "")
        inbox = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
        await self._turn(Click.from_body(body), Page.read(str(action.get("block_id") or "")), inbox)

    async def _turn(self, click: Click, page: Page | None, inbox: int | None) -> None:
        which, _, number = (page.which if page else "").partition(":")
        inbox = inbox if inbox is not None else int(number) if number.isdigit() else 0
        refusal = await self.front.admits(click)
        seen = await self.front.seen_by(click.user, click.channel)
        if refusal or page is None or which not in (_SEARCH, _LIST, _UNANSWERED) or inbox not in seen:
            return await self.front.answer(click, refusal or _STALE)
        post = await self._drawn(replace(page, which=which), inbox, seen, click.user)
        return await self._show(click.response_url or "", post, instead=True)

    async def _show(self, url: str, post: Post, *, instead: bool) -> None:
        try:
            await self.front.slack.respond(url, post.text, post.blocks, plain_version(post.blocks), instead=instead)
        except ServiceError as error:
            log.warning("answer.not_shown", error=error.code)

    async def _drawn(self, page: Page, inbox_id: int, seen: Sequence[int], user: str) -> Post:
        """`page.which` becomes the list together with its inbox: that is what its buttons carry."""
        now, about = self.front.clock(), Shelf(inbox_id, {each: self.front.inboxes[each].name for each in seen})
        which, page = page.which, replace(page, which=f"{page.which}:{inbox_id}")
        if which == _SEARCH:
            found = await self.find(inbox_id, page.words, stored.AS_MANY)
            return knowledge.search_results(about, page, found, await _taught_of(inbox_id, found), now)
        if which == _LIST:
            page = replace(page, total=await taught.counted(inbox_id))
            page = page if page.at < page.total else replace(page, at=0)  # it has become shorter since
            files, answers = await stored.pages(inbox_id), await taught.listed(inbox_id, PAGE_ROWS, page.at)
            return knowledge.listing(about, page, files, answers, now, await self.front.zone(user))
        groups = grouped(await lookups.missed(inbox_id, now - REPORTED_FOR))
        page = replace(page, total=len(groups), at=page.at if page.at < len(groups) else 0)
        shown = groups[page.at : page.at + PAGE_ROWS]
        return unanswered.unanswered(about, page, shown, await _found_now(inbox_id, shown), now)

    async def on_read(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        place = _place_in(click.value)
        refusal = await self.front.admits(click, place[0] if place else None)
        if refusal or place is None or place[0] not in self.front.inboxes:
            return await self.front.answer(click, refusal or _STALE)
        inbox_id, source, mark = place
        view = knowledge.page_modal(await stored.read(inbox_id, source), mark)
        try:
            await self.front.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)
            await self.front.answer(click, _TOO_SLOW)
        return None

    async def on_remove(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        click = Click.from_body(body)
        named = await self.numbers_in(click, 2)
        if isinstance(named, str):
            return await self.front.answer(click, named)
        inbox_id, number = named
        async with unit(self.front.clock()) as turn:
            outcome = await staff_unteaches(turn, inbox_id, number, click.user)
        told = outcome.reason if isinstance(outcome, Refusal) else knowledge.removed(outcome)
        return await self.front.answer(click, told)

    async def on_undo(self, ack: AsyncAck, body: Json) -> None:
        """Once: what offered it says so from then on."""
        await ack()
        click = Click.from_body(body)
        named = await self.numbers_in(click, 3)
        if isinstance(named, str):
            return await self.front.answer(click, named)
        inbox_id, learnt, forgotten = named
        async with unit(self.front.clock()) as turn:
            outcome = await staff_undoes(turn, inbox_id, click.user, learnt=learnt or None, forgotten=forgotten or None)
        return await self._show(click.response_url or "", note(outcome.reason if outcome else _UNDONE), instead=True)

    async def numbers_in(self, click: Click, count: int) -> list[int] | str:
        """What the button carries, an inbox first; or why this person may not press it."""
        found = click.value.split(":")
        is_ours = len(found) == count and all(each.isascii() and each.isdigit() and len(each) < 19 for each in found)
        numbers = [int(each) for each in found] if is_ours else []
        refusal = await self.front.admits(click, numbers[0] if numbers else None)
        if refusal or not numbers or numbers[0] not in self.front.inboxes:
            return refusal or _STALE
        return numbers


async def _taught_of(inbox_id: int, found: Sequence[Passage]) -> Mapping[str, TaughtAnswer]:
    ids = {each.source: number for each in found if (number := taught_id(each.source)) is not None}
    known = {source: await taught.find(inbox_id, number) for source, number in ids.items()}
    return {source: each for source, each in known.items() if each}


async def _found_now(inbox_id: int, groups: Sequence[Unanswered]) -> frozenset[int]:
    """Of what found nothing: what would find something by now. By its words alone, which costs nothing."""
    asked = [each.newest for each in groups if each.found_nothing]
    return frozenset([each.lookup_id for each in asked if await stored.search(inbox_id, each.query, 1)])


def _place_in(value: str) -> tuple[int, str, str] | None:
    try:
        told: object = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    match told:
        case [int(inbox_id), str(source), str(mark)]:
            return inbox_id, source, mark
        case _:
            return None
