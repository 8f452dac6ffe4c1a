"""The workspace around the messages: user groups, direct messages, time zones, and whom the bot may know of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.server import Sandbox, SandboxConfig
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

GROUP = "S0ONCALL"


async def test_a_user_group_is_listed_with_whom_it_holds(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.add_group(GROUP, "oncall", ["U0ANA", "U0BEN"])
    (plain,) = (await caller.slack("usergroups.list"))["usergroups"]
    (whole,) = (await caller.slack("usergroups.list", include_users=True, include_count="true"))["usergroups"]
    assert (plain["id"], plain["handle"], plain["team_id"], plain["date_delete"]) == (GROUP, "oncall", TEAM, 0)
    assert "users" not in plain
    assert (whole["users"], whole["user_count"]) == (["U0ANA", "U0BEN"], 2)
    assert (await caller.slack("usergroups.users.list", usergroup=GROUP))["users"] == ["U0ANA", "U0BEN"]


async def test_a_group_switched_off_is_named_only_to_those_who_ask(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.add_group(GROUP, "oncall", ["U0ANA"])
    sandbox.slack.workspace.usergroups[GROUP].is_disabled = True
    assert (await caller.slack("usergroups.list"))["usergroups"] == []
    assert (await caller.slack("usergroups.users.list", usergroup=GROUP))["error"] == "no_such_subteam"
    assert (await caller.slack("usergroups.users.list", usergroup=GROUP, include_disabled=True))["ok"]


async def test_the_free_plan_has_no_groups(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.workspace.has_usergroups = False
    assert (await caller.slack("usergroups.list"))["error"] == "plan_upgrade_required"


async def test_who_calls_a_group_mentions_it(sandbox: Sandbox, bot: ListeningBot) -> None:
    sandbox.slack.add_group(GROUP, "oncall", ["U0BEN"])
    await sandbox.slack.say("U0ANA", "C0SUPPORT", "@oncall please, or @here")
    (event,) = bot.events()
    assert event["text"] == f"<!subteam^{GROUP}|@oncall> please, or <!here>"
    assert [each for each in event["blocks"][0]["elements"][0]["elements"] if each["type"] != "text"] == [
        {"type": "usergroup", "usergroup_id": GROUP},
        {"type": "broadcast", "range": "here"},
    ]


async def test_members_that_change_are_told_to_those_who_subscribed(config: SandboxConfig, bot: ListeningBot) -> None:
    moves = {"member_joined_channel", "member_left_channel"}
    events = config.slack_events | {"subteam_members_changed", "user_change"} | moves
    async with Sandbox(replace(config, slack_events=events)) as sandbox:
        sandbox.bot_url = bot.url
        sandbox.slack.add_group(GROUP, "oncall", ["U0ANA"])
        sandbox.slack.add_group(GROUP, "oncall", ["U0BEN"])
        sandbox.slack.change_user(replace(sandbox.slack.workspace.users["U0BEN"], deleted=True))
        sandbox.slack.leave("U0BEN", "C0SUPPORT")
        sandbox.slack.join("U0BEN", "C0SUPPORT")
        sandbox.slack.leave("U0ANA", "C0GENERAL")  # where the bot is not
        heard = await sandbox.until(lambda: bot.events() if len(bot.events()) == 4 else [])
    [group] = [each for each in heard if each["type"] == "subteam_members_changed"]
    assert (group["added_users"], group["removed_users"]) == (["U0BEN"], ["U0ANA"])
    moved = {(each["type"], each["user"], each["channel"]) for each in heard if each["type"] in moves}
    assert moved == {(each, "U0BEN", "C0SUPPORT") for each in moves}
    assert [each["user"]["deleted"] for each in heard if each["type"] == "user_change"] == [True]


async def test_a_person_is_written_to_by_their_id_or_by_the_conversations(sandbox: Sandbox, caller: Caller) -> None:
    opened = await caller.slack("conversations.open", users="U0ANA")
    again = await caller.slack("conversations.open", users="U0ANA")
    assert (opened["channel"]["id"], again["already_open"]) == ("D0ANA", True)
    by_id = await caller.slack("chat.postMessage", channel="U0ANA", text="A new escalation")
    await caller.slack("chat.postMessage", channel="D0ANA", text="And another")
    assert by_id["channel"] == "D0ANA"
    assert [each.text for each in sandbox.slack.dm("U0ANA")] == ["A new escalation", "And another"]
    assert sandbox.slack.dm("U0BEN") == []


async def test_what_the_bot_writes_to_a_person_does_not_come_back_to_it(bot: ListeningBot, caller: Caller) -> None:
    """Only who subscribes to message.im hears of direct messages."""
    await caller.slack("chat.postMessage", channel="U0ANA", text="Between us")
    await caller.post(text="To all")
    await caller.sandbox.until(bot.events)
    assert [event["text"] for event in bot.events()] == ["To all"]


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("conversations.history", "im:history"),
        ("conversations.replies", "im:history"),
        ("conversations.info", "im:read"),
    ],
)
async def test_to_read_direct_messages_wants_scopes_of_its_own(caller: Caller, method: str, scope: str) -> None:
    sent = await caller.slack("chat.postMessage", channel="U0ANA", text="Between us")
    answer = await caller.slack(method, channel="D0ANA", ts=sent["ts"])
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert "chat:write" in answer["provided"].split(",")


async def test_where_the_messages_tab_is_off_nobody_can_be_written_to(config: SandboxConfig) -> None:
    async with Sandbox(replace(config, slack_messages_tab=False)) as sandbox, Caller.at(sandbox) as caller:
        posted = await caller.slack("chat.postMessage", channel="U0ANA", text="Hello?")
        opened = await caller.slack("conversations.open", users="U0ANA")
    assert (posted["error"], opened["error"]) == ("messages_tab_disabled", "messages_tab_disabled")


async def test_nobody_answers_in_a_read_only_messages_tab(sandbox: Sandbox, caller: Caller) -> None:
    await caller.slack("chat.postMessage", channel="U0ANA", text="Between us")
    with pytest.raises(PermissionError, match="read-only"):
        await sandbox.slack.say("U0ANA", "U0ANA", "Thanks")


async def test_a_person_is_somewhere_and_summer_time_moves_them(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.slack.add_user(SlackUser(id="U0CLEO", name="Cleo", team_id=TEAM, tz="America/New_York"), "C0SUPPORT")
    offsets = list[int]()
    for now in (1_793_000_000.0, 1_795_000_000.0):  # 26 October and 18 November 2026
        sandbox.world.clock = lambda now=now: now
        cleo = (await caller.slack("users.info", user="U0CLEO"))["user"]
        offsets.append(cleo["tz_offset"])
    assert (cleo["tz"], offsets) == ("America/New_York", [-4 * 3600, -5 * 3600])
