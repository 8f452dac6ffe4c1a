"""What Slack does with its screens: shortcuts, fields, stacks of modals, broadcast replies, deleted files."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack import BotRefused
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.capitalize()), "value": value}


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


CHOICES: list[Json] = [
    {"type": "static_select", "action_id": "priority", "options": [option("high"), option("low")]},
    {"type": "users_select", "action_id": "whom", "initial_user": "U0BEN"},
    {"type": "radio_buttons", "action_id": "kind", "options": [option("all"), option("mine")]},
    {"type": "checkboxes", "action_id": "days", "options": [option("mon"), option("tue")]},
    {"type": "timepicker", "action_id": "at", "initial_time": "08:30"},
    {"type": "datepicker", "action_id": "on"},
    {"type": "conversations_select", "action_id": "where"},
    {"type": "overflow", "action_id": "else", "options": [option("snooze")]},
]
CARD: list[Json] = [{"type": "actions", "block_id": "row", "elements": CHOICES}]
MODAL: Json = {
    "type": "modal",
    "title": plain("Preferences"),
    "submit": plain("Save"),
    "blocks": [
        field("note", {"type": "plain_text_input", "action_id": "text", "max_length": 5}),
        field(
            "days",
            {"type": "multi_static_select", "action_id": "pick", "options": CHOICES[0]["options"]},
            optional=True,
        ),
        field("from", {"type": "timepicker", "action_id": "time", "initial_time": "09:00"}, optional=True),
    ],
}


async def opened(caller: Caller, view: Json | None = None, method: str = "views.open") -> Json:
    trigger = caller.sandbox.slack.workspace.trigger("U0ANA")
    return await caller.slack(method, trigger_id=trigger, view=MODAL | (view or {}))


async def test_a_message_shortcut_brings_the_whole_message(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    root = await caller.post()
    ts = await sandbox.slack.reply("U0BEN", "C0SUPPORT", root, "Tell her it is on the way")
    assert await sandbox.slack.shortcut("U0ANA", "C0SUPPORT", ts, "send_to_customer") == 200
    told = bot.heard[-1].json
    assert (told["type"], told["callback_id"], told["user"]["id"]) == ("message_action", "send_to_customer", "U0ANA")
    assert (told["message"]["text"], told["message"]["thread_ts"]) == ("Tell her it is on the way", root)
    assert (told["message_ts"], told["channel"]["id"]) == (ts, "C0SUPPORT")
    assert not {"actions", "container"} & set(told)
    assert (await caller.slack("views.open", trigger_id=told["trigger_id"], view=MODAL))["ok"]
    async with caller.session.post(told["response_url"], json={"text": "Sent."}):
        assert [each.text for each in sandbox.slack.ephemerals("U0ANA")] == ["Sent."]


@pytest.mark.parametrize(
    ("action_id", "value", "told"),
    [
        ("priority", "high", {"selected_option": option("high")}),
        ("whom", "U0ANA", {"selected_user": "U0ANA"}),
        ("kind", "mine", {"selected_option": option("mine")}),
        ("days", ["mon", "tue"], {"selected_options": [option("mon"), option("tue")]}),
        ("at", "14:30", {"selected_time": "14:30"}),
        ("on", "2026-11-23", {"selected_date": "2026-11-23"}),
        ("where", "C0SUPPORT", {"selected_conversation": "C0SUPPORT"}),
        ("else", "snooze", {"selected_option": option("snooze")}),
    ],
)
async def test_every_kind_of_control_tells_what_was_chosen(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller, action_id: str, value: str | list[str], told: Json
) -> None:
    ts = await caller.post(blocks=CARD)
    assert await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, action_id, value) == 200
    (action,) = bot.heard[-1].json["actions"]
    assert {name: action[name] for name in told} == told


async def test_a_press_tells_what_stands_in_the_other_controls(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    ts = await caller.post(blocks=CARD)
    await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "priority", "low")
    await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "kind", "all")
    state = bot.heard[-1].json["state"]["values"]["row"]
    assert (state["priority"]["selected_option"], state["whom"]["selected_user"]) == (option("low"), "U0BEN")
    assert (state["days"]["selected_options"], state["on"]["selected_date"]) == ([], None)
    assert "else" not in state
    await sandbox.slack.click("U0BEN", "C0SUPPORT", ts, "kind", "all")
    assert bot.heard[-1].json["state"]["values"]["row"]["priority"]["selected_option"] is None


async def test_a_time_that_is_none_cannot_be_chosen(sandbox: Sandbox, caller: Caller) -> None:
    ts = await caller.post(blocks=CARD)
    with pytest.raises(ValueError, match="timepicker"):
        await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "at", "25:00")


async def test_empty_fields_are_told_as_empty(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await opened(caller)
    await sandbox.slack.submit("U0ANA", values={"note": "Hi", "from": None})
    values = bot.heard[-1].json["view"]["state"]["values"]
    assert values["note"]["text"] == {"type": "plain_text_input", "value": "Hi"}
    assert values["days"]["pick"] == {"type": "multi_static_select", "selected_options": []}
    assert values["from"]["time"] == {"type": "timepicker", "selected_time": None}


@pytest.mark.parametrize("note", [None, "", "too long"])
async def test_slacks_own_form_keeps_a_modal_that_is_not_filled_in(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller, note: str | None
) -> None:
    await opened(caller)
    with pytest.raises(ValueError, match="note"):
        await sandbox.slack.submit("U0ANA", values={"note": note})
    assert [each for each in bot.heard if b"view_submission" in each.raw] == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "No such block"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "explode"},
    ],
)
async def test_an_answer_slack_would_stumble_over_is_not_let_through(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller, answer: Json
) -> None:
    await opened(caller)
    bot.answers.append(web.json_response(answer))
    with pytest.raises(BotRefused):
        await sandbox.slack.submit("U0ANA", values={"note": "Hi"})


async def test_pushed_modals_know_where_they_stand_and_lead_back(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    assert (await opened(caller, method="views.push"))["error"] == "not_found"
    root = (await opened(caller, {"notify_on_close": True}))["view"]
    top = (await opened(caller, {"notify_on_close": True}, "views.push"))["view"]
    assert (top["root_view_id"], top["previous_view_id"]) == (root["id"], root["id"])
    await sandbox.slack.dismiss("U0ANA")
    assert [view["id"] for view in sandbox.slack.modals("U0ANA")] == [root["id"]]
    await opened(caller, {"notify_on_close": True}, "views.push")
    await sandbox.slack.dismiss("U0ANA", whole_stack=True)
    closed = [each.json for each in bot.heard if b"view_closed" in each.raw]
    assert [each["is_cleared"] for each in closed] == [False, True, True]
    assert sandbox.slack.modals("U0ANA") == []


async def test_a_submission_may_push_clear_or_update(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await opened(caller)
    bot.answers.append(web.json_response({"response_action": "push", "view": MODAL}))
    await sandbox.slack.submit("U0ANA", values={"note": "a"})
    assert len(sandbox.slack.modals("U0ANA")) == 2
    bot.answers.append(web.json_response({"response_action": "clear"}))
    await sandbox.slack.submit("U0ANA", values={"note": "b"})
    assert sandbox.slack.modals("U0ANA") == []


async def test_a_view_is_updated_by_its_external_id_and_only_from_its_newest_state(caller: Caller) -> None:
    first = (await opened(caller, {"external_id": "prefs"}))["view"]
    assert (await opened(caller, {"external_id": "prefs"}, "views.push"))["error"] == "duplicate_external_id"
    changed = MODAL | {"external_id": "prefs"}
    assert (await caller.slack("views.update", external_id="prefs", view=changed, hash=first["hash"]))["ok"]
    late = await caller.slack("views.update", view_id=first["id"], view=changed, hash=first["hash"])
    assert late["error"] == "hash_conflict"


async def test_a_home_is_not_updated_into_a_modal(caller: Caller) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    view = (await caller.slack("views.publish", user_id="U0ANA", view=home))["view"]
    assert (await caller.slack("views.update", view_id=view["id"], view=MODAL))["error"] == "invalid_arguments"
    assert (await caller.slack("views.update", view_id=view["id"], view=home))["ok"]


async def test_a_reply_also_sent_to_the_channel_stands_in_both(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    root = await caller.post()
    sent = await caller.slack(
        "chat.postMessage", channel="C0SUPPORT", text="All see", thread_ts=root, reply_broadcast=True
    )
    assert [each.text for each in sandbox.slack.root_messages("C0SUPPORT")] == ["A card", "All see"]
    assert [each.text for each in sandbox.slack.thread("C0SUPPORT", root)] == ["A card", "All see"]
    (event,) = await sandbox.until(lambda: bot.events("thread_broadcast"))
    assert (event["root"]["ts"], event["thread_ts"]) == (root, root)
    under = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x", thread_ts=sent["ts"])
    assert under["error"] == "cannot_reply_to_message"


async def test_only_the_apps_own_files_are_deleted_and_only_once(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    asked = await caller.slack("files.getUploadURLExternal", filename="tent.png", length=3)
    await caller.session.post(asked["upload_url"], data=b"png")
    share = {"files": [{"id": asked["file_id"]}], "channel_id": "C0SUPPORT", "initial_comment": "The tent"}
    await caller.slack("files.completeUploadExternal", **share)
    await sandbox.until(lambda: bot.events("file_share"))
    anas = sandbox.slack.attach("U0ANA", "hers.txt", b"x")
    files = (asked["file_id"], asked["file_id"], anas["id"], "F0NONE")
    answers = [await caller.slack("files.delete", file=each) for each in files]
    assert [each.get("error") for each in answers] == [None, "file_deleted", "cant_delete_file", "file_not_found"]
    (message,) = sandbox.slack.root_messages("C0SUPPORT")
    assert message.files == [{"id": asked["file_id"], "mode": "tombstone"}]
