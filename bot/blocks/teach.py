"""The window by which staff teach the bot, and what they are told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.blocks import action_ids
from bot.blocks.knowledge import undo_button
from bot.blocks.parts import Block, Post, View, actions, context, escaped, one_line, plain, section
from bot.domain.teaching import LONGEST_ANSWER, LONGEST_QUESTION, Lesson

QUESTION_BLOCK, ANSWER_BLOCK = "question", "answer"
_WARNED_OF = 5


def teach_modal(lesson: Lesson, inbox_name: str, personal: Sequence[str], known: Mapping[str, object]) -> View:
    """`personal`: what in it seems to be about one customer. `known` is what a submission must bring back."""
    told = f"Every customer of *{escaped(one_line(inbox_name, 60), 200)}* who asks may be told this."
    warnings = [section(f"⚠️ {_warning(personal)}")] if personal else []
    question = _field(
        QUESTION_BLOCK, action_ids.TEACH_QUESTION, "When a customer asks", lesson.question, LONGEST_QUESTION
    )
    answer = _field(ANSWER_BLOCK, action_ids.TEACH_ANSWER, "The AI knows", lesson.answer, LONGEST_ANSWER)
    return {
        "type": "modal",
        "callback_id": action_ids.TEACH_MODAL,
        "private_metadata": json.dumps(known, ensure_ascii=False),
        "title": plain("Teach the bot"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [*warnings, question, answer, context(f"{told} The AI finds it at once, and words it anew.")],
    }


def taught(lesson: Lesson, learnt: int, replaced: int | None) -> Post:
    """It is learnt, and the way back."""
    said = f"🎓 The AI knows this now: “{escaped(one_line(lesson.question, 200), 600)}”"
    beside = "`/knowledge list` shows all that it was taught."
    blocks = [context(f"{said} {beside}"), actions(undo_button(lesson.inbox_id, learnt, replaced))]
    return Post(f"{said} {beside}", blocks)


def _warning(personal: Sequence[str]) -> str:
    named = ", ".join(f"“{escaped(one_line(each, 60), 200)}”" for each in personal[:_WARNED_OF])
    more = f" and {len(personal) - _WARNED_OF} more" if len(personal) > _WARNED_OF else ""
    return f"*This seems to be about one conversation alone:* {named}{more}. What the AI knows it tells everybody."


def _field(block: str, action: str, label: str, value: str, longest: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action, "multiline": True, "max_length": longest}
    if value.strip():
        element["initial_value"] = value.strip()[:longest]
    return {"type": "input", "block_id": block, "label": plain(label), "element": element}
