"""Slack's chat.* and reactions.* methods, refusing what Slack refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from integrations.sandbox.block_data import unknown_here
from integrations.sandbox.block_kit import block_problems, too_long
from integrations.sandbox.emoji_names import is_emoji_name
from integrations.sandbox.slack_state import (
    BOT_ID,
    BOT_USER,
    Channel,
    Ephemeral,
    Message,
    SlackRefusal,
    Workspace,
    with_ids,
)
from integrations.sandbox.wire import Json, as_list, as_object, as_objects, as_text, is_on

Method = Callable[[Workspace, Json], Json]

POST_TEXT, UPDATE_TEXT, EPHEMERAL_BYTES = 40_000, 4_000, 4_000
METADATA_JSON = 8_000


def post_message(workspace: Workspace, args: Json) -> Json:
    channel = _writable(workspace, args)
    text, blocks = _content(workspace, args)
    if len(text) > POST_TEXT:
        raise SlackRefusal("msg_too_long")
    username = as_text(args.get("username")) or None
    if username and "chat:write.customize" not in workspace.config.slack_scopes:
        provided = ",".join(sorted(workspace.config.slack_scopes))
        raise SlackRefusal("missing_scope", needed="chat:write.customize", provided=provided)
    thread_ts = landing(channel, args)
    is_broadcast = thread_ts is not None and is_on(args.get("reply_broadcast"))
    message = Message(
        ts=workspace.world.stamp(),
        channel=channel.id,
        text=text,
        blocks=with_ids(blocks),
        # Under another name Slack shows no user, and says so with this subtype.
        user=None if username else BOT_USER,
        subtype="thread_broadcast" if is_broadcast else "bot_message" if username else None,
        bot_id=BOT_ID,
        username=username,
        icon_emoji=as_text(args.get("icon_emoji")) or None,
        icon_url=as_text(args.get("icon_url")) or None,
        thread_ts=thread_ts,
        metadata=_metadata(args),
    )
    workspace.tell(workspace.add(message))
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack()}


def update(workspace: Workspace, args: Json) -> Json:
    channel = _writable(workspace, args)
    message = workspace.message(channel, args.get("ts"))
    if not message.is_ours:
        raise SlackRefusal("cant_update_message")
    text, blocks = _content(workspace, args)
    if len(text) > UPDATE_TEXT:
        raise SlackRefusal("msg_too_long")
    before = message.as_slack(with_metadata=True)
    # Text alone takes the blocks away; with blocks nobody sees "(edited)".
    message.text, message.blocks = text, with_ids(blocks)
    if not blocks:
        message.edited = {"user": BOT_USER, "ts": workspace.world.stamp()}
    if "metadata" in args:
        message.metadata = _metadata(args)
    workspace.tell(workspace.changed(message, before))
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.as_slack()}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    channel = _writable(workspace, args)
    user = as_text(args.get("user"))
    if user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    text, blocks = _content(workspace, args)
    if len(text.encode()) > EPHEMERAL_BYTES:
        raise SlackRefusal("msg_too_long")
    ts = workspace.world.stamp()
    whisper(workspace, channel.id, user, text, blocks, thread_ts=landing(channel, args), ts=ts)
    return {"message_ts": ts}


def whisper(
    workspace: Workspace,
    channel: str,
    user: str,
    text: str,
    blocks: list[Json],
    *,
    thread_ts: str | None = None,
    ts: str | None = None,
) -> None:
    """Show something to one person only."""
    workspace.ephemerals.append(
        Ephemeral(
            id=ts or workspace.world.stamp(),
            channel=channel,
            user=user,
            text=text,
            blocks=with_ids(blocks),
            thread_ts=thread_ts,
            at=workspace.world.now(),
        )
    )
    workspace.world.touch()


def delete(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    message = workspace.message(channel, args.get("ts"))
    if not message.is_ours:
        raise SlackRefusal("cant_delete_message")
    workspace.tell(workspace.remove(message))
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    message = workspace.message(channel, args.get("message_ts"))
    link = f"{workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(workspace: Workspace, args: Json) -> Json:
    message, name = _reacted(workspace, args)
    if BOT_USER in message.reactions.get(name, []):
        raise SlackRefusal("already_reacted")
    workspace.reacted(BOT_USER, message, name)
    return {}


def remove_reaction(workspace: Workspace, args: Json) -> Json:
    message, name = _reacted(workspace, args)
    if BOT_USER not in message.reactions.get(name, []):
        raise SlackRefusal("no_reaction")
    workspace.unreacted(BOT_USER, message, name)
    return {}


def get_reactions(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    message = workspace.message(channel, args.get("timestamp"))
    return {"type": "message", "channel": channel.id, "message": message.as_slack()}


def _reacted(workspace: Workspace, args: Json) -> tuple[Message, str]:
    name = as_text(args.get("name"))
    if not is_emoji_name(name):
        raise SlackRefusal("invalid_name")
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackRefusal("no_item_specified")
    return workspace.message(workspace.channel(args.get("channel")), args.get("timestamp")), name


def _writable(workspace: Workspace, args: Json) -> Channel:
    channel = workspace.channel(args.get("channel"))
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if BOT_USER not in channel.members:
        raise SlackRefusal("not_in_channel")
    if channel.kind == "im" and not workspace.config.slack_messages_tab:
        raise SlackRefusal("messages_tab_disabled")
    return channel


def _content(workspace: Workspace, args: Json) -> tuple[str, list[Json]]:
    """Text and blocks, refused the way chat.* refuses them."""
    blocks, text = as_list(args.get("blocks")), args.get("text", "")
    if args.get("blocks") is not None and not isinstance(args["blocks"], list):
        raise SlackRefusal("invalid_blocks_format")
    admit_blocks(workspace, blocks)
    if not isinstance(text, str) or (not text.strip() and not blocks):
        raise SlackRefusal("no_text")
    found = as_objects(blocks)
    if too_long(found):
        raise SlackRefusal("msg_blocks_too_long")
    return text, found


def admit_blocks(workspace: Workspace, blocks: list[Any]) -> None:
    """Refuse what Slack would, and what this workspace has not got yet."""
    problems = block_problems(blocks)
    if not workspace.takes_data_blocks:
        problems += unknown_here(as_objects(blocks), "/blocks")
    if problems:
        raise SlackRefusal("invalid_blocks", problems)


def landing(channel: Channel, args: Json) -> str | None:
    """Where a post lands. A reply's ts is refused; under a deleted root Slack drops the post into the open channel."""
    asked = args.get("thread_ts")
    if asked is None or asked in channel.buried:
        return None
    parent = channel.messages.get(asked) if isinstance(asked, str) else None
    if parent is None:
        raise SlackRefusal("thread_not_found")
    if parent.is_reply:
        raise SlackRefusal("cannot_reply_to_message")
    return parent.ts


def _metadata(args: Json) -> Json | None:
    given = args.get("metadata")
    if not given:
        return None
    metadata = as_object(given)
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackRefusal("invalid_metadata_format")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackRefusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_JSON:
        raise SlackRefusal("metadata_too_large")
    return metadata


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.postEphemeral": post_ephemeral,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "reactions.get": get_reactions,
}
