"""What the AI has written for one of the staff, as only they see it: a draft to send, a summary to read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks import action_ids
from bot.blocks.parts import (
    Block,
    Post,
    View,
    actions,
    button,
    context,
    escaped,
    first_fitting,
    leaf,
    line,
    modal,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
)
from bot.blocks.quoting import speaker
from bot.blocks.said import NAMES, excerpt
from bot.blocks.sources import looked_up
from bot.domain.conversation import Message
from bot.domain.copilot import LONGEST, Draft, DraftKind, Newer
from bot.domain.desk import EscalationView, Said
from bot.domain.text.slack_out import escape

TEXT_BLOCK = "draft"
NOTHING_NEWER = Newer()
_ROOMS = (LONGEST, 1_500, 700, 200)  # characters of it that are shown, the most first
_SPOKEN = 600  # the text beside the blocks stays under the 4,000 bytes of chat.postEphemeral in every script
_IN_SECTION = 2_500  # of 3,000, with room for what escaping adds
_NEWER = 3
_MORE = "(cut here: *Edit…* shows all of it)"
_THINKING = {
    DraftKind.REPLY: "💭 The AI drafts a reply. It appears in the thread in a moment, and only you see it.",
    DraftKind.SUMMARY: "💭 The AI sums it up. The summary appears in the thread in a moment, and only you see it.",
}
_COULD_NOT = {
    DraftKind.REPLY: "The AI could not draft a reply",
    DraftKind.SUMMARY: "The AI could not sum this up",
}


def thinking(kind: DraftKind) -> str:
    """What is said at once: the AI takes some seconds."""
    return _THINKING[kind]


def draft(made: Draft, newer: Newer = NOTHING_NEWER) -> Post:
    """Whoever presses *Send anyway* has been shown what is `newer`."""
    return first_fitting(_draft(made, newer, room) for room in _ROOMS)


def summary(made: Draft) -> Post:
    return first_fitting(_summary(made, room) for room in _ROOMS)


def failed(made: Draft) -> Post:
    """Asking again is one choice in the card's menu away."""
    said = f"⚠️ {_COULD_NOT[made.kind]}: {escaped(one_line(made.text, 300), 600)}"
    hint = "Nothing was sent. *More…* on the card asks again."
    return Post(f"{said}\n{hint}", [section(said), context(hint)])


def edit(view: EscalationView, made: Draft, seen: int, back: str, newer: Newer = NOTHING_NEWER) -> View:
    """The words, to be changed. `back` is the response URL by which the draft's own message goes away."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.CHANGE_DRAFT,
        "multiline": True,
        "initial_value": made.text,
        "max_length": LONGEST,
    }
    words: Block = {"type": "input", "block_id": TEXT_BLOCK, "label": plain("Message"), "element": element}
    known = {"draft": made.id, "seen": max(seen, newer.through), "back": back}
    blocks = [context(f"To *{escaped(name_of(view.customer), 200)}*"), words, *_newer(newer)]
    return modal(action_ids.DRAFT_MODAL, "Edit and send", "Send anyway" if newer else "Send", blocks, known)


def _draft(made: Draft, newer: Newer, room: int) -> Post:
    said = "💡 *The AI's draft.* Only you see it, and nothing of it is sent until you press *Send*."
    label, seen = "Send anyway" if newer else "Send", max(made.through, newer.through)
    blocks = [
        section(said),
        rich(quote(_cut(made.text, room))),
        *([context(_MORE)] if len(made.text) > room else []),
        *([context(escape(looked_up(made.sources)))] if made.sources else []),
        *_newer(newer),
        actions(
            button(action_ids.SEND_DRAFT, label, f"{made.id}:{seen}", style="primary"),
            button(action_ids.EDIT_DRAFT, "Edit…", f"{made.id}:{seen}"),
            button(action_ids.DISCARD_DRAFT, "Discard", made.id),
        ),
    ]
    return Post(f"{said}\n> {escaped(one_line(made.text, _SPOKEN), 2 * _SPOKEN)}", blocks)


def _summary(made: Draft, room: int) -> Post:
    said = "📝 *Summary by the AI.* Only you see it."
    blocks = [
        section(said),
        section(escape(paragraphs(made.text, min(room, _IN_SECTION))) or "–"),
        actions(
            button(action_ids.SHARE_SUMMARY, "Share in the thread", made.id),
            button(action_ids.DISCARD_DRAFT, "Dismiss", made.id),
        ),
    ]
    return Post(f"{said}\n{escaped(one_line(made.text, _SPOKEN), 2 * _SPOKEN)}", blocks)


def _newer(newer: Newer) -> Iterator[Block]:
    """What was said meanwhile, the last of it where that is much."""
    if not newer:
        return
    more = f" ({len(newer.said)} messages; these are the last)" if len(newer.said) > _NEWER else ""
    yield section(f"⚠️ *The AI had not read this yet:*{more}")
    yield rich(*(_line(each, newer) for each in newer.said[-_NEWER:]))


def _line(message: Message, newer: Newer) -> Block:
    who = one_line(speaker(message, newer.customer, dict(newer.names)), 30) or NAMES[message.author]
    return line(leaf(f"{who}: ", bold=True), leaf(excerpt(Said.from_message(message)) or "(a file)"))


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
