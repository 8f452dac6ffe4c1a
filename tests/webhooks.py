"""WhatsApp's webhook bodies as files, one for each thing that can arrive; Carla sends them to the sandbox's number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_FOLDER = Path(__file__).with_name("payloads")
NAMES = sorted(file.stem for file in _FOLDER.glob("*.json") if not file.stem.startswith("slack_"))


def payload(name: str, now: float) -> Json:
    """The body of this name, as of now: what a customer says opens 24 hours from when they say it."""
    body: Json = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    for message in messages_in(body):
        message["timestamp"] = str(int(now))
    return body


def messages_in(body: Json) -> list[Json]:
    return [
        message
        for entry in body["entry"]
        for change in entry["changes"]
        for message in change["value"].get("messages", [])
    ]


def together(*bodies: Json) -> Json:
    """One POST that holds all of them, as WhatsApp sends when much happens at once."""
    return {**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]}
