"""The stand-in Slack as a test or the demo uses it: look at its screens, act as its people."""

from __future__ import annotations

import uuid

import aiohttp
from aiohttp import web

from integrations.sandbox import slack_files
from integrations.sandbox.composer import compose
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.slack_api import SlackApi
from integrations.sandbox.slack_events import Answer, SlackEvents
from integrations.sandbox.slack_hands import BotRefused, Hands
from integrations.sandbox.slack_responses import respond
from integrations.sandbox.slack_socket import Sockets
from integrations.sandbox.slack_state import BOT_USER, Call, Message, UserGroup, Workspace
from integrations.sandbox.wire import Json
from integrations.sandbox.world import World

__all__ = ["BotRefused", "Slack"]


class Slack(Hands):
    """One workspace with its people, and the bot's place in it."""

    def __init__(self, config: SandboxConfig, world: World) -> None:
        workspace = Workspace(config, world)
        self.faults = Faults()
        self.sockets = Sockets(workspace)
        self.api = SlackApi(workspace, self.faults, self.sockets)
        super().__init__(workspace, SlackEvents(workspace, self.sockets))

    def routes(self) -> list[web.RouteDef]:
        return [
            *self.api.routes(),
            web.post("/slack/response/{id}", self._respond),
            web.get("/slack/socket", self.sockets.connect, allow_head=False),
        ]

    def start(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self.workspace.base_url = base_url
        self.events.start(session)

    # --- Looking ----------------------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        return self.workspace.calls

    @property
    def enforce_rate(self) -> bool:
        return self.api.enforce_rate

    @enforce_rate.setter
    def enforce_rate(self, on: bool) -> None:
        self.api.enforce_rate = on

    @property
    def socket_mode(self) -> bool:
        """Whether the bot gets everything over its WebSockets, and nothing at its URL."""
        return self.events.socket_mode

    @socket_mode.setter
    def socket_mode(self, on: bool) -> None:
        self.events.socket_mode = on

    def messages(self, channel: str) -> list[Message]:
        return list(self.workspace.channel(channel).messages.values())

    def root_messages(self, channel: str) -> list[Message]:
        return [message for message in self.messages(channel) if message.is_root]

    def dm(self, user: str) -> list[Message]:
        """What the app's Messages tab shows this person."""
        return list(self.workspace.direct(user).messages.values())

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        return self.workspace.channel(channel).thread(ts)

    def reactions(self, channel: str, ts: str) -> set[str]:
        message = self.workspace.message(self.workspace.channel(channel), ts)
        return {name for name, users in message.reactions.items() if users}

    # --- People write -----------------------------------------------------------------------------------------------

    def add_user(self, user: SlackUser, *channels: str) -> None:
        """Let somebody else into the workspace and some of its channels: a guest, an outsider, another bot."""
        self.workspace.users[user.id] = user
        for channel in channels:
            self.workspace.channel(channel).members.append(user.id)

    def join(self, user: str, channel: str) -> None:
        """Somebody comes into a channel, which those who subscribe are told where the bot is too."""
        self._moves(user, channel, "member_joined_channel")

    def leave(self, user: str, channel: str) -> None:
        self._moves(user, channel, "member_left_channel")

    def _moves(self, user: str, channel: str, event: str) -> None:
        """Sources: docs.slack.dev/reference/events/member_joined_channel and member_left_channel."""
        place = self.workspace.channel(channel)
        if event == "member_joined_channel":
            place.members.append(user)
        else:
            place.members.remove(user)
        team, kind = self.workspace.users[user].team_id, "G" if place.is_private else "C"
        self.workspace.tell({"type": event, "user": user, "channel": place.id, "channel_type": kind, "team": team})
        self.workspace.world.touch()

    def add_group(self, group_id: str, handle: str, users: list[str]) -> None:
        """A user group, called `@handle`; given again it has other members, which those who subscribe are told."""
        before = self.workspace.usergroups.get(group_id)
        group = UserGroup(id=group_id, handle=handle, name=handle.capitalize(), users=users)
        self.workspace.usergroups[group_id] = group
        told: Json = {"type": "subteam_created", "subteam": group.as_slack(with_users=True)}
        if before is not None:
            added, removed = set(users) - set(before.users), set(before.users) - set(users)
            told = {"type": "subteam_members_changed", "subteam_id": group_id, "team_id": TEAM}
            told |= {"added_users": sorted(added), "removed_users": sorted(removed)}
        self.events.announce(told)
        self.workspace.world.touch()

    def change_user(self, user: SlackUser) -> None:
        """Somebody has another name, time zone or standing from now on."""
        self.workspace.users[user.id] = user
        self.events.announce({"type": "user_change", "user": user.as_slack()})
        self.workspace.world.touch()

    async def reply(
        self,
        user: str,
        channel: str,
        thread_ts: str | None,
        text: str,
        blocks: list[Json] | None = None,
        files: list[Json] | None = None,
        subtype: str | None = None,
        team: str | None = None,
        *,
        bot_id: str | None = None,
        copies: int = 1,
    ) -> str:
        """A person writes; returns the ts.

        `copies` more than one repeats the event as Slack's retries would; with none, the bot is never told.
        """
        typed, place = compose(text, self.workspace.names()), self.workspace.channel(channel)
        author = self.workspace.users[user]
        if place.kind == "im":
            raise PermissionError("The app only sends messages here: its Messages tab is read-only.")
        message = Message(
            ts=self.workspace.world.stamp(),
            channel=place.id,
            text=typed.text,
            user=user,
            team=team or author.team_id,
            blocks=typed.blocks if blocks is None else blocks,
            thread_ts=thread_ts,
            files=files or [],
            subtype=subtype or ("file_share" if files else None),
            client_msg_id=None if bot_id else str(uuid.uuid4()),
            bot_id=bot_id,
        )
        event = self.workspace.add(message)
        if message.team != TEAM:
            event |= {"user_team": message.team, "source_team": message.team}
        if copies:
            await self._tell(event, copies)
        return message.ts

    def attach(self, user: str, name: str, content: bytes, mimetype: str | None = None, *, subtype: str = "") -> Json:
        """Upload a file as a person; what `reply` takes in `files`."""
        stored = slack_files.attach(self.workspace, user, name, content, mimetype, subtype)
        return slack_files.as_slack(self.workspace, stored)

    async def say(self, user: str, channel: str, text: str) -> str:
        """A message in the open channel."""
        return await self.reply(user, channel, None, text)

    async def edit(self, user: str, channel: str, ts: str, text: str, blocks: list[Json] | None = None) -> None:
        message = self._own(user, channel, ts)
        before = message.as_slack(with_metadata=True)
        typed = compose(text, self.workspace.names())
        message.text, message.blocks = typed.text, typed.blocks if blocks is None else blocks
        message.edited = {"user": user, "ts": self.workspace.world.stamp()}
        await self._tell(self.workspace.changed(message, before))

    async def delete(self, user: str, channel: str, ts: str) -> None:
        await self._tell(self.workspace.remove(self._own(user, channel, ts)))

    async def remove(self, channel: str, ts: str) -> None:
        """An administrator deletes a message, whoever wrote it."""
        await self._tell(self.workspace.remove(self.workspace.message(self.workspace.channel(channel), ts)))

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        self.workspace.reacted(user, self._at(channel, ts), name)

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        self.workspace.unreacted(user, self._at(channel, ts), name)

    async def open_home(self, user: str, tab: str = "home") -> Answer:
        event: Json = {"type": "app_home_opened", "user": user, "channel": self.workspace.direct(user).id, "tab": tab}
        if view := self.home(user):
            event["view"] = view
        return await self._tell(event | {"event_ts": self.workspace.world.stamp()})

    # --- Underneath -------------------------------------------------------------------------------------------------

    async def _respond(self, request: web.Request) -> web.Response:
        return await respond(self.workspace, request)

    async def _tell(self, event: Json, copies: int = 1) -> Answer:
        """Deliver an event and wait for the first answer; retries go on by themselves."""
        if "channel_type" in event and BOT_USER not in self.workspace.channels[event["channel"]].members:
            return Answer(200, reason="the bot is not in this channel")
        envelope = self.events.envelope(event, event.get("user_team") or TEAM)
        answer = await self.events.attempt(envelope)
        for retry in range(1, copies):
            await self.events.attempt(envelope, retry, "http_timeout")
        if not answer.ok and copies == 1:
            self.workspace.world.run(self.events.insist(envelope, answer))
        return answer

    def _at(self, channel: str, ts: str) -> Message:
        return self.workspace.message(self.workspace.channel(channel), ts)

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self.workspace.message(self.workspace.channel(channel), ts)
        if message.user != user or user == BOT_USER:
            raise PermissionError(f"{user} did not write {ts}")
        return message
