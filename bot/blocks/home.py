"""App Home: the Escalations page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import close_button, return_button, take_button
from bot.blocks.parts import Block, View, actions, context, header, one_line, plain
from bot.blocks.rows import open_thread, row
from bot.domain.desk import EscalationView, Queue

# Slack takes 100 blocks: three a row, and at most nine for headings, counts, filter and what is not shown.
_ROWS = 30
_FAIR_SHARE = 8
_EMPTY = {
    "mine": "Nothing in your hands. Take a conversation below and it appears here.",
    "waiting": "✨ Nobody is waiting. Well done.",
    "team": "Your teammates have no open conversations.",
}


def home(
    queue: Queue,
    viewer: str,
    now: datetime,
    inboxes: Mapping[int, str] | None = None,
    chosen: int | None = None,
) -> View:
    """The page for `viewer`. With several `inboxes` it offers a filter, on `chosen` or on all."""
    shown = _share(len(queue.mine), len(queue.waiting), len(queue.team))
    blocks = [context(_counts(queue)), *_filter(inboxes or {}, chosen)]
    blocks += _part("My Queue", "mine", queue, queue.mine, shown[0], now)
    blocks += _part("Waiting in Queue", "waiting", queue, queue.waiting, shown[1], now)
    blocks += _part("Teammates", "team", queue, queue.team, shown[2], now)
    return {"type": "home", "blocks": blocks, "private_metadata": viewer}


def _share(mine: int, waiting: int, team: int) -> tuple[int, int, int]:
    """How many rows each part may show: a fair share first, then what is left, to those who wait first."""
    rows = {"mine": min(mine, _FAIR_SHARE), "waiting": min(waiting, _FAIR_SHARE), "team": min(team, _FAIR_SHARE)}
    for part, wanted in (("waiting", waiting), ("mine", mine), ("team", team)):
        rows[part] += min(wanted - rows[part], _ROWS - sum(rows.values()))
    return rows["mine"], rows["waiting"], rows["team"]


def _total(queue: Queue, part: str, held: int) -> int:
    return max(queue.counts.get(part, 0), held)


def _counts(queue: Queue) -> str:
    mine = _total(queue, "mine", len(queue.mine))
    waiting = _total(queue, "waiting", len(queue.waiting))
    team = _total(queue, "team", len(queue.team))
    return f"*{waiting}* waiting  ·  *{mine}* with you  ·  *{team}* with teammates"


def _part(
    title: str, part: str, queue: Queue, views: Sequence[EscalationView], shown: int, now: datetime
) -> list[Block]:
    blocks = [header(title)]
    if not views:
        blocks.append(context(_EMPTY[part]))
    for view in views[:shown]:
        blocks += row(view, now)
        if offered := _offered(part, view):
            blocks.append(actions(*offered))
    hidden = _total(queue, part, len(views)) - shown
    if views and hidden > 0:
        blocks.append(context(f"…and {hidden} more. `/queue {part}` lists them."))
    return blocks


def _offered(part: str, view: EscalationView) -> list[Block]:
    if part == "mine":
        return [*open_thread(view), return_button(view), close_button(view)]
    if part == "waiting":
        return [take_button(view), *open_thread(view)]
    return open_thread(view)


def _filter(inboxes: Mapping[int, str], chosen: int | None) -> list[Block]:
    if len(inboxes) < 2:
        return []
    everything = _option("All inboxes", action_ids.ALL_INBOXES)
    options = {None: everything}
    options |= {key: _option(one_line(name, 75) or f"Inbox {key}", str(key)) for key, name in inboxes.items()}
    menu: Block = {
        "type": "static_select",
        "action_id": action_ids.FILTER_INBOX,
        "options": list(options.values())[:100],
        "initial_option": options.get(chosen, everything),
    }
    return [actions(menu)]


def _option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}
