"""What Slack sends to the bot: signed events with retries, clicks, submissions and commands."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from integrations.sandbox.people import TEAM
from integrations.sandbox.signing import slack_signature
from integrations.sandbox.slack_socket import NobodyTookIt, Sockets
from integrations.sandbox.slack_state import APP_ID, BOT_USER, Workspace
from integrations.sandbox.wire import Json, as_text, object_or_none, parsed

PATIENCE = 3.0
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered; status 0 when nothing came within Slack's three seconds."""

    status: int
    body: str = ""
    reason: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Json | None:
        """The body when it is a JSON object."""
        return object_or_none(parsed(self.body)) if self.body else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to hand something to the bot."""

    kind: str
    event_id: str | None
    attempt: int
    status: int


class SlackEvents:
    """Slack's outgoing side."""

    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self.workspace = workspace
        self.sockets = sockets
        self.socket_mode = False
        self.deliveries: list[Delivery] = []
        self.announces = True
        self._session: aiohttp.ClientSession | None = None
        workspace.announce = self.announce

    def start(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def announce(self, event: Json) -> None:
        """Tell the bot by the way, if it subscribes to such events; nobody waits for the answer."""
        # What is said in direct messages is told only to those who subscribed to message.im.
        kind = "message.im" if event.get("channel_type") == "im" else event["type"]
        if self.announces and kind in self.workspace.config.slack_events:
            self.workspace.world.run(self.deliver(self.envelope(event)))

    def envelope(self, event: Json, team: str = TEAM) -> Json:
        return {
            "token": "unused",
            "type": "event_callback",
            "team_id": TEAM,
            "context_team_id": team,
            "api_app_id": APP_ID,
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self.workspace.world.now()),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": team != TEAM,
            "event": event,
        }

    async def deliver(self, envelope: Json) -> Answer:
        """One event; whatever the bot does not take in three seconds comes again, three times."""
        answer = await self.attempt(envelope)
        if not answer.ok:
            await self.insist(envelope, answer)
        return answer

    async def insist(self, envelope: Json, refused: Answer) -> None:
        """Slack's retries, told apart from the first attempt by their headers alone."""
        delays = self.workspace.config.slack_retry_delays
        for attempt, delay in enumerate(delays[:1] if self.socket_mode else delays, start=1):
            await asyncio.sleep(delay)
            refused = await self.attempt(envelope, attempt, refused.reason)
            if refused.ok:
                return

    async def attempt(self, envelope: Json, retry: int = 0, reason: str = "") -> Answer:
        if self.socket_mode:
            answer = await self._over_socket("events_api", envelope, retry, reason)
        else:
            headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason} if retry else {}
            answer = await self._post(json.dumps(envelope).encode(), "application/json", headers)
        self._note("event", as_text(envelope.get("event_id")), retry, answer)
        return answer

    async def interact(self, payload: Json) -> Answer:
        """A click or a submission: never sent twice, the person sees an error instead."""
        if self.socket_mode:
            return self._noted("interaction", await self._over_socket("interactive", payload))
        return await self._form("interaction", {"payload": json.dumps(payload)})

    async def command(self, fields: dict[str, str]) -> Answer:
        if self.socket_mode:
            return self._noted("command", await self._over_socket("slash_commands", dict(fields)))
        return await self._form("command", fields)

    async def send_raw(self, body: bytes, content_type: str = "application/json", **extra: str) -> Answer:
        """Anything at all, properly signed; `extra` headers are written with underscores."""
        return await self._post(body, content_type, {name.replace("_", "-"): value for name, value in extra.items()})

    async def _form(self, kind: str, fields: dict[str, str]) -> Answer:
        answer = await self._post(urlencode(fields).encode(), "application/x-www-form-urlencoded", {})
        return self._noted(kind, answer)

    async def _over_socket(self, kind: str, payload: Json, retry: int = 0, reason: str = "") -> Answer:
        try:
            carried = await self.sockets.deliver(kind, payload, PATIENCE, retry, reason)
        except NobodyTookIt as error:
            return Answer(NO_ANSWER, reason=str(error))
        return Answer(200, json.dumps(carried) if carried else "")

    async def _post(self, body: bytes, content_type: str, extra: dict[str, str]) -> Answer:
        if self._session is None:
            raise RuntimeError("the sandbox is not open")
        now = int(self.workspace.world.now())
        signature = slack_signature(self.workspace.config.slack_signing_secret, now, body)
        signed = {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": signature}
        headers = {"Content-Type": content_type, **signed, **extra}
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        url = f"{self.workspace.world.bot_url}/slack/events"
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=timeout) as response:
                status, text = response.status, await response.text()
        except TimeoutError:
            return Answer(NO_ANSWER, reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(NO_ANSWER, reason="connection_failed")
        return Answer(status, text, "" if status < 300 else "http_error")

    def _noted(self, kind: str, answer: Answer) -> Answer:
        self._note(kind, None, 0, answer)
        return answer

    def _note(self, kind: str, event_id: str | None, attempt: int, answer: Answer) -> None:
        self.deliveries.append(Delivery(kind=kind, event_id=event_id, attempt=attempt, status=answer.status))
        self.workspace.world.touch()
