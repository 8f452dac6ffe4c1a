"""The stand-in WhatsApp as a test or the demo uses it: customers write, read and are reported on."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp import web

from integrations.sandbox import whatsapp_webhooks as webhooks
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults
from integrations.sandbox.people import Customer
from integrations.sandbox.signing import meta_signature
from integrations.sandbox.whatsapp_api import GraphApi
from integrations.sandbox.whatsapp_changes import Changes
from integrations.sandbox.whatsapp_echoes import Echoes
from integrations.sandbox.whatsapp_gestures import Gestures
from integrations.sandbox.whatsapp_state import RANK, Phones, SentMessage, Status, WrittenMessage, new_wamid
from integrations.sandbox.wire import Json, as_meta_writes_it
from integrations.sandbox.world import World

PATIENCE = 20.0
NO_ANSWER = 0


class WebhookRefused(Exception):  # noqa: N818 - it says what the bot did
    """The bot did not answer 200; Meta would try again later."""


class WhatsApp:
    """One business number, its customers, and the webhooks that tell of them."""

    def __init__(self, config: SandboxConfig, world: World) -> None:
        self.config = config
        self.world = world
        self.phones = Phones()
        self.faults = Faults()
        self.api = GraphApi(config, world, self.phones, self.faults)
        self.api.accepted = self._report_progress
        self.api.refused_late = self._report_failure
        self.changes = Changes(config, world, self.phones, self.deliver)
        self.echoes = Echoes(config, world, self.phones, self.deliver)
        self.gestures = Gestures(config, world, self.phones, self._tell)
        self.patient_gestures = Gestures(config, world, self.phones, self._tell_patiently)
        self.auto_status = True
        self._session: aiohttp.ClientSession | None = None

    def routes(self) -> list[web.RouteDef]:
        return self.api.routes()

    def start(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self.api.media.base_url = base_url

    # --- Looking ----------------------------------------------------------------------------------------------------

    @property
    def sent(self) -> list[SentMessage]:
        """What the bot sent and was accepted, oldest first."""
        return self.phones.sent

    def sent_to(self, customer: Customer | str) -> list[str]:
        """The texts one customer got."""
        who = self.phones.of(customer).customer.id
        return [sent.text for sent in self.sent if sent.customer == who]

    def add_customer(self, customer: Customer) -> None:
        self.phones.add(customer)
        self.world.touch()

    # --- Customers act ----------------------------------------------------------------------------------------------

    async def say(
        self,
        customer: Customer | str,
        text: str,
        wamid: str | None = None,
        at: float | None = None,
        quoted: str | None = None,
    ) -> str:
        """A customer writes. Raises WebhookRefused unless the bot answered 200."""
        wamid, body = self.writes(customer, text, wamid, at, quoted)
        await self._tell(wamid, body)
        return wamid

    def say_patiently(self, customer: Customer | str, text: str, quoted: str | None = None) -> str:
        """A customer writes, and the webhook is repeated until the bot takes it, as Meta does for a week."""
        wamid, body = self.writes(customer, text, quoted=quoted)
        self.world.run(self._until_taken(wamid, body))
        return wamid

    async def send_file(
        self,
        customer: Customer | str,
        content: bytes,
        mime_type: str,
        *,
        kind: str = "image",
        caption: str = "",
        name: str = "",
        voice: bool = False,
    ) -> str:
        """A customer sends a file. Raises WebhookRefused unless the bot answered 200."""
        wamid, body = self.attaches(customer, content, mime_type, kind=kind, caption=caption, name=name, voice=voice)
        status = await self.deliver(body)
        if status != 200:
            raise WebhookRefused(f"the bot answered {status or 'nothing'} to a customer's file")
        self._arrived(wamid)
        return wamid

    def attaches(
        self,
        customer: Customer | str,
        content: bytes,
        mime_type: str,
        *,
        kind: str = "image",
        caption: str = "",
        name: str = "",
        voice: bool = False,
    ) -> tuple[str, Json]:
        """Put a file into the customer's chat; the webhook that tells of it, which holds no bytes."""
        phone, when, wamid = self.phones.of(customer), self.world.now(), new_wamid()
        file = self.api.media.received(content, mime_type, name)
        written = WrittenMessage(wamid=wamid, text=caption, at=when, kind=kind, media_id=file.id)
        self.phones.keep(phone, written)
        self.world.touch()
        told: Json = {"id": file.id, "mime_type": mime_type, "sha256": file.sha256}
        told |= {"caption": caption} if caption else {}
        told |= {"filename": name} if kind == "document" else {}
        told |= {"voice": voice} if kind == "audio" else {}
        message = webhooks.message(phone.customer, kind, told, wamid, when)
        return wamid, webhooks.envelope(webhooks.messages_value(self.config, phone.customer, message))

    def file_patiently(self, customer: Customer | str, content: bytes, mime_type: str, **more: Any) -> str:
        """A customer sends a file, and the webhook is repeated until the bot takes it."""
        wamid, body = self.attaches(customer, content, mime_type, **more)
        self.world.run(self._until_taken(wamid, body))
        return wamid

    def writes(
        self,
        customer: Customer | str,
        text: str,
        wamid: str | None = None,
        at: float | None = None,
        quoted: str | None = None,
    ) -> tuple[str, Json]:
        """Put a message into the customer's chat; the webhook that tells of it. The same wamid is the same message."""
        phone, when, wamid = self.phones.of(customer), at or self.world.now(), wamid or new_wamid()
        if not self.phones.knows(wamid):
            self.phones.keep(phone, WrittenMessage(wamid=wamid, text=text, at=when, quoted=quoted))
        self.world.touch()
        told = webhooks.text_message(phone.customer, text, wamid, when, quoted)
        return wamid, webhooks.envelope(webhooks.messages_value(self.config, phone.customer, told))

    async def reads(self, customer: Customer | str) -> None:
        """The customer looks at the chat: `read` for everything that was delivered."""
        who = self.phones.of(customer).customer.id
        for sent in [each for each in self.sent if each.customer == who and each.status == "delivered"]:
            await self.report(sent.wamid, "read")

    async def report(self, wamid: str, status: Status, code: int | None = None) -> int:
        """Tell the bot how far a message got."""
        sent = self.phones.sent_as(wamid)
        if RANK[status] > RANK[sent.status] or status == "failed":
            sent.status = status
        self.world.touch()
        return await self.deliver(self.status_body(sent, status, code))

    async def prefers(self, customer: Customer | str, value: str) -> int:
        """The customer stops or resumes a business's advertising in WhatsApp itself: `stop` or `resume`."""
        phone, now = self.phones.of(customer), self.world.now()
        phone.stopped_marketing, person = value == "stop", phone.customer
        told = [webhooks.preference(person, value, now)]
        value_told = webhooks.value_of(self.config, contacts=[webhooks.contact(person)], user_preferences=told)
        return await self.deliver(webhooks.envelope(value_told, field="user_preferences"))

    async def template_status(self, name: str, language: str, event: str) -> int:
        """Meta tells what became of a template."""
        told = webhooks.template_status(name, language, event)
        return await self.deliver(webhooks.envelope(told, field="message_template_status_update"))

    def status_body(self, sent: SentMessage, status: str, code: int | None = None) -> Json:
        customer, now = self.phones.of(sent.customer).customer, self.world.now()
        opaque = sent.biz_opaque_callback_data
        value = webhooks.status_value(self.config, customer, sent.wamid, status, now, opaque, code)
        return webhooks.envelope(value)

    # --- Webhooks ---------------------------------------------------------------------------------------------------

    async def deliver(self, body: Json | bytes, *, signature: str | None = None) -> int:
        """Any webhook, signed as Meta signs unless a signature is given; the bot's status, 0 when it did not answer.

        A bare `value` (with `messages` or `statuses`) is put into its envelope first.
        """
        if not isinstance(body, bytes):
            body = as_meta_writes_it(body if "entry" in body else webhooks.envelope(body))
        signed = meta_signature(self.config.whatsapp_app_secret, body) if signature is None else signature
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
        return (await self._call("POST", body=body, headers=headers))[0]

    async def verify(self, token: str | None = None, challenge: str = "1158201444") -> tuple[int, str]:
        """Meta's handshake when the webhook's address is saved."""
        given = self.config.whatsapp_verify_token if token is None else token
        return await self._call(
            "GET", params={"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": given}
        )

    async def insist(self, body: Json) -> bool:
        """Deliver, and repeat until the bot answers 200."""
        for delay in (0.0, *self.config.whatsapp_retry_delays):
            await asyncio.sleep(delay)
            if await self.deliver(body) == 200:
                return True
        return False

    async def _call(
        self,
        method: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        if self._session is None:
            raise RuntimeError("the sandbox is not open")
        url, timeout = f"{self.world.bot_url}/whatsapp/webhook", aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, params=params, timeout=timeout
            ) as response:
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError):
            return NO_ANSWER, ""

    async def _tell(self, wamid: str, body: Json) -> None:
        status = await self.deliver(body)
        if status != 200:
            raise WebhookRefused(f"the bot answered {status or 'nothing'} to a customer's message")
        self._arrived(wamid)

    async def _tell_patiently(self, wamid: str, body: Json) -> None:
        self.world.run(self._until_taken(wamid, body))

    async def _until_taken(self, wamid: str, body: Json) -> None:
        if await self.insist(body):
            self._arrived(wamid)

    def _arrived(self, wamid: str) -> None:
        self.phones.taken(wamid)
        self.world.touch()

    # --- Statuses by themselves -------------------------------------------------------------------------------------

    def _report_progress(self, sent: SentMessage) -> None:
        if self.auto_status:
            self.world.run(self._progress(sent))

    async def _progress(self, sent: SentMessage) -> None:
        """Sent, then delivered; reactions are never reported as delivered."""
        steps: tuple[Status, ...] = ("sent",) if sent.body.get("type") == "reaction" else ("sent", "delivered")
        for step in steps:
            if RANK[step] > RANK[sent.status]:
                sent.status = step
                self.world.touch()
            await self.insist(self.status_body(sent, step))

    def _report_failure(self, sent: SentMessage, code: int) -> None:
        sent.status = "failed"
        self.world.run(self.insist(self.status_body(sent, "failed", code)))
