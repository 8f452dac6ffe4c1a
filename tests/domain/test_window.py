"""How long free text may be sent, when staff are warned of its end, and what happens to replies that come too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Conversation
from bot.domain.people import Address, AddressKind
from bot.domain.replies import HoldReason, Kind, judge
from bot.domain.text.slack_in import Mentions
from bot.domain.window import WARNINGS, is_closed, is_worth_warning, mark, next_mark, window_closes_at
from tests.domain.escalations import ANA, BEN, NOON, held_by, queued

CARLA = Conversation(
    id=3,
    inbox_id=1,
    customer_id=9,
    epoch=4,
    with_people=True,
    reply_to=Address(AddressKind.WA_ID, "34600111222"),
    last_customer_at=NOON,
)
CLOSES = NOON + timedelta(hours=24)


def before(**left: float) -> datetime:
    return CLOSES - timedelta(**left)


def test_the_window_closes_a_day_after_the_customers_last_word() -> None:
    assert window_closes_at(CARLA) == CLOSES
    assert not is_closed(CARLA, before(seconds=1))
    assert is_closed(CARLA, CLOSES)


def test_whether_a_customer_who_never_wrote_may_be_written_to_is_for_whatsapp_to_say() -> None:
    assert window_closes_at(replace(CARLA, last_customer_at=None)) is None
    assert not is_closed(replace(CARLA, last_customer_at=None), CLOSES)


@pytest.mark.parametrize(
    ("now", "warns"),
    [
        (before(hours=3), None),
        (before(hours=2), timedelta(hours=2)),
        (before(minutes=31), timedelta(hours=2)),
        (before(minutes=30), timedelta(minutes=30)),
        (before(seconds=1), timedelta(minutes=30)),  # after a night of downtime: the latest, not both
        (CLOSES, None),
        (CLOSES + timedelta(days=2), None),
    ],
)
def test_the_latest_warning_is_due_until_the_window_closes(now: datetime, warns: timedelta | None) -> None:
    assert mark(CLOSES, now).warns == warns


@given(st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_marks_lead_to_the_end_and_pass_every_warning(into: timedelta) -> None:
    now = NOON + into
    seen: list[datetime] = []
    while at := next_mark(CLOSES, now):
        assert at > now
        seen.append(at)
        now = at
    assert seen == [] if into >= timedelta(hours=24) else seen[-1] == CLOSES
    assert {CLOSES - each for each in WARNINGS} - set(seen) == {
        CLOSES - each for each in WARNINGS if CLOSES - each <= NOON + into
    }


def test_nobody_is_warned_of_the_end_of_what_is_queued_and_answered() -> None:
    waiting = replace(CARLA, last_customer_message=12, answered_through=11)
    answered = replace(waiting, answered_through=12)
    assert is_worth_warning(waiting, is_held=False)
    assert is_worth_warning(answered, is_held=True)
    assert not is_worth_warning(answered, is_held=False)


def test_plain_words_of_the_assignee_are_held_once_the_window_is_closed() -> None:
    def verdict(author: str, text: str = "Hello") -> tuple[Kind, HoldReason | None]:
        judged = judge(held_by(ANA), author, text, Mentions(), window_closed=True)
        return judged.kind, judged.hold

    assert verdict(ANA) == (Kind.HOLD, HoldReason.WINDOW)
    assert verdict(BEN) == (Kind.HOLD, HoldReason.NOT_ASSIGNEE)
    assert verdict(ANA, "note: she is asleep") == (Kind.NOTE, None)
    assert judge(queued(), ANA, "Hello", Mentions(), window_closed=True).hold is HoldReason.NOT_TAKEN
