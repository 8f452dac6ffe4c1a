"""What /queue search and /chats answer: customers, escalations and words, each with the next step beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import take_button
from bot.blocks.paging import PAGE_ROWS, SEARCH, Page, pager, row_id, span, valued
from bot.blocks.parts import (
    Block,
    Post,
    View,
    actions,
    ago,
    confirm,
    context,
    divider,
    escaped,
    first_fitting,
    leaf,
    line,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
)
from bot.blocks.queue import about, whom
from bot.blocks.rows import SAID_BY, open_thread, row, spoken_row
from bot.blocks.said import kind_in_words
from bot.blocks.sources import quiet
from bot.domain.conversation import Author
from bot.domain.desk import Chat, EscalationView, TranscriptLine
from bot.domain.escalation import Status, slack_time
from bot.domain.people import Customer

_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found for these words. `said` is where they occur, by customer."""

    words: str
    customers: Sequence[Customer] = ()
    escalations: Sequence[EscalationView] = ()
    said: Sequence[tuple[Customer, str, datetime]] = ()
    tags: Mapping[int, Sequence[str]] | None = None

    def first(self, most: int) -> Sought:
        return Sought(self.words, self.customers[:most], self.escalations[:most], self.said[:most], self.tags)


def search_results(sought: Sought, now: datetime) -> Post:
    """As many of each as fit."""
    most = max(len(sought.customers), len(sought.escalations), len(sought.said))
    return first_fitting(_results(sought.first(rows), now) for rows in range(most, -1, -1))


def people(query: str, customers: Sequence[Customer], *, is_named: bool) -> Post:
    """Which one? A press opens the window about them."""
    words = escaped(one_line(query, 80), 300)
    one = "This customer matches" if len(customers) == 1 else f"{len(customers)} customers match"
    title = f"{one} “{words}”:" if is_named else f"Nobody is called “{words}” exactly. Do you mean one of these?"
    return first_fitting(_people(title, customers[:most]) for most in range(len(customers), -1, -1))


def _people(title: str, customers: Sequence[Customer]) -> Post:
    blocks = [section(title)]
    for each in customers:
        blocks += [whom(each), actions(about(each), escalate_button(each))]
    return Post("\n".join([title, *(f"• {escaped(name_of(each), 200)}" for each in customers)]), blocks)


def search_hint() -> Post:
    text = "What are you looking for? A name, an @username, a number, a tag or words: `/queue search lamp`."
    return Post(text, [context(text)])


def chat_list(chats: Sequence[Chat], now: datetime, page: Page) -> Post:
    """`chats` may hold one more than a page does: then there is a next one."""
    most = min(len(chats), PAGE_ROWS)
    return first_fitting(_chats(chats, rows, now, page) for rows in range(most, -1, -1))


def chat_modal(customer: Customer, said: Sequence[TranscriptLine], earlier: int) -> View:
    """What was said last between a customer and the AI, the newest at the end."""
    blocks = [whom(customer)]
    if earlier:
        blocks.append(context(f"…{earlier} earlier messages. Escalate to see them all: *View history* on the card."))
    for each in said:
        blocks += [context(f"*{escaped(one_line(each.speaker, 60), 200)}*  ·  {slack_time(each.at)}")]
        blocks.append(rich(line(leaf(paragraphs(each.text, 2_000) or "…")), *quiet(each.sources)))
    if not said:
        blocks.append(context("Nothing was said yet."))
    close = plain("Close")
    return {"type": "modal", "title": plain("Conversation"), "close": close, "blocks": blocks}


def _results(sought: Sought, now: datetime) -> Post:
    words = escaped(one_line(sought.words, 80), 300)
    title = f"*Search: “{words}”*"
    lines, blocks = [title], [section(title)]
    if not (sought.customers or sought.escalations or sought.said):
        nothing = "Nothing found. Names may be misspelt a little; words are looked for in the newest messages only."
        return Post(f"{title}\n{nothing}", [*blocks, context(nothing)])
    for each in sought.customers:
        tags = ", ".join((sought.tags or {}).get(each.id, ()))
        blocks += [whom(each), *([context(f"🏷️ {escaped(one_line(tags, 200), 400)}")] if tags else [])]
        blocks.append(actions(about(each), escalate_button(each)))
        lines.append(f"• {escaped(name_of(each), 200)}")
    page = Page(SEARCH, words=sought.words)
    for number, view in enumerate(sought.escalations):
        blocks += [divider(), *row(view, now, excerpt=100)]
        taking = [take_button(view)] if view.escalation.status is Status.QUEUED else []
        if offered := [*taking, *open_thread(view)]:
            blocks.append(actions(*offered, block_id=row_id(page, number) if taking else None))
        lines.append(f"• {spoken_row(view, now)}")
    for customer, text, at in sought.said:
        said = quote(_around(text, sought.words))
        blocks += [divider(), rich(line(leaf(name_of(customer), bold=True)), said)]
        blocks += [context(f"{ago(now - at)} ago"), actions(about(customer))]
        lines.append(f"• {escaped(name_of(customer), 200)}: {escaped(_around(text, sought.words), 400)}")
    return Post("\n".join(lines), blocks)


def _around(text: str, words: str) -> str:
    """The words with what stands around them."""
    flat = " ".join(text.split())
    at = max(0, flat.casefold().find(" ".join(words.split()).casefold()) - _EXCERPT // 3)
    return one_line(("…" if at else "") + flat[at:], _EXCERPT) or "…"


def escalate_button(customer: Customer) -> Block:
    """No reason was typed, so it asks first."""
    ask = confirm("Escalate?", f"People take over from the AI, and {name_of(customer, 40)} is told so.", "Escalate")
    return valued(action_ids.ESCALATE_CUSTOMER, "Escalate", f"{customer.id}:", confirm=ask)


def _chats(chats: Sequence[Chat], rows: int, now: datetime, page: Page) -> Post:
    shown = chats[:rows]
    about_words = f" about “{escaped(one_line(page.words, 60), 200)}”" if page.words.strip() else ""
    title = f"*Conversations of the AI*{about_words}"
    known = Page(page.which, page.at, page.at + len(chats), page.words)
    blocks = [section(title + (f" · {page.at + 1}–{page.at + rows}" if shown and span(known, rows) else ""))]
    lines = [title]
    if not chats:
        blocks.append(context("✨ Nothing here." if not about_words else "Nothing found. Leave the words out for all."))
        lines.append("Nothing here.")
    for number, chat in enumerate(shown):
        blocks += [divider()] if number else []
        blocks += _chat(chat, now)
        lines.append(f"• {escaped(name_of(chat.customer), 200)}: {escaped(_last(chat), 300)}")
    return Post("\n".join(lines), blocks + pager(known, rows))


def _chat(chat: Chat, now: datetime) -> list[Block]:
    flags = "  ·  ⛔ blocked" if chat.customer.blocked_at else ""
    number = one_line(chat.customer.contact, 40)
    beside = f"{escaped(number, 100)}  ·  " if number and number != name_of(chat.customer) else ""
    return [
        rich(line(leaf(name_of(chat.customer), bold=True)), quote(_last(chat) or "…")),
        context(f"{beside}wrote {ago(now - chat.last_at)} ago{flags}"),
        actions(
            valued(action_ids.VIEW_CHAT, "View", str(chat.conversation_id)),
            escalate_button(chat.customer),
            about(chat.customer),
        ),
    ]


def _last(chat: Chat) -> str:
    said = one_line(chat.last_text, 120) or kind_in_words(chat.last_kind)
    return f"{SAID_BY[chat.last_author or Author.CUSTOMER]}{said}" if said else ""
