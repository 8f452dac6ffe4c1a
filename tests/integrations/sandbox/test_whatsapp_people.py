"""Customers who change, colleagues who answer from the phone, and receipts, as Meta tells of them and refuses them."""

from __future__ import annotations

import pytest

from integrations.sandbox.people import CARLA, MINA
from integrations.sandbox.server import Sandbox
from integrations.sandbox.whatsapp_state import RECEIPT_SECONDS, TYPING_SECONDS
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

NEW_NUMBER, NEW_BSUID = "34699888777", "ES.70000000000000000099"


async def test_a_change_of_number_is_told_without_contacts_and_the_old_number_is_dead(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    await sandbox.whatsapp.changes.number("carla", NEW_NUMBER, NEW_BSUID)
    value = bot.heard[-1].value
    assert "contacts" not in value
    [told] = value["messages"]
    assert (told["from"], "from_user_id" in told, told["type"]) == (CARLA.wa_id, False, "system")
    system = told["system"]
    assert (system["wa_id"], system["user_id"], system["previous_user_id"]) == (NEW_NUMBER, NEW_BSUID, CARLA.bsuid)
    assert (await caller.text())[1]["error"]["code"] == 131026
    assert (await caller.text(to=NEW_NUMBER))[0] == 200


async def test_a_change_of_id_alone_names_nobody_but_the_ids(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.whatsapp.say(MINA, "Hi")
    await sandbox.whatsapp.changes.user_id(MINA, NEW_BSUID)
    [told] = bot.heard[-1].value["messages"]
    assert not {"from", "from_user_id", "contacts"} & told.keys()
    status, answer = await caller.whatsapp(recipient=MINA.bsuid, type="text", text={"body": "Hello"})
    assert (status, answer["error"]["code"]) == (400, 131026)


async def test_a_new_security_code_comes_with_the_contact_and_what_it_is(sandbox: Sandbox, bot: ListeningBot) -> None:
    await sandbox.whatsapp.changes.security_code("carla")
    value = bot.heard[-1].value
    assert value["contacts"][0]["user_id"] == CARLA.bsuid
    assert value["messages"][0]["identity"]["hash"]


async def test_whoever_hides_their_number_is_known_by_id_alone(sandbox: Sandbox, bot: ListeningBot) -> None:
    sandbox.whatsapp.changes.hides_number("carla", "carla.m")
    await sandbox.whatsapp.say("carla", "Hi")
    [told] = bot.heard[-1].value["messages"]
    assert "from" not in told
    assert told["from_user_id"] == CARLA.bsuid


async def test_what_a_colleague_writes_in_the_app_is_echoed_and_is_not_the_bots(
    sandbox: Sandbox, bot: ListeningBot
) -> None:
    said = await sandbox.whatsapp.echoes.colleague_says("carla", "Hello from the shop")
    change = bot.heard[-1].json["entry"][0]["changes"][0]
    assert change["field"] == "smb_message_echoes"
    [echo] = change["value"]["message_echoes"]
    assert (echo["to"], echo["to_user_id"], echo["id"]) == (CARLA.wa_id, CARLA.bsuid, said.wamid)
    assert sandbox.whatsapp.sent == []
    assert sandbox.whatsapp.phones.of("carla").chat == [said]


async def test_typing_fades_after_25_seconds(sandbox: Sandbox, caller: Caller) -> None:
    wamid = await sandbox.whatsapp.say("carla", "Hi")
    await caller.whatsapp(status="read", message_id=wamid, typing_indicator={"type": "text"})
    phone, now = sandbox.whatsapp.phones.of("carla"), sandbox.world.now()
    assert phone.sees_typing(now + TYPING_SECONDS - 1)
    assert not phone.sees_typing(now + TYPING_SECONDS + 1)


@pytest.mark.parametrize("wrong", ["unknown", "ours", "too old"])
async def test_only_a_customers_message_of_the_last_30_days_can_be_marked_read(
    sandbox: Sandbox, caller: Caller, wrong: str
) -> None:
    wamid = await sandbox.whatsapp.say("carla", "Hi")
    await caller.text()
    if wrong == "too old":
        later = sandbox.world.now() + RECEIPT_SECONDS + 1
        sandbox.world.clock = lambda: later
    named = {"unknown": "wamid.NONE", "ours": sandbox.whatsapp.sent[-1].wamid, "too old": wamid}[wrong]
    status, answer = await caller.whatsapp(status="read", message_id=named)
    assert (status, answer["error"]["code"]) == (400, 131009)
    assert answer["error"]["error_data"]["details"]
