"""The window that asks before a customer is forgotten, and whom to forget where several may be meant."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.blocks import action_ids
from bot.blocks.paging import valued
from bot.blocks.parts import Block, Post, View, actions, context, escaped, first_fitting, one_line, plain, section
from bot.blocks.queue import whom
from bot.domain.erasing import WORD
from bot.domain.people import Customer
from bot.domain.profiles import Profile

CONFIRM_BLOCK = "confirm"
_WHAT = (
    "This erases all messages, files, notes, tags and the words of their escalations, here and in Slack. An open "
    "escalation is closed first. It cannot be undone. If they write again, they are somebody new."
)
_KEPT = "What staff wrote in the threads only staff can delete. WhatsApp keeps its own copies. You get a receipt."


def forget_modal(profile: Profile, phrase: str) -> View:
    """`phrase` is what has to be typed."""
    what = f"the word {WORD}" if phrase == WORD else f"{phrase}, the end of their number,"
    element: Block = {"type": "plain_text_input", "action_id": action_ids.TYPE_TO_FORGET, "max_length": 20}
    field: Block = {"type": "input", "block_id": CONFIRM_BLOCK, "label": plain(f"Type {what} to go on")}
    said = profile.theirs + profile.ours
    field["element"] = element
    counts = f"{said} messages · {profile.escalations} escalations · {profile.note_count} notes"
    return {
        "type": "modal",
        "callback_id": action_ids.FORGET_MODAL,
        "private_metadata": json.dumps({"customer": profile.customer.id}),
        "title": plain("Forget a customer"),
        "submit": plain("Forget for good"),
        "close": plain("Cancel"),
        "blocks": [
            whom(profile.customer),
            context(counts),
            section(_WHAT),
            field | {"element": element},
            context(_KEPT),
        ],
    }


def whom_to_forget(query: str, customers: Sequence[Customer]) -> Post:
    """Nobody is forgotten by a guess: each has a button, and the window asks once more."""
    title = f"Whom do you mean by “{escaped(one_line(query, 80), 300)}”?"
    return first_fitting(_choice(title, customers[:most]) for most in range(len(customers), -1, -1))


def _choice(title: str, customers: Sequence[Customer]) -> Post:
    blocks = [section(title)]
    for each in customers:
        blocks += [whom(each), actions(valued(action_ids.FORGET_CUSTOMER, "Forget…", str(each.id), style="danger"))]
    return Post(title, blocks)
