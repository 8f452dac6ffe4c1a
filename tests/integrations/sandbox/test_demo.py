"""The page's controls do what people would do, and the state they see is what the services hold."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest
from aiohttp import web

from integrations.sandbox.mischief import Mischief
from integrations.sandbox.server import Sandbox
from integrations.sandbox.whatsapp_state import WrittenMessage
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]
TAKE: Json = {"type": "button", "text": {"type": "plain_text", "text": "Take"}, "action_id": "take", "value": "7"}
CARD: list[Json] = [{"type": "actions", "block_id": "buttons", "elements": [TAKE]}]


async def state(caller: Caller) -> Json:
    async with caller.session.get(f"{caller.sandbox.base_url}/demo/state") as answer:
        return cast("Json", await answer.json())


def chat(whole: Json, customer: str) -> list[tuple[str, str, str]]:
    (found,) = [each for each in whole["customers"] if each["id"] == customer]
    return [(each["from"], each["text"], each["status"]) for each in found["messages"]]


def is_taken(sandbox: Sandbox, customer: str) -> bool:
    (written,) = sandbox.whatsapp.phones.of(customer).chat
    return isinstance(written, WrittenMessage) and written.taken


async def test_a_conversation_is_seen_on_the_phone_with_its_ticks(sandbox: Sandbox, caller: Caller) -> None:
    assert (await caller.demo("customer/say", customer="carla", text="Hi"))[1]["ok"]
    await sandbox.until(lambda: is_taken(sandbox, "carla"))
    await caller.text(text="Hello Carla")
    await sandbox.until(lambda: sandbox.whatsapp.sent[0].status == "delivered")
    whole = await state(caller)
    assert chat(whole, "carla") == [("customer", "Hi", "delivered"), ("business", "Hello Carla", "delivered")]
    assert next(each["unread"] for each in whole["customers"] if each["id"] == "carla") == 1
    await caller.demo("customer/read", customer="carla")
    assert chat(await state(caller), "carla")[1][2] == "read"


async def test_a_customer_reacts_edits_and_deletes_on_the_phone(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    _, said = await caller.demo("customer/say", customer="carla", text="Hi")
    await sandbox.until(lambda: is_taken(sandbox, "carla"))
    about = {"customer": "carla", "id": said["id"]}
    assert (await caller.demo("customer/react", **about, emoji="👍"))[0] == 200
    assert (await caller.demo("customer/edit", **about, text="Hello"))[0] == 200
    assert (await caller.demo("customer/delete", **about))[0] == 200
    assert (await caller.demo("customer/edit", **about, text=" "))[0] == 400
    assert (await caller.demo("customer/delete", customer="mina", id=said["id"]))[0] == 400  # not in her chat
    await sandbox.until(lambda: len(bot.heard) == 4)
    (shown,) = next(each["messages"] for each in (await state(caller))["customers"] if each["id"] == "carla")
    assert (shown["reaction"], shown["edited"], shown["deleted"], shown["text"]) == ("👍", True, True, "")


async def test_what_a_customer_writes_waits_for_a_bot_that_is_away(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    bot.answers.append(web.Response(status=503))
    assert (await caller.demo("customer/say", customer="mina", text="Hi"))[0] == 200
    await sandbox.until(lambda: is_taken(sandbox, "mina"))
    assert len(bot.heard) == 2


async def test_what_the_bot_never_takes_keeps_one_tick(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    bot.answers.extend(web.Response(status=503) for _ in range(3))
    await caller.demo("customer/say", customer="mina", text="Hi")
    await sandbox.until(lambda: len(bot.heard) == 3)
    assert chat(await state(caller), "mina") == [("customer", "Hi", "sent")]


async def test_threads_ephemerals_and_homes_are_seen_in_slack(caller: Caller) -> None:
    root = await caller.post(blocks=CARD)
    await caller.post(thread_ts=root, text="Where is it?", username="Carla Mendes")
    await caller.slack("reactions.add", channel="C0SUPPORT", timestamp=root, name="eyes")
    await caller.slack("chat.postEphemeral", channel="C0SUPPORT", user="U0BEN", text="Ana has it", thread_ts=root)
    await caller.slack("views.publish", user_id="U0ANA", view={"type": "home", "blocks": CARD})
    await caller.slack("chat.postMessage", channel="U0ANA", text="A direct word")
    slack = (await state(caller))["slack"]
    (message,) = next(each for each in slack["channels"] if each["id"] == "C0SUPPORT")["messages"]
    assert (message["user"], message["reactions"]) == ("U0BOT", [{"name": "eyes", "users": ["U0BOT"]}])
    assert [(reply["username"], reply["text"]) for reply in message["replies"]] == [("Carla Mendes", "Where is it?")]
    assert [(each["user"], each["thread_ts"]) for each in slack["ephemerals"]] == [("U0BEN", root)]
    assert slack["homes"]["U0ANA"]["blocks"] == CARD
    assert slack["homes"]["U0BEN"] is None
    assert [each["text"] for each in slack["dms"]["U0ANA"]["messages"]] == ["A direct word"]


async def test_staff_write_click_and_command_as_on_slack(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    root = await caller.post(blocks=CARD)
    where = {"user": "U0ANA", "channel": "C0SUPPORT"}
    assert (await caller.demo("staff/say", **where, thread_ts=root, text="On it"))[1]["ok"]
    pressed = {"surface": "message", "ts": root, "block_id": "buttons", "action_id": "take", "value": "7"}
    assert (await caller.demo("staff/click", **where, **pressed))[1] == {"ok": True}
    assert (await caller.demo("staff/command", **where, command="/queue", text=""))[1]["ok"]
    assert (await caller.demo("staff/home", user="U0ANA"))[1]["ok"]
    kinds = [each.kind for each in sandbox.slack.events.deliveries]
    assert [kind for kind in kinds if kind != "event"] == ["interaction", "command"]
    assert bot.events()[-1]["type"] == "app_home_opened"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("staff/fly", {}),
        ("customer/say", {"customer": "nobody", "text": "Hi"}),
        ("customer/say", {"customer": "carla", "text": " "}),
        ("staff/say", {"user": "U0ANA", "channel": "C0NOWHERE", "text": "Hi"}),
        ("staff/click", {"user": "U0ANA", "surface": "wall", "action_id": "take"}),
        ("staff/click", {"user": "U0ANA", "surface": "home", "action_id": "take"}),
        ("staff/submit", {"user": "U0ANA", "view_id": "V0", "values": {}}),
    ],
)
async def test_what_cannot_be_done_is_said_in_words(caller: Caller, path: str, body: Json) -> None:
    status, answer = await caller.demo(path, **body)
    assert 400 <= status < 500
    assert answer["ok"] is False
    assert answer["error"]


async def test_a_bot_that_fails_a_click_is_told_to_the_visitor(bot: ListeningBot, caller: Caller) -> None:
    root = await caller.post(blocks=CARD)
    await caller.sandbox.until(bot.events)
    bot.answers.append(web.Response(status=500))
    pressed = {"surface": "message", "channel": "C0SUPPORT", "ts": root, "action_id": "take", "value": "7"}
    status, answer = await caller.demo("staff/click", user="U0ANA", **pressed)
    assert (status, answer["ok"]) == (502, False)


async def test_the_model_can_be_broken_from_the_page(sandbox: Sandbox, caller: Caller) -> None:
    await caller.demo("ai", slow=False, broken=True, mischief="repeats itself")
    assert (await state(caller))["ai"] == {
        "stand_in": True,
        "model": "sandbox-support-agent",
        "slow": False,
        "broken": True,
        "mischief": "repeats itself",
        "mischiefs": [each.value for each in Mischief],
    }
    assert sandbox.openai.broken


async def test_the_stream_announces_each_change(sandbox: Sandbox, caller: Caller) -> None:
    async with asyncio.timeout(5), caller.session.get(f"{sandbox.base_url}/demo/stream") as stream:
        assert stream.content_type == "text/event-stream"
        first = await stream.content.readline()
        await stream.content.readline()
        await caller.post()
        later = await stream.content.readline()
    versions = [json.loads(line.removeprefix(b"data: "))["version"] for line in (first, later)]
    assert versions[1] > versions[0]


async def test_the_page_learns_whether_the_bot_is_there(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    assert (await state(caller))["bot"] == {"url": bot.url, "ready": False}
    async with caller.session.get(f"{sandbox.base_url}/demo/stream"):
        await sandbox.until(lambda: sandbox.bot_is_ready)
    assert (await state(caller))["bot"]["ready"]


async def test_permalinks_lead_to_the_page(caller: Caller) -> None:
    ts = await caller.post()
    link = (await caller.slack("chat.getPermalink", channel="C0SUPPORT", message_ts=ts))["permalink"]
    async with caller.session.get(link, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/")


async def test_a_visitor_sends_a_file_as_a_customer_and_sees_it_without_a_token(
    sandbox: Sandbox, caller: Caller
) -> None:
    status, _ = await caller.demo("customer/file", customer="carla", sample="photo", text="Torn")
    assert status == 200
    async with caller.session.get(f"{sandbox.base_url}/demo/state") as answer:
        state = await answer.json()
    [told] = state["customers"][0]["messages"]
    assert (told["text"], told["file"]["type"]) == ("Torn", "image/jpeg")
    async with caller.session.get(sandbox.base_url + told["file"]["src"]) as answer:
        assert (await answer.read())[:3] == b"\xff\xd8\xff"


async def test_a_page_among_the_files_is_not_run_in_the_demo(sandbox: Sandbox, caller: Caller) -> None:
    page = sandbox.slack.attach("U0ANA", "a.html", b"<script>alert(1)</script>", "text/html")
    async with caller.session.get(f"{sandbox.base_url}/demo/slack-file/{page['id']}") as answer:
        assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == (
            "application/octet-stream",
            "nosniff",
        )


async def test_half_a_file_is_refused_in_words(caller: Caller) -> None:
    status, answer = await caller.demo("customer/file", customer="carla", name="a.pdf", data="not base64!")
    assert (status, answer["error"]) == (400, "The file did not come whole.")


async def test_staff_use_the_menu_of_a_message(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    ts = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Mine")
    where = {"user": "U0ANA", "channel": "C0SUPPORT", "ts": ts}
    assert (await caller.demo("staff/react", **where, name="heart", on=True))[1]["ok"]
    assert sandbox.slack.reactions("C0SUPPORT", ts) == {"heart"}
    assert (await caller.demo("staff/react", **where, name="heart", on=False))[1]["ok"]
    assert sandbox.slack.reactions("C0SUPPORT", ts) == set()
    assert (await caller.demo("staff/edit", **where, text="Still mine"))[1]["ok"]
    assert [each.text for each in sandbox.slack.root_messages("C0SUPPORT")] == ["Still mine"]
    assert (await caller.demo("staff/shortcut", **where, callback_id="keep_as_note"))[1]["ok"]
    assert bot.heard[-1].json["callback_id"] == "keep_as_note"
    status, told = await caller.demo("staff/delete", **where | {"user": "U0BEN"})
    assert (status, told["ok"]) == (400, False)
    assert (await caller.demo("staff/delete", **where))[1]["ok"]
    assert sandbox.slack.root_messages("C0SUPPORT") == []


async def test_several_boxes_are_ticked_at_once(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    options = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in ("mon", "tue")]
    boxes = {"type": "checkboxes", "action_id": "days", "options": options}
    ts = await caller.post(blocks=[{"type": "actions", "elements": [boxes]}])
    press = {"user": "U0ANA", "surface": "message", "channel": "C0SUPPORT", "ts": ts, "action_id": "days"}
    for chosen in (["mon", "tue"], []):
        assert (await caller.demo("staff/click", **press, value=chosen))[1]["ok"]
        told = bot.heard[-1].json["actions"][0]["selected_options"]
        assert [each["value"] for each in told] == chosen
