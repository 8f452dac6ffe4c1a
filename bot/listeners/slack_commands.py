"""Slash commands nobody answers: each of ours has a door of its own, and whatever else is typed gets a helpful line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import thread_notes
from bot.listeners.slack_front import Dispatcher

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackCommands:
    """Registered last."""

    def register(self, app: Dispatcher) -> None:
        app.command(re.compile(".*"))(self.on_unknown)

    async def on_unknown(self, ack: AsyncAck, command: Json) -> None:
        post = thread_notes.note(f"Switchboard does not know {command.get('command')}. Try `/queue help`.")
        await ack(text=post.text, blocks=post.blocks, response_type="ephemeral")
