"""Reasons that mean the same are told as one; what is left over is counted, and nothing is counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.escalation import Trigger
from bot.domain.reasons import NONE_GIVEN, OTHER, Counted, grouped, total

AI, STAFF, CUSTOMER = Trigger.AI, Trigger.STAFF, Trigger.CUSTOMER


def told(*reasons: tuple[str, int], trigger: Trigger = AI, most: int = 7) -> list[tuple[str, int]]:
    found = grouped([Counted(trigger, reason, count) for reason, count in reasons], most)
    return [(each.reason, each.count) for each in found]


def test_the_same_reason_in_other_words_is_one_reason():
    assert told(
        ("Wants a refund for a broken lamp", 4),
        ("Customer is asking for a refund: lamp is broken", 2),
        ("customer wants REFUND for broken lamp (order 1234)", 1),
        ("Parcel has not arrived", 3),
        ("The parcel never arrived.", 1),
        ("Wants to exchange boots", 1),
    ) == [("Wants a refund for a broken lamp", 7), ("Parcel has not arrived", 4), ("Wants to exchange boots", 1)]


def test_numbers_make_no_reason_of_their_own():
    assert told(("Where is order 1234?", 1), ("Where is order 99812?", 1)) == [("Where is order 1234?", 2)]


def test_words_of_every_day_do_not_make_two_reasons_one():
    assert len(told(("Customer wants a refund", 1), ("Customer wants an exchange", 1))) == 2


def test_reasons_in_any_script_are_told_together():
    assert told(("Хочет вернуть лампу", 2), ("хочет вернуть  лампу!", 1)) == [("Хочет вернуть лампу", 3)]
    assert told(("Quiere cancelación del pedido", 1), ("quiere cancelacion del pedido", 1))[0][1] == 2


def test_who_asked_keeps_reasons_apart():
    reasons = [Counted(AI, "Refund", 1), Counted(STAFF, "Refund", 2), Counted(CUSTOMER, "Refund", 3)]
    assert [(each.trigger, each.count) for each in grouped(reasons, 7)] == [(CUSTOMER, 3), (STAFF, 2), (AI, 1)]


def test_a_reason_nobody_gave_says_so():
    assert told(("", 2), ("  ", 1)) == [(NONE_GIVEN, 3)]


def test_what_there_is_no_room_for_is_counted_last():
    reasons = [Counted(AI, word, 9 - number) for number, word in enumerate(["lamp", "boots", "tent", "rope"])]
    assert [(each.reason, each.count) for each in grouped(reasons, 3, unseen=5)] == [
        ("lamp", 9),
        ("boots", 8),
        (OTHER, 18),
    ]
    assert [each.reason for each in grouped(reasons, 4)] == ["lamp", "boots", "tent", "rope"]


counted = st.builds(Counted, st.sampled_from(Trigger), st.text(max_size=40), st.integers(1, 50))


@given(st.lists(counted, max_size=40), st.integers(2, 8), st.integers(0, 9))
def test_nothing_is_lost_or_counted_twice(reasons: list[Counted], most: int, unseen: int):
    found = grouped(reasons, most, unseen)
    assert total(found) == total(reasons) + unseen
    assert len(found) <= most
