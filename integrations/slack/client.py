"""Slack's Web API over one pooled session, without the SDK's silent retries: a post is sent once or we know why not."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.people import StaffMember
from integrations.errors import ServiceError
from integrations.slack import errors
from integrations.slack.data_blocks import DataBlocks

Json = dict[str, Any]
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
METADATA_EVENT = "switchboard_task"
_PAGE = 200  # messages read back at a time when looking for a trace
_REFUSAL = re.compile(r'"error"\s*:\s*"(\w+)"')  # in what a response URL answers
_CLOCKS_DIFFER = 120.0  # seconds by which Slack's clock and ours may disagree


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace."""

    team_id: str
    user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token is good for. `scopes` is None where Slack did not say."""

    team: str
    user: str
    is_bot: bool
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """Whether a channel can be worked in. `is_shared` is with another organisation, or about to be."""

    name: str
    is_member: bool
    is_archived: bool
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A modal that somebody has open; `hash` names what it shows."""

    view_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A message to post. `trace` is kept in its metadata, so that it can be found again after a doubt.

    `plain` are the blocks for a workspace that does not take Slack's own tables and charts, where `blocks` has some.
    """

    channel: str
    text: str
    blocks: list[Json]
    trace: str
    thread_ts: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    plain: list[Json] | None = None
    to_all: bool = False  # a reply that the channel sees too


# Put around every call, with its method and arguments: it sees what comes of it.
Watch = Callable[[str, Json], AbstractAsyncContextManager[None]]


class ApiCall(Protocol):
    """What the SDK's `api_call` takes, in types of our own."""

    async def __call__(
        self, api_method: str, *, http_verb: str = "POST", params: Json | None = None, json: Json | None = None
    ) -> AsyncSlackResponse: ...


def make_client(session: aiohttp.ClientSession, url: str, token: str) -> AsyncWebClient:
    """The SDK's client with its retry handlers off: they would post twice after a dropped connection."""
    return AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


class Slack:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, watch: Watch | None = None) -> None:
        self._watch = watch or _unwatched
        self._api = cast("ApiCall", client.api_call)  # pyright: ignore[reportUnknownMemberType]  # bare dicts
        self._session = session
        self._data_blocks = DataBlocks()
        self._trusted_hosts = {urlsplit(client.base_url).netloc, "hooks.slack.com"}

    async def identity(self) -> Identity:
        answer = await self._call("auth.test")
        return Identity(*(str(answer.get(name) or "") for name in ("team_id", "user_id", "bot_id")))

    async def grant(self) -> Grant:
        """Whose token it is and what it may do: the scopes come in a header of every answer."""
        response = await self._respond("auth.test")
        answer = cast("Json", response.data)
        headers = cast("dict[str, str]", response.headers)  # in truth aiohttp's: upper and lower case are one
        listed = headers.get("x-oauth-scopes")
        scopes = None if listed is None else frozenset(filter(None, (each.strip() for each in listed.split(","))))
        return Grant(str(answer.get("team")), str(answer.get("user")), bool(answer.get("bot_id")), scopes)

    async def post(self, posting: Posting) -> str:
        """Post a message and return its ts. A reply whose thread is gone is taken back and reported as gone."""
        arguments: Json = {
            "channel": posting.channel,
            "text": posting.text,
            "metadata": {"event_type": METADATA_EVENT, "event_payload": {"trace": posting.trace}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if posting.thread_ts:
            arguments["thread_ts"] = posting.thread_ts
        if posting.thread_ts and posting.to_all:
            arguments["reply_broadcast"] = True  # docs.slack.dev/reference/methods/chat.postMessage
        if posting.username:
            arguments["username"] = posting.username[:80]
        if posting.icon_emoji:
            arguments["icon_emoji"] = posting.icon_emoji
        answer = await self._show("chat.postMessage", arguments, posting.blocks, posting.plain)
        ts, landed_in = str(answer["ts"]), cast("Json", answer.get("message") or {}).get("thread_ts")
        if posting.thread_ts and landed_in != posting.thread_ts:
            # Under a deleted parent Slack posts into the open channel: slackapi/python-slack-events-api#87.
            await self._take_away(posting.channel, ts)
            raise errors.from_answer("thread_not_found")
        return ts

    async def write(self, user: str, text: str, blocks: list[Json]) -> tuple[str, str]:
        """A direct message: Slack takes a person's id for its channel. Returns the channel it is in, and its ts."""
        arguments: Json = {"channel": user, "text": text, "blocks": blocks, "unfurl_links": False}
        answer = await self._call("chat.postMessage", {**arguments, "unfurl_media": False})
        return str(answer["channel"]), str(answer["ts"])

    async def find(self, channel: str, thread_ts: str | None, trace: str, since: datetime) -> str | None:
        """The ts of a message we posted with this trace, if it is there. `since`: it cannot be older."""
        oldest = f"{since.timestamp() - _CLOCKS_DIFFER:.6f}"
        query: Json = {"channel": channel, "include_all_metadata": "true", "limit": str(_PAGE), "oldest": oldest}
        if thread_ts:
            query["ts"] = thread_ts
        method = "conversations.replies" if thread_ts else "conversations.history"
        while True:
            answer = await self._call(method, query=query)
            for message in cast("list[Json]", answer.get("messages") or []):
                metadata = cast("Json", message.get("metadata") or {})
                if cast("Json", metadata.get("event_payload") or {}).get("trace") == trace:
                    return str(message["ts"])
            query["cursor"] = cast("Json", answer.get("response_metadata") or {}).get("next_cursor")
            if not query["cursor"]:
                return None

    async def replies(self, channel: str, thread_ts: str, oldest: str) -> list[Json]:
        """All that was said in a thread after `oldest`, in order; the thread's first message is always among it."""
        said: list[Json] = []
        query: Json = {"channel": channel, "ts": thread_ts, "oldest": oldest, "limit": "200"}
        while True:
            answer = await self._call("conversations.replies", query=query)
            said += cast("list[Json]", answer.get("messages") or [])
            cursor = cast("Json", answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return sorted(said, key=lambda message: str(message["ts"]))
            query["cursor"] = cursor

    async def message(self, channel: str, thread_ts: str, ts: str) -> Json | None:
        """One message of a thread as it stands now: docs.slack.dev/reference/methods/conversations.replies."""
        stamps = {"ts": thread_ts, "oldest": ts, "latest": ts, "inclusive": "true"}
        query: Json = {"channel": channel, **stamps, "limit": "10"}  # the thread's first message comes along
        answer = await self._call("conversations.replies", query=query)
        said = cast("list[Json]", answer.get("messages") or [])
        return next((each for each in said if each.get("ts") == ts), None)

    async def socket_url(self) -> str:
        """An address for one WebSocket, good once and secret. This call alone wants the app's token, not the bot's."""
        return str((await self._call("apps.connections.open"))["url"])

    async def update(
        self, channel: str, ts: str, text: str, blocks: list[Json], plain: list[Json] | None = None
    ) -> None:
        arguments: Json = {"channel": channel, "ts": ts, "text": text}
        await self._show("chat.update", arguments, blocks, plain)

    async def whisper(
        self,
        channel: str,
        user: str,
        text: str,
        blocks: list[Json],
        thread_ts: str | None,
        plain: list[Json] | None = None,
    ) -> None:
        """An ephemeral message. Slack may never show it, and does not say so."""
        arguments: Json = {"channel": channel, "user": user, "text": text}
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        await self._show("chat.postEphemeral", arguments, blocks, plain)

    async def respond(
        self,
        response_url: str,
        text: str,
        blocks: list[Json],
        plain: list[Json] | None = None,
        *,
        instead: bool = False,
    ) -> None:
        """Answer a click or a command so that only that person sees it, also where Switchboard is no member.

        `instead` of what was pressed on, which everybody may see.
        """

        async def send(shown: list[Json]) -> None:
            answer = {"text": text, "blocks": shown, "response_type": "ephemeral", "replace_original": instead}
            word = await self._tell(response_url, answer)
            if word is not None:
                raise errors.from_answer(word)

        await self._data_blocks.show(blocks, plain, send)

    async def react(self, channel: str, ts: str, name: str) -> None:
        await self._reaction("reactions.add", channel, ts, name, harmless="already_reacted")

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        await self._reaction("reactions.remove", channel, ts, name, harmless="no_reaction")

    async def permalink(self, channel: str, ts: str) -> str | None:
        """The address of a message; None when Slack gives none, which costs a link and nothing else."""
        try:
            answer = await self._call("chat.getPermalink", query={"channel": channel, "message_ts": ts})
        except ServiceError as error:
            if error.is_retryable:
                raise
            return None
        return str(answer.get("permalink") or "") or None

    async def publish_home(self, user: str, view: Json) -> None:
        await self._call("views.publish", {"user_id": user, "view": view})

    async def open_modal(self, trigger_id: str, view: Json) -> Shown:
        return _shown(await self._call("views.open", {"trigger_id": trigger_id, "view": view}))

    async def update_modal(self, view_id: str, view: Json, unless_changed: str | None = None) -> Shown:
        """Show something else in an open modal; `unless_changed` is the hash of what it must still show."""
        arguments: Json = {"view_id": view_id, "view": view}
        if unless_changed:
            arguments["hash"] = unless_changed
        return _shown(await self._call("views.update", arguments))

    async def take_back(self, response_url: str) -> None:
        """Remove the ephemeral message that this response URL belongs to: there is no other way to."""
        await self._tell(response_url, {"delete_original": True})

    async def describe(self, user: str, home_team: str | None) -> StaffMember:
        """A person of the workspace; whoever is not clearly one of ours is an outsider."""
        found = cast("Json", (await self._call("users.info", query={"user": user})).get("user") or {})
        profile = cast("Json", found.get("profile") or {})
        enterprise = cast("dict[str, list[str]]", found.get("enterprise_user") or {})
        teams = [found.get("team_id"), *enterprise.get("teams", [])]
        name = profile.get("display_name") or found.get("real_name") or profile.get("real_name") or found.get("name")
        return StaffMember(
            id=user,
            name=str(name or user),
            team_id=home_team if home_team in teams else found.get("team_id"),
            is_bot=bool(found.get("is_bot") or found.get("is_workflow_bot") or user == "USLACKBOT"),
            is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
            is_outsider=bool(found.get("is_stranger") or found.get("deleted")),
            time_zone=str(found.get("tz") or "") or None,
        )

    async def group_members(self, group: str) -> frozenset[str]:
        """Who is in a user group: docs.slack.dev/reference/methods/usergroups.users.list."""
        answer = await self._call("usergroups.users.list", query={"usergroup": group})
        return frozenset(str(each) for each in cast("list[object]", answer.get("users") or []))

    async def channel_members(self, channel: str) -> frozenset[str]:
        """Who is in a channel, a page after the other: docs.slack.dev/reference/methods/conversations.members."""
        members: set[str] = set()
        query: Json = {"channel": channel, "limit": "999"}  # "under 1000", says docs.slack.dev/apis/web-api/pagination
        while True:
            answer = await self._call("conversations.members", query=query)
            members.update(str(each) for each in cast("list[object]", answer.get("members") or []))
            cursor = cast("Json", answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return frozenset(members)
            query = {**query, "cursor": cursor}

    async def channel_name(self, channel: str) -> str:
        answer = await self._call("conversations.info", query={"channel": channel})
        return str(cast("Json", answer["channel"]).get("name") or channel)

    async def channel_facts(self, channel: str) -> ChannelFacts:
        found = cast("Json", (await self._call("conversations.info", query={"channel": channel}))["channel"])
        return ChannelFacts(
            name=str(found.get("name") or channel),
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
            is_shared=any(found.get(sign) for sign in ("is_ext_shared", "is_pending_ext_shared", "pending_shared")),
        )

    async def erase(self, channel: str, ts: str) -> bool:
        """Delete our message. Where Slack does not let us, it says nothing any more, and this returns False."""
        try:
            await self._call("chat.delete", {"channel": channel, "ts": ts})
        except ServiceError as error:
            if error.is_retryable or error.code not in ("cant_delete_message", "compliance_exports_prevent_deletion"):
                raise
            await self._call("chat.update", {"channel": channel, "ts": ts, "text": "🧾 Erased", "blocks": []})
            return False
        return True

    async def _take_away(self, channel: str, ts: str) -> None:
        """Remove our message; under a customer's name Slack may not let us, but it lets us empty it."""
        try:
            await self._call("chat.delete", {"channel": channel, "ts": ts})
        except ServiceError as error:
            if error.is_retryable:
                raise
            if error.code != "message_not_found":
                await self._call("chat.update", {"channel": channel, "ts": ts, "text": "…", "blocks": []})

    async def _reaction(self, method: str, channel: str, ts: str, name: str, harmless: str) -> None:
        try:
            await self._call(method, {"channel": channel, "timestamp": ts, "name": name})
        except ServiceError as error:
            if error.code != harmless:
                raise

    async def _tell(self, response_url: str, answer: Json) -> str | None:
        """Slack's error word, if it had one. Only its own host and the configured one are called, whatever is asked."""
        if urlsplit(response_url).netloc not in self._trusted_hosts:
            raise errors.from_answer("untrusted_response_url")
        try:
            async with self._session.post(response_url, json=answer) as response:
                said = await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.unknown(type(error).__name__) from error
        found = _REFUSAL.search(said)
        return found[1] if found else None if response.ok else f"http_{response.status}"

    async def _show(self, method: str, arguments: Json, blocks: list[Json], plain: list[Json] | None) -> Json:
        return await self._data_blocks.show(
            blocks, plain, lambda shown: self._call(method, {**arguments, "blocks": shown})
        )

    async def _call(self, method: str, body: Json | None = None, query: Json | None = None) -> Json:
        return cast("Json", (await self._respond(method, body, query)).data)

    async def _respond(self, method: str, body: Json | None = None, query: Json | None = None) -> AsyncSlackResponse:
        """One call, one attempt; every way it can go wrong becomes a `ServiceError`."""
        async with self._watch(method, body or query or {}):
            try:
                if query is not None:
                    return await self._api(method, http_verb="GET", params=query)
                return await self._api(method, json=body or {})
            except SlackApiError as error:
                raise _refused(method, error) from error
            except aiohttp.ClientConnectorError as error:
                raise errors.unreachable(type(error).__name__) from error
            except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError, ValueError) as error:
                # AttributeError, ValueError: how the SDK reports a 200 whose body is not a JSON object.
                raise errors.unknown(type(error).__name__) from error
        raise AssertionError("a watch let an error pass")  # it must not swallow what it sees


@asynccontextmanager
async def _unwatched(_method: str, _arguments: Json) -> AsyncGenerator[None]:
    yield


def _shown(answer: Json) -> Shown:
    view = cast("Json", answer.get("view") or {})
    return Shown(str(view.get("id") or ""), str(view.get("hash") or ""))


def _refused(method: str, error: SlackApiError) -> ServiceError:
    response: object = error.response  # pyright: ignore[reportUnknownMemberType]  # a response, or a bare dict
    data: object = getattr(response, "data", None)
    status = int(getattr(response, "status_code", 0) or 0)
    headers = cast("dict[str, str]", getattr(response, "headers", None) or {})
    if status == 429:
        return errors.from_answer("ratelimited", float(headers.get("Retry-After") or 1))
    word = cast("Json", data).get("error") if isinstance(data, dict) else None
    if not isinstance(word, str) or status >= 500:
        return errors.unknown(f"HTTP {status}")
    return errors.from_answer(word, method=method)
