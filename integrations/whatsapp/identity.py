"""Who a webhook speaks of, and what WhatsApp says has changed about them.

Source: Cloud API, Business-scoped user IDs; Webhooks, system messages. Changes of number and user id come without
`contacts`; a change of user id has no sender either, only the former id.
"""

from __future__ import annotations

from bot.domain.people import Address, AddressKind, Changed, IdentityChange
from integrations.whatsapp.wire import Json, identifier, json_object, read_time, string, wamid_in

_CHANGES = frozenset(Changed)


def addresses_of(message: Json, contact: Json) -> tuple[Address, ...]:
    """All that WhatsApp calls the sender by, in order of trust."""
    return _addresses(
        identifier(message.get("from_user_id")) or identifier(contact.get("user_id")),
        identifier(message.get("from_parent_user_id")) or identifier(contact.get("parent_user_id")),
        identifier(message.get("from")) or identifier(contact.get("wa_id")),
    )


def former_name(message: Json) -> str:
    """Whom a change is about that nobody sent."""
    system = _system(message)
    return identifier(system.get("previous_user_id")) if string(system.get("type")) in _CHANGES else ""


def read_change(message: Json, contact: Json | None) -> IdentityChange | None:
    """What has changed about whom, or None where the message tells of no change."""
    system = _system(message)
    what = string(system.get("type"))
    if what not in _CHANGES:
        return None
    before = _addresses(
        identifier(system.get("previous_user_id")) or identifier(message.get("from_user_id")),
        identifier(system.get("previous_parent_user_id")),
        identifier(message.get("from")),
    )
    after = _addresses(
        identifier(system.get("user_id")),
        identifier(system.get("parent_user_id")),
        identifier(system.get("wa_id")) or identifier(system.get("new_wa_id")),
    )
    if what == Changed.SECURITY_CODE:
        before, after = (), addresses_of(message, contact or {}) or after
    return IdentityChange(
        what=Changed(what),
        wamid=wamid_in(message.get("id")),
        before=before,
        after=after,
        at=read_time(message.get("timestamp")),
        original=message,
    )


def _addresses(bsuid: str, parent: str, wa_id: str) -> tuple[Address, ...]:
    named = ((AddressKind.BSUID, bsuid), (AddressKind.PARENT_BSUID, parent), (AddressKind.WA_ID, wa_id))
    return tuple(Address(kind, value) for kind, value in named if value)


def _system(message: Json) -> Json:
    return json_object(message.get("system")) if message.get("type") == "system" else {}
