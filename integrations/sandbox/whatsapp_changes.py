"""Customers who change their number or hide it, and what WhatsApp tells the business about it, or does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from integrations.sandbox import whatsapp_webhooks as webhooks
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.people import Customer
from integrations.sandbox.whatsapp_state import Phones, new_wamid
from integrations.sandbox.wire import Json
from integrations.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Changes:
    """Each change returns the webhook that tells of it, for whoever wants it to come late, or again."""

    config: SandboxConfig
    world: World
    phones: Phones
    deliver: Callable[[Json], Awaitable[int]]

    async def number(self, customer: Customer | str, wa_id: str, bsuid: str, *, tell: bool = True) -> Json:
        """A new number brings a new user id. WhatsApp names both numbers, and no contact."""
        before, after = self._become(customer, wa_id=wa_id, bsuid=bsuid, phone=f"+{wa_id}")
        system = {
            "body": f"User {before.name} changed from {before.wa_id} to {wa_id}",
            "wa_id": wa_id,
            "user_id": bsuid,
            "previous_user_id": before.bsuid,
            "type": "user_changed_number",
        }
        return await self._tell(after, {"from": before.wa_id}, system, tell=tell)

    async def user_id(self, customer: Customer | str, bsuid: str, *, tell: bool = True) -> Json:
        """The same of somebody who hides their number: WhatsApp names nothing but the two user ids."""
        before, after = self._become(customer, bsuid=bsuid)
        system = {
            "body": f"User changed from {before.bsuid} to {bsuid}",
            "user_id": bsuid,
            "previous_user_id": before.bsuid,
            "type": "user_changed_user_id",
        }
        return await self._tell(after, {}, system, tell=tell)

    async def security_code(self, customer: Customer | str) -> Json:
        """A new phone, or WhatsApp installed anew; this one comes with the contact."""
        known = self.phones.of(customer).customer
        system = {"body": f"{known.name}'s security code changed", "type": "customer_identity_changed"}
        sender = {"from": known.wa_id, "from_user_id": known.bsuid}
        told = {each: name for each, name in sender.items() if name}
        identity = {"acknowledged": False, "created_timestamp": int(self.world.now() * 1000), "hash": "DF2lS5v2W6x="}
        return await self._tell(known, told | {"identity": identity}, system, contacts=[webhooks.contact(known)])

    def hides_number(self, customer: Customer | str, username: str) -> None:
        """They take a username: from here on WhatsApp does not pass on their number."""
        self._become(customer, wa_id=None, phone=None, username=username)

    def _become(self, customer: Customer | str, **traits: str | None) -> tuple[Customer, Customer]:
        phone = self.phones.of(customer)
        before, phone.customer = phone.customer, replace(phone.customer, **traits)
        self.world.touch()
        return before, phone.customer

    async def _tell(
        self, customer: Customer, sender: Json, system: Json, *, tell: bool = True, **parts: object
    ) -> Json:
        message = {"id": new_wamid(), "timestamp": str(int(self.world.now())), "type": "system", "system": system}
        told = {each: value for each, value in sender.items() if value} | message
        body = webhooks.envelope(webhooks.value_of(self.config, messages=[told], **parts))
        if tell:
            await self.deliver(body)
        return body
