"""What the message shortcuts ask before anything leaves: the words as the customer will read them, and what to know."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import action_ids
from bot.blocks.escalation_card import state_of
from bot.blocks.parts import (
    Block,
    View,
    context,
    escaped,
    leaf,
    line,
    modal,
    name_of,
    one_line,
    quote,
    rich,
    section,
)
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status
from bot.domain.text.slack_out import split_for_slack

_PART = 2_900  # characters of one text in a modal, under what Slack takes
_MOST = 4  # parts that are shown; nobody reads more of it again


def send(view: EscalationView, place: dict[str, str], text: str, files: Sequence[str], warnings: Sequence[str]) -> View:
    """`place` names the message, `warnings` are mrkdwn."""
    parts = split_for_slack(text.strip(), _PART) if text.strip() else []
    shown: list[Block] = [quote(each) for each in parts[:_MOST]]
    shown += [line(leaf("… and more"))] if len(parts) > _MOST else []
    shown += [line(leaf(f"📎 {one_line(each, 100) or 'file'}")) for each in files]
    takes = view.escalation.status is Status.QUEUED
    who = escaped(name_of(view.customer), 200)
    blocks = [context(f"*{who}*  ·  {state_of(view.escalation)}"), section("The customer will read:"), rich(*shown)]
    blocks += [section(f"⚠️ {each}") for each in warnings]
    label = "Take and send" if takes else "Send"
    return modal(action_ids.SEND_MESSAGE_MODAL, "Send to customer", label, blocks, place)


def send_again(place: dict[str, str]) -> View:
    """Nobody can know whether it arrived."""
    words = "❔ It may or may not have reached the customer. Sent again, *it may arrive twice*."
    return modal(action_ids.SEND_AGAIN_MODAL, "Send again?", "Send again", [section(words)], place)
