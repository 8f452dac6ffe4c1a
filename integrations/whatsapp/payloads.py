"""WhatsApp's webhook bodies, taken apart into the items we store, and the bodies we send. Unknown keys are ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from bot.domain.inbound import Inbound
from bot.domain.people import Address, AddressKind

Json = dict[str, Any]

# What the dashboard's "Test" button sends: authentic, but nobody wrote it.
TEST_NUMBER_IDS = frozenset({"123456123"})


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One entry of `messages`, with the contact it belongs to and who sent it."""

    phone_number_id: str
    sender: str
    message: Json
    contact: Json | None


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One entry of `statuses`."""

    phone_number_id: str
    recipient: str
    status: Json


@dataclass(frozen=True, slots=True)
class OtherItem:
    """An authentic change that is neither: kept as it came."""

    why: str
    content: Json


Item = MessageItem | StatusItem | OtherItem


def parse_body(body: bytes) -> Json | None:
    """The webhook as JSON, or None when it is not a JSON object. Half surrogate pairs, which do occur, become `?`."""
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            text = json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
            parsed = orjson.loads(text)
        except (ValueError, RecursionError):
            return None
    return cast("Json", parsed) if isinstance(parsed, dict) else None


def items(body: Json) -> Iterator[Item]:
    """Every message and status of every change of every entry; what is neither comes out as `OtherItem`."""
    for entry in _dicts(body.get("entry")):
        changes = _dicts(entry.get("changes"))
        if not changes:
            yield OtherItem("an entry without changes", entry)
        for change in changes:
            yield from _change_items(change)
    if not _dicts(body.get("entry")):
        yield OtherItem("a body without entries", body)


def _change_items(change: Json) -> Iterator[Item]:
    value = change.get("value")
    if not isinstance(value, dict) or change.get("field") != "messages":
        yield OtherItem(f"a change of {change.get('field')}", change)
        return
    content = cast("Json", value)
    number = _text(_dict(content.get("metadata")).get("phone_number_id"))
    contacts = _dicts(content.get("contacts"))
    messages, statuses = _dicts(content.get("messages")), _dicts(content.get("statuses"))
    for message in messages:
        sender = _text(message.get("from_user_id")) or _text(message.get("from"))
        if number in TEST_NUMBER_IDS or not _text(message.get("id")) or "group_id" in message:
            yield OtherItem("a test, a group message, or a message without id", {"message": message})
        elif not sender:
            yield OtherItem("a message without a sender", {"message": message})
        else:
            yield MessageItem(number, sender, message, _contact_of(message, contacts))
    for status in statuses:
        recipient = _text(status.get("recipient_user_id")) or _text(status.get("recipient_id")) or "unknown"
        yield StatusItem(number, recipient, status)
    if not messages and not statuses:
        yield OtherItem("a change without messages or statuses", change)


def _contact_of(message: Json, contacts: list[Json]) -> Json | None:
    """Match by id, never by position: entries may be missing or in another order."""
    names = {_text(message.get("from_user_id")), _text(message.get("from"))} - {""}
    for contact in contacts:
        if {_text(contact.get("user_id")), _text(contact.get("wa_id"))} & names:
            return contact
    return None


def read_message(message: Json, contact: Json | None) -> Inbound:
    """What a customer's message says, and who says it. `from` is kept byte for byte: replies go exactly there."""
    contact = contact or {}
    profile = _dict(contact.get("profile"))
    bsuid = _text(message.get("from_user_id")) or _text(contact.get("user_id"))
    wa_id = _text(message.get("from")) or _text(contact.get("wa_id"))
    addresses = [
        *([Address(AddressKind.BSUID, bsuid)] if bsuid else []),
        *([Address(AddressKind.WA_ID, wa_id)] if wa_id else []),
    ]
    kind = _text(message.get("type")) or "unknown"
    return Inbound(
        addresses=tuple(addresses),
        reply_to=addresses[-1],
        name=_text(profile.get("name")),
        username=_text(profile.get("username")) or None,
        wamid=_text(message.get("id")),
        kind=kind,
        text=_words(kind, message),
        said_at=read_time(message.get("timestamp")),
        quoted_wamid=_text(_dict(message.get("context")).get("id")) or None,
        original=message,
    )


def _words(kind: str, message: Json) -> str:
    """What the message says, as far as it says anything: what kind it is, its faces add."""
    content = _dict(message.get(kind))
    if kind == "text":
        return _text(content.get("body"))
    if kind == "button":
        return _text(content.get("text"))
    if kind == "interactive":
        return _text(_dict(content.get(_text(content.get("type")))).get("title"))
    if kind == "reaction":
        return _text(content.get("emoji")) or "(took a reaction back)"
    if kind == "location":
        place = filter(None, (_text(content.get("name")), _text(content.get("address"))))
        return ", ".join([*place, f"{content.get('latitude')},{content.get('longitude')}"])
    return _text(content.get("caption")) or _text(content.get("filename"))


def read_time(timestamp: object) -> datetime | None:
    """Unix seconds, as text or number; None when it is neither or absurd."""
    try:
        return datetime.fromtimestamp(int(str(timestamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class ReportedStatus:
    """`token` is our own `biz_opaque_callback_data`, echoed. `code` and `details` tell why a message failed."""

    wamid: str
    status: str
    token: str
    code: int | None
    details: str
    at: datetime | None


def read_status(status: Json) -> ReportedStatus:
    errors = _dicts(status.get("errors"))
    first = errors[0] if errors else {}
    code = first.get("code")
    details = _text(_dict(first.get("error_data")).get("details")) or _text(first.get("message"))
    return ReportedStatus(
        wamid=_text(status.get("id")),
        status=_text(status.get("status")),
        token=_text(status.get("biz_opaque_callback_data")),
        code=code if isinstance(code, int) else None,
        details=details,
        at=read_time(status.get("timestamp")),
    )


def text_message(to: Address, text: str, token: str) -> Json:
    """The body of a text message. Exactly one of `to` and `recipient` (a BSUID) is set; previews are off.

    Source: Cloud API, Messages. `biz_opaque_callback_data` (≤ 512 characters) comes back in every status.
    """
    address = {"to": to.value} if to.kind is AddressKind.WA_ID else {"recipient": to.value}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address,
        "type": "text",
        "text": {"body": text, "preview_url": False},
        "biz_opaque_callback_data": token,
    }


def read_wamid(response: object) -> str | None:
    """The id WhatsApp gave an accepted message."""
    accepted = _dicts(_dict(response).get("messages"))
    return _text(accepted[0].get("id")) or None if accepted else None


def _dict(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _dicts(value: object) -> list[Json]:
    return (
        [cast("Json", each) for each in cast("list[object]", value) if isinstance(each, dict)]
        if isinstance(value, list)
        else []
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
