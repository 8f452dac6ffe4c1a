"""A number shared with the WhatsApp Business app: what is written there, or by the API, is echoed to the business."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from integrations.sandbox import whatsapp_webhooks as webhooks
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.people import Customer
from integrations.sandbox.whatsapp_state import Phones, SentMessage, new_wamid
from integrations.sandbox.wire import Json
from integrations.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Echoes:
    config: SandboxConfig
    world: World
    phones: Phones
    deliver: Callable[[Json], Awaitable[int]]

    async def colleague_says(self, customer: Customer | str, text: str, at: float | None = None) -> SentMessage:
        """Somebody of the business writes to a customer with the app. The API had no part in it."""
        phone = self.phones.of(customer)
        body = {"type": "text", "text": {"body": text}}
        said = SentMessage(wamid=new_wamid(), customer=phone.customer.id, body=body, at=at or self.world.now())
        self.phones.shows(phone, said)
        self.world.touch()
        await self.tell(said)
        return said

    async def tell(self, said: SentMessage) -> int:
        """The webhook that tells of it; also for what the API sent, and as often as one likes."""
        return await self.deliver(self.body(said))

    def body(self, said: SentMessage) -> Json:
        customer, kind = self.phones.of(said.customer).customer, said.body["type"]
        number = {"to": customer.wa_id} if customer.wa_id else {}
        echo = {
            "from": self.config.display_phone_number,
            **number,
            "to_user_id": customer.bsuid,
            "id": said.wamid,
            "timestamp": str(int(said.at)),
            "type": kind,
            kind: said.body[kind],
        }
        body = webhooks.envelope(webhooks.value_of(self.config, message_echoes=[echo]))
        body["entry"][0]["changes"][0]["field"] = "smb_message_echoes"
        return body
