"""Direct messages to staff: how they look, and that Slack takes as many things in one as are told together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import external_file

from bot.blocks.notices import direct_message
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status
from bot.domain.preferences import Topic
from tests.blocks.samples import ANA, BEN, DIEGO, MINA, NOW, escalation, urgent, view
from tests.blocks.slack_rules import check_post
from tests.blocks.test_limits import views

QUEUED_BY_DIEGO = view(escalation(ident=8), DIEGO)
HELD_BY_BEN = view(replace(escalation(Status.OPEN, ident=9), taken_by=BEN), MINA)

POSTS = {
    "notice_new": direct_message([(Topic.NEW, view())], BEN, NOW),
    "notice_assigned": direct_message([(Topic.ASSIGNED, HELD_BY_BEN)], BEN, NOW),
    "notice_customer": direct_message([(Topic.CUSTOMER, HELD_BY_BEN)], BEN, NOW),
    "notice_window": direct_message([(Topic.WINDOW, HELD_BY_BEN)], ANA, NOW),
    "notice_digest": direct_message(
        [(Topic.REMINDER, urgent()), (Topic.NEW, QUEUED_BY_DIEGO), (Topic.NEW, HELD_BY_BEN)], ANA, NOW
    ),
    "notice_ended": direct_message([(Topic.NEW, view(escalation(Status.RESOLVED)))], BEN, NOW),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_direct_message_looks_as_agreed(name: str) -> None:
    check_post(POSTS[name])
    assert {"text": POSTS[name].text, "blocks": POSTS[name].blocks} == external_file(f"snapshots/{name}.json")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(Topic), views()), min_size=1, max_size=12))
def test_a_direct_message_holds_as_much_as_it_is_asked_to(things: list[tuple[Topic, EscalationView]]) -> None:
    check_post(direct_message(things, BEN, NOW))
