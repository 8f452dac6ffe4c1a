"""The person in front: who they are, whether they may act, and the answer they get at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.blocks import modals, thread_notes
from bot.blocks.parts import Post, View
from bot.domain.escalation import Actor
from bot.domain.inboxes import Inbox, Inboxes, not_there
from bot.domain.people import StaffMember
from bot.roster import Roster
from integrations.errors import ServiceError
from integrations.slack.client import Identity
from integrations.slack.media import SlackFiles
from storage import inboxes

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]
_NAMES = ("user", "user_id", "channel", "channel_id", "team", "team_id", "enterprise_id", "event_id", "type", "subtype")
_EVENT_ID = re.compile(r"\w{1,99}", re.ASCII)
_ID, _TS = re.compile(r"[A-Z0-9]{1,32}"), re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
NOT_SURE = "Slack could not tell who you are just now. Please try again in a moment; nothing was changed."


def json_object(value: object) -> Json:
    """Whatever else came in its place counts as absent."""
    return cast("Json", value) if isinstance(value, dict) else {}


def json_objects(value: object) -> list[Json]:
    found = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", each) for each in found if isinstance(each, dict)]


def is_place(channel: object, ts: object) -> bool:
    """Whether these can name a post in Slack."""
    return bool(_ID.fullmatch(_string(channel)) and _TS.fullmatch(_string(ts)))


def is_user(user: object) -> bool:
    return bool(_ID.fullmatch(_string(user)))


def is_as_slack_tells(envelope: Json) -> bool:
    """Whether Bolt can read an event: it looks for names before any listener of ours sees it."""
    event = json_object(envelope.get("event"))
    nested = [json_object(event.get(each)) for each in ("message", "previous_message", "item")]
    named = [value for each in (envelope, event, *nested) for name in _NAMES if (value := each.get(name)) is not None]
    is_known = isinstance(event.get("type"), str) and _EVENT_ID.fullmatch(_string(envelope.get("event_id")))
    return bool(is_known) and all(isinstance(each, str | dict) for each in named)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


Listener = Callable[..., Awaitable[None]]
Register = Callable[[Listener], object]


class Dispatcher(Protocol):
    """The part of Bolt's app by which doors name what they listen to; Bolt's own types leave it open."""

    def event(self, event: str | re.Pattern[str]) -> Register: ...

    def action(self, constraints: str | re.Pattern[str]) -> Register: ...

    def command(self, command: str | re.Pattern[str]) -> Register: ...

    def shortcut(self, constraints: str | re.Pattern[str]) -> Register: ...

    def view(self, constraints: str | re.Pattern[str]) -> Register: ...


@dataclass(slots=True)
class Us:
    """Who we are in the workspace, once Slack has told us."""

    identity: Identity | None = None

    @property
    def team_id(self) -> str | None:
        return self.identity.team_id if self.identity else None

    def said(self, event: Json) -> bool:
        """Whether an event is about a message of our own. Any bot's, until we know which one we are."""
        for each in (event, json_object(event.get("message")), json_object(event.get("previous_message"))):
            bot_id, user = each.get("bot_id"), each.get("user")
            if self.identity is None and bot_id:
                return True
            if self.identity and (bot_id == self.identity.bot_id or user == self.identity.user_id) and (bot_id or user):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Front:
    """What every Slack door needs."""

    slack: SlackFiles
    us: Us
    inboxes: Inboxes
    clock: Callable[[], datetime]

    @property
    def roster(self) -> Roster:
        return Roster(self.slack, lambda: self.us.team_id, self.clock)

    async def inbox_of(self, escalation_id: int) -> Inbox:
        """Whose rules hold for it; what is not there has none, and whoever asks for it is refused anyway."""
        return self.inboxes.known(await inboxes.of_escalation(escalation_id))

    async def inbox_of_message(self, message_id: int) -> Inbox:
        return self.inboxes.known(await inboxes.of_message(message_id))

    async def seen_by(self, user: str, channel: str | None = None) -> list[int]:
        """Which inboxes somebody speaks of: that of the channel they do it in, else all in whose channels they are."""
        return [each.id for each in self._spoken_of(channel) if await self._is_of(each, user, channel)]

    async def member(self, user: str) -> StaffMember:
        """The person as Slack describes them, remembered for an hour. Raises `ServiceError` when Slack cannot say."""
        return await self.roster.member(user, self.inboxes.first.id)

    async def zone(self, user: str) -> tzinfo:
        """Their own time zone, as far as Slack knows it."""
        try:
            name = (await self.member(user)).time_zone
            return ZoneInfo(name) if name else UTC
        except (ServiceError, ZoneInfoNotFoundError, ValueError):
            return UTC

    async def actor(self, user: str, inbox_id: int) -> Actor:
        """Whoever acts on this inbox, and whether as a lead. Where it has no group of leads, everybody is one."""
        group = self.inboxes[inbox_id].rules.lead_group
        if group is None:
            return Actor(user, is_lead=True)
        try:
            leads = await self.roster.group(group, inbox_id)
        except ServiceError as error:  # when in doubt they may not
            log.warning("leads.unknown", group=group, error=error.code)
            return Actor(user)
        return Actor(user, is_lead=user in leads)

    async def admits(self, click: Click, inbox_id: int | None = None) -> str | None:
        """As `may_act`, of whoever pressed something."""
        return await self.may_act(click.user, click.team, inbox_id, click.channel)

    async def may_act(
        self, user: str, team: str | None, inbox_id: int | None = None, channel: str | None = None
    ) -> str | None:
        """Why this person may not act, or None when they may. When in doubt they may not.

        Members of an inbox's channel act on it; where it is about no inbox, they are in the channel of one of them.
        """
        if refusal := await self._why_no_staff(user, team):
            return refusal
        about = self._spoken_of(channel) if inbox_id is None else [self.inboxes.known(inbox_id)]
        found = [await self._is_of(each, user, channel) for each in about]
        return None if True in found else not_there(about, is_sure=None not in found)

    def _spoken_of(self, channel: str | None) -> list[Inbox]:
        inbox = self.inboxes.of_channel(channel)
        return [inbox] if inbox else list(self.inboxes.values())

    async def _is_of(self, inbox: Inbox, user: str, channel: str | None) -> bool | None:
        """None where Slack does not say. Whoever does it in that very channel is there."""
        try:
            return await self.roster.is_of(inbox, user)
        except ServiceError as error:
            log.warning("channel.unknown", inbox=inbox.id, error=error.code)
            return True if channel in inbox.channels else None

    async def _why_no_staff(self, user: str, team: str | None) -> str | None:
        if team and self.us.team_id and team != self.us.team_id:
            member = StaffMember(user, user, team_id=team)
        else:
            try:
                member = await self.member(user)
            except ServiceError as error:
                log.warning("staff.unknown", user=user, error=error.code)
                return NOT_SURE
        return member.refusal(self.us.team_id)

    async def answer(self, click: Click, words: str | Post) -> None:
        """Say something to whoever clicked, where they clicked; in App Home only a modal can be seen."""
        post = thread_notes.note(words) if isinstance(words, str) else words
        try:
            if click.channel:
                await self._whisper(click, click.channel, post)
            elif click.trigger_id:
                await self.slack.open_modal(click.trigger_id, modals.notice("Switchboard", post.text))
        except ServiceError as error:
            log.warning("answer.not_shown", user=click.user, error=error.code)

    async def open(self, click: Click, view: View) -> None:
        """A window, for whoever pressed; pressing again helps where Slack does not open it in time."""
        try:
            await self.slack.open_modal(click.trigger_id or "", view)
        except ServiceError as error:
            log.warning("modal.not_opened", user=click.user, error=error.code)

    async def _whisper(self, click: Click, channel: str, post: Post) -> None:
        """Whoever looks into a public channel without having joined it hears only by the URL of their click."""
        try:
            await self.slack.whisper(channel, click.user, post.text, post.blocks, click.thread_ts)
        except ServiceError as error:
            if error.code != "user_not_in_channel" or not click.response_url:
                raise
            await self.slack.respond(click.response_url, post.text, post.blocks)


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a button: by whom, on what, and where the answer goes."""

    user: str
    team: str | None
    value: str
    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    trigger_id: str | None
    response_url: str | None
    is_ephemeral: bool
    block_id: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.user)

    @property
    def number(self) -> int | None:
        """The id that the button carries."""
        number = self.value.partition(":")[0]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None

    @property
    def held_by(self) -> str | None:
        """Who had it in the eyes of whoever pressed, where the button says so."""
        return self.value.partition(":")[2] or None

    @classmethod
    def from_body(cls, body: Json) -> Click:
        action = cast("list[Json]", body.get("actions") or [{}])[0]
        user, container = cast("Json", body.get("user") or {}), cast("Json", body.get("container") or {})
        team = cast("Json", body.get("team") or {})
        message, channel = cast("Json", body.get("message") or {}), cast("Json", body.get("channel") or {})
        thread = container.get("thread_ts") or message.get("thread_ts")
        message_ts = container.get("message_ts") or message.get("ts")
        return cls(
            user=str(user.get("id", "")),
            team=user.get("team_id") or team.get("id"),
            value=str(action.get("value") or ""),
            channel=channel.get("id") or container.get("channel_id"),
            message_ts=message_ts,
            thread_ts=thread if thread != message_ts else None,
            trigger_id=body.get("trigger_id"),
            response_url=body.get("response_url"),
            is_ephemeral=bool(container.get("is_ephemeral")),
            block_id=str(action.get("block_id") or ""),
        )
