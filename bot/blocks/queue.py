"""What /queue and /escalate answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks.escalation_card import take_button
from bot.blocks.parts import (
    Block,
    Post,
    actions,
    context,
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
from bot.domain.escalation import Status
from bot.domain.people import Customer

_MOST_ROWS = 12
_HELP = (
    "*/queue* shows who is waiting for a person.\n"
    "• `/queue` or `/queue waiting`: conversations nobody has taken\n"
    "• `/queue mine`: the ones you have\n"
    "• `/queue team`: the ones your teammates have\n"
    "• `/queue all`: everything that is not finished\n"
    "• `/escalate +15550100 wants a refund`: bring a customer's conversation to people"
)


def queue_list(title: str, views: Sequence[EscalationView], now: datetime) -> Post:
    """As many rows as fit one message, in the order given, and how many more there are."""
    most = min(len(views), _MOST_ROWS)
    return first_fitting(_list(title, views, rows, now) for rows in range(most, -1, -1))


def queue_help() -> Post:
    return Post(_HELP, [section(_HELP)])


def escalated(view: EscalationView) -> Post:
    """The answer to /escalate: it is in the queue."""
    name = name_of(view.customer)
    said = " is in the queue now. The AI stays silent until somebody returns the conversation."
    blocks = [rich(line(leaf("🟡 "), leaf(name, bold=True), leaf(said)))]
    blocks.append(actions(take_button(view), *open_thread(view)))
    return Post(f"🟡 {escaped(name, 200)}{said}", blocks)


def no_match(query: str) -> Post:
    if not one_line(query, 80):
        said = "Which customer? Name one by number: `/escalate +15550100 wants a refund`."
        return Post(said, [section(said)])
    text = (
        f"No customer matches “{_shown(query)}”. Use the number with its country code, "
        "the @username or the name: `/escalate +15550100 wants a refund`."
    )
    return Post(text, [section(text)])


def several_matches(query: str, customers: Sequence[Customer]) -> Post:
    """Which one? Numbers tell namesakes apart."""
    shown = customers[:8]
    title = f"{len(customers)} customers match “{_shown(query)}”. Use the number of the one you mean:"
    names = [f"{name_of(each, 40)}  {one_line(each.contact, 40)}".rstrip() for each in shown]
    blocks = [section(title), rich(line(leaf("\n".join(f"• {name}" for name in names))))]
    if len(customers) > len(shown):
        blocks.append(context(f"…and {len(customers) - len(shown)} more."))
    return Post("\n".join([title, *[f"• {escaped(name, 200)}" for name in names]]), blocks)


def _list(title: str, views: Sequence[EscalationView], rows: int, now: datetime) -> Post:
    return Post(_list_text(title, views, rows, now), _list_blocks(title, views, rows, now))


def _list_blocks(title: str, views: Sequence[EscalationView], rows: int, now: datetime) -> list[Block]:
    count = f" · {len(views)}" if views else ""
    blocks = [section(f"*{escaped(title, 200)}*{count}")]
    if not views:
        blocks.append(context("✨ Nothing here."))
    for view in views[:rows]:
        blocks += row(view, now, excerpt=100)
        taking = [take_button(view)] if view.escalation.status is Status.QUEUED else []
        if offered := [*taking, *open_thread(view)]:
            blocks.append(actions(*offered))
    if hidden := len(views) - rows:
        blocks.append(context(f"…and {hidden} more. The Home tab of this app shows more of them."))
    return blocks


def _list_text(title: str, views: Sequence[EscalationView], rows: int, now: datetime) -> str:
    lines = [f"{escaped(title, 200)}: {len(views) or 'nothing here'}"]
    lines += [f"• {spoken_row(view, now)}" for view in views[:rows]]
    if hidden := len(views) - rows:
        lines.append(f"…and {hidden} more.")
    return "\n".join(lines)


def _shown(query: str) -> str:
    return escaped(one_line(query, 80), 300)
