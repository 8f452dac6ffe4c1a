"""What all of /knowledge's answers share: whose knowledge they show, how to ask, and whether Slack takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.blocks import action_ids
from bot.blocks.data_blocks import plain_version
from bot.blocks.paging import Page
from bot.blocks.parts import MESSAGE_ROOM, Block, Post, actions, context, escaped, fits, one_line, plain, section

WORDS = ("search", "list", "unanswered", "help")
_BLOCK_ID = 255  # docs.slack.dev/reference/block-kit/blocks: the longest name of a block
_HELP = (
    "*/knowledge* shows what the AI may look up.\n"
    "• `/knowledge search tent repair`: what it would find, and where\n"
    "• `/knowledge list`: the pages, and what colleagues have taught it, to change or remove\n"
    "• `/knowledge unanswered`: what customers asked and it could not answer, to teach it\n"
    "*Teach the bot* in the menu of a message in a thread makes an answer out of what you told a customer."
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose knowledge is shown: one of the `inboxes` that this person may ask about, by id."""

    inbox_id: int
    inboxes: Mapping[int, str]

    @property
    def named(self) -> str:
        """Where there is one inbox, nobody needs to read its name."""
        name = self.inboxes.get(self.inbox_id, "")
        return f" · {escaped(one_line(name, 60), 200)}" if len(self.inboxes) > 1 else ""


def help_() -> Post:
    return Post(_HELP, [section(_HELP)])


def hint(typed: str, meant: str) -> Post:
    """One line: what was not understood, and what may be meant."""
    text = f"`/knowledge` does not know “{_shown(typed)}”. Do you mean `/knowledge {_shown(meant)}`, or `help`?"
    return Post(text, [context(text)])


def search_hint() -> Post:
    text = "What should the AI look up? A few words: `/knowledge search tent repair`."
    return Post(text, [context(text)])


def inbox_menu(shelf: Shelf, page: Page) -> list[Block]:
    """The menu of inboxes, where there is a choice."""
    if len(shelf.inboxes) < 2:
        return []
    options = {key: _option(one_line(name, 75) or f"Inbox {key}", key) for key, name in shelf.inboxes.items()}
    menu: Block = {
        "type": "static_select",
        "action_id": action_ids.KNOWLEDGE_INBOX,
        "options": list(options.values())[:100],
        "initial_option": options[shelf.inbox_id],
    }
    return [actions(menu) | {"block_id": _carried(replace(page, at=0))}]


def _carried(page: Page) -> str:
    """As many of the words sought as the name of a block holds."""
    while len(page.value) > _BLOCK_ID:
        page = replace(page, words=page.words[: len(page.words) * 3 // 4])
    return page.value


def _option(label: str, value: int) -> Block:
    return {"text": plain(label), "value": str(value)}


def fits_plainly(post: Post) -> bool:
    """With Slack's own table, and without it."""
    plainer = plain_version(post.blocks)
    return fits(post) and (plainer is None or len(json.dumps(plainer)) <= MESSAGE_ROOM)


def _shown(typed: str) -> str:
    return escaped(one_line(typed, 80).replace("`", ""), 300)
