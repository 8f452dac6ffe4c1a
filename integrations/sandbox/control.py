"""The demo page and its control calls: what a visitor does becomes what the real service would send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from aiohttp import web

from integrations.sandbox.demo_files import DemoFiles
from integrations.sandbox.demo_state import Scene, state
from integrations.sandbox.mischief import Mischief
from integrations.sandbox.openai_api import OpenAI
from integrations.sandbox.slack import BotRefused, Slack
from integrations.sandbox.slack_controls import Chosen
from integrations.sandbox.slack_state import SlackRefusal
from integrations.sandbox.whatsapp import WhatsApp
from integrations.sandbox.wire import Json, as_list, as_object, as_text, object_or_none, parsed
from integrations.sandbox.world import World

PAGE = Path(__file__).with_name("page")
GLANCE = 1.0
HEARTBEAT = 15.0
NO_CACHE = {"Cache-Control": "no-store"}

Act = Callable[[Json], Awaitable[Json]]


class Control:
    """The routes only the page uses."""

    def __init__(self, world: World, scene: Scene, slack: Slack, whatsapp: WhatsApp, openai: OpenAI) -> None:
        self.world = world
        self.scene = scene
        self.slack = slack
        self.whatsapp = whatsapp
        self.openai = openai
        self._is_watching = False
        self._session: aiohttp.ClientSession | None = None
        self._files = DemoFiles(slack, whatsapp)
        self._acts: dict[str, Act] = {
            "customer/say": self._customer_says,
            "customer/file": self._files.customer_sends,
            "customer/read": self._customer_reads,
            "customer/react": self._customer_reacts,
            "customer/edit": self._customer_edits,
            "customer/delete": self._customer_deletes,
            "staff/say": self._staff_says,
            "staff/file": self._files.staff_attaches,
            "staff/click": self._staff_clicks,
            "staff/react": self._staff_reacts,
            "staff/edit": self._staff_edits,
            "staff/delete": self._staff_deletes,
            "staff/shortcut": self._staff_uses_shortcut,
            "staff/command": self._staff_commands,
            "staff/home": self._staff_opens_home,
            "staff/submit": self._staff_submits,
            "staff/dismiss": self._staff_dismisses,
            "ai": self._set_ai,
        }

    def start(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def routes(self) -> list[web.AbstractRouteDef]:
        pages: list[web.AbstractRouteDef] = [
            web.get("/", self._index),
            web.get("/archives/{channel}/{message}", self._to_page),
            web.get("/demo/state", self._state),
            web.get("/demo/stream", self._stream),
            web.post("/demo/{act:.+}", self._do),
            *self._files.routes(),
        ]
        return [*pages, web.static("/static", PAGE)] if PAGE.is_dir() else pages

    # --- The page ---------------------------------------------------------------------------------------------------

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html", headers=NO_CACHE)

    async def _to_page(self, request: web.Request) -> web.Response:
        """A permalink opened outside the page leads to the page."""
        raise web.HTTPFound("/")

    async def _state(self, request: web.Request) -> web.Response:
        whole = state(self.world, self.scene, self.slack, self.whatsapp, self.openai)
        return web.json_response(whole, headers=NO_CACHE)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """One line per change; several changes at once are one line."""
        self._watch_bot()
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", **NO_CACHE})
        await stream.prepare(request)
        told = -1
        try:
            while not self.world.closing.is_set():
                now = self.world.version
                line = ": still here" if told == now else f'data: {{"version": {now}}}'
                told = now
                await stream.write(f"{line}\n\n".encode())
                if told == self.world.version:
                    await self.world.change(HEARTBEAT)
        except (ConnectionResetError, aiohttp.ClientConnectionError):
            return stream
        return stream

    def _watch_bot(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            self.world.run(self._keep_looking())

    async def _keep_looking(self) -> None:
        """Whether the bot answers, asked once a second while there is a page that wants to know."""
        while not self.world.closing.is_set():
            is_ready = await self._bot_is_ready()
            if is_ready != self.scene.bot_ready:
                self.scene.bot_ready = is_ready
                self.world.touch()
            await asyncio.sleep(GLANCE)

    async def _bot_is_ready(self) -> bool:
        if self._session is None:
            return False
        try:
            timeout = aiohttp.ClientTimeout(total=GLANCE)
            async with self._session.get(f"{self.world.bot_url}/healthz", timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    # --- What visitors do -------------------------------------------------------------------------------------------

    async def _do(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return _sorry("There is no such control.", 404)
        given = object_or_none(parsed(await request.read()))
        if given is None:
            return _sorry("The body must be a JSON object.", 400)
        try:
            return web.json_response({"ok": True, **await act(given)})
        except BotRefused as refusal:
            return _sorry(f"Switchboard did not take that: {refusal}", 502)
        except (SlackRefusal, LookupError, ValueError, PermissionError) as error:
            return _sorry(str(error).strip("'"), 400)

    async def _customer_says(self, given: Json) -> Json:
        if not as_text(given.get("text")).strip():
            raise ValueError("There is nothing to send.")
        quoted = as_text(given.get("quoted")) or None
        return {"id": self.whatsapp.say_patiently(as_text(given.get("customer")), as_text(given["text"]), quoted)}

    async def _customer_reacts(self, given: Json) -> Json:
        customer, wamid, emoji = _texts(given, "customer", "id", "emoji")
        return {"id": await self.whatsapp.patient_gestures.reacts(customer, wamid, emoji)}

    async def _customer_edits(self, given: Json) -> Json:
        customer, wamid, text = _texts(given, "customer", "id", "text")
        if not text.strip():
            raise ValueError("There is nothing to send.")
        return {"id": await self.whatsapp.patient_gestures.edits(customer, wamid, text)}

    async def _customer_deletes(self, given: Json) -> Json:
        customer, wamid = as_text(given.get("customer")), as_text(given.get("id"))
        return {"id": await self.whatsapp.patient_gestures.revokes(customer, wamid)}

    async def _customer_reads(self, given: Json) -> Json:
        await self.whatsapp.reads(as_text(given.get("customer")))
        return {}

    async def _staff_says(self, given: Json) -> Json:
        user, channel, text = _texts(given, "user", "channel", "text")
        if not text.strip():
            raise ValueError("There is nothing to send.")
        return {"ts": await self.slack.reply(user, channel, as_text(given.get("thread_ts")) or None, text)}

    async def _staff_clicks(self, given: Json) -> Json:
        user, surface, action_id = _texts(given, "user", "surface", "action_id")
        block_id, value = as_text(given.get("block_id")) or None, _chosen(given.get("value"))
        if surface == "message":
            channel, ts = as_text(given.get("channel")), as_text(given.get("ts"))
            status = await self.slack.click(user, channel, ts, action_id, value, block_id=block_id)
        elif surface == "ephemeral":
            ephemeral_id = as_text(given.get("ephemeral_id"))
            status = await self.slack.click_ephemeral(user, action_id, value, ephemeral_id=ephemeral_id)
        elif surface == "home":
            status = await self.slack.click_home(user, action_id, value, block_id=block_id)
        elif surface == "modal":
            status = await self.slack.click_modal(
                user, action_id, value, block_id=block_id, values=as_object(given.get("values"))
            )
        else:
            raise ValueError(f"There is no surface {surface!r}.")
        return _took(status, "click")

    async def _staff_uses_shortcut(self, given: Json) -> Json:
        user, channel, ts, callback_id = _texts(given, "user", "channel", "ts", "callback_id")
        return _took(await self.slack.shortcut(user, channel, ts, callback_id), "shortcut")

    async def _staff_reacts(self, given: Json) -> Json:
        user, channel, ts, name = _texts(given, "user", "channel", "ts", "name")
        act = self.slack.react if given.get("on") else self.slack.unreact
        await act(user, channel, ts, name)
        return {}

    async def _staff_edits(self, given: Json) -> Json:
        user, channel, ts, text = _texts(given, "user", "channel", "ts", "text")
        await self.slack.edit(user, channel, ts, text)
        return {}

    async def _staff_deletes(self, given: Json) -> Json:
        user, channel, ts = _texts(given, "user", "channel", "ts")
        await self.slack.delete(user, channel, ts)
        return {}

    async def _staff_commands(self, given: Json) -> Json:
        user, channel, command, text = _texts(given, "user", "channel", "command", "text")
        await self.slack.command(user, channel, command, text)
        return {}

    async def _staff_opens_home(self, given: Json) -> Json:
        answer = await self.slack.open_home(as_text(given.get("user")), as_text(given.get("tab")) or "home")
        if not answer.ok:
            raise BotRefused(f"it answered {answer.status or 'nothing in time'}")
        return {}

    async def _staff_submits(self, given: Json) -> Json:
        view_id = as_text(given.get("view_id"))
        answer = await self.slack.submit(as_text(given.get("user")), view_id, as_object(given.get("values")))
        return {"errors": as_object(answer.get("errors"))} if answer.get("errors") else {}

    async def _staff_dismisses(self, given: Json) -> Json:
        user, view_id = _texts(given, "user", "view_id")
        await self.slack.dismiss(user, view_id, whole_stack=bool(given.get("all")))
        return {}

    async def _set_ai(self, given: Json) -> Json:
        self.openai.slow, self.openai.broken = bool(given.get("slow")), bool(given.get("broken"))
        kind = as_text(given.get("mischief"))
        self.openai.temper.lasting = Mischief(kind) if kind in tuple(Mischief) else None
        self.world.touch()
        return {}


def _texts(given: Json, *names: str) -> tuple[str, ...]:
    return tuple(as_text(given.get(name)) for name in names)


def _chosen(value: object) -> Chosen:
    several = [as_text(each) for each in as_list(value)]
    return several if several or value == [] else as_text(value) or None


def _took(status: int, what: str) -> Json:
    if status != 200:
        raise BotRefused(f"it answered {status or 'nothing in time'} to the {what}")
    return {}


def _sorry(words: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": words}, status=status)
