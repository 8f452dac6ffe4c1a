"""The Graph API's messages endpoint: what it accepts, and how it says no."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from aiohttp import web
from emoji import is_emoji

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults
from integrations.sandbox.whatsapp_media import GraphMedia, media_content
from integrations.sandbox.whatsapp_refusals import GraphRefusal, spoiled
from integrations.sandbox.whatsapp_state import (
    RECEIPT_SECONDS,
    TYPING_SECONDS,
    Phone,
    Phones,
    SentMessage,
    new_wamid,
)
from integrations.sandbox.whatsapp_templates import GraphTemplates
from integrations.sandbox.whatsapp_webhooks import title
from integrations.sandbox.wire import Json, as_object, as_text, object_or_none, parsed
from integrations.sandbox.world import World

TEXT_LIMIT, OPAQUE_LIMIT = 4096, 512
REACTION_SECONDS = 30 * 24 * 3600
PAIR_BURST, PAIR_SECONDS = 45, 6.0
ENVELOPE = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
}
CONTENT: dict[str, set[str]] = {
    "text": {"body", "preview_url"},
    "reaction": {"message_id", "emoji"},
    "image": {"id", "link", "caption"},
    "video": {"id", "link", "caption"},
    "document": {"id", "link", "caption", "filename"},
    "audio": {"id", "link", "voice"},
    "sticker": {"id", "link"},
    "template": {"name", "language", "components"},
}
RECEIPT = {"messaging_product", "status", "message_id", "typing_indicator"}


class GraphApi:
    """One endpoint for sending, marking read and typing."""

    def __init__(self, config: SandboxConfig, world: World, phones: Phones, faults: Faults) -> None:
        self.media = GraphMedia(config, world, faults)
        self.templates = GraphTemplates(config, faults)
        self.config = config
        self.world = world
        self.phones = phones
        self.faults = faults
        self.enforce_pair_rate = False
        # Meta may accept and only then say by webhook that the window was closed.
        self.refuses_late = False
        self.accepted: Callable[[SentMessage], None] = lambda sent: None
        self.refused_late: Callable[[SentMessage, int], None] = lambda sent, code: None
        self._recent: dict[str, deque[float]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/whatsapp/{version}/{number}/messages", self.messages),
            web.get("/whatsapp/{version}/{number}", self.look_up, allow_head=False),
            *self.media.routes(),
            *self.templates.routes(),
        ]

    def own_routes(self) -> list[web.RouteDef]:
        """Those that name a number, for this one alone, beside a sandbox's first; files are the first's."""
        number = f"{{number:{self.config.phone_number_id}}}"
        return [
            web.post(f"/whatsapp/{{version}}/{number}/messages", self.messages),
            web.get(f"/whatsapp/{{version}}/{number}", self.number, allow_head=False),
        ]

    async def look_up(self, request: web.Request) -> web.Response:
        """Graph has one address for everything that has an id."""
        known = request.match_info["number"]
        return await (self.media.look_up(request, known) if known in self.media.files else self.number(request))

    async def number(self, request: web.Request) -> web.Response:
        """The business number's own record; Meta refuses fields that it does not know."""
        told = {
            "verified_name": "Aurora Outdoor",
            "display_phone_number": f"+{self.config.display_phone_number}",
            "quality_rating": "GREEN",
        }
        asked = request.query.get("fields", ",".join(told)).split(",")
        try:
            self._admit(request)
            for name in asked:
                if name not in told:
                    raise GraphRefusal(100, f"Tried accessing nonexisting field ({name})")
        except GraphRefusal as refusal:
            return refusal.answer()
        return web.json_response({name: told[name] for name in asked} | {"id": self.config.phone_number_id})

    async def messages(self, request: web.Request) -> web.Response:
        body = object_or_none(parsed(await request.read()))

        async def act() -> web.Response:
            try:
                self._admit(request)
                if body is None:
                    raise GraphRefusal(100, "Invalid parameter: the body is not a JSON object")
                answer = self._receipt(body) if "status" in body else self._send(body)
            except GraphRefusal as refusal:
                return refusal.answer()
            return web.json_response(answer)

        method = "receipt" if body and "status" in body else "send"
        # Receipts come whenever somebody looks: a fault that is meant for a send must not be used up by one.
        answer = await self.faults.meet(request, method, body or {}, act, spoiled, by_name=method == "receipt")
        self.world.touch()
        return answer

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.config.whatsapp_access_token}":
            raise GraphRefusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        if request.match_info["number"] != self.config.phone_number_id:
            number = request.match_info["number"]
            details = f"Unsupported {request.method.lower()} request. Object with ID '{number}' does not exist"
            raise GraphRefusal(100, details, kind="GraphMethodException", subcode=33)
        if not request.match_info["version"].startswith("v"):
            raise GraphRefusal(2500, "Unknown path components", status=404)

    def _send(self, body: Json) -> Json:
        kind = as_text(body.get("type")) or "text"
        _known(body, ENVELOPE | {kind}, "")
        if body.get("messaging_product") != "whatsapp":
            raise GraphRefusal(100, "The parameter messaging_product is required.")
        if body.get("recipient_type", "individual") != "individual":
            raise GraphRefusal(100, "Param recipient_type must be one of {INDIVIDUAL}")
        if kind not in CONTENT:
            raise GraphRefusal(131051, f"Unsupported message type: {kind}")
        self._check_content(kind, body)
        phone = self._recipient(body)
        self._check_quoted(phone, kind, body)
        if kind == "template" and phone.stopped_marketing and self.templates.is_marketing(body["template"]):
            raise GraphRefusal(131050, title(131050)[1])
        late = None if kind == "template" else self._window(phone) or self._late_about(phone, kind, body)
        self._keep_pace(phone)
        read_as = self.templates.text(body["template"]) if kind == "template" else ""
        now = self.world.now()
        sent = SentMessage(wamid=new_wamid(), customer=phone.customer.id, body=body, at=now, read_as=read_as)
        self.phones.keep(phone, sent)
        phone.typing_since = None
        self.refused_late(sent, late) if late else self.accepted(sent)
        return _accepted(body, phone, sent.wamid)

    def _check_content(self, kind: str, body: Json) -> None:
        content = object_or_none(body.get(kind))
        if content is None:
            raise GraphRefusal(100, f"The parameter {kind} is required.")
        _known(content, CONTENT[kind], kind)
        opaque = body.get("biz_opaque_callback_data", "")
        if not isinstance(opaque, str) or len(opaque) > OPAQUE_LIMIT:
            raise GraphRefusal(100, f"Param biz_opaque_callback_data must be at most {OPAQUE_LIMIT} characters long.")
        quoted = as_object(body.get("context")).get("message_id")
        if "context" in body and not isinstance(quoted, str):
            raise GraphRefusal(100, "The parameter context['message_id'] is required.")
        if kind == "text":
            _check_text(content)
        elif kind == "template":
            self.templates.check(content)
        elif kind != "reaction":
            media_content(self.media, kind, content)
        else:
            _check_reaction(content)

    def _window(self, phone: Phone) -> int | None:
        """The code that a webhook will tell; usually the refusal comes at once."""
        code = None if phone.window_is_open(self.world.now()) else 131047
        if code and not self.refuses_late:
            raise GraphRefusal(code, title(code)[1])
        return code

    def _check_quoted(self, phone: Phone, kind: str, body: Json) -> None:
        """A reply quotes a message of the same chat; a reaction is no reply."""
        if "context" not in body:
            return
        if kind == "reaction":
            raise GraphRefusal(100, 'Unexpected key "context" on a message of type reaction.')
        quoted = as_text(as_object(body["context"]).get("message_id"))
        if not any(message.wamid == quoted for message in phone.chat):
            raise GraphRefusal(131009, "Parameter value is not valid: context['message_id']")

    def _late_about(self, phone: Phone, kind: str, body: Json) -> int | None:
        """What a reaction is about is looked up after it was accepted: only a webhook tells that it cannot be."""
        if kind != "reaction":
            return None
        about, now = as_object(body["reaction"]).get("message_id"), self.world.now()
        found = any(message.wamid == about and now - message.at < REACTION_SECONDS for message in phone.chat)
        return None if found else 131009

    def _recipient(self, body: Json) -> Phone:
        """Exactly one of `to` and `recipient`. Meta lets `to` win when both come; a caller that sends both is wrong."""
        to, recipient = body.get("to"), body.get("recipient")
        if (to is None) == (recipient is None):
            raise GraphRefusal(100, "Exactly one of the parameters to and recipient is required.")
        if to is not None and (not isinstance(to, str) or not to.removeprefix("+").isdigit()):
            raise GraphRefusal(100, "Param to must be a phone number.")
        phone = self.phones.by_number(to) if isinstance(to, str) else self.phones.by_bsuid(as_text(recipient))
        if phone is None:
            raise GraphRefusal(131026, title(131026)[1])
        return phone

    def _keep_pace(self, phone: Phone) -> None:
        if not self.enforce_pair_rate:
            return
        now, recent = self.world.now(), self._recent.setdefault(phone.customer.id, deque())
        while recent and now - recent[0] > PAIR_SECONDS:
            recent.popleft()
        if len(recent) >= PAIR_BURST:
            raise GraphRefusal(131056, title(131056)[1])
        recent.append(now)

    def _receipt(self, body: Json) -> Json:
        """Mark a customer's message read, with or without "typing…"."""
        _known(body, RECEIPT, "")
        if body.get("messaging_product") != "whatsapp":
            raise GraphRefusal(100, "The parameter messaging_product is required.")
        if body["status"] != "read":
            raise GraphRefusal(100, "Param status must be one of {READ}")
        if "typing_indicator" in body and body["typing_indicator"] != {"type": "text"}:
            raise GraphRefusal(100, "Param typing_indicator['type'] must be one of {TEXT}")
        for phone in self.phones.all.values():
            for at, message in enumerate(phone.chat):
                mine = isinstance(message, SentMessage) or self.world.now() - message.at > RECEIPT_SECONDS
                if message.wamid == body.get("message_id") and not mine:
                    self._see(phone, at, typing="typing_indicator" in body)
                    return {"success": True}
        raise GraphRefusal(131009, "Parameter value is not valid: message_id")

    def _see(self, phone: Phone, up_to: int, *, typing: bool) -> None:
        for message in phone.chat[: up_to + 1]:
            if not isinstance(message, SentMessage):
                message.read = True
        if typing:
            phone.typing_since = self.world.now()
            self.world.run(self._fade())

    async def _fade(self) -> None:
        """Nothing tells of the end: whoever watches looks again."""
        await asyncio.sleep(TYPING_SECONDS)
        self.world.touch()


def _known(given: Json, known: set[str], param: str) -> None:
    for name in given:
        if name not in known:
            where = f' on param "{param}"' if param else ""
            raise GraphRefusal(100, f'Unexpected key "{name}"{where}.')


def _check_text(content: Json) -> None:
    text = content.get("body")
    if not isinstance(text, str) or not text.strip():
        raise GraphRefusal(100, "The parameter text['body'] is required.")
    if len(text) > TEXT_LIMIT:
        raise GraphRefusal(100, f"Param text['body'] must be at most {TEXT_LIMIT} characters long.")
    if not isinstance(content.get("preview_url", False), bool):
        raise GraphRefusal(100, "Param text['preview_url'] must be a boolean.")


def _check_reaction(content: Json) -> None:
    """Without an emoji it takes one away; what is no emoji is refused."""
    if not isinstance(content.get("message_id"), str) or not content["message_id"]:
        raise GraphRefusal(100, "The parameter reaction['message_id'] is required.")
    shown = content.get("emoji")
    if not isinstance(shown, str):
        raise GraphRefusal(100, "The parameter reaction['emoji'] is required.")
    if shown and not is_emoji(shown):
        raise GraphRefusal(100, "Param reaction['emoji'] must be an emoji.")


def _accepted(body: Json, phone: Phone, wamid: str) -> Json:
    if body.get("to"):
        contact = {"input": body["to"], "wa_id": phone.customer.wa_id}
    else:
        contact = {"input": body["recipient"], "user_id": phone.customer.bsuid}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}
