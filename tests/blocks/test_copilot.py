"""What the AI wrote for staff, as they see it: in every state, and whatever the model, the customer or they wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from inline_snapshot import external_file

from bot.blocks import copilot
from bot.domain.conversation import Author, Message
from bot.domain.copilot import LONGEST, Draft, DraftKind, DraftStatus, Newer
from bot.domain.delivery import Delivery
from bot.domain.inbound import Details
from tests.blocks.samples import ANA, BEN, CARLA, NOW, SOURCES, view
from tests.blocks.slack_rules import check_post, check_view
from tests.blocks.test_limits import quick, texts

MADE = Draft(
    5, 1, 7, ANA, DraftKind.REPLY, DraftStatus.READY, "I'm sorry!\nDo you <still> have it?", through=40, sources=SOURCES
)
SUMMED = replace(MADE, kind=DraftKind.SUMMARY, text="*What they want*\n- A refund & <!here>\n*What is open*\n- All")


def said(ident: int, text: str, author: Author = Author.CUSTOMER) -> Message:
    staff = BEN if author is Author.STAFF else None
    return Message(ident, 1, 3, author, "text", text, Delivery.RECEIVED, NOW, staff_id=staff)


NEWER = Newer((said(41, "It is <green>"), said(42, "I look", Author.STAFF)), CARLA.label, {BEN: "Ben Okafor"})

POSTS = {
    "draft": copilot.draft(MADE),
    "draft_overtaken": copilot.draft(MADE, NEWER),
    "draft_failed": copilot.failed(replace(MADE, status=DraftStatus.FAILED, text="The AI <took> too long.")),
    "summary": copilot.summary(SUMMED),
}
VIEWS = {
    "draft_edit": copilot.edit(view(), MADE, 40, "https://hooks.slack.com/actions/1"),
    "draft_edit_overtaken": copilot.edit(view(), MADE, 40, "", NEWER),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_agreed(name: str) -> None:
    post = POSTS[name]
    check_post(post, text_bytes=4_000)
    assert {"text": post.text, "blocks": post.blocks} == external_file(f"snapshots/{name}.json")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str) -> None:
    check_view(VIEWS[name])
    assert VIEWS[name] == external_file(f"snapshots/{name}.json")


@quick
@given(text=texts, newer=texts, customer=texts)
def test_slack_accepts_whatever_was_written(text: str, newer: str, customer: str) -> None:
    made = replace(MADE, text=text[:LONGEST].strip() or "-")
    since = Newer((said(41, newer), said(42, newer)) * 4, customer)
    for post in (copilot.draft(made, since), copilot.summary(made), copilot.failed(made)):
        check_post(post, text_bytes=4_000)
    check_view(copilot.edit(view(), made, 40, "", since))


def test_what_was_said_meanwhile_counts_as_read_by_whoever_sends_anyway() -> None:
    post = str(POSTS["draft_overtaken"].blocks)
    assert "'value': '5:42'" in post
    assert '"seen": 42' in str(VIEWS["draft_edit_overtaken"]["private_metadata"])
    photo = replace(said(41, ""), kind="image", details=Details())
    assert "Photo" in str(copilot.draft(MADE, Newer((photo,), CARLA.label)).blocks)
