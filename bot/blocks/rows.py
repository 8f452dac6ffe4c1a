"""One escalation as a row of a list: the same in App Home and in /queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import STATE_EMOJI, priority_of, window_of
from bot.blocks.parts import Block, ago, context, escaped, leaf, line, link_button, name_of, one_line, quote, rich
from bot.blocks.said import kind_in_words
from bot.domain.conversation import Author
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status

SAID_BY = {Author.CUSTOMER: "", Author.BOT: "AI: ", Author.STAFF: "Staff: ", Author.SYSTEM: "Switchboard: "}


def row(
    view: EscalationView,
    now: datetime,
    excerpt: int = 140,
    viewer: str | None = None,
    away: Collection[str] = (),
) -> list[Block]:
    """Who, why and what was said last; then, smaller, how it stands. `away` are members who are."""
    words = [leaf(name_of(view.customer), bold=True), leaf(f"  {_reason(view)}")]
    last = one_line(view.last_text, excerpt) or kind_in_words(view.last_kind)
    said = [quote(f"{SAID_BY[view.last_author or Author.CUSTOMER]}{last}")] if last else []
    return [rich(line(*words), *said), context(standing(view, now, viewer, away))]


def standing(view: EscalationView, now: datetime, viewer: str | None, away: Collection[str] = ()) -> str:
    """Its state and since when, what presses, and where it came in."""
    escalation = view.escalation
    facts = [
        f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()}{_whose(view, now, viewer, away)}",
        priority_of(escalation),
        _last_word(view, now),
        window_of(view, now),
        escaped(one_line(view.inbox_name, 60), 200),
    ]
    return "  ·  ".join(fact for fact in facts if fact)


def slack_age(moment: datetime, now: datetime) -> str:
    """How long ago it is whenever it is read: a page that nobody draws again still says the truth.

    Source: docs.slack.dev/messaging/formatting-message-text, the date token `{ago}`.
    """
    return f"<!date^{int(moment.timestamp())}^{{ago}}|{ago(now - moment)} ago>"


def _last_word(view: EscalationView, now: datetime) -> str:
    if view.last_at is None:
        return ""
    waits = view.escalation.status is Status.OPEN and view.last_author is Author.CUSTOMER
    return f"{'💬 customer wrote last,' if waits else 'last message'} {slack_age(view.last_at, now)}"


def _whose(view: EscalationView, now: datetime, viewer: str | None, away: Collection[str]) -> str:
    escalation = view.escalation
    if escalation.status is not Status.OPEN:
        return f" {slack_age(escalation.queued_at, now)}"
    holder = "you" if escalation.taken_by == viewer else f"<@{escalation.taken_by}>"
    absent = " (🌙 away)" if escalation.taken_by in away else ""
    return f" with {holder}{absent}, taken {slack_age(escalation.taken_at or escalation.queued_at, now)}"


def spoken_row(view: EscalationView, now: datetime) -> str:
    """The row in words, for screen readers and notifications."""
    escalation = view.escalation
    name = escaped(name_of(view.customer), 100)
    return f"{name}: {escaped(_reason(view), 120)} ({escalation.status}{_age(view, now)})"


def open_thread(view: EscalationView) -> list[Block]:
    """The link to the thread, once there is one."""
    if not view.thread_url:
        return []
    return [link_button(action_ids.OPEN_THREAD, "Open thread", view.escalation.id, view.thread_url)]


def _reason(view: EscalationView) -> str:
    return one_line(view.escalation.reason, 160) or "No reason given"


def _age(view: EscalationView, now: datetime) -> str:
    escalation = view.escalation
    if escalation.status is Status.OPEN:
        return f", with <@{escalation.taken_by}> for {ago(now - (escalation.taken_at or escalation.queued_at))}"
    return f" for {ago(now - escalation.queued_at)}"
