"""What Slack asks, whichever way it comes: events are stored and replayed into Bolt, the rest is answered at once.

Bolt acknowledges events before their listeners run, and loses them when `auth.test` fails; so the ways in are ours
(the URL is here, the socket in `slack_socket`), and authorization here needs no call.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qs

import orjson
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.arrivals import SlackEvent
from bot.domain.inboxes import Inboxes
from bot.listeners.edge import read_body
from bot.listeners.slack_answers import Answers
from bot.listeners.slack_buttons import SlackButtons
from bot.listeners.slack_chats import SlackChats
from bot.listeners.slack_commands import SlackCommands
from bot.listeners.slack_copilot import SlackCopilot
from bot.listeners.slack_customers import SlackCustomers
from bot.listeners.slack_escalate import SlackEscalate
from bot.listeners.slack_forget import SlackForget
from bot.listeners.slack_front import Dispatcher, Front, Us, is_as_slack_tells, json_object
from bot.listeners.slack_gaps import Gaps
from bot.listeners.slack_handback import SlackHandback
from bot.listeners.slack_history import SlackHistory
from bot.listeners.slack_home import SlackHome
from bot.listeners.slack_knowledge import Find, SlackKnowledge
from bot.listeners.slack_lists import SlackLists
from bot.listeners.slack_membership import SlackMembership
from bot.listeners.slack_messages import SlackMessages
from bot.listeners.slack_modals import SlackModals
from bot.listeners.slack_more import SlackMore
from bot.listeners.slack_preferences import SlackPreferences
from bot.listeners.slack_reactions import SlackReactions
from bot.listeners.slack_reports import SlackReports
from bot.listeners.slack_shortcuts import SlackShortcuts
from bot.listeners.slack_teaching import SlackTeaching
from bot.listeners.slack_translation import SlackTranslation
from integrations.slack import signature
from storage import tasks
from storage.intake import Intake
from storage.tasks import Claim

log = structlog.get_logger("switchboard.slack")

Json = dict[str, Any]


_WORDS = frozenset({"text", "blocks", "attachments", "files", "metadata", "username", "root"})


def make_bolt(signing_secret: str, token: str, front: Front, find: Find) -> AsyncApp:
    """The app that dispatches; everything it would look up in the environment or over the network is given."""
    bolt_log = logging.getLogger("slack_bolt")
    bolt_log.setLevel(logging.ERROR)  # it finds SLACK_BOT_TOKEN in the environment and warns that we do not need it
    app = AsyncApp(
        logger=bolt_log,
        client=AsyncWebClient(),  # never used to call: our own client is
        signing_secret=signing_secret,
        authorize=_authorizer(front.us, token),
        process_before_response=True,  # a listener that fails must not have been acknowledged
        ignoring_self_events_enabled=False,  # it drops deletions of our card and lets our own edits through
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_remember_failure)
    dispatcher = cast("Dispatcher", app)
    templates, past, answers = SlackModals(front), SlackHistory(front), Answers(front)
    copilot, translation, handback = SlackCopilot(front), SlackTranslation(front), SlackHandback(front)
    customers, reports, said = SlackCustomers(front, answers), SlackReports(front), SlackMessages(front)
    shelves = SlackKnowledge(front, answers, find)
    lists = SlackLists(front, answers, reports)
    for door in (
        said,
        SlackShortcuts(front, said),
        SlackReactions(front),
        SlackHome(front),
        SlackMembership(front),
        templates,
        SlackMore(front, templates, past, customers, copilot, translation),
        copilot,
        translation,
        past,
        SlackPreferences(front),
        customers,
        lists,
        SlackEscalate(front, answers),
        SlackChats(front, past),
        reports,
        SlackForget(front, answers),
        shelves,
        SlackTeaching(front, said, shelves),
        handback,
        SlackButtons(front, lists, handback),
        SlackCommands(),
    ):
        door.register(dispatcher)
    dispatcher.event(re.compile(".*"))(_finisher(front.clock))
    dispatcher.shortcut(re.compile(".*"))(_acknowledge)
    dispatcher.view(re.compile(".*"))(_acknowledge)
    return app


@dataclass(frozen=True, slots=True)
class SlackRequests:
    bolt: AsyncApp
    intake: Intake
    gaps: Gaps
    inboxes: Inboxes
    clock: Callable[[], datetime]

    async def keep(self, envelope: Json) -> None:
        """Store an event; Slack may be told so once this returns. Raises what the database said."""
        if envelope.get("type") != "event_callback" or not is_as_slack_tells(envelope):
            log.warning("slack.not_an_event", type=envelope.get("type"))
            return
        inbox = self.inboxes.of_channel(_channel(envelope)) or self.inboxes.first
        work = SlackEvent(inbox_id=inbox.id, thread=_lane(envelope), envelope=_without_bots_words(envelope))
        try:
            await self.gaps.fill()
            await self.intake.store([work], self.clock())
        except Exception:
            self.gaps.note()  # Slack brings it again later, or never: later words must not overtake it
            raise

    async def answer(self, payload: Json) -> BoltResponse:
        """A click, a submission or a command: carried out now, because a person is watching."""
        response = await self.bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        if response.status == 404:  # Slack would show the person a warning sign for a click nobody handles
            return BoltResponse(status=200)
        return response

    async def replay(self, work: SlackEvent, claimed: Claim) -> None:
        """Give a stored event to its listener; what the listener raises, the worker sees."""
        request = AsyncBoltRequest(body=work.envelope, mode="socket_mode", context={"claimed": claimed})
        response = await self.bolt.async_dispatch(request)
        failure = cast("Exception | None", request.context.get("failure"))  # pyright: ignore[reportUnknownMemberType]  # Bolt's context is an untyped dict
        if failure is not None:
            raise failure
        if response.status != 200:
            raise RuntimeError(f"Bolt answered {response.status} to a stored event")


@dataclass(frozen=True, slots=True)
class SlackDoor:
    """Slack's one URL."""

    signing_secret: str
    requests: SlackRequests
    clock: Callable[[], datetime]

    def register(self, app: web.Application) -> None:
        app.router.add_post("/slack/events", self.request)

    async def request(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        headers = request.headers
        genuine = signature.is_genuine(
            self.signing_secret,
            body,
            headers.get("X-Slack-Request-Timestamp"),
            headers.get("X-Slack-Signature"),
            self.clock().timestamp(),
        )
        if not genuine:
            return web.Response(status=401, text="The signature does not match or is too old.")
        if request.content_type == "application/json":
            return await self._event(_json(body))
        return await self._interaction(body)

    async def _event(self, envelope: Json | None) -> web.Response:
        if envelope is None:
            return web.Response(status=400, text="Expected a JSON object.")
        if envelope.get("type") == "url_verification":
            return web.Response(text=str(envelope.get("challenge", "")), headers={"X-Content-Type-Options": "nosniff"})
        await self.requests.keep(envelope)
        return web.Response(text="ok")

    async def _interaction(self, body: bytes) -> web.Response:
        text = body.decode("utf-8", "replace").replace("%00", "")  # PostgreSQL's text cannot hold a NUL
        form = {name: values[0] for name, values in parse_qs(text).items()}
        payload = _json(form["payload"].encode()) if "payload" in form else form
        if not payload:
            return web.Response(status=400, text="Expected a payload or a command.")
        return await to_aiohttp_response(await self.requests.answer(payload))


def _channel(envelope: Json) -> str | None:
    event = json_object(envelope.get("event"))
    channel = event.get("channel") or json_object(event.get("item")).get("channel")
    return channel if isinstance(channel, str) else None


def _without_bots_words(envelope: Json) -> Json:
    """What bots say nobody here listens to; our own posts hold what customers said, which is kept in one place only."""
    event = json_object(envelope.get("event"))
    nested = {each: json_object(event.get(each)) for each in ("message", "previous_message") if each in event}
    if not any(each.get("bot_id") for each in (event, *nested.values())):
        return envelope
    quiet = {name: _wordless(each) if each.get("bot_id") else each for name, each in nested.items()}
    return envelope | {"event": (_wordless(event) if event.get("bot_id") else event) | quiet}


def _wordless(said: Json) -> Json:
    return {name: value for name, value in said.items() if name not in _WORDS}


def _lane(envelope: Json) -> str:
    """Events of one thread keep their order; others do not wait for them."""
    event = json_object(envelope.get("event"))
    # Edits and deletions nest what they are about.
    told = json_object(event.get("message")) or json_object(event.get("previous_message"))
    item = json_object(event.get("item"))  # what somebody reacted to
    user = event.get("user")
    who = user if isinstance(user, str) else ""
    place = event.get("channel") or item.get("channel") or who
    named = f"{place}:{event.get('thread_ts') or told.get('thread_ts') or item.get('ts') or ''}"
    return named.replace("\0", "")[:200]  # whatever stands there: a lane that cannot be stored loses the event


def _json(body: bytes) -> Json | None:
    try:
        parsed: object = orjson.loads(body)
        orjson.dumps([[[[parsed]]]])  # nested too deep, it could be read and never stored
    except (orjson.JSONDecodeError, TypeError):
        return None
    return cast("Json", parsed) if isinstance(parsed, dict) else None


def _authorizer(us: Us, token: str) -> Callable[[], Awaitable[AuthorizeResult]]:
    async def authorize() -> AuthorizeResult:
        known = us.identity
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.team_id if known else None,
            bot_id=known.bot_id if known else None,
            bot_user_id=known.user_id if known else None,
            bot_token=token,
        )

    return authorize


def _finisher(clock: Callable[[], datetime]) -> Callable[[AsyncBoltContext], Awaitable[None]]:
    async def finish(context: AsyncBoltContext) -> None:
        """An event nobody asked for is done as it comes; its row keeps it."""
        await tasks.finish(cast("Claim", context["claimed"]), clock())

    return finish


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _remember_failure(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    context["failure"] = error
    if "claimed" not in context:  # nobody else will see it: a stored event's failure is the worker's
        log.error("slack.listener_failed", exc_info=error)
    return BoltResponse(status=500)
