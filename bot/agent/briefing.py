"""What one inbox's agent is told, as it is at the moment of a turn."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.agent.prompt_file import PromptFile
from bot.domain.conversation import Conversation
from bot.domain.prompts import Prompt
from bot.flows.prompts import prompt_begins, prompt_is_unusable

log = structlog.get_logger("switchboard.agent")


class Briefing:
    """The inbox's prompt."""

    def __init__(self, prompt_file: PromptFile) -> None:
        self._file = prompt_file
        self._spoken: Prompt | None = None

    @property
    def prompt(self) -> str:
        """As it was when the last turn began."""
        return self._file.text

    async def begin(self, conversation: Conversation, now: datetime) -> Prompt:
        """The prompt that a turn beginning now goes by. One that begins to speak is written down before it does."""
        trouble = await self._file.renew()
        text, spoken = self._file.text, self._spoken
        if trouble:
            log.error("prompt.unusable", inbox=conversation.inbox_id, why=trouble)
            await prompt_is_unusable(conversation.inbox_id, trouble, text, now)
        if spoken is None or spoken.text != text:
            spoken = self._spoken = await prompt_begins(conversation, text, now)
            log.info("prompt.begins", inbox=conversation.inbox_id, version=spoken.version)
        return spoken
