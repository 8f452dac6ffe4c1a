"""What /queue and /escalate answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import take_button
from bot.blocks.paging import PAGE_ROWS, Page, pager, row_id, span, valued
from bot.blocks.parts import (
    Block,
    Post,
    actions,
    context,
    divider,
    escaped,
    first_fitting,
    leaf,
    line,
    name_of,
    one_line,
    rich,
    section,
)
from bot.blocks.rows import open_thread, row, spoken_row
from bot.domain.desk import EscalationView
from bot.domain.escalation import Refusal, Status
from bot.domain.people import Customer

REASON_ROOM = 1_500  # of a button's 2,000 characters, in which the customer's id has to find room too
_HELP = (
    "*/queue* shows who is waiting for a person.\n"
    "• `/queue` or `/queue waiting`: conversations nobody has taken\n"
    "• `/queue mine`: the ones you have\n"
    "• `/queue team`: the ones your teammates have\n"
    "• `/queue all`: everything that is not finished\n"
    "• `/queue stats`: this week in figures\n"
    "• `/queue report last week`: all figures, to share or download; also `2026-03-01..2026-03-31`\n"
    "• `/queue search lamp`: customers and escalations by name, @username, number, tag or words\n"
    "• `/chats`: the conversations that the AI has now; `/chats refund` only those about it\n"
    "• `/escalate +15550100 wants a refund`: bring a customer's conversation to people\n"
    "• `/customer Carla`: who they are, their history, tags and notes; blocking\n"
    "• `/knowledge search tents`: what the AI would look up; `/knowledge help` has more\n"
    "• `/forget +15550100`: erase a customer (leads only)"
)
QUEUE_WORDS = ("waiting", "mine", "team", "all", "stats", "report", "search", "help")


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that is no longer of the list, and stays where somebody has just taken it: they want to go there."""

    view: EscalationView
    place: int


def queue_list(
    title: str, views: Sequence[EscalationView], now: datetime, page: Page, kept: Kept | None = None
) -> Post:
    """As many rows as fit one message, in the order given, and the way to the others."""
    most = min(len(views), PAGE_ROWS)
    return first_fitting(_list(title, views[:rows], now, page, kept) for rows in range(most, -1, -1))


def queue_help() -> Post:
    return Post(_HELP, [section(_HELP)])


def unknown_word(typed: str, nearest: str | None) -> Post:
    """One line: what was not understood, and what comes nearest to it."""
    meant = f"Did you mean `/queue {nearest}`?" if nearest else "Try `/queue search` for words, or `/queue help`."
    text = f"`/queue` does not know “{_shown(typed)}”. {meant}"
    return Post(text, [context(text)])


def escalated(view: EscalationView) -> Post:
    """The answer to /escalate: it is in the queue."""
    name = name_of(view.customer)
    said = " is in the queue now. The AI stays silent until somebody returns the conversation."
    blocks = [rich(line(leaf("🟡 "), leaf(name, bold=True), leaf(said)))]
    blocks.append(actions(take_button(view), *open_thread(view)))
    return Post(f"🟡 {escaped(name, 200)}{said}", blocks)


def stands(view: EscalationView, now: datetime) -> Post:
    """How it stands after somebody pressed *Take*."""
    offered = open_thread(view)
    return Post(f"• {spoken_row(view, now)}", [*row(view, now, excerpt=100), *([actions(*offered)] if offered else [])])


def already(view: EscalationView, refusal: Refusal) -> Post:
    """The answer to /escalate where people have it: who does, and the way there."""
    name = name_of(view.customer)
    blocks = [section(f"*{escaped(name, 200)}*: {refusal.reason}")]
    taking = [take_button(view)] if view.escalation.status is Status.QUEUED else []
    if offered := [*taking, *open_thread(view)]:
        blocks.append(actions(*offered))
    return Post(f"{escaped(name, 200)}: {refusal.reason}", blocks)


def no_match(query: str, command: str = "/escalate", example: str = "+15550100 wants a refund") -> Post:
    if not one_line(query, 80):
        said = f"Which customer? Name one by number, @username or name: `{command} {example}`."
        return Post(said, [section(said)])
    text = (
        f"No customer matches “{_shown(query)}”. Use the number with its country code, "
        f"the @username or the name: `{command} {example}`."
    )
    return Post(text, [section(text)])


def which_one(query: str, customers: Sequence[Customer], reason: str, *, is_named: bool) -> Post:
    """Which one? A press escalates them with the reason that was typed. Numbers tell namesakes apart."""
    if is_named:
        title = f"{len(customers)} customers match “{_shown(query)}”. Whom do you mean?"
    else:
        title = f"Nobody is called “{_shown(query)}” exactly. Do you mean one of these?"
    fewest = min(len(customers), 2)
    drafts = [(customers[:most], reason[:REASON_ROOM]) for most in range(len(customers), fewest - 1, -1)]
    drafts += [(customers[:fewest], reason[:room]) for room in (500, 100, 0)]
    return first_fitting(_choice(title, some, words) for some, words in drafts)


def _choice(title: str, customers: Sequence[Customer], reason: str) -> Post:
    blocks = [section(title)]
    for each in customers:
        blocks += [whom(each), actions(_escalate(each, reason, "Escalate"), about(each))]
    if reason:
        blocks.append(context(f"Reason: {escaped(one_line(reason, 200), 600)}"))
    names = [f"• {escaped(f'{name_of(each)} {each.contact}', 200)}" for each in customers]
    return Post("\n".join([title, *names]), blocks)


def whom(customer: Customer) -> Block:
    """One customer in one line: namesakes are told apart by what follows the name."""
    handle = f"@{customer.username}" if customer.username else ""
    beside = [one_line(each, 40) for each in (handle, customer.contact if customer.phone else "")]
    flags = "  ·  ⛔ blocked" if customer.blocked_at else ""
    more = "".join(f"  ·  {each}" for each in beside if each and each != name_of(customer, 60))
    return rich(line(leaf(name_of(customer, 60), bold=True), *([leaf(more + flags)] if more + flags else [])))


def about(customer: Customer) -> Block:
    return valued(action_ids.OPEN_CUSTOMER, "Customer", str(customer.id))


def _escalate(customer: Customer, reason: str, label: str) -> Block:
    return valued(action_ids.ESCALATE_CUSTOMER, label, f"{customer.id}:{reason}")


def _list(title: str, views: Sequence[EscalationView], now: datetime, page: Page, kept: Kept | None) -> Post:
    rows = [*views[: kept.place], kept.view, *views[kept.place :]] if kept else views
    heading = f"*{escaped(title, 200)}*{span(page, len(views))}"
    blocks = [section(heading), *_rows(rows, now, page), *pager(page, len(views))]
    said = f"{escaped(title, 200)}{span(page, len(views)) or ('' if rows else ': nothing here')}"
    return Post("\n".join([said, *(f"• {spoken_row(view, now)}" for view in rows)]), blocks)


def _rows(views: Sequence[EscalationView], now: datetime, page: Page) -> list[Block]:
    blocks: list[Block] = [] if views else [context("✨ Nothing here.")]
    for number, view in enumerate(views):
        blocks += [divider()] if number else []
        blocks += row(view, now, excerpt=100)
        taking = [take_button(view)] if view.escalation.status is Status.QUEUED else []
        if offered := [*taking, *open_thread(view)]:
            blocks.append(actions(*offered, block_id=row_id(page, number) if taking else None))
    return blocks


def _shown(query: str) -> str:
    return escaped(one_line(query, 80), 300)
