"""The whole state of the demo as the page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.sandbox.demo_files import in_workspace, on_phone
from integrations.sandbox.mischief import Mischief
from integrations.sandbox.people import TEAM_NAME, initials
from integrations.sandbox.slack_state import BOT_USER, Channel, Message
from integrations.sandbox.whatsapp_state import Phone, SentMessage, WrittenMessage
from integrations.sandbox.wire import Json

if TYPE_CHECKING:
    from integrations.sandbox.openai_api import OpenAI
    from integrations.sandbox.slack import Slack
    from integrations.sandbox.whatsapp import WhatsApp
    from integrations.sandbox.world import World


@dataclass(slots=True)
class Scene:
    """What the page needs to know beside the three services."""

    model: str
    is_stand_in: bool = True
    bot_ready: bool = False


def state(world: World, scene: Scene, slack: Slack, whatsapp: WhatsApp, openai: OpenAI) -> Json:
    ai = {
        "stand_in": scene.is_stand_in,
        "model": scene.model,
        "slow": openai.slow,
        "broken": openai.broken,
        "mischief": openai.temper.lasting or "",
        "mischiefs": [each.value for each in Mischief],
    }
    return {
        "version": world.version,
        "now": world.now(),
        "ai": ai,
        "bot": {"url": world.bot_url, "ready": scene.bot_ready},
        "customers": [_customer(phone, world.now(), whatsapp) for phone in whatsapp.phones.all.values()],
        "slack": _slack(slack),
    }


def _customer(phone: Phone, now: float, whatsapp: WhatsApp) -> Json:
    customer = phone.customer
    messages = [_on_phone(message) | {"file": on_phone(whatsapp, message)} for message in phone.chat]
    unread = sum(1 for message in messages if message["from"] == "business" and message["status"] == "delivered")
    return {
        "id": customer.id,
        "name": customer.name,
        "phone": customer.phone,
        "username": customer.username,
        "avatar": customer.initials,
        "color": customer.color,
        "unread": unread,
        "typing": phone.sees_typing(now),
        "messages": messages,
        "hints": list(customer.hints),
    }


def _on_phone(message: SentMessage | WrittenMessage) -> Json:
    told: Json = {"id": message.wamid, "text": message.text, "at": message.at, "quoted": message.quoted}
    told["reaction"] = message.reaction
    if isinstance(message, WrittenMessage):
        status = "read" if message.read else "delivered" if message.taken else "sent"
        changed: Json = {"edited": message.is_edited, "deleted": message.is_deleted}
        return told | changed | {"from": "customer", "status": status, "kind": message.kind, "answer": message.answer}
    return told | {"from": "business", "status": "sent" if message.status == "accepted" else message.status}


def _slack(slack: Slack) -> Json:
    workspace = slack.workspace
    channels = [channel for channel in workspace.channels.values() if channel.kind != "im"]
    users: list[Json] = [
        {"id": user.id, "name": user.name, "avatar": initials(user.name), "color": user.color, "is_bot": user.is_bot}
        for user in workspace.users.values()
    ]
    people = [user.id for user in workspace.users.values() if user.id != BOT_USER]
    return {
        "team": TEAM_NAME,
        "channels": [{"id": each.id, "name": each.name, "messages": _roots(each)} for each in channels],
        "users": users,
        "ephemerals": [
            {
                "id": each.id,
                "channel": each.channel,
                "thread_ts": each.thread_ts,
                "user": each.user,
                "text": each.text,
                "blocks": each.blocks,
                "at": each.at,
            }
            for each in workspace.ephemerals
        ],
        "homes": {user: workspace.homes.get(user) for user in people},
        "modals": {user: workspace.modals.get(user, []) for user in people},
        "dms": {
            user: {"id": dm.id, "messages": _roots(dm)}
            for user in people
            if (dm := workspace.channels.get("D" + user[1:]))
        },
        "groups": [
            {"id": group.id, "handle": group.handle, "users": group.users} for group in workspace.usergroups.values()
        ],
    }


def _roots(channel: Channel) -> list[Json]:
    """Root messages, each with the replies of its thread."""
    replies: dict[str, list[Json]] = {}
    for message in channel.messages.values():
        if message.thread_ts and message.thread_ts != message.ts:
            replies.setdefault(message.thread_ts, []).append(_message(message))
    roots = [message for message in channel.messages.values() if message.is_root]
    return [_message(message) | {"replies": replies.get(message.ts, [])} for message in roots]


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        # Slack itself says no user for a message under another name; the page shows whose app it is.
        "user": message.user or (BOT_USER if message.is_ours else ""),
        "username": message.username,
        "icon_emoji": message.icon_emoji,
        "text": message.text,
        "blocks": message.blocks,
        "reactions": [{"name": name, "users": users} for name, users in message.reactions.items() if users],
        "edited": message.edited is not None,
        "thread_ts": message.thread_ts if message.is_reply else None,
        "broadcast": message.subtype == "thread_broadcast",
        "files": [in_workspace(each) for each in message.files],
        "replies": [],
    }
