"""What chases staff: nobody has taken it, its customer waits for an answer, or it is about to close by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import action_ids
from bot.blocks.escalation_card import take_button
from bot.blocks.parts import (
    Block,
    Post,
    actions,
    ago,
    button,
    context,
    escaped,
    group,
    leaf,
    line,
    name_of,
    one_line,
    quote,
    rich,
    user,
)
from bot.blocks.thread_notes import note
from bot.domain.desk import EscalationView
from bot.domain.escalation import slack_time
from bot.domain.text.slack_out import escape

_LOUD = 3  # from this step on
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Chased:
    """Whose answer the customer waits for, since when; `away_as` is their name if they said that they are away."""

    holder: str
    since: datetime
    now: datetime
    away_as: str | None = None


def not_taken(view: EscalationView, waited: timedelta, step: int, calls: str | None = None, *, to_all: bool) -> Post:
    """Nobody has taken it. The later the step, the louder the sign; `calls` is the group that is mentioned."""
    sign = "⏰ " if step < _LOUD else "🚨 "
    name, reason = name_of(view.customer), one_line(view.escalation.reason, 200)
    said = f" has been waiting for {ago(waited)}. Nobody has taken this yet."
    why = [leaf(f"\n{reason}")] if reason else []
    since = f"Waiting since {slack_time(view.escalation.queued_at)}"
    text = f"{_called(calls)}{escape(f'{sign}{name}{said} {reason}'.rstrip())}"
    blocks = [
        rich(line(leaf(sign), *_calling(calls), leaf(name, bold=True), leaf(said), *why)),
        context(since),
        actions(take_button(view)),
    ]
    return Post(text, blocks, to_all=to_all)


def not_answered(view: EscalationView, chased: Chased, calls: str | None = None, *, to_all: bool) -> Post:
    """Somebody has it, and the customer waits for their answer. Who is away is not called: others may take it."""
    name, waited = name_of(view.customer), ago(chased.now - chased.since)
    last = one_line(view.last_text, _EXCERPT)
    if chased.away_as is None:
        who, called = user(chased.holder), f"<@{chased.holder}>"
        said = f" has waited {waited} for your answer."
    else:
        who, called = leaf(chased.away_as), escape(chased.away_as)
        said = f" has waited {waited} for an answer."
    gone = "" if chased.away_as is None else " is away"
    text = f"⏰ {called}{gone}, {_called(calls)}{escape(name + said)} {escaped(last, 800)}".rstrip()
    heading = line(leaf("⏰ "), who, leaf(f"{gone}, "), *_calling(calls), leaf(name, bold=True), leaf(said))
    blocks = [rich(heading, quote(last)) if last else rich(heading), context(f"Since {slack_time(chased.since)}")]
    return Post(text, [*blocks, actions(take_button(view))] if gone else blocks, to_all=to_all)


def closing_soon(view: EscalationView, silent: timedelta, closes_at: datetime) -> Post:
    """Nobody says anything any more; whoever wants it open has one thing to press."""
    post = note(
        f"🌙 Nobody has said anything for {ago(silent)}. This closes by itself at {slack_time(closes_at)}, "
        "unless somebody writes or keeps it open."
    )
    keep = button(action_ids.KEEP_OPEN, "Keep open", view.escalation.id)
    return Post(post.text, [*post.blocks, actions(keep)])


def _called(calls: str | None) -> str:
    return f"<!subteam^{calls}> " if calls else ""


def _calling(calls: str | None) -> list[Block]:
    return [group(calls), leaf(" ")] if calls else []
