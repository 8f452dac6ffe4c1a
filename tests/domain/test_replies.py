"""Only the assignee's plain words reach the customer by themselves; what is meant for colleagues never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.escalation import Escalation, Status
from bot.domain.replies import HoldReason, Kind, Verdict, is_late, is_note, judge, note_text
from bot.domain.text.slack_in import Mentions
from tests.domain.escalations import ANA, BEN, ended_by, held_by, queued

NOBODY = Mentions()
SEND, NOTE, ENDED = Verdict(Kind.SEND), Verdict(Kind.NOTE), Verdict(Kind.ENDED)


@pytest.mark.parametrize(
    "written",
    [
        "note: she is angry",
        "Note: she is angry",
        "NOTE : she is angry",
        "  note:she is angry",
        "*Note:* she is angry",
        "_note_: she is angry",
        "> note: she is angry",
        "notes: she is angry",
        "NOTE - she is angry",
        "note\uff1a she is angry",
        "\u200bnote: she is angry",
        "internal note: she is angry",
        "note to self: she is angry",
        "! she is angry",
        "!she is angry",
        "// she is angry",
        "🔒 she is angry",
        "🔒she is angry",
        ":lock: she is angry",
        "\n// she is angry",
    ],
)
def test_a_note_is_a_note_however_hastily_it_is_marked(written: str) -> None:
    assert is_note(written)
    assert note_text(written) == "she is angry"


@pytest.mark.parametrize(
    "written",
    [
        "Please note: we close at six",
        "Note that we close at six",
        "Note-taking is free",
        "Notebooks: 5 €",
        "https://shop.example",
        "Great!",
        "¡Hola!",
        "/ or",
        "noted: thanks",
        "Note to customers: we close at six",
        "",
    ],
)
def test_what_a_customer_should_read_is_no_note(written: str) -> None:
    assert not is_note(written)
    assert note_text(written) == written


def test_the_assignees_plain_words_are_sent() -> None:
    assert judge(held_by(ANA), ANA, "Hello Carla", NOBODY) == SEND


def test_before_anybody_took_it_nothing_leaves_without_a_click() -> None:
    assert judge(queued(), ANA, "Hello Carla", NOBODY) == Verdict(Kind.HOLD, HoldReason.NOT_TAKEN)


def test_where_the_first_reply_takes_whoever_answers_a_queued_one_has_it() -> None:
    assert judge(queued(), ANA, "Hello Carla", NOBODY, first_takes=True) == Verdict(Kind.SEND, takes=True)
    assert judge(held_by(ANA), ANA, "Hello Carla", NOBODY, first_takes=True) == SEND
    assert judge(held_by(ANA), BEN, "Hello Carla", NOBODY, first_takes=True).hold is HoldReason.NOT_ASSIGNEE
    assert judge(queued(), ANA, "note: hello", NOBODY, first_takes=True) == NOTE


@pytest.mark.parametrize("doubt", ["mentions", "late", "window_closed"])
def test_but_nothing_that_would_be_held_is_taken_by_it(doubt: str) -> None:
    mentions = Mentions(users=(BEN,)) if doubt == "mentions" else NOBODY
    late, closed = doubt == "late", doubt == "window_closed"
    verdict = judge(queued(), ANA, "Hello", mentions, late=late, window_closed=closed, first_takes=True)
    assert verdict == Verdict(Kind.HOLD, HoldReason.NOT_TAKEN)


def test_a_colleagues_words_wait_for_a_click() -> None:
    assert judge(held_by(ANA), BEN, "Hello Carla", NOBODY) == Verdict(Kind.HOLD, HoldReason.NOT_ASSIGNEE)


@pytest.mark.parametrize(
    "called", [Mentions(users=(BEN,)), Mentions(usergroups=("S0LEADS",)), Mentions(broadcast=True)]
)
def test_words_that_call_a_colleague_wait_for_a_click(called: Mentions) -> None:
    assert judge(held_by(ANA), ANA, "can you look?", called) == Verdict(Kind.HOLD, HoldReason.MENTION)


def test_the_assignees_words_of_long_ago_wait_for_a_click() -> None:
    assert judge(held_by(ANA), ANA, "Hello Carla", NOBODY, late=True) == Verdict(Kind.HOLD, HoldReason.LATE)


@pytest.mark.parametrize(("hours", "late"), [(-1, False), (0, False), (23.9, False), (24.1, True), (240, True)])
def test_a_message_heard_of_a_day_later_is_late(hours: float, late: bool) -> None:
    written = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert is_late(f"{written.timestamp():.6f}", written + timedelta(hours=hours)) is late


@pytest.mark.parametrize("final", [Status.RESOLVED, Status.CLOSED])
def test_after_the_end_nothing_is_sent(final: Status) -> None:
    assert judge(ended_by(ANA, final), ANA, "one more thing", NOBODY) == ENDED


@given(
    st.sampled_from([queued(), held_by(ANA), held_by(BEN), ended_by(ANA, Status.CLOSED)]),
    st.sampled_from([ANA, BEN]),
    st.sampled_from(["note:", "NOTE :", "!", "//", "🔒"]),
    st.text(),
)
def test_no_note_ever_leaves_whoever_writes_it_and_when(
    escalation: Escalation, author: str, prefix: str, words: str
) -> None:
    assert judge(escalation, author, prefix + words, NOBODY) == NOTE
