"""How far a message got: reports may come in any order, the truth may not."""

from __future__ import annotations

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import ARRIVED, LEFT, REPORTED, Delivery, climb

LADDER = [Delivery.QUEUED, Delivery.UNCONFIRMED, Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.PLAYED]


def after(*reports: Delivery, start: Delivery = Delivery.QUEUED) -> Delivery:
    return reduce(climb, reports, start)


@given(st.lists(st.sampled_from(REPORTED), min_size=1, max_size=5))
def test_the_order_of_reports_does_not_matter(reports: list[Delivery]) -> None:
    assert len({after(*order) for order in permutations(reports)}) == 1


@pytest.mark.parametrize("current", LADDER)
@pytest.mark.parametrize("reported", LADDER)
def test_a_status_only_climbs(current: Delivery, reported: Delivery) -> None:
    assert climb(current, reported) is max(current, reported, key=LADDER.index)


@pytest.mark.parametrize("reported", REPORTED)
def test_any_report_settles_what_nobody_could_know(reported: Delivery) -> None:
    assert climb(Delivery.UNCONFIRMED, reported) is reported


@pytest.mark.parametrize("known", [*sorted(LEFT), Delivery.FAILED])
def test_what_is_known_does_not_become_uncertain(known: Delivery) -> None:
    assert climb(known, Delivery.UNCONFIRMED) is known


@pytest.mark.parametrize("current", [Delivery.QUEUED, Delivery.UNCONFIRMED, Delivery.SENT])
def test_a_message_that_has_not_arrived_may_fail(current: Delivery) -> None:
    assert climb(current, Delivery.FAILED) is Delivery.FAILED


@pytest.mark.parametrize("current", sorted(ARRIVED))
def test_what_arrived_has_not_failed_whatever_a_late_report_says(current: Delivery) -> None:
    assert climb(current, Delivery.FAILED) is current


def test_a_late_sent_does_not_hide_a_failure() -> None:
    assert after(Delivery.FAILED, Delivery.SENT) is Delivery.FAILED


@pytest.mark.parametrize("proof", sorted(ARRIVED))
def test_only_proof_of_arrival_overrules_a_failure(proof: Delivery) -> None:
    assert climb(Delivery.FAILED, proof) is proof


@pytest.mark.parametrize("reported", REPORTED)
@pytest.mark.parametrize("current", [Delivery.RECEIVED, Delivery.KEPT, Delivery.HELD, Delivery.DROPPED])
def test_what_never_left_has_no_delivery(current: Delivery, reported: Delivery) -> None:
    assert climb(current, reported) is current


@given(st.sampled_from(Delivery), st.sampled_from(REPORTED))
def test_the_same_report_twice_changes_nothing_more(current: Delivery, reported: Delivery) -> None:
    once = climb(current, reported)
    assert climb(once, reported) is once
