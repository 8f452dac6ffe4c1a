"""The bodies we send to WhatsApp, and what its answers name."""

from __future__ import annotations

from bot.domain.people import Address, AddressKind
from integrations.whatsapp.wire import Json, json_object, json_objects, string


def reaction_message(to: Address, wamid: str, emoji: str, token: str) -> Json:
    """The body of a reaction to the customer's message; without an emoji it takes ours away.

    Source: Cloud API, Reaction messages.
    """
    return addressed(to, token) | {"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}}


def text_message(to: Address, text: str, token: str, quoted: str | None = None) -> Json:
    """The body of a text message. Exactly one of `to` and `recipient` (a BSUID) is set; previews are off.

    Source: Cloud API, Messages. `biz_opaque_callback_data` (≤ 512 characters) comes back in every status.
    """
    return {
        **addressed(to, token),
        "type": "text",
        "text": {"body": text, "preview_url": False},
        **({"context": {"message_id": quoted}} if quoted else {}),
    }


def addressed(to: Address, token: str) -> Json:
    """How every message begins: exactly one of `to` and `recipient` (a BSUID) is set."""
    address = {"to": to.value} if to.kind is AddressKind.WA_ID else {"recipient": to.value}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address,
        "biz_opaque_callback_data": token,
    }


def receipt(wamid: str, *, is_typing: bool) -> Json:
    """Marks a customer's message read, and those before it; with "typing…" for 25 seconds or until we answer.

    Source: Cloud API, Mark messages as read; Typing indicators.
    """
    typing: Json = {"typing_indicator": {"type": "text"}} if is_typing else {}
    return {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **typing}


def read_wamid(response: object) -> str | None:
    """The id WhatsApp gave an accepted message."""
    accepted = json_objects(json_object(response).get("messages"))
    return string(accepted[0].get("id")) or None if accepted else None
