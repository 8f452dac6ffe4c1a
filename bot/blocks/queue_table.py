"""Many open conversations as one of Slack's own tables: to sort and to leaf through, each name a link to its thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks.data_blocks import Cell, Link, Member, Number, table
from bot.blocks.escalation_card import STATE_EMOJI
from bot.blocks.paging import Page, pager, span
from bot.blocks.parts import Post, ago, context, escaped, first_fitting, name_of, one_line, section
from bot.domain.desk import EscalationView
from bot.domain.escalation import Priority, Status

FEW = 5  # of these, rows with buttons say more
TABLE_ROWS = 100
_HEADER = ("Customer", "Status", "With", "For", "Priority", "Reason", "Inbox")
_RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2}
_HINT = "Names lead to the threads. `/queue` lists who is waiting, with *Take*."


def queue_table(title: str, views: Sequence[EscalationView], now: datetime, page: Page, otherwise: Post) -> Post:
    """As many rows as fit one message. `otherwise` is the same as a list, for workspaces that take no tables."""
    drafts = (_drawn(title, views[:most], now, page) for most in range(len(views), 0, -1))
    drawn = first_fitting(drafts)
    return Post(otherwise.text, drawn.blocks, plain=otherwise.blocks)


def _drawn(title: str, views: Sequence[EscalationView], now: datetime, page: Page) -> Post:
    named = len({view.inbox_name for view in views}) > 1  # where there is one inbox, it need not be said
    width = len(_HEADER) - (not named)
    shown = table(title, _HEADER[:width], [_row(view, now)[:width] for view in views])
    head = f"*{escaped(title, 200)}*{span(page, len(views))}"
    return Post(title, [section(head), shown, context(_HINT), *pager(page, len(views), step=TABLE_ROWS)])


def _row(view: EscalationView, now: datetime) -> list[Cell]:
    escalation, name = view.escalation, name_of(view.customer, 40)
    is_open = escalation.status is Status.OPEN and escalation.taken_by
    since = (escalation.taken_at if is_open else None) or escalation.queued_at
    return [
        Link(name, view.thread_url) if view.thread_url else name,
        f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()}",
        Member(escalation.taken_by) if is_open and escalation.taken_by else "",
        Number(max(0, round((now - since).total_seconds() / 60)), ago(now - since)),
        Number(_RANK[escalation.priority], escalation.priority.capitalize()),
        one_line(escalation.reason, 60),
        one_line(view.inbox_name, 30),
    ]
