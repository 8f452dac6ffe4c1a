"""The composition root: it builds every room, joins them, and opens the doors; who does which work is in `handlers`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
import structlog
from aiohttp import web

from bot import inboxes, tools
from bot.agent.answering import Agent
from bot.agent.asking import Asking, Prices
from bot.agent.embedding import Embedder
from bot.agent.library import Library
from bot.agent.meanings import Meanings
from bot.agent.perceiving import Senses
from bot.delivery.pacing import Pace
from bot.delivery.pausing import Pausing
from bot.delivery.whatsapp import message_of
from bot.domain.inboxes import Inboxes
from bot.domain.pace import USUAL, Rates
from bot.flows.side_pauses import started_again
from bot.flows.task_given_up import task_given_up
from bot.flows.unclaimed import inboxes_are_gone, numbers_are_known
from bot.handlers import Rooms, handlers
from bot.listeners.clock import ClockDoor
from bot.listeners.edge import IDLE_SECONDS, site
from bot.listeners.health import HealthDoor, Peers
from bot.listeners.slack_front import Front, Us
from bot.listeners.slack_gaps import Gaps
from bot.listeners.slack_requests import SlackDoor, SlackRequests, make_bolt
from bot.listeners.slack_socket import SocketDoor
from bot.listeners.whatsapp import WhatsAppDoor
from bot.settings import Settings
from bot.worker import Clock, Worker
from integrations.errors import ServiceError
from integrations.openai.client import OPENAI_URL, Model, ModelSettings
from integrations.slack import client as slack_client
from integrations.slack.client import Slack
from integrations.slack.media import SlackFiles
from integrations.slack.socket import USUAL_PATIENCE, Patience, open_line
from integrations.whatsapp import client as whatsapp_client
from integrations.whatsapp.media import WhatsAppMedia
from storage import database, tasks, tasks_admin
from storage.database import Credentials
from storage.intake import Intake
from storage.tasks import Claim

log = structlog.get_logger("switchboard")

IDENTITY_RETRY_SECONDS = 15.0
# Together with the worker's own drain under ten: that is how long Docker waits before it kills.
DOORS_CLOSE_WITHIN_SECONDS = 2.0
DRAIN_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Running:
    """A Switchboard that serves. `port` is the one it got when the settings say 0."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class _Telephones:
    """The services we call."""

    slack: SlackFiles
    whatsapp: WhatsAppMedia
    model: Model
    asking: Asking


@dataclass(frozen=True, slots=True)
class _Doors:
    """The doors through which work is stored; what they stored comes back to them from the worker."""

    whatsapp: WhatsAppDoor
    slack: SlackDoor


def wall_clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def switchboard(
    settings: Settings,
    credentials: Credentials,
    clock: Clock = wall_clock,
    rates: Rates = USUAL,
    patience: Patience = USUAL_PATIENCE,
) -> AsyncGenerator[Running]:
    """Serve for the time of the block; leaving it drains: doors close first, what runs is finished, the rest stays."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(database.connected(credentials))
        known, briefings = await inboxes.settle(settings)
        await inboxes_are_gone(known, clock())
        await numbers_are_known(known, clock())
        pausing = Pausing(known, clock)
        await started_again(clock())
        phones = await _telephones(settings, stack, pausing)
        us, peers = Us(), Peers()
        front = Front(phones.slack, us, known, clock)
        library = await _library(settings, known, phones)
        await stack.enter_async_context(_beside(library.run()))
        await library.ready()
        agent = Agent(phones.asking, library, known, briefings, clock, Senses(tools.find(), phones.model, clock))
        gaps = Gaps(clock)
        doors = _doors(settings, front, library, gaps, clock)
        worker = Worker(
            credentials,
            handlers(_rooms(front, doors, phones, agent, clock, rates, pausing)),
            _gave_up(known, clock),
            clock,
            door_is_busy=lambda: doors.whatsapp.intake.is_busy,
        )
        await stack.enter_async_context(_beside(worker.run(), worker.stop))
        await stack.enter_async_context(_beside(_learn_identity(phones.slack, us, peers)))
        await stack.enter_async_context(_beside(gaps.watch()))
        ticker = ClockDoor(known, clock)
        ticker.start()
        stack.push_async_callback(ticker.stop)
        if settings.slack_app_token is not None:
            socket = await _socket_door(settings, doors.slack.requests, peers, patience, stack)
            await stack.enter_async_context(_beside(socket.run()))
        health = HealthDoor(lambda: worker.is_alive, phones.asking.breakers.states, library.progress, peers, clock)
        yield await stack.enter_async_context(_open(settings, doors, health))


async def _library(settings: Settings, known: Inboxes, phones: _Telephones) -> Library:
    name = settings.openai_embedding_model
    meanings = Meanings(Embedder(phones.asking, phones.model, name)) if name else None
    return Library(await inboxes.shelves(settings, known), meanings)


async def _telephones(settings: Settings, stack: AsyncExitStack, pausing: Pausing) -> _Telephones:
    session = await stack.enter_async_context(aiohttp.ClientSession(timeout=slack_client.TIMEOUT))
    http = await stack.enter_async_context(httpx.AsyncClient(timeout=whatsapp_client.TIMEOUT, follow_redirects=False))
    model = Model(
        ModelSettings(
            name=settings.openai_model,
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url or OPENAI_URL,
            vision_name=settings.openai_vision_model or "",
            transcription_name=settings.openai_transcription_model or "",
        )
    )
    stack.push_async_callback(model.close)
    token = settings.slack_bot_token.get_secret_value()
    slack = SlackFiles(slack_client.make_client(session, settings.slack_api_url, token), session, pausing.heeding_slack)
    whatsapp = WhatsAppMedia(
        http,
        settings.whatsapp_api_url,
        settings.whatsapp_api_version,
        settings.whatsapp_access_token.get_secret_value(),
    )
    return _Telephones(slack, whatsapp, model, _asking(settings, model))


def _asking(settings: Settings, model: Model) -> Asking:
    prices = Prices(settings.openai_prompt_price, settings.openai_completion_price)
    asking = Asking(model, settings.openai_model, prices=prices)
    asking.breakers.of(settings.openai_model)  # so that `/readyz` names it before anybody asked
    return asking


def _doors(settings: Settings, front: Front, library: Library, gaps: Gaps, clock: Clock) -> _Doors:
    intake = Intake()
    secret = settings.slack_signing_secret.get_secret_value()
    bolt = make_bolt(secret, settings.slack_bot_token.get_secret_value(), front, library.search)
    return _Doors(
        whatsapp=WhatsAppDoor(
            app_secret=settings.whatsapp_app_secret.get_secret_value(),
            verify_token=settings.whatsapp_verify_token.get_secret_value(),
            inboxes=front.inboxes,
            intake=intake,
            clock=clock,
            message_of=message_of,
        ),
        slack=SlackDoor(secret, SlackRequests(bolt, intake, gaps, front.inboxes, clock), clock),
    )


async def _socket_door(
    settings: Settings, requests: SlackRequests, peers: Peers, patience: Patience, stack: AsyncExitStack
) -> SocketDoor:
    """Slack's URL stays open beside it, so that switching from one to the other loses nothing."""
    assert settings.slack_app_token is not None
    session = await stack.enter_async_context(aiohttp.ClientSession(timeout=slack_client.TIMEOUT))
    token = settings.slack_app_token.get_secret_value()
    slack = Slack(slack_client.make_client(session, settings.slack_api_url, token), session)
    return SocketDoor(lambda: open_line(slack, session, patience), requests, peers, patience)


def _rooms(
    front: Front, doors: _Doors, phones: _Telephones, agent: Agent, clock: Clock, rates: Rates, pausing: Pausing
) -> Rooms:
    return Rooms(
        front=front,
        customers_door=doors.whatsapp,
        staff_door=doors.slack.requests,
        slack=phones.slack,
        whatsapp=phones.whatsapp,
        agent=agent,
        clock=clock,
        pace=Pace(rates, clock),
        pausing=pausing,
    )


def _gave_up(known: Inboxes, clock: Clock) -> Callable[[Claim, str], Awaitable[None]]:
    async def gave_up(claimed: Claim, reason: str) -> None:
        async with tasks.unit(clock()) as turn:
            await task_given_up(turn, claimed, reason, known.known(claimed.work.inbox_id).rules)
            await tasks.finish(claimed, turn.now, dead=True)
            await tasks_admin.note_end(claimed.id, reason)

    return gave_up


async def _learn_identity(slack: Slack, us: Us, peers: Peers) -> None:
    """Ask Slack who we are until it answers: its outage must not stop a start."""
    while us.identity is None:
        try:
            us.identity = await slack.identity()
            peers.slack = "ok"
        except ServiceError as error:
            peers.slack = error.reason
            log.warning("slack.identity_unknown", error=error.code, reason=error.reason)
            await asyncio.sleep(IDENTITY_RETRY_SECONDS)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None], stop: Callable[[], None] | None = None) -> AsyncGenerator[None]:
    """Run it beside the block; at the end ask it to stop, or cancel it where it has nothing to finish."""
    task = asyncio.create_task(work, name=work.__qualname__)
    task.add_done_callback(_say_if_broken)
    try:
        yield
    finally:
        if stop is not None:
            stop()
        else:
            task.cancel()
        await asyncio.wait({task}, timeout=DRAIN_SECONDS)


def _say_if_broken(task: asyncio.Task[None]) -> None:
    """What runs beside the rest must not end without a word while the rest goes on."""
    if not task.cancelled() and (error := task.exception()):
        log.critical("beside.broken", work=task.get_name(), exc_info=error)


@asynccontextmanager
async def _open(settings: Settings, doors: _Doors, health: HealthDoor) -> AsyncGenerator[Running]:
    served = site((doors.whatsapp, doors.slack, health))
    runner = web.AppRunner(
        served, access_log=None, shutdown_timeout=DOORS_CLOSE_WITHIN_SECONDS, keepalive_timeout=IDLE_SECONDS
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        port = int(runner.addresses[0][1])
        log.info("switchboard.serving", host=settings.host, port=port)
        yield Running(settings.host, port)
    finally:
        await runner.cleanup()
