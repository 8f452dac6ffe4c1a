"""Direct messages to staff: what has happened, in which conversation, and how to get there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import STATE_EMOJI
from bot.blocks.parts import (
    Block,
    Post,
    actions,
    button,
    context,
    divider,
    escaped,
    first_fitting,
    leaf,
    line,
    mrkdwn,
    name_of,
    one_line,
    quote,
    rich,
)
from bot.blocks.rows import open_thread, standing
from bot.blocks.said import kind_in_words
from bot.domain.conversation import Author
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status, slack_time
from bot.domain.preferences import Topic

Thing = tuple[Topic, EscalationView]
_EXCERPT = 300
_MORE = "…and more: the Escalations page has them all."


def direct_message(things: Sequence[Thing], reader: str, now: datetime) -> Post:
    """One thing or several that came together; each with its own Take while nobody has it."""
    drafts = (_post(things[:shown], len(things), reader, now) for shown in range(len(things), 0, -1))
    first, view = things[0]
    words = f"{_EMOJI[first]} {escaped(_headline(first, view, reader), 1000)}"
    return first_fitting((*drafts, Post(words, [{"type": "section", "text": mrkdwn(words)}])))


def _post(things: Sequence[Thing], of: int, reader: str, now: datetime) -> Post:
    blocks: list[Block] = []
    for topic, view in things:
        blocks += [divider()] if blocks else []
        blocks += _thing(topic, view, reader, now)
    words = [f"{_EMOJI[topic]} {escaped(_headline(topic, view, reader), 400)}" for topic, view in things]
    if len(things) < of:
        blocks.append(context(_MORE))
        words.append(_MORE)
    return Post("\n".join(words), blocks)


def _thing(topic: Topic, view: EscalationView, reader: str, now: datetime) -> list[Block]:
    said = one_line(view.last_text, _EXCERPT) or kind_in_words(view.last_kind)
    words = [quote(said)] if said and view.last_author is Author.CUSTOMER else []
    buttons = open_thread(view)
    if view.escalation.status is Status.QUEUED:
        buttons.insert(0, button(action_ids.TAKE, "Take", view.escalation.id, style="primary"))
    return [
        rich(line(leaf(f"{_EMOJI[topic]} "), leaf(_headline(topic, view, reader), bold=True)), *words),
        context(*_facts(topic, view, now, reader)),
        *([actions(*buttons)] if buttons else []),
    ]


def _facts(topic: Topic, view: EscalationView, now: datetime, reader: str) -> list[Block | str]:
    escalation = view.escalation
    if escalation.status.is_final:
        who = f"<@{escalation.ended_by}>" if escalation.ended_by else "Switchboard"
        return [f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()} by {who}"]
    facts: list[Block | str] = [standing(view, now, reader)]
    if topic is Topic.WINDOW and view.window_closes_at:
        facts.append(f"free text until {slack_time(view.window_closes_at)}")
    return facts


_EMOJI = {
    Topic.NEW: "🟡",
    Topic.ASSIGNED: "👉",
    Topic.CUSTOMER: "💬",
    Topic.REMINDER: "⏰",
    Topic.WINDOW: "⌛",
}


def _headline(topic: Topic, view: EscalationView, reader: str) -> str:
    who = name_of(view.customer)
    reason = one_line(view.escalation.reason, 160)
    is_mine = view.escalation.taken_by == reader and not view.escalation.status.is_final
    return {
        Topic.NEW: f"{who} needs a person" + (f": {reason}" if reason else ""),
        Topic.ASSIGNED: f"{who} was assigned to you" if is_mine else f"{who} was assigned",
        Topic.CUSTOMER: f"{who} has written",
        Topic.REMINDER: f"{who} is still waiting" + (" for you" if is_mine else ""),
        Topic.WINDOW: f"The reply window of {who} closes soon",
    }[topic]
