"""The stand-in Slack as a test or the demo uses it: look at its screens, act as its people."""

from __future__ import annotations

import uuid

import aiohttp
from aiohttp import web

from integrations.sandbox import slack_files, slack_views
from integrations.sandbox import slack_gestures as gestures
from integrations.sandbox.composer import compose
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.slack_api import SlackApi
from integrations.sandbox.slack_events import Answer, SlackEvents
from integrations.sandbox.slack_responses import respond, show
from integrations.sandbox.slack_socket import Sockets
from integrations.sandbox.slack_state import APP_ID, BOT_USER, Call, Ephemeral, Message, ResponseUrl, Workspace
from integrations.sandbox.wire import Json, as_object
from integrations.sandbox.world import World


class BotRefused(Exception):  # noqa: N818 - it says who refused
    """The bot did not take what Slack brought it in time; the person would see an error."""


class Slack:
    """One workspace with its people, and the bot's place in it."""

    def __init__(self, config: SandboxConfig, world: World) -> None:
        self.workspace = Workspace(config, world)
        self.faults = Faults()
        self.sockets = Sockets(self.workspace)
        self.api = SlackApi(self.workspace, self.faults, self.sockets)
        self.events = SlackEvents(self.workspace, self.sockets)

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

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        return self.workspace.channel(channel).thread(ts)

    def ephemerals(self, user: str) -> list[Ephemeral]:
        return [each for each in self.workspace.ephemerals if each.user == user]

    def home(self, user: str) -> Json | None:
        return self.workspace.homes.get(user)

    def modal(self, user: str) -> Json | None:
        """The topmost modal the person has open."""
        stack = self.workspace.modals.get(user)
        return stack[-1] if stack else None

    def reactions(self, channel: str, ts: str) -> set[str]:
        message = self.workspace.message(self.workspace.channel(channel), ts)
        return {name for name, users in message.reactions.items() if users}

    # --- People write -----------------------------------------------------------------------------------------------

    def add_user(self, user: SlackUser, *channels: str) -> None:
        """Let somebody else into the workspace and some of its channels: a guest, an outsider, another bot."""
        self.workspace.users[user.id] = user
        for channel in channels:
            self.workspace.channel(channel).members.append(user.id)

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
        typed = compose(text, self.workspace.users.values())
        author = self.workspace.users[user]
        message = Message(
            ts=self.workspace.world.stamp(),
            channel=channel,
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
        typed = compose(text, self.workspace.users.values())
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

    # --- People press -----------------------------------------------------------------------------------------------

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: str | None = None,
        *,
        block_id: str | None = None,
        stale: bool = False,
    ) -> int:
        """Press a control of a message. `stale`: as the screen was, though the control may be gone by now."""
        place = self.workspace.channel(channel)
        message = self.workspace.message(place, ts)
        if stale:
            control: Json = {"type": "button", "action_id": action_id, "value": value, "block_id": "as-it-was"}
        else:
            control = gestures.find_control(message.blocks, action_id, value, block_id)
        url = self._response_url(user, channel, message_ts=ts)
        return (await self._press(user, control, value, gestures.on_message(message, place, url))).status

    async def click_ephemeral(
        self, user: str, action_id: str, value: str | None = None, *, ephemeral_id: str | None = None
    ) -> int:
        """Press a control of what only this person sees: the named one, else the newest that has it."""
        for each in reversed(self.ephemerals(user)):
            if ephemeral_id in (None, each.id):
                try:
                    control = gestures.find_control(each.blocks, action_id, value)
                except LookupError:
                    continue
                url = self._response_url(user, each.channel, ephemeral_id=each.id)
                place = gestures.on_ephemeral(each.id, each.thread_ts, self.workspace.channel(each.channel), url)
                return (await self._press(user, control, value, place)).status
        raise LookupError(f"nothing only {user} sees has a control {action_id!r}")

    async def click_home(
        self, user: str, action_id: str, value: str | None = None, *, block_id: str | None = None
    ) -> int:
        return await self._click_view(user, self.home(user), action_id, value, block_id)

    async def click_modal(
        self,
        user: str,
        action_id: str,
        value: str | None = None,
        *,
        block_id: str | None = None,
        values: Json | None = None,
    ) -> int:
        """Press, choose or type in a modal; `values` is what else stands in its fields, which Slack tells each time."""
        view = self.modal(user)
        if view is not None:
            gestures.keep(view, values or {})
            gestures.keep(view, {} if value is None else {action_id: value}, block_id)
        return await self._click_view(user, view, action_id, value, block_id)

    async def open_home(self, user: str, tab: str = "home") -> Answer:
        event: Json = {"type": "app_home_opened", "user": user, "channel": self.workspace.direct(user).id, "tab": tab}
        if view := self.home(user):
            event["view"] = view
        return await self._tell(event | {"event_ts": self.workspace.world.stamp()})

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Json | str:
        """Type a slash command; what the bot answered at once. Slack shows it, to this person unless told otherwise."""
        person, place = self.workspace.users[user], self.workspace.channel(channel)
        where = ResponseUrl(channel=channel, user=user, made_at=self.workspace.world.now())
        fields = {"command": command, "text": text, "api_app_id": APP_ID, "team_domain": "aurora-outdoor"}
        who = {"user_id": user, "user_name": person.as_slack()["name"], "team_id": person.team_id}
        ids = {"trigger_id": self.workspace.trigger(user), "response_url": self.workspace.response_url(where)}
        asked = {"channel_id": place.id, "channel_name": place.name, "is_enterprise_install": "false"}
        answer = self._accepted(await self.events.command(fields | who | ids | asked))
        if answer.body:
            show(self.workspace, where, answer.json or {"text": answer.body})
        return answer.body if answer.json is None else answer.json

    async def submit(self, user: str, view_id: str | None = None, values: Json | None = None) -> Json:
        """Press a modal's submit button; the bot's `response_action`, carried out as Slack does."""
        view = self._modal(user, view_id)
        view["state"] = gestures.filled(view, values or {})
        payload = gestures.block_actions(self.workspace.users[user], self.workspace.trigger(user), {})
        payload |= {"type": "view_submission", "view": view, "response_urls": []}
        del payload["actions"]
        answer = self._accepted(await self.events.interact(payload)).json or {}
        self._after_submit(user, view, answer)
        return answer

    async def dismiss(self, user: str, view_id: str | None = None) -> None:
        """Close a modal; the bot hears of it only if it asked to."""
        view = self._modal(user, view_id)
        self.workspace.modals[user].remove(view)
        self.workspace.world.touch()
        if view.get("notify_on_close"):
            payload = gestures.block_actions(self.workspace.users[user], "", {})
            del payload["actions"], payload["trigger_id"]
            await self.events.interact(payload | {"type": "view_closed", "view": view, "is_cleared": False})

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

    async def _press(self, user: str, control: Json, value: str | None, place: Json) -> Answer:
        pressed = gestures.action(control, value, self.workspace.world.stamp())
        payload = gestures.block_actions(self.workspace.users[user], self.workspace.trigger(user), pressed)
        return await self.events.interact(payload | place)

    async def _click_view(
        self, user: str, view: Json | None, action_id: str, value: str | None, block_id: str | None
    ) -> int:
        if view is None:
            raise LookupError(f"{user} has no such view open")
        control = gestures.find_control(view["blocks"], action_id, value, block_id)
        return (await self._press(user, control, value, gestures.on_view(view))).status

    def _response_url(
        self, user: str, channel: str, message_ts: str | None = None, ephemeral_id: str | None = None
    ) -> str:
        now = self.workspace.world.now()
        return self.workspace.response_url(
            ResponseUrl(channel=channel, user=user, made_at=now, message_ts=message_ts, ephemeral_id=ephemeral_id)
        )

    def _at(self, channel: str, ts: str) -> Message:
        return self.workspace.message(self.workspace.channel(channel), ts)

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self.workspace.message(self.workspace.channel(channel), ts)
        if message.user != user or user == BOT_USER:
            raise PermissionError(f"{user} did not write {ts}")
        return message

    def _modal(self, user: str, view_id: str | None) -> Json:
        for view in self.workspace.modals.get(user, [])[::-1]:
            if view_id in (None, view["id"]):
                return view
        raise LookupError(f"{user} has no such modal open")

    def _accepted(self, answer: Answer) -> Answer:
        if not answer.ok:
            raise BotRefused(f"the bot answered {answer.status or 'nothing in time'}: {answer.body[:200]}")
        return answer

    def _after_submit(self, user: str, view: Json, answer: Json) -> None:
        what = answer.get("response_action")
        if what == "errors":
            return
        if what in ("update", "push"):
            shown = as_object(answer.get("view"))
            slack_views.refused(self.workspace, shown)
            if what == "update":
                slack_views.replace(self.workspace, user, view["id"], shown)
            else:
                slack_views.show(self.workspace, user, shown, on_top=True)
            return
        stack = self.workspace.modals[user]
        if what == "clear":
            stack.clear()
        elif view in stack:
            stack.remove(view)
        self.workspace.world.touch()
