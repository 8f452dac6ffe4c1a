"""WhatsApp's webhook bodies, taken apart into the items we store. Unknown keys are ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import orjson

from integrations.whatsapp import echoes, identity, preferences, templates
from integrations.whatsapp.wire import Json, identifier, json_object, json_objects, read_time, string, wamid_in

# What the dashboard's "Test" button sends in all its variants: authentic, but nobody wrote it.
TEST_NUMBER_IDS = frozenset({"123456123"})
_SURELY_SHALLOW = 200  # brackets in all
TEST_MESSAGE_IDS = frozenset({"ABGGFlA5Fpa"})


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One entry of `messages`, with the contact it belongs to and who sent it."""

    phone_number_id: str
    sender: str
    message: Json
    contact: Json | None


@dataclass(frozen=True, slots=True)
class EchoItem:
    """One entry of `message_echoes`: what a colleague wrote to a customer."""

    phone_number_id: str
    customer: str
    echo: Json


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


@dataclass(frozen=True, slots=True)
class PreferenceItem:
    """One entry of `user_preferences`."""

    phone_number_id: str
    customer: str
    preference: Json


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """A message template was approved, paused, …; it belongs to an account, not to a number."""

    account: str
    change: Json


Item = MessageItem | EchoItem | StatusItem | PreferenceItem | TemplateItem | OtherItem


def parse_body(body: bytes) -> Json | None:
    """The webhook as JSON, or None when it is no JSON object that can be stored as one.

    Half surrogate pairs, which do occur, become `?`.
    """
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            text = json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
            parsed = orjson.loads(text)
        except (ValueError, RecursionError):
            return None
    if not isinstance(parsed, dict) or _is_too_deep(body, cast("Json", parsed)):
        return None
    return cast("Json", parsed)


def _is_too_deep(body: bytes, parsed: Json) -> bool:
    """orjson reads what is nested a thousand deep, but writes only some 250 levels of it, ours around it included."""
    if body.count(b"{") + body.count(b"[") < _SURELY_SHALLOW:
        return False
    try:
        orjson.dumps([[[[[[[[parsed]]]]]]]])
    except TypeError:
        return True
    return False


def items(body: Json) -> Iterator[Item]:
    """Every message and status of every change of every entry; what is neither comes out as `OtherItem`."""
    for entry in json_objects(body.get("entry")):
        changes = json_objects(entry.get("changes"))
        if not changes:
            yield OtherItem("an entry without changes", entry)
        for change in changes:
            yield from _change_items(change, identifier(entry.get("id")))
    if not json_objects(body.get("entry")):
        yield OtherItem("a body without entries", body)


def _change_items(change: Json, account: str) -> Iterator[Item]:
    value = change.get("value")
    if change.get("field") == echoes.FIELD:
        yield from _echo_items(change)
        return
    if change.get("field") == preferences.FIELD:
        yield from _preference_items(change)
        return
    if change.get("field") == templates.STATUS_FIELD and isinstance(value, dict):
        yield TemplateItem(account, cast("Json", value))
        return
    if not isinstance(value, dict) or change.get("field") != "messages":
        yield OtherItem(f"a change of {change.get('field')}", change)
        return
    content = cast("Json", value)
    number = string(json_object(content.get("metadata")).get("phone_number_id"))
    contacts = json_objects(content.get("contacts"))
    messages, statuses = json_objects(content.get("messages")), json_objects(content.get("statuses"))
    for message in messages:
        yield _message_item(number, message, contacts)
    for status in statuses:
        yield _status_item(number, status)
    if not messages and not statuses:
        yield OtherItem(_why_empty(content), change)


def _echo_items(change: Json) -> Iterator[Item]:
    value = json_object(change.get("value"))
    number, told = string(json_object(value.get("metadata")).get("phone_number_id")), value.get("message_echoes")
    for echo in json_objects(told):
        customer = echoes.addressee(echo)
        if customer and wamid_in(echo.get("id")) and "group_id" not in echo:
            yield EchoItem(number, customer, echo)
        else:
            yield OtherItem("an echo to nobody or to a group, or one without an id", {"echo": echo})
    if not json_objects(told):
        yield OtherItem("a change without echoes", change)


def _status_item(number: str, status: Json) -> Item:
    if not wamid_in(status.get("id")) or not identifier(status.get("status")):
        return OtherItem("a status of nothing", {"status": status})
    recipient = identifier(status.get("recipient_user_id")) or identifier(status.get("recipient_id")) or "unknown"
    return StatusItem(number, recipient, status)


def _message_item(number: str, message: Json, contacts: list[Json]) -> Item:
    wamid, sender = wamid_in(message.get("id")), _sender(message)
    if number in TEST_NUMBER_IDS or wamid in TEST_MESSAGE_IDS:
        return OtherItem("a test from the dashboard", {"message": message})
    if "group_id" in message:
        return OtherItem("a message in a group", {"message": message})
    if not wamid or not sender:
        return OtherItem(f"a message without {'a sender' if wamid else 'an id'}", {"message": message})
    return MessageItem(number, sender, message, _contact_of(message, contacts))


def _preference_items(change: Json) -> Iterator[Item]:
    value = json_object(change.get("value"))
    number = string(json_object(value.get("metadata")).get("phone_number_id"))
    told = json_objects(value.get(preferences.FIELD))
    for preference in told:
        customer = identifier(preference.get("user_id")) or identifier(preference.get("wa_id"))
        yield PreferenceItem(number, customer, preference) if customer else OtherItem("nobody's preference", change)
    if not told:
        yield OtherItem("a change of preferences that holds none", change)


def _sender(message: Json) -> str:
    """Nobody sends a change of user id: it comes after what was written under the former one."""
    return identifier(message.get("from_user_id")) or identifier(message.get("from")) or identity.former_name(message)


def _why_empty(value: Json) -> str:
    """Meta tells of trouble of its own in changes that hold errors and nothing else."""
    codes = [str(error.get("code")) for error in json_objects(value.get("errors"))]
    return f"errors {', '.join(codes)} of WhatsApp's own" if codes else "a change without messages or statuses"


def _contact_of(message: Json, contacts: list[Json]) -> Json | None:
    """Match by id, never by position: entries may be missing or in another order."""
    names = {string(message.get("from_user_id")), string(message.get("from"))} - {""}
    for contact in contacts:
        if {string(contact.get("user_id")), string(contact.get("wa_id"))} & names:
            return contact
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
    errors = json_objects(status.get("errors"))
    first = errors[0] if errors else {}
    code = first.get("code")
    details = string(json_object(first.get("error_data")).get("details")) or string(first.get("message"))
    return ReportedStatus(
        wamid=string(status.get("id")),
        status=string(status.get("status")),
        token=string(status.get("biz_opaque_callback_data")),
        code=code if isinstance(code, int) else None,
        details=details,
        at=read_time(status.get("timestamp")),
    )
