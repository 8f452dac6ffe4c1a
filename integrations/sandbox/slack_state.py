"""The workspace as Slack would remember it: channels, messages, ephemerals, views, files and short-lived ids."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from integrations.sandbox.block_kit import controls
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.people import TEAM, SlackUser, staff
from integrations.sandbox.wire import Json, as_objects
from integrations.sandbox.world import World

BOT_USER, BOT_ID, APP_ID = "U0BOT", "B0BOT", "A0SWITCH"
TRIGGER_LIFE = 3.0
RESPONSE_URL_LIFE, RESPONSE_URL_USES = 30 * 60, 5


class SlackRefusal(Exception):  # noqa: N818 - a refusal is what Slack answers, with 200
    """Slack's `{"ok": false, "error": …}`."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: str) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}
        if messages:
            self.answer |= {"errors": messages, "response_metadata": {"messages": messages}}


@dataclass(slots=True, kw_only=True)
class Message:
    """One message in a channel, by a person or by the bot."""

    ts: str
    channel: str
    text: str
    user: str | None = None
    team: str = TEAM
    blocks: list[Json] = field(default_factory=list[Json])
    thread_ts: str | None = None
    bot_id: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    icon_url: str | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    edited: Json | None = None
    files: list[Json] = field(default_factory=list[Json])
    subtype: str | None = None
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in (None, self.ts)

    @property
    def is_root(self) -> bool:
        """Whether it stands in the open channel, be it a reply that was also sent there."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    @property
    def is_ours(self) -> bool:
        return self.bot_id == BOT_ID

    def as_slack(self, *, with_metadata: bool = False) -> Json:
        told: Json = {"type": "message", "ts": self.ts, "text": self.text, "team": self.team}
        parts: Json = {
            "user": self.user,
            "subtype": self.subtype,
            "thread_ts": self.thread_ts,
            "bot_id": self.bot_id,
            "app_id": APP_ID if self.is_ours else None,
            "username": self.username,
            "icons": {"emoji": self.icon_emoji} if self.icon_emoji else None,
            "blocks": self.blocks,
            "edited": self.edited,
            "files": self.files,
            "client_msg_id": self.client_msg_id,
            "metadata": self.metadata if with_metadata else None,
            "reactions": [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items() if users
            ],
        }
        return copy.deepcopy(told | {name: part for name, part in parts.items() if part})


@dataclass(slots=True, kw_only=True)
class Ephemeral:
    """What one person sees, until they reload."""

    id: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list[Json])
    thread_ts: str | None = None
    at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Channel:
    id: str
    name: str
    members: list[str]
    is_archived: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    buried: set[str] = field(default_factory=set[str])  # the ts of deleted roots

    @property
    def kind(self) -> str:
        return "im" if self.id.startswith("D") else "channel"

    def thread(self, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        return [m for m in self.messages.values() if ts in (m.ts, m.thread_ts)]

    def as_slack(self) -> Json:
        told: Json = {"id": self.id, "is_archived": self.is_archived, "is_im": self.kind == "im", "created": 1700000000}
        if self.kind == "im":
            return told | {"user": next((m for m in self.members if m != BOT_USER), "")}
        shared = {"is_shared": self.is_ext_shared, "is_ext_shared": self.is_ext_shared, "is_pending_ext_shared": False}
        names = {"name": self.name, "name_normalized": self.name, "context_team_id": TEAM}
        kinds = {"is_channel": True, "is_group": False, "is_private": self.is_private}
        kinds |= {"is_member": BOT_USER in self.members}
        return told | names | kinds | shared | {"num_members": len(self.members)}


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """Several people under one `@handle`."""

    id: str
    handle: str
    name: str
    users: list[str]
    is_disabled: bool = False

    def as_slack(self, *, with_users: bool = False, with_count: bool = False) -> Json:
        """docs.slack.dev/reference/objects/usergroup-object"""
        kind: Json = {"id": self.id, "team_id": TEAM, "is_usergroup": True, "is_subteam": True, "is_external": False}
        words: Json = {"name": self.name, "description": "", "handle": self.handle, "auto_type": None}
        dates: Json = {"date_create": 1700000000, "date_update": 1790000000, "date_delete": int(self.is_disabled)}
        told = kind | words | dates
        told |= {"users": list(self.users)} if with_users else {}
        return told | ({"user_count": len(self.users)} if with_count else {})


@dataclass(slots=True)
class Trigger:
    user: str
    made_at: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Where a click or a command may be answered: five times within half an hour."""

    channel: str
    user: str
    made_at: float
    message_ts: str | None = None
    ephemeral_id: str | None = None
    uses: int = 0


@dataclass(slots=True, kw_only=True)
class StoredFile:
    id: str
    name: str
    length: int
    content: bytes | None = None
    completed: bool = False
    shares: list[Json] = field(default_factory=list[Json])
    channel: str | None = None
    user: str = BOT_USER
    mimetype: str = "application/octet-stream"
    title: str = ""
    subtype: str = ""  # slack_audio or slack_video for what was recorded in Slack
    is_deleted: bool = False
    wants_sign_in: bool = False  # whatever the token: as where the app may not read files


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of the Web API, as it came."""

    method: str
    args: Json
    at: float
    error: str | None = None


class Workspace:
    """Everything Slack knows, and the way new events leave it."""

    def __init__(self, config: SandboxConfig, world: World) -> None:
        self.config = config
        self.world = world
        self.base_url = ""
        self.users: dict[str, SlackUser] = {user.id: user for user in staff(BOT_USER)}
        people = list(self.users)
        self.channels: dict[str, Channel] = {
            config.channel: Channel(id=config.channel, name="support-desk", members=people),
            "C0GENERAL": Channel(id="C0GENERAL", name="general", members=people[:-1]),
        }
        self.usergroups: dict[str, UserGroup] = {}
        self.has_usergroups = True  # the free plan has none
        self.takes_data_blocks = True  # not every workspace has Slack's own tables and charts
        self.ephemerals: list[Ephemeral] = []
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, list[Json]] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, StoredFile] = {}
        self.calls: list[Call] = []
        self.announce: Callable[[Json], None] = lambda event: None

    def channel(self, name: object) -> Channel:
        """The channel by id, by `#name`, or a person's direct messages by their user id."""
        if isinstance(name, str):
            if name in self.channels:
                return self.channels[name]
            if name in self.users and name != BOT_USER:
                return self.direct(name)
            for channel in self.channels.values():
                if name == f"#{channel.name}":
                    return channel
        raise SlackRefusal("channel_not_found")

    def has_direct(self, user: str) -> bool:
        return "D" + user[1:] in self.channels

    def direct(self, user: str) -> Channel:
        dm = "D" + user[1:]
        return self.channels.setdefault(dm, Channel(id=dm, name=dm, members=[user, BOT_USER]))

    def names(self) -> dict[str, str]:
        """What may be typed after an @, with the mention that Slack makes of it."""
        people = {name: f"@{user.id}" for user in self.users.values() for name in (user.name, user.name.split(" ")[0])}
        groups = {group.handle: f"!subteam^{group.id}" for group in self.usergroups.values() if not group.is_disabled}
        return people | groups | {each: f"!{each}" for each in ("here", "channel", "everyone")}

    def message(self, channel: Channel, ts: object) -> Message:
        found = channel.messages.get(ts) if isinstance(ts, str) else None
        if found is None:
            raise SlackRefusal("message_not_found")
        return found

    def tell(self, event: Json) -> None:
        """Announce an event where the bot can hear it: Slack tells of the bot's own posts too."""
        if BOT_USER in self.channels[event["channel"]].members:
            self.announce(event)

    def add(self, message: Message) -> Json:
        """Put a message in its channel; the event that tells of it."""
        channel = self.channels[message.channel]
        channel.messages[message.ts] = message
        parent = channel.messages.get(message.thread_ts or "")
        if parent is not None:
            parent.thread_ts = parent.ts
        self.world.touch()
        told = message.as_slack(with_metadata=True)
        if parent is not None and parent is not message:
            told |= {"parent_user_id": parent.user or ""}
        if parent is not None and message.subtype == "thread_broadcast":
            told["root"] = parent.as_slack()
        return told | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}

    def changed(self, message: Message, before: Json) -> Json:
        """The event of an edit, hidden and nested as Slack tells it."""
        after = message.as_slack(with_metadata=True)
        return self._hidden(message.channel, "message_changed", {"message": after, "previous_message": before})

    def remove(self, message: Message) -> Json:
        """A root with replies leaves a tombstone; anything else is simply gone."""
        channel, before = self.channels[message.channel], message.as_slack(with_metadata=True)
        if len(channel.thread(message.ts)) > 1 and message.is_root:
            message.subtype, message.user, message.bot_id = "tombstone", "USLACKBOT", None
            message.text, message.blocks, message.metadata = "This message was deleted.", [], None
            return self.changed(message, before)
        del channel.messages[message.ts]
        channel.buried.add(message.ts)
        gone: Json = {"deleted_ts": message.ts, "previous_message": before}
        return self._hidden(message.channel, "message_deleted", gone)

    def reacted(self, user: str, message: Message, name: str) -> None:
        """Somebody reacts, be it a bot: Slack tells everybody who subscribes, the bot itself included."""
        message.reactions.setdefault(name, []).append(user)
        self._announce_reaction("reaction_added", user, message, name)

    def unreacted(self, user: str, message: Message, name: str) -> None:
        message.reactions[name].remove(user)
        self._announce_reaction("reaction_removed", user, message, name)

    def _announce_reaction(self, kind: str, user: str, message: Message, name: str) -> None:
        self.world.touch()
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        told: Json = {"type": kind, "user": user, "reaction": name, "item": item, "event_ts": self.world.stamp()}
        self.announce(told | ({"item_user": message.user} if message.user else {}))

    def _hidden(self, channel_id: str, subtype: str, told: Json) -> Json:
        self.world.touch()
        ts, kind = self.world.stamp(), self.channels[channel_id].kind
        where: Json = {"type": "message", "hidden": True, "channel": channel_id, "channel_type": kind}
        return told | where | {"subtype": subtype, "ts": ts, "event_ts": ts}

    def trigger(self, user: str) -> str:
        """A fresh trigger_id: good once, for three seconds."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = Trigger(user, self.world.now())
        return trigger_id

    def redeem(self, trigger_id: object) -> str:
        """Use a trigger_id up; the user whose click it came from."""
        trigger = self.triggers.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("exchanged_trigger_id")
        if self.world.now() - trigger.made_at > TRIGGER_LIFE:
            raise SlackRefusal("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def response_url(self, where: ResponseUrl) -> str:
        url_id = secrets.token_hex(12)
        self.response_urls[url_id] = where
        return f"{self.base_url}/slack/response/{url_id}"


def with_ids(blocks: list[Json]) -> list[Json]:
    """Slack gives every block and control an id where the app gave none."""
    named = copy.deepcopy(blocks)
    for block in as_objects(named):
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for control in controls(block):
            if control.get("type") != "image":
                control.setdefault("action_id", secrets.token_urlsafe(4))
    return named
