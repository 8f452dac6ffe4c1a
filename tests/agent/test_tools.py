"""What the model's tool calls mean, however carelessly they are made."""

from __future__ import annotations

import pytest

from bot.agent.tools import ESCALATE, SEARCH, escalation, search_result, unknown_tool
from bot.domain.escalation import Escalate, Priority, Trigger
from bot.domain.knowledge import Passage


def test_a_complete_call_is_taken_at_its_word():
    arguments: dict[str, object] = {
        "reason": "Wants a refund",
        "summary": "Mina's tent\n arrived torn.",
        "priority": "high",
        "language": "es",
    }
    assert escalation(arguments, "en") == Escalate(
        Trigger.AI, "Wants a refund", "Mina's tent arrived torn.", Priority.HIGH, "es"
    )


@pytest.mark.parametrize("priority", ["HIGHEST", None, 2, ["high"], {}])
def test_a_priority_we_do_not_know_is_normal(priority: object):
    assert escalation({"reason": "r", "priority": priority}, "en").priority is Priority.NORMAL


@pytest.mark.parametrize(
    ("given", "kept"),
    [("es", "es"), ("pt-BR", "pt"), ("PT_br", "pt"), ("zh-Hans-CN", "zh"), ("Spanish", "de"), (None, "de"), (7, "de")],
)
def test_a_language_is_a_code_or_what_we_knew_before(given: object, kept: str):
    assert escalation({"language": given}, "de").language == kept


def test_a_call_without_arguments_still_brings_a_person():
    assert escalation({}, "en").reason


def test_a_novel_is_shortened():
    event = escalation({"reason": "a" * 5_000, "summary": "b " * 5_000}, "en")
    assert len(event.reason) <= 300
    assert len(event.summary) <= 2_000
    assert event.summary.endswith("…")


def test_passages_are_shown_with_where_they_come_from():
    shown = search_result([Passage("returns.md", "Returns", "Within 30 days."), Passage("a.md", "A", "B")])
    assert "Returns" in shown
    assert "returns.md" in shown
    assert "Within 30 days." in shown


def test_finding_nothing_is_said_in_words():
    assert "Nothing was found" in search_result([])


def test_an_unknown_tool_is_answered_with_those_there_are():
    told = unknown_tool("send_money", (ESCALATE, SEARCH))
    assert "send_money" in told
    assert "escalate_to_human, search_knowledge" in told
