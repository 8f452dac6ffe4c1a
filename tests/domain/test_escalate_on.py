"""Words and topics that are people's: found in any script, told to the model, and shown by the rule's own name."""

from __future__ import annotations

import pytest

from bot.domain.escalate_on import KeywordRule, TopicRule, by_topic, called_by, found_in, topics_in_words
from bot.domain.escalation import Escalate, Priority, Trigger

MONEY = KeywordRule(("refund*", "money back"), "Money back", Priority.HIGH)
LEGAL = TopicRule("threats of legal action", "Legal", Priority.URGENT)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("refund", "I want a REFUND, now!"),
        ("refund*", "When are my refunds?"),
        ("*konto", "Ich sehe es auf dem Kundenkonto."),
        ("devolución", "quiero la devolucion"),
        ("money back", "give me my money\nback"),
        ("avocat", "Je vais voir l’avocat"),
        ("استرداد", "أريد استردادَ المال"),
        ("पैसे वापस", "मुझे मेरे पैसे वापस चाहिए"),
        ("ফেরত", "আমি টাকা ফেরত চাই"),
        ("退款", "我要退款！"),
        ("คืนเงิน", "อยากคืนเงินค่ะ"),
        ("возврат*", "Хочу оформить возвраты"),
    ],
)
def test_whole_words_are_found_in_every_script(words: str, text: str) -> None:
    found = found_in(text, [LEGAL, KeywordRule((words,), "x")])
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("refund", "refunds"),  # endings are asked for with a star
        ("fund", "refund"),
        ("money back", "back to the money"),
        ("sue", "What is the issue?"),
        ("پول", "پولیس"),
        ("退款", "我的订单"),
        ("refund", ""),
        ("refund", "👍"),
    ],
)
def test_parts_of_words_are_not(words: str, text: str) -> None:
    assert found_in(text, [KeywordRule((words,), "x")]) is None


def test_of_several_rules_the_most_pressing_calls_and_of_those_the_first() -> None:
    hurt = KeywordRule(("hospital",), "Somebody is hurt", Priority.URGENT)
    hurt_too = KeywordRule(("injured",), "Injured", Priority.URGENT)
    found = found_in("injured, in hospital, I want a refund", [MONEY, hurt, hurt_too])
    assert found is not None
    assert (found.rule, found.words) == (hurt, "hospital")


def test_staff_read_which_rule_has_called_them() -> None:
    found = found_in("Refunded?", [MONEY])
    assert found is not None
    event = called_by(found, "es")
    assert (event.trigger, event.reason, event.priority, event.language) == (
        Trigger.SYSTEM,
        "Money back",
        Priority.HIGH,
        "es",
    )
    assert "“refund*”" in event.summary
    assert event.told == "handover"  # nothing has failed, and nobody has asked


def test_the_model_is_told_topics_and_no_words() -> None:
    told = topics_in_words([MONEY, LEGAL])
    assert 'threats of legal action: with the reason "Legal" and the priority urgent' in told
    assert "refund" not in told
    assert topics_in_words([MONEY]) == ""


def test_a_call_that_names_a_topic_is_shown_as_its_rule_and_is_no_less_urgent() -> None:
    for named in ("legal", "Threats of legal action."):
        event = by_topic(Escalate(Trigger.AI, named, "They will sue."), [MONEY, LEGAL])
        assert (event.reason, event.priority, event.trigger) == ("Legal", Priority.URGENT, Trigger.AI)
        assert event.summary == "They will sue. (The rule on threats of legal action.)"
    other = Escalate(Trigger.AI, "Torn tent", "Arrived torn.")
    assert by_topic(other, [MONEY, LEGAL]) == other
