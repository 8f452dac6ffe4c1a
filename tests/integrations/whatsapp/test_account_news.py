"""What WhatsApp tells beside messages: who wants no advertising, and what became of a template."""

from __future__ import annotations

import pytest

from bot.domain.people import AddressKind
from integrations.whatsapp.preferences import Preference, read_preference
from integrations.whatsapp.templates import read_status_change
from integrations.whatsapp.webhooks import PreferenceItem, TemplateItem, items
from tests.webhooks import payload

NOW = 1_790_417_100.0


def _preference(name: str) -> Preference:
    (item,) = items(payload(name, NOW))
    assert isinstance(item, PreferenceItem)
    return read_preference(item.preference)


@pytest.mark.parametrize(("name", "wish"), [("preference_stop", "stop"), ("preference_resume", "start")])
def test_a_wish_about_advertising_says_whose_it_is(name: str, wish: str) -> None:
    told = _preference(name)
    assert told.wish == wish
    assert {each.kind: each.value for each in told.addresses} == {
        AddressKind.BSUID: "ES.70000000000000000001",
        AddressKind.WA_ID: "34600111222",
    }


def test_who_hides_their_number_may_want_no_advertising_either() -> None:
    told = _preference("preference_bsuid_only")
    assert (told.wish, [each.kind for each in told.addresses]) == ("stop", [AddressKind.BSUID])


@pytest.mark.parametrize("status", ["APPROVED", "REJECTED", "DISABLED", "PAUSED"])
def test_what_became_of_a_template_is_read_in_the_words_of_the_listing(status: str) -> None:
    (item,) = items(payload(f"template_{status.lower()}", NOW))
    assert isinstance(item, TemplateItem)
    change = read_status_change(item.change)
    assert (item.account, change.name, change.language, change.status) == (
        "100000000000001",
        "follow_up",
        "en_US",
        status,
    )


def test_a_language_that_none_can_have_is_none():
    change = read_status_change(
        {"message_template_name": "a", "message_template_language": "x" * 40, "event": "PAUSED"}
    )
    assert (change.name, change.language, change.status) == ("a", "", "PAUSED")
