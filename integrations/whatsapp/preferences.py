"""What a customer chose in WhatsApp itself about a business's advertising.

Source: Cloud API, Webhooks, user_preferences. Its timestamp is a number, unlike a message's.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Address, AddressKind
from integrations.whatsapp.wire import Json, identifier, string

FIELD = "user_preferences"
_WISHES = {"stop": "stop", "resume": "start"}


@dataclass(frozen=True, slots=True)
class Preference:
    """`wish` is `stop` or `start`; empty for what we do not know."""

    addresses: tuple[Address, ...]
    wish: str


def read_preference(preference: Json) -> Preference:
    bsuid, wa_id = identifier(preference.get("user_id")), identifier(preference.get("wa_id"))
    addresses = (Address(AddressKind.BSUID, bsuid), Address(AddressKind.WA_ID, wa_id))
    wish = _WISHES.get(string(preference.get("value")).lower(), "")
    return Preference(tuple(each for each in addresses if each.value), wish)
