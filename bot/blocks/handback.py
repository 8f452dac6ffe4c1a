"""The window that follows *Return to bot*: what the AI believes happened and was promised, for staff to put right."""

from __future__ import annotations

import json

from bot.blocks import action_ids
from bot.blocks.parts import Block, View, escaped, name_of, plain, section
from bot.domain.desk import EscalationView
from bot.domain.handback import LONGEST_GUIDANCE, LONGEST_PROMISES, LONGEST_STORY, Brief

HAPPENED_BLOCK, PROMISES_BLOCK, GUIDANCE_BLOCK = "happened", "promises", "guidance"
_KEPT = "One on each line. The AI keeps to them until somebody clears them in Customer…"


def thinking(view: EscalationView) -> View:
    """What is seen until the AI has said what it believes; guidance can be typed meanwhile, and stays."""
    return _window(view, [section("⏳ Thinking: the AI reads what was said while you had it…")])


def form(view: EscalationView, brief: Brief, trouble: str = "") -> View:
    """`trouble` is why the AI has nothing to say about it, as mrkdwn."""
    fields = [
        _field(HAPPENED_BLOCK, "What happened", brief.happened, LONGEST_STORY, "As the AI understands it."),
        promises_field(brief.promises),
    ]
    return _window(view, [*([section(f"⚠️ {trouble}")] if trouble else []), *fields])


def promises_field(promises: str) -> Block:
    """What we owe this customer; in the window about them, too."""
    return _field(PROMISES_BLOCK, "What we promised", promises, LONGEST_PROMISES, _KEPT)


def _window(view: EscalationView, blocks: list[Block]) -> View:
    who = escaped(name_of(view.customer, 60), 200)
    first = section(f"The AI answers *{who}* again. Put right what it believes, and it keeps that in mind.")
    guidance = _field(GUIDANCE_BLOCK, "Guidance for the AI", "", LONGEST_GUIDANCE, "", multiline=False)
    return {
        "type": "modal",
        "callback_id": action_ids.HANDBACK_MODAL,
        "private_metadata": json.dumps({"escalation": view.escalation.id}),
        "title": plain("Returned to the bot"),
        "submit": plain("Tell the AI"),
        "close": plain("Tell it nothing"),
        "blocks": [first, *blocks, guidance],
    }


def _field(block_id: str, label: str, value: str, most: int, hint: str, *, multiline: bool = True) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.TELL_AI,
        "multiline": multiline,
        "max_length": most,
    }
    if value:
        element["initial_value"] = value[:most]
    block: Block = {"type": "input", "block_id": block_id, "optional": True, "label": plain(label), "element": element}
    return block | {"hint": plain(hint)} if hint else block
