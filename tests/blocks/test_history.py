"""The history modal: whatever was written fits it, nothing is left out for good, and days are the reader's own."""

from __future__ import annotations

import json
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.history import history
from bot.blocks.parts import View
from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from tests.blocks.history_samples import huge, page, told
from tests.blocks.slack_rules import buttons, check_view, words
from tests.blocks.test_limits import quick, texts

MADRID, AUCKLAND = ZoneInfo("Europe/Madrid"), ZoneInfo("Pacific/Auckland")
KINDS = st.sampled_from(("text", "image", "location", "reaction", "unsupported", "edit", "revoke", "note"))


def values(view: View) -> dict[str, str]:
    return {str(each["action_id"]): str(each["value"]) for each in buttons(cast("list[View]", view["blocks"]))}


@quick
@given(st.sampled_from(Author), texts, st.sampled_from(Delivery), KINDS, texts)
def test_a_page_fits_whatever_was_written(author: Author, text: str, status: Delivery, kind: str, failure: str) -> None:
    check_view(history(page(told=(told(1, author, text, status, kind=kind, failure=failure),)), MADRID))


@pytest.mark.parametrize("text", ["&" * 66_000, "👩‍👩‍👧‍👦" * 1_000, "Привет, " * 1_500])
def test_what_does_not_fit_is_on_the_next_page(text: str) -> None:
    view = history(huge(text), MADRID)
    check_view(view)
    assert values(view).keys() <= {"history_older"}
    onwards = history(page(told=huge(text).told, is_from_older=True), MADRID)
    check_view(onwards)
    if kept := values(onwards):  # the first ones stand here, the rest are newer
        assert int(kept["history_newer"]) < 20
        assert json.dumps(onwards) != json.dumps(view)


def test_pages_are_turned_from_their_edges() -> None:
    turned = values(history(page(has_older=True, has_newer=True), MADRID))
    assert turned == {"history_older": "1", "history_newer": "3000", "history_newest": "3000"}
    assert not values(history(page(), MADRID))


def test_days_are_those_of_the_reader() -> None:
    """Twenty to noon and twenty past: midnight lies between them in Auckland, in Madrid nothing does."""
    around_noon = tuple(told(each, Author.CUSTOMER, f"number {each}") for each in (-80, -40))
    days = [words(history(page(told=around_noon), zone)).count("date_long_pretty") for zone in (MADRID, AUCKLAND)]
    assert days == [1, 2]


def test_everything_that_became_of_a_message_is_said() -> None:
    shown = words(history(page(), MADRID))
    for each in (
        "note, not for the customer",
        "not delivered: No route",
        "waits for a click",
        "deleted by the customer",
        "(edited)",
        "edited in the thread since",
        "takes no such files",
        "With the AI",
        "With people",
    ):
        assert each in shown
    assert "told by the message itself" not in shown
