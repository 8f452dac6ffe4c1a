"""What a customer does on their phone besides writing: they send things, react, edit, and delete for everyone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from integrations.sandbox import whatsapp_webhooks as webhooks
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.people import Customer
from integrations.sandbox.whatsapp_state import Phones, SentMessage, WrittenMessage, new_wamid
from integrations.sandbox.wire import Json, as_object, as_objects, as_text
from integrations.sandbox.world import World

EDITABLE = 15 * 60  # seconds; WhatsApp lets nobody edit what is older
REVOCABLE = 48 * 3600


@dataclass(frozen=True, slots=True)
class Gestures:
    """Each tells the bot by webhook and returns the wamid of what it told. `tell` sees to it that the bot takes it."""

    config: SandboxConfig
    world: World
    phones: Phones
    tell: Callable[[str, Json], Awaitable[None]]

    async def sends(self, customer: Customer | str, kind: str, content: Json | list[Json], **beside: object) -> str:
        """A message of any kind. `beside` is what Meta puts next to its content: `context`, `referral`, `errors`."""
        phone, wamid, now = self.phones.of(customer), new_wamid(), self.world.now()
        quoted = as_text(as_object(beside.get("context")).get("id")) or None
        words = shown_on_phone(kind, content)
        self.phones.keep(phone, WrittenMessage(wamid=wamid, text=words, at=now, quoted=quoted, kind=kind))
        told = webhooks.message(phone.customer, kind, content, wamid, now) | beside
        return await self._tell(phone.customer, told)

    async def reacts(self, customer: Customer | str, wamid: str, emoji: str) -> str:
        """With an empty emoji they take it back; Meta then leaves the key out."""
        message = self._in_chat(customer, wamid)
        message.reaction = emoji
        given = {"message_id": wamid} | ({"emoji": emoji} if emoji else {})
        return await self._act(customer, "reaction", given)

    async def edits(self, customer: Customer | str, wamid: str, text: str) -> str:
        """Source: webhooks, messages, edit: within 15 minutes."""
        message = self._own(customer, wamid, EDITABLE)
        message.text, message.is_edited = text, True
        now_reads = {"context": {"id": "M0"}, "type": "text", "text": {"body": text}}
        return await self._act(customer, "edit", {"original_message_id": wamid, "message": now_reads})

    async def revokes(self, customer: Customer | str, wamid: str) -> str:
        """Source: webhooks, messages, revoke: within two days."""
        message = self._own(customer, wamid, REVOCABLE)
        message.text, message.is_deleted = "", True
        return await self._act(customer, "revoke", {"original_message_id": wamid})

    async def _act(self, customer: Customer | str, kind: str, content: Json) -> str:
        known = self.phones.of(customer).customer
        return await self._tell(known, webhooks.message(known, kind, content, new_wamid(), self.world.now()))

    async def _tell(self, customer: Customer, told: Json) -> str:
        self.world.touch()
        wamid = as_text(told["id"])
        await self.tell(wamid, webhooks.envelope(webhooks.messages_value(self.config, customer, told)))
        return wamid

    def _in_chat(self, customer: Customer | str, wamid: str) -> SentMessage | WrittenMessage:
        for message in self.phones.of(customer).chat:
            if message.wamid == wamid:
                return message
        raise LookupError(f"{wamid} is not in this customer's chat")

    def _own(self, customer: Customer | str, wamid: str, within: int) -> WrittenMessage:
        message = self._in_chat(customer, wamid)
        if not isinstance(message, WrittenMessage):
            raise LookupError("customers change only their own messages")
        if self.world.now() - message.at > within:
            raise LookupError("WhatsApp does not let them change a message that old")
        return message


def shown_on_phone(kind: str, content: Json | list[Json]) -> str:
    """What the customer's own bubble says."""
    if isinstance(content, list):
        return ", ".join(as_text(as_object(each.get("name")).get("formatted_name")) for each in as_objects(content))
    chosen = as_object(content.get(as_text(content.get("type"))))
    given = (content.get(name) for name in ("body", "caption", "text", "name", "filename", "address"))
    return next((as_text(each) for each in (*given, chosen.get("title")) if each), f"({kind})")
