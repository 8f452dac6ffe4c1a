"""Webhooks as Meta and Slack send them, signed."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import orjson

from integrations.slack import signature as slack_signature
from integrations.whatsapp import signature as whatsapp_signature

Json = dict[str, Any]

APP_SECRET, VERIFY_TOKEN, ACCESS_TOKEN, NUMBER_ID = "bench-app-secret", "bench-verify", "bench-access", "1060001"
SIGNING_SECRET, BOT_TOKEN, CHANNEL = "bench-signing-secret", "xoxb-bench", "C0DESK"
TEAM, APP, ANA, BOT_USER, BOT_ID = "T0BENCH", "A0BENCH", "U0ANA", "U0BOT", "B0BOT"
NAMES = ("Carla", "Diego", "Mina")


def whatsapp(customer: int, wamid: str, text: str) -> bytes:
    """One text message of the customer with this number."""
    wa_id, bsuid = f"34600{customer:06d}", f"ES.{10**15 + customer}"
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34911000000", "phone_number_id": NUMBER_ID},
        "contacts": [
            {"profile": {"name": NAMES[customer % len(NAMES)]}, "wa_id": wa_id, "user_id": bsuid},
        ],
        "messages": [
            {
                "from": wa_id,
                "from_user_id": bsuid,
                "id": wamid,
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    return orjson.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": "100000000000001", "changes": [{"value": value, "field": "messages"}]}],
        }
    )


def whatsapp_headers(body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": whatsapp_signature.sign(APP_SECRET, body),
    }


def slack_reply(thread_ts: str, text: str, number: int) -> bytes:
    """Ana writes in a thread."""
    ts = f"{int(time.time())}.{number:06d}"
    written = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    event: Json = {
        "type": "message",
        "user": ANA,
        "client_msg_id": f"client-{number}",
        "text": text,
        "team": TEAM,
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [written]}],
        "ts": ts,
        "event_ts": ts,
        "thread_ts": thread_ts,
        "parent_user_id": BOT_USER,
        "channel": CHANNEL,
        "channel_type": "channel",
    }
    return orjson.dumps(
        {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": f"Ev{number:08d}",
            "event_time": int(time.time()),
            "event": event,
        }
    )


def slack_take(escalation: str, card_ts: str) -> bytes:
    """Ana presses Take on a card."""
    payload: Json = {
        "type": "block_actions",
        "user": {"id": ANA, "username": "ana", "name": "ana", "team_id": TEAM},
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "bench"},
        "trigger_id": "1.2.bench",
        "container": {"type": "message", "message_ts": card_ts, "channel_id": CHANNEL, "is_ephemeral": False},
        "channel": {"id": CHANNEL, "name": "desk"},
        "message": {"type": "message", "ts": card_ts, "bot_id": BOT_ID},
        "actions": [
            {"type": "button", "action_id": "take", "block_id": "b", "value": escalation, "action_ts": card_ts}
        ],
    }
    return urlencode({"payload": orjson.dumps(payload).decode()}).encode()


def slack_headers(body: bytes, content_type: str = "application/json") -> dict[str, str]:
    now = str(int(time.time()))
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": slack_signature.sign(SIGNING_SECRET, now, body),
    }
