"""Which inbox something belongs to: by its id, its channel, its number or its account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.inboxes import Inbox, Inboxes, UnknownInboxError
from bot.domain.rules import InboxRules

RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))
SALES = Inbox(1, "Sales", "100", ("C1", "C2"), RULES, account="A")
SHOP = Inbox(2, "Shop", "200", ("C3",), RULES, account="A")
FORMER = Inbox(3, "Former", "300", ("C3", "C4"), RULES, is_former=True)
OVER = Inbox(4, "Over", "400", ("C5",), RULES, is_former=True)
ALL = Inboxes([SALES, SHOP, FORMER], [FORMER, OVER])


def test_each_is_found_by_whatever_is_its_own() -> None:
    assert (ALL[2], ALL.of_channel("C2"), ALL.of_number("200")) == (SHOP, SALES, SHOP)
    assert ALL.of_account("A") == [SALES, SHOP]
    assert (ALL.first, ALL.ids) == (SALES, [1, 2, 3])


def test_a_channel_that_has_a_new_owner_is_the_new_owner_s() -> None:
    assert (ALL.of_channel("C3"), ALL.of_channel("C4")) == (SHOP, FORMER)


def test_of_what_is_over_only_the_id_is_known() -> None:
    assert ALL[4] is OVER
    assert (ALL.of_channel("C5"), ALL.of_number("400")) == (None, None)


def test_what_nobody_has_heard_of_is_no_inbox() -> None:
    with pytest.raises(UnknownInboxError):
        ALL[5]
    assert (ALL.known(5), ALL.known(None), ALL.known(2)) == (SALES, SALES, SHOP)
    assert (ALL.of_channel(None), ALL.of_number(""), ALL.of_account(None)) == (None, None, [])
