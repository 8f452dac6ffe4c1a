"""Slack's methods that look things up: auth, conversations, users, user groups, team and emoji."""

from __future__ import annotations

from integrations.sandbox.people import TEAM, TEAM_NAME
from integrations.sandbox.slack_chat import Method
from integrations.sandbox.slack_state import BOT_ID, BOT_USER, Channel, Message, SlackRefusal, UserGroup, Workspace
from integrations.sandbox.wire import Json, as_text, is_on


def auth_test(workspace: Workspace, _args: Json) -> Json:
    whose = {"url": f"{workspace.base_url}/", "team": TEAM_NAME, "user": "switchboard"}
    return whose | {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False}


def conversation_info(workspace: Workspace, args: Json) -> Json:
    return {"channel": _seen(workspace, args).as_slack()}


def conversation_list(workspace: Workspace, args: Json) -> Json:
    found = [channel.as_slack() for channel in workspace.channels.values() if channel.kind != "im" and _sees(channel)]
    return _page("channels", found, args)


def members(workspace: Workspace, args: Json) -> Json:
    return _page("members", list(_seen(workspace, args).members), args)


def replies(workspace: Workspace, args: Json) -> Json:
    channel = _readable(workspace, args)
    thread = channel.thread(as_text(args.get("ts")))
    if not thread:
        raise SlackRefusal("thread_not_found")
    return _page("messages", _told(channel, thread, args), args)


def history(workspace: Workspace, args: Json) -> Json:
    channel = _readable(workspace, args)
    roots = [message for message in channel.messages.values() if message.is_root]
    return _page("messages", _told(channel, roots[::-1], args), args)


def open_conversation(workspace: Workspace, args: Json) -> Json:
    users = [user for user in as_text(args.get("users")).split(",") if user]
    if len(users) != 1 or users[0] not in workspace.users:
        raise SlackRefusal("user_not_found")
    if workspace.users[users[0]].is_bot:
        raise SlackRefusal("cannot_dm_bot")
    if not workspace.config.slack_messages_tab:
        raise SlackRefusal("messages_tab_disabled")
    is_open: Json = {"no_op": True, "already_open": True} if workspace.has_direct(users[0]) else {}
    return is_open | {"channel": {"id": workspace.direct(users[0]).id}}


def user_info(workspace: Workspace, args: Json) -> Json:
    user = workspace.users.get(as_text(args.get("user")))
    if user is None:
        raise SlackRefusal("user_not_found")
    return {"user": user.as_slack(workspace.world.now())}


def user_list(workspace: Workspace, args: Json) -> Json:
    return _page("members", [user.as_slack(workspace.world.now()) for user in workspace.users.values()], args)


def usergroup_users(workspace: Workspace, args: Json) -> Json:
    group = _groups(workspace, args).get(as_text(args.get("usergroup")))
    if group is None:
        raise SlackRefusal("no_such_subteam")
    return {"users": list(group.users)}


def usergroup_list(workspace: Workspace, args: Json) -> Json:
    with_users, with_count = is_on(args.get("include_users")), is_on(args.get("include_count"))
    groups = _groups(workspace, args).values()
    return {"usergroups": [each.as_slack(with_users=with_users, with_count=with_count) for each in groups]}


def _groups(workspace: Workspace, args: Json) -> dict[str, UserGroup]:
    if not workspace.has_usergroups:
        raise SlackRefusal("plan_upgrade_required")
    all_too = is_on(args.get("include_disabled"))
    return {each.id: each for each in workspace.usergroups.values() if all_too or not each.is_disabled}


def team_info(workspace: Workspace, _args: Json) -> Json:
    return {"team": {"id": TEAM, "name": TEAM_NAME, "domain": "aurora-outdoor"}}


def emoji_list(workspace: Workspace, _args: Json) -> Json:
    return {"emoji": {}}


def _sees(channel: Channel) -> bool:
    """Private channels are hidden from whoever is not in them."""
    return not channel.is_private or BOT_USER in channel.members


def _seen(workspace: Workspace, args: Json) -> Channel:
    channel = workspace.channel(args.get("channel"))
    if not _sees(channel):
        raise SlackRefusal("channel_not_found")
    return channel


def _readable(workspace: Workspace, args: Json) -> Channel:
    channel = _seen(workspace, args)
    if BOT_USER not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _told(channel: Channel, messages: list[Message], args: Json) -> list[Json]:
    """These messages between `oldest` and `latest`, or `inclusive` of them; a parent knows how many replies it has."""
    oldest, latest = as_text(args.get("oldest")), as_text(args.get("latest"))
    edges = (oldest, latest) if is_on(args.get("inclusive")) else ()
    with_metadata = is_on(args.get("include_all_metadata"))
    # Fixed-width stamps compare as text; a parent is always told in its thread.
    shown = [
        m
        for m in messages
        if m.ts in edges or ((not oldest or m.ts > oldest or m.thread_ts == m.ts) and (not latest or m.ts < latest))
    ]
    return [m.as_slack(with_metadata=with_metadata) | _counts(channel, m) for m in shown]


def _counts(channel: Channel, message: Message) -> Json:
    answers = channel.thread(message.ts)[1:] if message.is_root else []
    return {"reply_count": len(answers), "latest_reply": answers[-1].ts} if answers else {}


def _page(name: str, found: list[Json] | list[str], args: Json) -> Json:
    asked = as_text(args.get("limit")) or "100"
    if not asked.isdigit() or not 1 <= int(asked) < 1000:  # docs.slack.dev/apis/web-api/pagination
        raise SlackRefusal("invalid_limit")
    cursor = as_text(args.get("cursor"))
    if cursor and not cursor.isdigit():
        raise SlackRefusal("invalid_cursor")
    start = int(cursor or 0)
    end = start + int(asked)
    more = end < len(found)
    return {name: found[start:end], "has_more": more, "response_metadata": {"next_cursor": str(end) if more else ""}}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "conversations.info": conversation_info,
    "conversations.list": conversation_list,
    "conversations.members": members,
    "conversations.replies": replies,
    "conversations.history": history,
    "conversations.open": open_conversation,
    "users.info": user_info,
    "users.list": user_list,
    "usergroups.users.list": usergroup_users,
    "usergroups.list": usergroup_list,
    "team.info": team_info,
    "emoji.list": emoji_list,
}
