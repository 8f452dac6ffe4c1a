"""What customers asked and the AI could not look up, with the way to teach it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.paging import Page, pager, span, valued
from bot.blocks.parts import Post, actions, context, escaped, leaf, line, link_button, one_line, rich, section
from bot.blocks.rows import slack_age
from bot.blocks.shelf import Shelf, fits_plainly, inbox_menu
from bot.domain.unanswered import REPORTED_FOR, Unanswered


def unanswered(
    shelf: Shelf, page: Page, groups: Sequence[Unanswered], found_now: frozenset[int], now: datetime
) -> Post:
    """`groups` are those of this page; `found_now`: the searches that find something by now."""
    drafts = (_unanswered(shelf, page, groups[:rows], found_now, now) for rows in range(len(groups), -1, -1))
    return next(filter(fits_plainly, drafts))


def _unanswered(
    shelf: Shelf, page: Page, groups: Sequence[Unanswered], found_now: frozenset[int], now: datetime
) -> Post:
    title = f"*Asked in vain, in the last {REPORTED_FOR.days} days*{shelf.named}{span(page, len(groups))}"
    blocks, lines = [section(title), *inbox_menu(shelf, page)], [title]
    if not groups:
        nothing = "✨ Nothing: whatever the AI looked up, it found something, and called nobody."
        blocks, lines = [*blocks, context(nothing)], [title, nothing]
    for each in groups:
        asked = one_line(each.newest.query, 150) or "–"
        blocks += [rich(line(leaf(f"“{asked}”", bold=True))), context(_how(each, found_now, now))]
        thread = (
            [link_button(action_ids.OPEN_THREAD, "Open thread", each.newest.lookup_id, url)]
            if (url := each.thread_url)
            else []
        )
        blocks.append(actions(valued(action_ids.TEACH_ABOUT, "Teach…", str(each.newest.lookup_id)), *thread))
        lines.append(f"• {escaped(asked, 300)} ({each.times})")
    blocks += pager(page, len(groups), action_ids.KNOWLEDGE_BACK, action_ids.KNOWLEDGE_ON)
    return Post("\n".join(lines), blocks)


def _how(group: Unanswered, found_now: frozenset[int], now: datetime) -> str:
    facts = [
        "asked once" if group.times == 1 else f"asked {group.times} times",
        f"last {slack_age(group.newest.at, now)}",
        "nothing was found" if group.found_nothing else "what was found did not do",
        f"{group.handed_over} handed to people" if group.handed_over else "",
        "✅ the AI finds something by now" if group.newest.lookup_id in found_now else "",
    ]
    return "  ·  ".join(filter(None, facts))
