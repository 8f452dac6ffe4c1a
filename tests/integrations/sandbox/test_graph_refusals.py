"""Each rule of the Cloud API that a bot can break: the stand-in refuses with Meta's code, status and shape.

What it refuses about files is in `test_files`, about Slack in `test_slack_refusals`.
"""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.people import CARLA, DIEGO, MINA
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]
TEXT: Json = {"type": "text", "text": {"body": "Hello"}}
TO_CARLA: Json = {"to": CARLA.wa_id}
SHAPE = {"message", "type", "code", "error_data", "fbtrace_id"}


def refused(answer: tuple[int, Json], code: int, status: int = 400) -> str:
    """The details of a refusal of this code, in Meta's shape."""
    error = answer[1]["error"]
    assert answer[0] == status
    assert set(error) == SHAPE
    assert error["error_data"].keys() == {"messaging_product", "details"}
    assert (error["code"], error["type"], error["error_data"]["messaging_product"]) == (
        code,
        "OAuthException",
        "whatsapp",
    )
    assert error["message"].startswith(f"(#{code}) ")
    return error["error_data"]["details"]


def reaction(about: object, emoji: object = "👍", **more: object) -> Json:
    return {**TO_CARLA, "type": "reaction", "reaction": {"message_id": about, "emoji": emoji}, **more}


# --- The window and the pace ---


async def test_outside_the_window_words_and_reactions_are_refused(sandbox: Sandbox, caller: Caller) -> None:
    wamid = await sandbox.whatsapp.say("carla", "Hi", at=sandbox.world.now() - 24 * 3600 - 1)
    for body in (TO_CARLA | TEXT, reaction(wamid)):
        assert "More than 24 hours" in refused(await caller.whatsapp(**body), 131047)
    assert sandbox.whatsapp.sent == []


async def test_one_customer_too_often_is_refused_and_another_is_not(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.whatsapp.auto_status = False
    sandbox.whatsapp.api.enforce_pair_rate = True
    for customer in ("carla", "diego"):
        await sandbox.whatsapp.say(customer, "Hi")
    for _ in range(45):
        assert (await caller.text())[0] == 200
    assert refused(await caller.text(), 131056)
    assert (await caller.whatsapp(to=DIEGO.wa_id, **TEXT))[0] == 200


# --- Limits ---


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"text": {"body": "x" * 4097}}, "at most 4096"),
        ({"text": {"body": ""}}, "required"),
        ({"text": {"body": None}}, "required"),
        ({"text": ["Hello"]}, "required"),
        ({"text": {"body": "x", "format": "markdown"}}, 'Unexpected key "format" on param "text"'),
        ({"text": {"body": "x"}, "image": {"id": "1"}}, 'Unexpected key "image"'),
        ({"text": {"body": "x"}, "footer": "x"}, 'Unexpected key "footer"'),
        ({"text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, "at most 512"),
        ({"text": {"body": "x"}, "biz_opaque_callback_data": 7}, "at most 512"),
    ],
)
async def test_words_beyond_the_limits_are_refused(sandbox: Sandbox, caller: Caller, body: Json, told: str) -> None:
    await sandbox.whatsapp.say("carla", "Hi")
    assert told in refused(await caller.whatsapp(**TO_CARLA, type="text", **body), 100)
    assert sandbox.whatsapp.sent == []


# --- Whom it is to ---


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ({}, 100),
        ({"to": CARLA.wa_id, "recipient": CARLA.bsuid}, 100),
        ({"to": CARLA.bsuid}, 100),
        ({"to": ""}, 100),
        ({"to": 34600111222}, 100),
        ({"recipient": ""}, 131026),
        ({"recipient": CARLA.wa_id}, 131026),
        ({"to": "34999999999"}, 131026),
    ],
)
async def test_a_message_to_nobody_or_to_two_names_is_refused(
    sandbox: Sandbox, caller: Caller, address: Json, code: int
) -> None:
    for customer in ("carla", "mina"):
        await sandbox.whatsapp.say(customer, "Hi")
    assert refused(await caller.whatsapp(**TEXT, **address), code)
    assert (await caller.whatsapp(**TEXT, recipient=MINA.bsuid))[0] == 200


# --- What it is about ---


async def test_only_a_message_of_the_same_chat_can_be_quoted(sandbox: Sandbox, caller: Caller) -> None:
    wamid, other = await sandbox.whatsapp.say("carla", "Hi"), await sandbox.whatsapp.say("diego", "Hi")
    for quoted in ("wamid.unknown", other):
        assert "context" in refused(await caller.text(context={"message_id": quoted}), 131009)
    refused(await caller.text(context={"id": wamid}), 100)
    assert (await caller.text(context={"message_id": wamid}))[0] == 200


@pytest.mark.parametrize(
    ("emoji", "told"),
    [("thumbs up", "must be an emoji"), ("👍👍", "must be an emoji"), (None, "required"), (7, "required")],
)
async def test_a_reaction_is_one_emoji_or_none(sandbox: Sandbox, caller: Caller, emoji: object, told: str) -> None:
    wamid = await sandbox.whatsapp.say("carla", "Hi")
    assert told in refused(await caller.whatsapp(**reaction(wamid, emoji)), 100)
    refused(await caller.whatsapp(**reaction(wamid, context={"message_id": wamid})), 100)
    for shown in ("👍🏽", "❤️", "👩‍🚒", ""):
        assert (await caller.whatsapp(**reaction(wamid, shown)))[0] == 200


async def test_a_reaction_to_nothing_is_accepted_and_fails_by_webhook(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    """As Meta does: what it is about is looked up later, and must be of the last 30 days and of this chat."""
    old = await sandbox.whatsapp.say("carla", "Old", at=sandbox.world.now() - 31 * 24 * 3600)
    other = await sandbox.whatsapp.say("diego", "Hi")
    await sandbox.whatsapp.say("carla", "Hi")
    for about in ("wamid.unknown", old, other):
        assert (await caller.whatsapp(**reaction(about)))[0] == 200
    await sandbox.until(lambda: len(bot.statuses()) == 3)
    told = [(each["status"], each["errors"][0]["code"]) for each in bot.statuses()]
    assert told == [("failed", 131009)] * 3
    refused(await caller.whatsapp(**reaction(None)), 100)


# --- Who asks ---


async def test_without_the_token_nothing_is_looked_at(sandbox: Sandbox, caller: Caller) -> None:
    url = f"{sandbox.whatsapp_api_url}/v25.0/{sandbox.config.phone_number_id}/messages"
    headers: dict[str, str]
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": sandbox.config.whatsapp_access_token}):
        async with caller.session.post(url, data=b"no JSON", headers=headers) as answer:
            assert refused((answer.status, await answer.json()), 190, status=401)


async def test_a_webhook_with_another_signature_is_not_from_meta(sandbox: Sandbox, bot: ListeningBot) -> None:
    body: Json = {"entry": []}
    for signature in ("", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40):
        assert await sandbox.whatsapp.deliver(body, signature=signature) == 401
    assert await sandbox.whatsapp.deliver(body) == 200
