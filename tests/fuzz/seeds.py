"""What mutations start from: a body of every kind that WhatsApp sends, and of what Slack tells about a thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

Json = dict[str, Any]

PAYLOADS = Path(__file__).parent.parent / "payloads"
CARLA: Json = {"from": "34600111222", "from_user_id": "ES.1001"}
PHOTO: Json = {"id": "1003383421387256", "mime_type": "image/jpeg", "sha256": "ZGVhZGJlZWY=", "caption": "Look, torn"}
ADDRESS: Json = {"street": "1 Hacker Way", "city": "Menlo Park", "zip": "94025", "country": "US", "type": "HOME"}
NAME: Json = {"formatted_name": "Ben Okafor", "first_name": "Ben", "last_name": "Okafor"}
CARD: Json = {"name": NAME, "phones": [{"phone": "+1 555", "wa_id": "1555", "type": "CELL"}], "addresses": [ADDRESS]}
ITEM: Json = {"product_retailer_id": "tent-2", "quantity": 2, "item_price": 129.5, "currency": "EUR"}
REFERRAL: Json = {
    "source_url": "https://fb.me/ad",
    "source_type": "ad",
    "source_id": "ADID",
    "headline": "Tents",
    "body": "Buy one",
    "media_type": "image",
    "image_url": "https://x.example/a.jpg",
    "ctwa_clid": "c",
}

# One message of each type: what stands beside `from`, `id` and `timestamp`.
MESSAGES: list[Json] = [
    {"type": "text", "text": {"body": "Where is my order? \U0001f600"}},
    {"type": "text", "text": {"body": "And this?"}, "context": {"from": "15550001111", "id": "wamid.OUT1"}},
    {"type": "text", "text": {"body": "fwd"}, "context": {"forwarded": True, "frequently_forwarded": True}},
    {"type": "text", "text": {"body": "From the ad"}, "referral": REFERRAL},
    {"type": "image", "image": PHOTO},
    {"type": "video", "video": PHOTO | {"mime_type": "video/mp4"}},
    {"type": "audio", "audio": {"id": "5", "mime_type": "audio/ogg; codecs=opus", "voice": True}},
    {"type": "document", "document": {"id": "6", "mime_type": "application/pdf", "filename": "bill.pdf"}},
    {"type": "sticker", "sticker": {"id": "7", "mime_type": "image/webp", "animated": False}},
    {"type": "location", "location": {"latitude": 37.48, "longitude": -122.14, "name": "HQ", "address": "Way 1"}},
    {"type": "contacts", "contacts": [CARD]},
    {"type": "button", "button": {"text": "No", "payload": "No-Button-Payload"}, "context": {"id": "wamid.OUT1"}},
    {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "b", "title": "Yes"}}},
    {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "l", "title": "Small", "description": "S"}},
    },
    {
        "type": "interactive",
        "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a":1}', "body": "Sent", "name": "flow"}},
    },
    {"type": "order", "order": {"catalog_id": "c", "text": "please", "product_items": [ITEM, ITEM]}},
    {"type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": "\U0001f44d"}},
    {"type": "reaction", "reaction": {"message_id": "wamid.OUT1"}},
    {
        "type": "system",
        "system": {"body": "changed", "wa_id": "34600111333", "type": "user_changed_number", "user_id": "ES.1"},
    },
    {
        "type": "system",
        "system": {"body": "changed", "user_id": "ES.3", "previous_user_id": "ES.2", "type": "user_changed_user_id"},
    },
    {
        "type": "unsupported",
        "unsupported": {"type": "poll_creation"},
        "errors": [{"code": 131051, "title": "Message type unknown", "error_data": {"details": "unsupported"}}],
    },
    {
        "type": "edit",
        "edit": {"original_message_id": "wamid.FIRST", "message": {"type": "text", "text": {"body": "new"}}},
    },
    {"type": "revoke", "revoke": {"original_message_id": "wamid.FIRST"}},
]
FAILED: list[Json] = [{"code": 131047, "title": "Re-engagement", "error_data": {"details": "More than 24 hours"}}]
STATUSES: list[Json] = [
    {"id": "wamid.OUT1", "status": "sent", "recipient_id": "34600111222", "recipient_user_id": "ES.1001"},
    {"id": "wamid.OUT1", "status": "delivered", "biz_opaque_callback_data": "m:2:1", "pricing": {"billable": False}},
    {"id": "wamid.OUT1", "status": "read", "recipient_id": "34600111222"},
    {"id": "wamid.OUT2", "status": "failed", "recipient_id": "34600111222", "errors": FAILED},
]
ECHO: Json = {"from": "15550001111", "to": "34600111222", "type": "text", "text": {"body": "From the phone"}}


def whatsapp(phone_number_id: str) -> list[Json]:
    """Whole bodies: of every type above, and those kept as fixtures."""
    values = [_value(phone_number_id, messages=[CARLA | _stamped(number) | each]) for number, each in _numbered()]
    values += [_value(phone_number_id, statuses=[{"timestamp": "1790416832", **each}]) for each in STATUSES]
    values.append(_value(phone_number_id, messages=values[0]["messages"] + values[4]["messages"], statuses=STATUSES))
    values.append(_value(phone_number_id, errors=[{"code": 130429, "title": "Rate limit hit"}]))
    told = [_body("messages", value) for value in values]
    told.append(_body("smb_message_echoes", _value(phone_number_id, message_echoes=[_stamped(77) | ECHO])))
    return [*told, *_kept()]


def _numbered() -> Iterator[tuple[int, Json]]:
    return enumerate(MESSAGES)


def _stamped(number: int) -> Json:
    return {"id": f"wamid.SEED{number}", "timestamp": "1790417100"}


def _value(phone_number_id: str, **parts: object) -> Json:
    metadata = {"display_phone_number": "15550001111", "phone_number_id": phone_number_id}
    contact = {"profile": {"name": "Carla", "username": "carla"}, "wa_id": CARLA["from"], "user_id": "ES.1001"}
    return {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact], **parts}


def _body(field: str, value: Json) -> Json:
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }


def _kept() -> Iterator[Json]:
    for path in sorted(PAYLOADS.rglob("*.json")):
        kept: object = json.loads(path.read_text())
        if isinstance(kept, dict) and "entry" in kept:
            yield cast("Json", kept)


def slack(channel: str, thread_ts: str, user: str) -> list[Json]:
    """What Slack tells of a thread: words, edits, deletions, reactions."""
    styled = {"type": "text", "text": "bold", "style": {"bold": True}}
    leaves = [styled, {"type": "emoji", "name": "tada"}, {"type": "user", "user_id": "U0BEN"}]
    quote = {"type": "rich_text_quote", "elements": leaves}
    items = {"type": "rich_text_list", "style": "ordered", "elements": [quote]}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}, quote, items]}]
    said: Json = {"type": "message", "user": user, "text": "note: hi <@U0BEN> &amp; :tada:", "blocks": blocks}
    said |= {"ts": "1790417100.000100", "thread_ts": thread_ts, "team": "T0AURORA"}
    where: Json = {"channel": channel, "channel_type": "channel", "event_ts": "1790417100.000100"}
    hidden: Json = {"type": "message", "hidden": True, "ts": "1790417101.000100", **where}
    edited = said | {"edited": {"user": user, "ts": "1790417101.000000"}}
    item = {"type": "message", "channel": channel, "ts": "1790417100.000100"}
    reacted: Json = {"type": "reaction_added", "user": user, "reaction": "tada", "item": item, "event_ts": "1.1"}
    told: list[Json] = [
        said | where,
        hidden | {"subtype": "message_changed", "message": edited, "previous_message": said},
        hidden | {"subtype": "message_deleted", "deleted_ts": said["ts"], "previous_message": said},
        reacted,
        reacted | {"type": "reaction_removed"},
    ]
    return [{"type": "event_callback", "team_id": "T0AURORA", "event_id": "Ev1", "event": each} for each in told]
