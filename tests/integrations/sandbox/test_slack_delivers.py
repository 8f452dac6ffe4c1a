"""What Slack brings the bot: signed events, retries, clicks, submissions and commands, and what the answers do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.sandbox.slack import BotRefused
from integrations.sandbox.slack_state import SlackRefusal
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]
TAKE: Json = {"type": "button", "text": {"type": "plain_text", "text": "Take"}, "action_id": "take", "value": "7"}
MENU: Json = {
    "type": "static_select",
    "action_id": "more",
    "placeholder": {"type": "plain_text", "text": "More…"},
    "options": [{"text": {"type": "plain_text", "text": "Assign…"}, "value": "assign"}],
}
CARD: list[Json] = [{"type": "actions", "block_id": "buttons", "elements": [TAKE, MENU]}]
MODAL: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Close"},
    "submit": {"type": "plain_text", "text": "Close"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


async def test_a_reply_comes_as_slack_tells_it(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    root = await caller.post()
    ts = await sandbox.slack.reply("U0ANA", "C0SUPPORT", root, "Ask @Ben, it is *urgent* :wave: a & b <c>")
    (event,) = [each for each in bot.events() if each["ts"] == ts]
    assert event["text"] == "Ask <@U0BEN>, it is *urgent* :wave: a &amp; b &lt;c&gt;"
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Ask "},
        {"type": "user", "user_id": "U0BEN"},
        {"type": "text", "text": ", it is "},
        {"type": "text", "text": "urgent", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "text", "text": " a & b <c>"},
    ]
    assert (event["thread_ts"], event["parent_user_id"], event["channel_type"]) == (root, "U0BOT", "channel")
    assert event["client_msg_id"]


async def test_the_bots_own_posts_come_back_to_it(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await caller.post(text="as itself")
    await caller.post(text="as a customer", username="Carla Mendes")
    await sandbox.until(lambda: bot.events() and bot.events("bot_message"))
    assert (bot.events()[0]["user"], bot.events()[0]["bot_id"]) == ("U0BOT", "B0BOT")
    assert "user" not in bot.events("bot_message")[0]


async def test_what_the_bot_does_not_take_comes_again_three_times(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.extend(web.Response(status=500) for _ in range(4))
    await sandbox.slack.say("U0ANA", "C0SUPPORT", "Anybody?")
    await sandbox.until(lambda: len(sandbox.slack.events.deliveries) == 4)
    assert [each.headers.get("X-Slack-Retry-Num") for each in bot.heard] == [None, "1", "2", "3"]
    assert bot.heard[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({each.json["event_id"] for each in bot.heard}) == 1


async def test_what_the_bot_took_does_not_come_again(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.append(web.Response(status=503))
    await sandbox.slack.say("U0ANA", "C0SUPPORT", "Anybody?")
    await sandbox.until(lambda: len(sandbox.slack.events.deliveries) == 2)
    await sandbox.slack.say("U0ANA", "C0SUPPORT", "Never mind")
    assert [each.attempt for each in sandbox.slack.events.deliveries] == [0, 1, 0]


async def test_an_event_can_be_made_to_come_twice(sandbox: Sandbox, bot: ListeningBot) -> None:
    await sandbox.slack.reply("U0ANA", "C0SUPPORT", None, "Once?", copies=2)
    assert [each.headers.get("X-Slack-Retry-Num") for each in bot.heard] == [None, "1"]
    assert bot.heard[0].raw == bot.heard[1].raw


async def test_an_outsiders_message_carries_their_team(sandbox: Sandbox, bot: ListeningBot) -> None:
    sandbox.slack.add_user(SlackUser(id="U0OUT", name="Olu", team_id="T0OTHER", is_stranger=True), "C0SUPPORT")
    await sandbox.slack.say("U0OUT", "C0SUPPORT", "Hello from outside")
    assert (bot.heard[0].event["user_team"], bot.heard[0].json["is_ext_shared_channel"]) == ("T0OTHER", True)


async def test_a_channel_without_the_bot_tells_it_nothing(sandbox: Sandbox, bot: ListeningBot) -> None:
    await sandbox.slack.say("U0ANA", "C0GENERAL", "Lunch?")
    assert bot.heard == []


async def test_edits_and_deletions_come_hidden_and_nested(sandbox: Sandbox, bot: ListeningBot) -> None:
    ts = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Helo")
    await sandbox.slack.edit("U0ANA", "C0SUPPORT", ts, "Hello")
    await sandbox.slack.delete("U0ANA", "C0SUPPORT", ts)
    (edited,), (deleted,) = bot.events("message_changed"), bot.events("message_deleted")
    assert (edited["message"]["text"], edited["previous_message"]["text"]) == ("Hello", "Helo")
    assert edited["hidden"]
    assert "user" not in edited
    assert (deleted["deleted_ts"], deleted["previous_message"]["user"]) == (ts, "U0ANA")


async def test_a_deleted_root_with_replies_leaves_a_tombstone(sandbox: Sandbox, bot: ListeningBot) -> None:
    root = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Root")
    await sandbox.slack.reply("U0BEN", "C0SUPPORT", root, "Reply")
    await sandbox.slack.delete("U0ANA", "C0SUPPORT", root)
    (event,) = bot.events("message_changed")
    assert (event["message"]["subtype"], event["message"]["user"]) == ("tombstone", "USLACKBOT")


async def test_nobody_edits_anothers_message(sandbox: Sandbox) -> None:
    ts = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Mine")
    with pytest.raises(PermissionError):
        await sandbox.slack.edit("U0BEN", "C0SUPPORT", ts, "Yours")


async def test_a_click_tells_who_pressed_what_where(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    ts = await caller.post(blocks=CARD)
    assert await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "take") == 200
    payload = bot.heard[-1].json
    assert (payload["type"], payload["user"]["id"], payload["user"]["team_id"]) == (
        "block_actions",
        "U0ANA",
        "T0AURORA",
    )
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0SUPPORT",
        "is_ephemeral": False,
    }
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("take", "buttons", "7")


async def test_a_menu_tells_the_chosen_option(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    ts = await caller.post(blocks=CARD)
    await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "more", "assign")
    assert bot.heard[-1].json["actions"][0]["selected_option"]["value"] == "assign"
    with pytest.raises(LookupError):
        await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "more", "no such option")


async def test_what_is_not_on_the_screen_cannot_be_pressed_but_an_old_screen_can(
    sandbox: Sandbox, caller: Caller
) -> None:
    ts = await caller.post()
    with pytest.raises(LookupError):
        await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "take")
    assert await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "take", "7", stale=True) == 200


async def test_a_click_is_never_sent_twice(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    ts = await caller.post(blocks=CARD)
    await sandbox.until(bot.events)
    bot.answers.append(web.Response(status=500))
    assert await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "take") == 500
    assert [each.kind for each in sandbox.slack.events.deliveries].count("interaction") == 1


async def test_an_ephemeral_is_pressed_without_telling_its_content(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await caller.slack("chat.postEphemeral", channel="C0SUPPORT", user="U0BEN", text="Yours?", blocks=CARD)
    assert sandbox.slack.ephemerals("U0ANA") == []
    assert await sandbox.slack.click_ephemeral("U0BEN", "take") == 200
    payload = bot.heard[-1].json
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    async with caller.session.post(payload["response_url"], json={"delete_original": True}):
        assert sandbox.slack.ephemerals("U0BEN") == []


async def test_a_response_url_overwrites_the_card_unless_told_otherwise(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    ts = await caller.post(blocks=CARD)
    await sandbox.slack.click("U0ANA", "C0SUPPORT", ts, "take")
    url = bot.heard[-1].json["response_url"]
    async with caller.session.post(url, json={"text": "Only you", "replace_original": False}):
        assert [each.text for each in sandbox.slack.ephemerals("U0ANA")] == ["Only you"]
    async with caller.session.post(url, json={"text": "Gone is the card"}):
        assert sandbox.slack.root_messages("C0SUPPORT")[0].blocks == []


async def test_a_response_url_serves_five_times(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")
    url, statuses = bot.heard[-1].fields["response_url"], list[int]()
    for _ in range(6):
        async with caller.session.post(url, json={"text": "again"}) as answer:
            statuses.append(answer.status)
    assert statuses == [200] * 5 + [404]


async def test_the_answer_to_a_command_is_shown_to_whoever_typed_it(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.append(web.json_response({"text": "Nobody waits.", "blocks": CARD}))
    answer = await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue", "mine")
    assert isinstance(answer, dict)
    assert [each.text for each in sandbox.slack.ephemerals("U0ANA")] == ["Nobody waits."]
    fields = bot.heard[-1].fields
    assert (fields["command"], fields["text"], fields["user_id"]) == ("/queue", "mine", "U0ANA")


async def test_a_command_answered_with_wrong_blocks_is_refused(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.append(web.json_response({"text": "x", "blocks": [{"type": "hologram"}]}))
    with pytest.raises(SlackRefusal, match="invalid_blocks"):
        await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")


async def test_a_command_the_bot_fails_is_an_error_for_the_person(sandbox: Sandbox, bot: ListeningBot) -> None:
    bot.answers.append(web.Response(status=500))
    with pytest.raises(BotRefused):
        await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")


async def test_home_opens_with_an_event_and_is_pressed(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await sandbox.slack.open_home("U0ANA")
    assert (bot.heard[-1].event["type"], bot.heard[-1].event["tab"]) == ("app_home_opened", "home")
    await caller.slack("views.publish", user_id="U0ANA", view={"type": "home", "blocks": CARD})
    await sandbox.slack.click_home("U0ANA", "take")
    payload = bot.heard[-1].json
    assert payload["view"]["type"] == "home"
    assert not {"channel", "message", "response_url"} & set(payload)


async def _open_modal(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> Json:
    await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")
    return await caller.slack("views.open", trigger_id=bot.heard[-1].fields["trigger_id"], view=MODAL)


async def test_a_trigger_opens_one_modal_within_three_seconds(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")
    first = bot.heard[-1].fields["trigger_id"]
    answers = [await caller.slack("views.open", trigger_id=trigger, view=MODAL) for trigger in (first, first, "1.2")]
    await sandbox.slack.command("U0ANA", "C0SUPPORT", "/queue")
    late = sandbox.world.now() + 3.1
    sandbox.world.clock = lambda: late
    answers.append(await caller.slack("views.open", trigger_id=bot.heard[-1].fields["trigger_id"], view=MODAL))
    errors = [answer.get("error") for answer in answers]
    assert errors == [None, "exchanged_trigger_id", "invalid_trigger_id", "expired_trigger_id"]


async def test_submitting_tells_what_was_filled_in_and_closes(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await _open_modal(sandbox, bot, caller)
    with pytest.raises(ValueError, match="required"):
        await sandbox.slack.submit("U0ANA")
    await sandbox.slack.submit("U0ANA", values={"why": "Solved"})
    payload = bot.heard[-1].json
    assert payload["type"] == "view_submission"
    assert payload["view"]["state"]["values"]["why"]["text"] == {"type": "plain_text_input", "value": "Solved"}
    assert sandbox.slack.modal("U0ANA") is None


async def test_a_modal_stays_open_with_errors_and_can_be_replaced(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    await _open_modal(sandbox, bot, caller)
    bot.answers.append(web.json_response({"response_action": "errors", "errors": {"why": "Too short"}}))
    assert (await sandbox.slack.submit("U0ANA", values={"text": "x"}))["errors"] == {"why": "Too short"}
    thanks = {"type": "modal", "title": {"type": "plain_text", "text": "Thanks"}, "blocks": [{"type": "divider"}]}
    bot.answers.append(web.json_response({"response_action": "update", "view": thanks}))
    await sandbox.slack.submit("U0ANA", values={"text": "x"})
    shown = sandbox.slack.modal("U0ANA")
    assert shown is not None
    assert shown["title"]["text"] == "Thanks"


async def test_a_closed_modal_cannot_be_updated(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    view = (await _open_modal(sandbox, bot, caller))["view"]
    await sandbox.slack.dismiss("U0ANA")
    answer = await caller.slack("views.update", view_id=view["id"], view=MODAL)
    assert answer["error"] == "not_found"


async def test_modals_stack_three_high(sandbox: Sandbox, bot: ListeningBot, caller: Caller) -> None:
    await _open_modal(sandbox, bot, caller)
    errors = list[str | None]()
    for _ in range(3):
        answer = await caller.slack("views.push", trigger_id=sandbox.slack.workspace.trigger("U0ANA"), view=MODAL)
        errors.append(answer.get("error"))
    assert errors == [None, None, "push_limit_reached"]


async def test_an_upload_is_told_by_an_event_not_by_its_answer(
    sandbox: Sandbox, bot: ListeningBot, caller: Caller
) -> None:
    root = await caller.post()
    asked = await caller.slack("files.getUploadURLExternal", filename="tent.png", length=3)
    async with caller.session.post(asked["upload_url"], data=b"png") as answer:
        assert answer.status == 200
    share = {"files": [{"id": asked["file_id"]}], "channel_id": "C0SUPPORT", "thread_ts": root}
    done = await caller.slack("files.completeUploadExternal", **share)
    assert done["files"][0]["shares"] == {}
    (event,) = await sandbox.until(lambda: bot.events("file_share"))
    assert (event["files"][0]["id"], event["thread_ts"]) == (asked["file_id"], root)
    assert (await caller.slack("files.completeUploadExternal", **share))["error"] == "file_not_found"


async def test_a_file_without_a_token_is_a_sign_in_page_with_a_200(sandbox: Sandbox, caller: Caller) -> None:
    asked = await caller.slack("files.getUploadURLExternal", filename="tent.png", length=3)
    await caller.session.post(asked["upload_url"], data=b"png")
    url = f"{sandbox.base_url}/slack/files/{asked['file_id']}"
    async with caller.session.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    token = {"Authorization": f"Bearer {sandbox.config.slack_bot_token}"}
    async with caller.session.get(url, headers=token) as answer:
        assert await answer.read() == b"png"


async def test_anything_can_be_sent_to_the_bot_well_signed(sandbox: Sandbox, bot: ListeningBot) -> None:
    answer = await sandbox.slack.events.send_raw(b"ssl_check=1", "application/x-www-form-urlencoded", x_slack_no="1")
    assert (answer.status, bot.heard[0].raw, bot.heard[0].headers["x-slack-no"]) == (200, b"ssl_check=1", "1")


async def test_a_reaction_is_told_only_to_a_bot_that_subscribed(bot: ListeningBot, config: SandboxConfig) -> None:
    async with Sandbox(replace(config, slack_events=frozenset({"message", "reaction_added"}))) as sandbox:
        sandbox.bot_url = bot.url
        ts = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Done?")
        await sandbox.slack.react("U0BEN", "C0SUPPORT", ts, "+1")
        await sandbox.until(lambda: bot.heard[-1].event["type"] == "reaction_added")
    assert bot.heard[-1].event["item"] == {"type": "message", "channel": "C0SUPPORT", "ts": ts}
