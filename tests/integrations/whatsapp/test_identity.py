"""What WhatsApp says has changed about a customer, in every shape it says it in."""

from __future__ import annotations

import pytest

from bot.domain.people import Address, AddressKind, Changed, best
from integrations.whatsapp import webhooks
from integrations.whatsapp.identity import addresses_of, former_name, read_change
from integrations.whatsapp.wire import Json

OLD, NEW = Address(AddressKind.WA_ID, "972987654321"), Address(AddressKind.WA_ID, "972912345678")
OLD_ID, NEW_ID = Address(AddressKind.BSUID, "IL.1"), Address(AddressKind.BSUID, "IL.2")


def system(**content: str) -> Json:
    return {"id": "wamid.B", "timestamp": "1753851315", "type": "system", "system": {"body": "…", **content}}


def test_a_change_of_number_names_both_numbers_and_both_ids() -> None:
    ids = {"user_id": "IL.2", "previous_user_id": "IL.1"}
    told = system(wa_id=NEW.value, **ids, type="user_changed_number") | {"from": OLD.value}
    change = read_change(told, None)
    assert change is not None
    assert (change.what, change.before, change.after) == (Changed.NUMBER, (OLD_ID, OLD), (NEW_ID, NEW))
    assert best(change.after) == NEW


def test_a_change_of_number_of_before_there_were_ids_is_understood_too() -> None:
    change = read_change(system(new_wa_id=NEW.value, type="user_changed_number") | {"from": OLD.value}, None)
    assert change is not None
    assert (change.before, change.after) == ((OLD,), (NEW,))


def test_a_change_of_id_has_no_sender_and_comes_in_the_lane_of_the_former_one() -> None:
    told = system(user_id="IL.2", previous_user_id="IL.1", type="user_changed_user_id")
    change = read_change(told, None)
    assert change is not None
    assert (change.before, change.after) == ((OLD_ID,), (NEW_ID,))
    assert former_name(told) == "IL.1"
    [item] = webhooks.items({"entry": [{"changes": [{"field": "messages", "value": {"messages": [told]}}]}]})
    assert isinstance(item, webhooks.MessageItem)
    assert item.sender == "IL.1"


def test_a_new_security_code_changes_no_address() -> None:
    told = system(type="customer_identity_changed") | {"from": OLD.value, "from_user_id": "IL.1"}
    change = read_change(told, {"wa_id": OLD.value, "user_id": "IL.1"})
    assert change is not None
    assert (change.what, change.before, change.after) == (Changed.SECURITY_CODE, (), (OLD_ID, OLD))


@pytest.mark.parametrize(
    "message",
    [
        {"id": "wamid.A", "type": "text", "text": {"body": "Hi"}},
        system(type="something_new", previous_user_id="IL.1"),
        {"id": "wamid.A", "type": "system", "system": "odd"},
        {"id": "wamid.A", "type": "system"},
    ],
)
def test_what_tells_of_no_change_is_none(message: Json) -> None:
    assert read_change(message, None) is None
    assert former_name(message) == ""


def test_a_parents_id_is_a_name_but_never_an_address_to_write_to() -> None:
    message = {"from_user_id": "IL.1", "from_parent_user_id": "IL.ENT.9"}
    named = addresses_of(message, {})
    assert Address(AddressKind.PARENT_BSUID, "IL.ENT.9") in named
    assert best(named) == OLD_ID


@pytest.mark.parametrize("echoes", [[], [{"id": "wamid.H"}], [{"id": "wamid.H", "to": "1", "group_id": "g"}], "odd"])
def test_an_echo_to_nobody_is_kept_as_it_came(echoes: object) -> None:
    change = {"field": "smb_message_echoes", "value": {"message_echoes": echoes}}
    [item] = webhooks.items({"entry": [{"changes": [change]}]})
    assert isinstance(item, webhooks.OtherItem)
