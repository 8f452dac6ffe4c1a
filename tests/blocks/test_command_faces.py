"""The faces of /forget and of the conversations of the AI as agreed, and the receipt, which names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import external_file

from bot.blocks import forget, found, thread_notes
from bot.domain.erasing import WORD, phrase, receipt
from bot.domain.profiles import Profile
from tests.blocks.samples import ANA, CARLA, MINA, NOW, TRANSCRIPT
from tests.blocks.slack_rules import check_post, check_view

VIEWS = {
    "forget_by_number": forget.forget_modal(Profile(CARLA, theirs=7, ours=5, escalations=2, note_count=1), "0101"),
    "forget_by_word": forget.forget_modal(Profile(MINA), WORD),
}
COUNTS = {"messages": 12, "files": 1, "notes": 2, "escalations": 2, "tasks": 71, "posts": 15, "slack_files": 1}


@pytest.mark.parametrize("name", VIEWS)
def test_the_window_that_asks_looks_as_agreed(name: str) -> None:
    check_view(VIEWS[name])
    assert VIEWS[name] == external_file(f"snapshots/{name}.json")


def test_whom_to_forget_is_asked_with_a_button_each() -> None:
    post = forget.whom_to_forget("<!here> carla", [CARLA, MINA])
    check_post(post)
    assert [post.text, post.blocks] == external_file("snapshots/forget_whom.json")


def test_the_receipt_says_what_was_erased_and_what_only_people_can() -> None:
    whole = receipt(4, ANA, NOW, NOW + timedelta(minutes=2), COUNTS)
    assert "Customer 4 is forgotten" in whole
    assert "12 messages, 1 files, 2 notes" in whole
    assert "Not erased" not in whole
    partly = receipt(4, ANA, NOW, NOW, COUNTS | {"staff_posts": 3, "given_up": 1})
    assert "Not erased: 3 messages that staff wrote" in partly
    check_post(thread_notes.note(partly))


def test_whoever_forgets_types_the_end_of_a_number_that_staff_may_see() -> None:
    assert phrase("15550101", is_masked=False) == "0101"
    assert phrase("15550101", is_masked=True) == WORD
    assert phrase(None, is_masked=False) == WORD
    assert replace(CARLA, phone=None).contact == ""


def test_a_conversation_of_the_ai_looks_as_agreed() -> None:
    shown = found.chat_modal(CARLA, TRANSCRIPT, 12)
    check_view(shown)
    check_view(found.chat_modal(MINA, [TRANSCRIPT[0]] * 40, 0))
    assert shown == external_file("snapshots/chat_view.json")
