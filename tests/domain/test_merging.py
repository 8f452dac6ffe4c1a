"""Two conversations that are one person's: nothing that waits is forgotten, and whoever has the customer keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.conversation import Conversation, awaits_answer
from bot.domain.merging import goes_on, joined
from bot.domain.people import Address, AddressKind, is_somebody_else
from tests.domain.escalations import ANA, BEN, NOON, held_by, queued

OLD, NEW = Address(AddressKind.WA_ID, "34600111222"), Address(AddressKind.WA_ID, "34699888777")
OPEN, QUEUED = held_by(ANA), queued()
OURS = Conversation(
    id=3, inbox_id=1, customer_id=9, epoch=4, with_people=False, reply_to=OLD, last_customer_at=NOON - timedelta(days=2)
)
THEIRS = replace(
    OURS, id=8, customer_id=12, reply_to=NEW, reply_since=NOON, last_customer_at=NOON, last_customer_message=40
)


def test_the_window_and_the_address_are_those_of_the_last_word() -> None:
    whole = joined(replace(OURS, last_customer_message=30, answered_through=30), THEIRS)
    assert (whole.id, whole.customer_id, whole.epoch) == (3, 9, 4)
    assert (whole.reply_to, whole.last_customer_at) == (NEW, NOON)


def test_what_waits_for_an_answer_in_either_still_waits() -> None:
    answered, asked = replace(OURS, last_customer_message=30, answered_through=30), THEIRS
    assert awaits_answer(joined(answered, asked))
    asked_long_ago = replace(OURS, last_customer_message=30, answered_through=20)
    whole = joined(asked_long_ago, replace(THEIRS, answered_through=40))
    assert awaits_answer(whole)
    assert whole.answered_through == 20


def test_what_either_was_promised_is_kept() -> None:
    whole = joined(replace(OURS, promises="A new tent\nBy Friday"), replace(THEIRS, promises="Free shipping"))
    assert whole.promises == "A new tent\nBy Friday\nFree shipping"
    assert joined(OURS, THEIRS).promises == ""


def test_what_was_answered_in_both_is_answered() -> None:
    whole = joined(replace(OURS, last_customer_message=30, answered_through=30), replace(THEIRS, answered_through=40))
    assert not awaits_answer(whole)


def test_whoever_has_the_customer_keeps_them() -> None:
    assert goes_on(None, OPEN) == (OPEN, None)
    assert goes_on(QUEUED, OPEN) == (OPEN, QUEUED)
    assert goes_on(OPEN, QUEUED) == (OPEN, QUEUED)
    assert goes_on(OPEN, held_by(BEN)) == (OPEN, held_by(BEN))


def test_whoever_wrote_from_a_number_before_somebody_changed_to_it_is_somebody_else() -> None:
    assert is_somebody_else(NOON - timedelta(days=300), NOON)
    assert not is_somebody_else(NOON + timedelta(seconds=5), NOON)
    assert not is_somebody_else(None, NOON)
