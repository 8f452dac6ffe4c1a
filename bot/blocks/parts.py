"""The small pieces every face is made of, each within Slack's limits whatever a customer called themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.people import Customer
from bot.domain.text.slack_out import clip, escape, split_for_slack

Block = dict[str, object]
View = dict[str, object]

TEXT_LIMIT = 4_000  # chat.update refuses more with msg_too_long; chat.postMessage splits it
SECTION_LIMIT = 3_000
HEADER_LIMIT = 150
MESSAGE_ROOM = 12_000  # bytes of blocks JSON; Slack answers msg_blocks_too_long somewhere near 13,000

# Direction overrides would let a name turn the words after it around; joiners stay, emoji are made of them.
_UNSEEN = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(9)])


@dataclass(frozen=True, slots=True)
class Post:
    """A message to post. `text` says the same as the blocks, for notifications and screen readers.

    `username` and `icon_emoji` are set where the message speaks for somebody (chat:write.customize).
    """

    text: str
    blocks: list[Block]
    username: str | None = None
    icon_emoji: str | None = None
    to_all: bool = False  # what is posted in a thread is seen in its channel too
    plain: list[Block] | None = None  # the blocks for a workspace that does not take Slack's own tables and charts


def one_line(text: str, limit: int) -> str:
    """Raw text on one line, without what cannot be seen; empty when nothing is left."""
    return clip(_seen(text), limit)


def escaped(text: str, limit: int) -> str:
    """Text for mrkdwn, clipped so that the *escaped* form fits: `&` becomes five characters."""
    room = limit
    while len(shown := escape(clip(text, room))) > limit:
        room -= max(1, (len(shown) - limit) // 5)
    return shown


def paragraphs(text: str, limit: int) -> str:
    """Raw text that keeps its lines, cut at a break where one is near."""
    parts = split_for_slack("\n".join(map(_seen, text.strip().splitlines())), limit - 1)
    return "" if not parts else parts[0] if len(parts) == 1 else f"{parts[0].rstrip()}…"


def _seen(text: str) -> str:
    return " ".join(text.translate(_UNSEEN).split())


def name_of(customer: Customer, limit: int = 80) -> str:
    """What staff call this customer, raw: names are the customer's to choose."""
    return one_line(customer.label, limit) or one_line(customer.contact, limit) or "Customer"


def ago(span: timedelta) -> str:
    """A stretch of time in the two largest units that matter to somebody waiting."""
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    unit = "day" if days == 1 else "days"
    return f"{days} {unit} {hours} h" if hours else f"{days} {unit}"


def fits(post: Post) -> bool:
    """Whether Slack takes it. The SDK sends blocks as ASCII JSON, where an emoji weighs twelve bytes."""
    return len(post.text) <= TEXT_LIMIT and len(json.dumps(post.blocks)) <= MESSAGE_ROOM


def first_fitting(drafts: Iterable[Post]) -> Post:
    """The first draft that fits: callers offer the fullest first and, last, one that always does."""
    return next(filter(fits, drafts))


def plain(text: str) -> Block:
    # emoji off: a name like ":x:" stays what it is.
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    # verbatim: Slack must not find channel names, mentions or links in what somebody typed.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(clip(text, HEADER_LIMIT))}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def context(*elements: Block | str) -> Block:
    return {"type": "context", "elements": [mrkdwn(e) if isinstance(e, str) else e for e in elements]}


def divider() -> Block:
    return {"type": "divider"}


def leaf(text: str, *, bold: bool = False) -> Block:
    """Text in which Slack parses nothing."""
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def user(staff_id: str) -> Block:
    return {"type": "user", "user_id": staff_id}


def group(group_id: str) -> Block:
    return {"type": "usergroup", "usergroup_id": group_id}


def line(*leaves: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(leaves)}


def quote(text: str) -> Block:
    return {"type": "rich_text_quote", "elements": [leaf(text)]}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def actions(*buttons: Block, block_id: str | None = None) -> Block:
    """A press tells the `block_id` too."""
    named: Block = {"block_id": block_id} if block_id else {}
    return {"type": "actions", **named, "elements": list(buttons)}


def button(
    action_id: str, label: str, value: int | str, *, style: str | None = None, confirm: Block | None = None
) -> Block:
    shown: Block = {"type": "button", "action_id": action_id, "text": plain(label), "value": str(value)}
    if style:
        shown["style"] = style
    if confirm:
        shown["confirm"] = confirm
    return shown


def link_button(action_id: str, label: str, value: int, url: str) -> Block:
    return {**button(action_id, label, value), "url": url}


def confirm(title: str, text: str, yes: str, *, style: str = "primary") -> Block:
    return {
        "title": plain(title),
        "text": plain(clip(text, 300)),
        "confirm": plain(yes),
        "deny": plain("Cancel"),
        "style": style,
    }


def modal(kind: str, title: str, submit: str, blocks: list[Block], known: Mapping[str, object]) -> View:
    """A form. What is `known` when it is opened comes back with what was filled in."""
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": json.dumps(known),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }
