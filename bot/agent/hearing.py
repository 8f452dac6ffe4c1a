"""Has customers' recordings written down: for staff to read, and for the AI to answer."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.agent.asking import Asking, Purpose
from bot.agent.perceiving import Senses
from bot.domain.file_work import Transcribe
from bot.domain.files import HEAD, MEGABYTE, Conversion, FileStatus, sniff
from bot.domain.inboxes import Inboxes
from bot.flows.recordings import recording_heard
from bot.tools import ConversionError
from integrations.openai.errors import ModelUnavailable
from storage import media
from storage.tasks import Claim, unit

# Source: OpenAI, Speech to text: 25 MB, and the formats by what a file's name ends in.
_LARGEST = 25 * MEGABYTE
_NAMES = {
    "audio/ogg": "voice.ogg",
    "audio/mpeg": "voice.mp3",
    "audio/mp4": "voice.m4a",
    "video/mp4": "voice.mp4",
    "audio/wav": "voice.wav",
    "audio/flac": "voice.flac",
    "video/webm": "voice.webm",
}
_LONGEST = 8_000  # characters

log = structlog.get_logger("switchboard.agent")


@dataclass(frozen=True, slots=True)
class Ears:
    asking: Asking
    senses: Senses
    inboxes: Inboxes

    async def hear(self, work: Transcribe, claimed: Claim) -> None:
        """A server that is away is waited for; what it does not take stays unheard, which the AI then says."""
        file = await media.load(work.media_id)
        words = ""
        if self.senses.model.hears and file.status is FileStatus.HERE and 0 < file.size <= _LARGEST:
            words = await self._words(work, b"".join([piece async for piece in media.read(file.id)]))
        async with unit(self.senses.clock(), claimed) as turn:
            await recording_heard(turn, work.message_id, words[:_LONGEST], self.inboxes[work.inbox_id].rules)

    async def _words(self, work: Transcribe, content: bytes) -> str:
        name = _NAMES.get(sniff(content[:HEAD]) or "", "")
        try:
            if not name:
                name, content = "voice.ogg", await self._as_voice(content)
            return await self.asking.call(
                self.senses.model.transcription_name,
                work.inbox_id,
                Purpose.TRANSCRIBE,
                lambda: self.senses.model.transcribe(content, name),
            )
        except ConversionError as error:
            log.info("recording.unheard", message=work.message_id, why=str(error))
        except ModelUnavailable as error:
            if error.is_retryable:
                raise
            log.warning("recording.unheard", message=work.message_id, why=error.reason, error=error.code)
        return ""

    async def _as_voice(self, content: bytes) -> bytes:
        """AMR and AAC, which some phones record, no server takes."""
        with tempfile.TemporaryDirectory(prefix="switchboard-") as folder:
            source, target = Path(folder) / "source", Path(folder) / "voice.ogg"
            await asyncio.to_thread(source.write_bytes, content)
            await self.senses.tools.convert(Conversion.VOICE, source, target)
            return await asyncio.to_thread(target.read_bytes)
