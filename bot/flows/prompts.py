"""An inbox's prompt changes while Switchboard runs: which one spoke when is kept, and one of no use is told of."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Conversation
from bot.domain.prompts import Prompt, digest
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInChannel
from storage import prompts, tasks


async def prompt_begins(conversation: Conversation, text: str, now: datetime) -> Prompt:
    """This process speaks by it from here on; the conversation is the first in which it does."""
    version = await prompts.begins(conversation.inbox_id, conversation.id, text, digest(text), now)
    return Prompt(text, version)


async def prompt_is_unusable(inbox_id: int, why: str, kept: str, now: datetime) -> None:
    """Replicas find it one after the other: the first one says it, and once a day is enough."""
    words = (
        f"⚠️ *The AI's prompt file cannot be used any more*: {escape(why)}. The AI goes on with the prompt that it had; "
        "a restart would fail. Once the file is mended it is used, without a restart."
    )
    about = f"prompt:{digest(kept)[:16]}:{now:%Y-%m-%d}"
    await tasks.enqueue([NoteInChannel(inbox_id=inbox_id, text=words, about=about)], now)
