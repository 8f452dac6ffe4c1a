"""Each wrong call of the Web API is refused the way Slack refuses it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.sandbox.slack_state import Channel
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]
BUTTON: Json = {"type": "button", "text": {"type": "plain_text", "text": "Take"}, "action_id": "take", "value": "1"}
ACTIONS: Json = {"type": "actions", "elements": [BUTTON]}


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.fax", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0SUPPORT"}, "no_text"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "text": "  "}, "no_text"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C0SUPPORT", "text": "x", "metadata": {"id": 7}}, "invalid_metadata_format"),
        ("chat.postEphemeral", {"channel": "C0SUPPORT", "user": "U0NOBODY", "text": "x"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": "C0SUPPORT", "user": "U0ANA", "text": "é" * 2_001}, "msg_too_long"),
        ("chat.update", {"channel": "C0SUPPORT", "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0SUPPORT", "ts": "1.000001"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C0SUPPORT", "message_ts": "1.000001"}, "message_not_found"),
        ("reactions.add", {"channel": "C0SUPPORT", "timestamp": "1.000001", "name": "eyes"}, "message_not_found"),
        ("reactions.add", {"name": "eyes"}, "no_item_specified"),
        ("conversations.replies", {"channel": "C0SUPPORT", "ts": "1.000001"}, "thread_not_found"),
        ("conversations.history", {"channel": "C0SUPPORT", "limit": 1001}, "invalid_limit"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.members", {"channel": "C0SUPPORT", "limit": 1000}, "invalid_limit"),
        ("conversations.members", {"channel": "C0SUPPORT", "cursor": "nowhere"}, "invalid_cursor"),
        ("conversations.members", {"channel": "C0NONE"}, "channel_not_found"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U0BOT"}, "cannot_dm_bot"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("views.publish", {"user_id": "U0NOBODY", "view": {"type": "home", "blocks": [ACTIONS]}}, "user_not_found"),
        ("views.publish", {"user_id": "U0ANA", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U0ANA", "view": {"type": "modal"}}, "invalid_arguments"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
    ],
)
async def test_a_wrong_call_is_refused_with_slacks_word_and_a_200(
    caller: Caller, method: str, args: Json, error: str
) -> None:
    answer = await caller.slack(method, **args)
    assert (answer["status"], answer["ok"], answer["error"]) == (200, False, error)


@pytest.mark.parametrize(("token", "error"), [(None, "not_authed"), ("Bearer xoxb-other", "invalid_auth")])
async def test_a_missing_or_foreign_token_is_refused(caller: Caller, token: str | None, error: str) -> None:
    headers = {"Authorization": token} if token else {}
    async with caller.session.post(caller.sandbox.slack_api_url + "auth.test", headers=headers) as answer:
        assert (await answer.json())["error"] == error


async def test_a_call_beyond_the_granted_scopes_names_the_one_it_needs() -> None:
    config = SandboxConfig(slack_scopes=frozenset({"chat:write"}))
    async with Sandbox(config) as sandbox, aiohttp.ClientSession() as session:
        caller = Caller(sandbox, session)
        refused = await caller.slack("reactions.add", channel="C0SUPPORT", timestamp="1.1", name="eyes")
        impostor = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="Hi", username="Carla")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "reactions:write")
    assert (impostor["error"], impostor["needed"]) == ("missing_scope", "chat:write.customize")


async def test_auth_test_lists_the_granted_scopes_in_a_header(caller: Caller) -> None:
    url = caller.sandbox.slack_api_url + "auth.test"
    async with caller.session.get(url, params={"token": caller.sandbox.config.slack_bot_token}) as answer:
        assert (await answer.json())["user_id"] == "U0BOT"
        assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_arguments_come_as_json_form_or_query_alike(caller: Caller) -> None:
    url, token = caller.sandbox.slack_api_url, caller.sandbox.config.slack_bot_token
    form = {"token": token, "channel": "C0SUPPORT", "blocks": '[{"type":"divider"}]', "team_id": TEAM}
    async with caller.session.post(url + "chat.postMessage", data=form) as answer:
        ts = (await answer.json())["ts"]
    query = {"token": token, "channel": "C0SUPPORT", "message_ts": ts}
    async with caller.session.get(url + "chat.getPermalink", params=query) as answer:
        assert ts.replace(".", "") in (await answer.json())["permalink"]


async def test_a_reply_may_only_name_the_parent_of_its_thread(caller: Caller) -> None:
    root = await caller.post()
    reply = await caller.post(thread_ts=root)
    refused = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x", thread_ts=reply)
    assert refused["error"] == "cannot_reply_to_message"


async def test_a_reply_under_a_deleted_card_lands_in_the_open_channel_as_on_slack(caller: Caller) -> None:
    root = await caller.post()
    await caller.slack("chat.delete", channel="C0SUPPORT", ts=root)
    answer = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="Customer's words", thread_ts=root)
    assert answer["ok"]
    assert "thread_ts" not in answer["message"]


async def test_an_archived_channel_takes_no_posts(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.workspace.channels["C0SUPPORT"].is_archived = True
    assert (await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x"))["error"] == "is_archived"


async def test_others_messages_cannot_be_updated_or_deleted(sandbox: Sandbox, caller: Caller) -> None:
    ts = await sandbox.slack.say("U0ANA", "C0SUPPORT", "Mine")
    updated = await caller.slack("chat.update", channel="C0SUPPORT", ts=ts, text="Yours")
    deleted = await caller.slack("chat.delete", channel="C0SUPPORT", ts=ts)
    assert (updated["error"], deleted["error"]) == ("cant_update_message", "cant_delete_message")


async def test_an_update_without_blocks_takes_the_blocks_away(sandbox: Sandbox, caller: Caller) -> None:
    ts = await caller.post(blocks=[ACTIONS], metadata={"event_type": "t", "event_payload": {"trace": "7"}})
    await caller.slack("chat.update", channel="C0SUPPORT", ts=ts, text="Only words")
    (message,) = sandbox.slack.root_messages("C0SUPPORT")
    assert (message.blocks, message.text) == ([], "Only words")
    assert message.edited is not None
    assert message.metadata is not None


async def test_an_update_is_shorter_than_a_post(caller: Caller) -> None:
    ts = await caller.post(text="x" * 4_001)
    refused = await caller.slack("chat.update", channel="C0SUPPORT", ts=ts, text="x" * 4_001)
    assert refused["error"] == "msg_too_long"


async def test_refused_blocks_come_with_pointers_to_what_is_wrong(caller: Caller) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x", blocks=blocks)
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


@pytest.mark.parametrize("name", ["eyes", "heavy_check_mark", "flag-es", "wave::skin-tone-3", "+1", "lock"])
async def test_slacks_emoji_names_are_taken(sandbox: Sandbox, caller: Caller, name: str) -> None:
    ts = await caller.post()
    assert (await caller.slack("reactions.add", channel="C0SUPPORT", timestamp=ts, name=name))["ok"]
    assert sandbox.slack.reactions("C0SUPPORT", ts) == {name}


@pytest.mark.parametrize("name", ["👀", ":eyes:", "check_mark", "Spain", "wave::skin-tone-9", "not_an_emoji", ""])
async def test_other_systems_emoji_names_are_not(caller: Caller, name: str) -> None:
    ts = await caller.post()
    answer = await caller.slack("reactions.add", channel="C0SUPPORT", timestamp=ts, name=name)
    assert answer["error"] == "invalid_name"


async def test_a_reaction_is_added_once_and_removed_once(caller: Caller) -> None:
    where = {"channel": "C0SUPPORT", "timestamp": await caller.post(), "name": "eyes"}
    answers = [await caller.slack(f"reactions.{what}", **where) for what in ("add", "add", "remove", "remove")]
    assert [answer.get("error") for answer in answers] == [None, "already_reacted", None, "no_reaction"]


async def test_metadata_is_told_only_to_those_who_ask(caller: Caller) -> None:
    ts = await caller.post(metadata={"event_type": "t", "event_payload": {"trace": "7"}})
    plain = await caller.slack("conversations.replies", channel="C0SUPPORT", ts=ts)
    asked = await caller.slack("conversations.replies", channel="C0SUPPORT", ts=ts, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"]["event_payload"] == {"trace": "7"}


async def test_long_threads_come_in_pages(caller: Caller) -> None:
    root = await caller.post()
    replies = [await caller.post(thread_ts=root) for _ in range(3)]
    where = {"channel": "C0SUPPORT", "ts": root, "limit": 2}
    first = await caller.slack("conversations.replies", **where)
    second = await caller.slack("conversations.replies", **where, cursor=first["response_metadata"]["next_cursor"])
    assert [message["ts"] for message in first["messages"] + second["messages"]] == [root, *replies]
    assert not second["has_more"]


async def test_home_published_over_a_newer_one_is_a_conflict(caller: Caller) -> None:
    view = {"type": "home", "blocks": [ACTIONS]}
    old = (await caller.slack("views.publish", user_id="U0ANA", view=view))["view"]["hash"]
    await caller.slack("views.publish", user_id="U0ANA", view=view, hash=old)
    assert (await caller.slack("views.publish", user_id="U0ANA", view=view, hash=old))["error"] == "hash_conflict"


async def test_posting_too_fast_is_refused_until_time_has_passed(sandbox: Sandbox, caller: Caller) -> None:
    now = 1_790_000_000.0
    sandbox.world.clock = lambda: now
    sandbox.slack.enforce_rate = True
    answers = [await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x") for _ in range(6)]
    assert [answer["status"] for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["error"] == "ratelimited"
    now += 1.0
    assert (await caller.slack("chat.postMessage", channel="C0SUPPORT", text="x"))["ok"]


async def test_a_rate_limit_told_to_come_comes_with_retry_after(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.faults.add(Fault(status=429, retry_after=2))
    url = sandbox.slack_api_url + "auth.test"
    async with caller.session.post(url) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")


async def test_a_guest_and_an_outsider_look_like_what_they_are(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.add_user(SlackUser(id="U0GUEST", name="Gil", team_id=TEAM, is_restricted=True), "C0SUPPORT")
    sandbox.slack.add_user(SlackUser(id="U0OUT", name="Olu", team_id="T0OTHER", is_stranger=True), "C0SUPPORT")
    assert (await caller.slack("users.info", user="U0GUEST"))["user"]["is_restricted"]
    assert (await caller.slack("users.info", user="U0OUT"))["user"]["team_id"] == "T0OTHER"
    assert "U0OUT" in (await caller.slack("conversations.members", channel="C0SUPPORT"))["members"]


async def test_a_private_channel_is_hidden_from_outside_and_wants_scopes_of_its_own(
    config: SandboxConfig, caller: Caller, sandbox: Sandbox
) -> None:
    secret = Channel(id="C0SECRET", name="secret", members=["U0ANA"], is_private=True)
    sandbox.slack.workspace.channels[secret.id] = secret
    for method in ("conversations.info", "conversations.members", "conversations.history"):
        assert (await caller.slack(method, channel=secret.id))["error"] == "channel_not_found"
    listed = (await caller.slack("conversations.list"))["channels"]
    assert secret.id not in [each["id"] for each in listed]
    secret.members.append("U0BOT")
    assert (await caller.slack("conversations.members", channel=secret.id))["members"] == ["U0ANA", "U0BOT"]
    sandbox.slack.workspace.config = replace(config, slack_scopes=config.slack_scopes - {"groups:read"})
    assert (await caller.slack("conversations.members", channel=secret.id))["needed"] == "groups:read"
    assert (await caller.slack("conversations.members", channel="C0SUPPORT"))["ok"]
