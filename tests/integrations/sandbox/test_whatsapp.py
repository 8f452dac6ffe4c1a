"""The stand-in Graph API refuses what Meta refuses, and its webhooks look like Meta's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from integrations.sandbox.people import CARLA, MINA
from integrations.sandbox.server import Sandbox
from integrations.sandbox.whatsapp import WebhookRefused
from integrations.sandbox.whatsapp_state import WrittenMessage
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]
TEXT: Json = {"type": "text", "text": {"body": "Hello"}}
TO_CARLA: Json = {"to": CARLA.wa_id, **TEXT}


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ({**TO_CARLA, "messaging_product": "telegram"}, 100, "messaging_product is required"),
        ({**TO_CARLA, "recipient": CARLA.bsuid}, 100, "Exactly one of the parameters to and recipient"),
        (TEXT, 100, "Exactly one of the parameters to and recipient"),
        ({**TEXT, "to": "Carla"}, 100, "Param to must be a phone number"),
        ({**TO_CARLA, "subject": "Hi"}, 100, 'Unexpected key "subject".'),
        ({**TO_CARLA, "text": {"body": "x", "bold": True}}, 100, 'Unexpected key "bold" on param "text".'),
        ({**TO_CARLA, "text": {"body": " "}}, 100, "text['body'] is required"),
        ({**TO_CARLA, "text": {}}, 100, "text['body'] is required"),
        ({**TO_CARLA, "text": "Hello"}, 100, "The parameter text is required"),
        ({**TO_CARLA, "text": {"body": "x" * 4097}}, 100, "at most 4096 characters"),
        ({**TO_CARLA, "text": {"body": "x", "preview_url": "no"}}, 100, "must be a boolean"),
        ({**TO_CARLA, "biz_opaque_callback_data": "x" * 513}, 100, "at most 512 characters"),
        ({**TO_CARLA, "recipient_type": "group"}, 100, "recipient_type must be one of"),
        ({**TO_CARLA, "context": {}}, 100, "context['message_id'] is required"),
        ({"to": CARLA.wa_id, "type": "hologram", "hologram": {}}, 131051, "Unsupported message type"),
        ({**TEXT, "to": "34999999999"}, 131026, "Undeliverable"),
        ({**TEXT, "recipient": "ES.1"}, 131026, "Undeliverable"),
        ({"status": "read", "message_id": "wamid.none"}, 131009, "message_id"),
        ({"status": "seen", "message_id": "wamid.none"}, 100, "status must be one of"),
    ],
)
async def test_a_wrong_send_is_refused_with_metas_code(
    sandbox: Sandbox, caller: Caller, body: Json, code: int, told: str
) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    status, answer = await caller.whatsapp(**body)
    error = answer["error"]
    assert (status, error["code"], error["type"]) == (400, code, "OAuthException")
    assert told in error["error_data"]["details"]
    assert error["message"].startswith(f"(#{code}) ")
    assert error["fbtrace_id"]
    assert sandbox.whatsapp.sent == []


async def test_a_wrong_token_is_a_190(sandbox: Sandbox, caller: Caller) -> None:
    url = f"{sandbox.whatsapp_api_url}/v25.0/{sandbox.config.phone_number_id}/messages"
    async with caller.session.post(url, json=TO_CARLA, headers={"Authorization": "Bearer other"}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (401, 190)


async def test_an_unknown_number_id_is_no_object(sandbox: Sandbox, caller: Caller) -> None:
    token = {"Authorization": f"Bearer {sandbox.config.whatsapp_access_token}"}
    async with caller.session.post(f"{sandbox.whatsapp_api_url}/v25.0/1/messages", headers=token) as answer:
        error = (await answer.json())["error"]
    assert (error["code"], error["type"]) == (100, "GraphMethodException")


async def test_a_number_tells_the_fields_it_is_asked_for_and_refuses_others(sandbox: Sandbox, caller: Caller) -> None:
    url = f"{sandbox.whatsapp_api_url}/v25.0/{sandbox.config.phone_number_id}"
    token = {"Authorization": f"Bearer {sandbox.config.whatsapp_access_token}"}
    async with caller.session.get(url, params={"fields": "verified_name"}, headers=token) as answer:
        assert await answer.json() == {"verified_name": "Aurora Outdoor", "id": sandbox.config.phone_number_id}
    async with caller.session.get(url, params={"fields": "mood"}, headers=token) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, 100)


async def test_an_accepted_message_is_answered_with_its_wamid(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    status, answer = await caller.text(to="+34600111222", biz_opaque_callback_data="7:1")
    assert (status, answer["contacts"]) == (200, [{"input": "+34600111222", "wa_id": "34600111222"}])
    (sent,) = sandbox.whatsapp.sent
    assert answer["messages"] == [{"id": sent.wamid}]
    assert (sent.text, sent.to, sent.biz_opaque_callback_data) == ("Hello", "+34600111222", "7:1")


async def test_free_text_is_refused_until_the_customer_wrote_within_a_day(sandbox: Sandbox, caller: Caller) -> None:
    assert (await caller.text())[1]["error"]["code"] == 131047
    await sandbox.whatsapp.say("carla", "Hi", at=sandbox.world.now() - 24 * 3600 - 1)
    assert (await caller.text())[1]["error"]["code"] == 131047
    await sandbox.whatsapp.say("carla", "Hello?", at=sandbox.world.now() - 24 * 3600 + 60)
    assert (await caller.text())[0] == 200


async def test_the_refusal_may_also_come_late(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    sandbox.whatsapp.api.refuses_late = True
    status, answer = await caller.text()
    assert status == 200
    (told,) = await sandbox.until(bot.statuses)
    assert (told["id"], told["status"], told["errors"][0]["code"]) == (answer["messages"][0]["id"], "failed", 131047)


async def test_a_pair_that_talks_too_fast_is_slowed(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    sandbox.whatsapp.auto_status = False
    sandbox.whatsapp.api.enforce_pair_rate = True
    answers = [await caller.text() for _ in range(46)]
    assert [status for status, _ in answers] == [200] * 45 + [400]
    assert answers[-1][1]["error"]["code"] == 131056


async def test_a_customers_message_is_signed_over_escaped_bytes(sandbox: Sandbox, bot: ListeningBot) -> None:
    wamid = await sandbox.whatsapp.say("carla", "¿Dónde? 1/2 😀")
    (heard,) = bot.heard
    assert rb"\u00bfD\u00f3nde? 1\/2 \ud83d\ude00" in heard.raw
    assert heard.value["contacts"] == [
        {"profile": {"name": "Carla Mendes"}, "wa_id": "34600111222", "user_id": CARLA.bsuid}
    ]
    (message,) = heard.value["messages"]
    assert (message["from"], message["from_user_id"], message["id"]) == ("34600111222", CARLA.bsuid, wamid)
    assert message["timestamp"].isdigit()


async def test_a_customer_who_hides_their_number_is_reached_by_bsuid(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.whatsapp.say(MINA, "Hi")
    (message,), (contact,) = bot.heard[0].value["messages"], bot.heard[0].value["contacts"]
    assert "from" not in message
    assert "wa_id" not in contact
    assert contact["profile"]["username"] == "mina.outdoors"
    status, answer = await caller.whatsapp(recipient=MINA.bsuid, **TEXT)
    assert (status, answer["contacts"]) == (200, [{"input": MINA.bsuid, "user_id": MINA.bsuid}])


async def test_progress_is_reported_with_what_the_sender_attached(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    await caller.text(biz_opaque_callback_data="7:1")
    await sandbox.until(lambda: len(bot.statuses()) == 2)
    sent, delivered = bot.statuses()
    assert [sent["status"], delivered["status"]] == ["sent", "delivered"]
    assert (sent["biz_opaque_callback_data"], sent["recipient_id"]) == ("7:1", "34600111222")
    assert sent["recipient_user_id"] == CARLA.bsuid
    await sandbox.whatsapp.reads("carla")
    assert bot.statuses()[-1]["status"] == "read"
    assert sandbox.whatsapp.sent[0].status == "read"


async def test_a_failure_is_reported_bare(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    sandbox.whatsapp.auto_status = False
    await caller.text()
    await sandbox.whatsapp.report(sandbox.whatsapp.sent[0].wamid, "failed", 131026)
    (told,) = bot.statuses()
    assert (told["status"], told["errors"][0]["code"]) == ("failed", 131026)
    assert "recipient_user_id" not in told
    assert "contacts" not in bot.heard[-1].value


async def test_statuses_come_again_until_the_bot_takes_them(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    bot.answers.extend([web.Response(status=500), web.Response(status=500)])
    await caller.text()
    await sandbox.until(lambda: len(bot.statuses()) == 4)
    assert [told["status"] for told in bot.statuses()] == ["sent", "sent", "sent", "delivered"]


async def test_a_bot_that_does_not_say_200_has_not_taken_the_message(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.append(web.Response(status=204))
    with pytest.raises(WebhookRefused, match="204"):
        await sandbox.whatsapp.say("carla", "Hi")


async def test_a_bot_that_is_away_is_no_answer(sandbox: Sandbox, bot: ListeningBot) -> None:
    await bot.close()
    with pytest.raises(WebhookRefused, match="nothing"):
        await sandbox.whatsapp.say("carla", "Hi")


async def test_the_same_wamid_is_the_same_message_however_often_it_comes(sandbox: Sandbox, bot: ListeningBot) -> None:
    wamid = await sandbox.whatsapp.say("carla", "Once")
    await sandbox.whatsapp.say("carla", "Once", wamid=wamid)
    assert len(bot.heard) == 2
    assert len(sandbox.whatsapp.phones.of("carla").chat) == 1


async def test_a_patient_delivery_outlasts_a_bot_that_fails(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.extend([web.Response(status=503), web.Response(status=503)])
    sandbox.whatsapp.say_patiently("carla", "Still there?")
    async with asyncio.timeout(5):
        await sandbox.until(lambda: len(bot.heard) == 3)


async def test_anything_can_be_delivered_signed_or_wrongly_signed(sandbox: Sandbox, bot: ListeningBot) -> None:
    assert await sandbox.whatsapp.deliver({"messages": []}) == 200
    assert bot.heard[-1].json["object"] == "whatsapp_business_account"
    assert await sandbox.whatsapp.deliver(b'{"entry": []}') == 200
    assert await sandbox.whatsapp.deliver({"entry": []}, signature="sha256=" + "0" * 64) == 401


async def test_the_handshake_gives_back_the_challenge(sandbox: Sandbox) -> None:
    assert await sandbox.whatsapp.verify(challenge="42") == (200, "42")
    assert (await sandbox.whatsapp.verify(token="wrong"))[0] == 403


async def test_marking_read_colours_the_ticks_of_all_before(sandbox: Sandbox, caller: Caller) -> None:
    await sandbox.whatsapp.say("carla", "One")
    two = await sandbox.whatsapp.say("carla", "Two")
    await sandbox.whatsapp.say("carla", "Three")
    body = {"status": "read", "message_id": two, "typing_indicator": {"type": "text"}}
    assert await caller.whatsapp(**body) == (200, {"success": True})
    phone = sandbox.whatsapp.phones.of("carla")
    assert [message.read for message in phone.chat if isinstance(message, WrittenMessage)] == [True, True, False]
    assert phone.typing_since is not None
    await caller.text()
    assert phone.typing_since is None
