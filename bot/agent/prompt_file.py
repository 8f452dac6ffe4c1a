"""An inbox's prompt file while Switchboard runs: a change is taken up, and what cannot be used is not."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from bot.agent.prompt import PromptUnreadableError, load_prompt

WRITING_SECONDS = 0.3  # many editors empty a file before they fill it

# What changes with a file: also its inode, for who replaces it whole, and the time of that, which nobody can set.
_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """The file as it was just now. `trouble` says why it cannot be used."""

    stamp: _Stamp | None
    text: str = ""
    trouble: str = ""


class PromptFile:
    """The prompt as its file last had it in a usable form. Without one it is the built-in one, for good."""

    def __init__(self, path: Path | None, writing_seconds: float = WRITING_SECONDS) -> None:
        """Raises `PromptUnreadableError`: what has never been read cannot be gone on with."""
        self._path = path
        self._writing_seconds = writing_seconds
        self._seen = _stamp(path) if path else None
        self._trouble = ""
        self.text = load_prompt(path)

    async def renew(self) -> str:
        """Take the file up as it is now. Returns what is newly wrong with it, if anything: then the old text stays."""
        if self._path is None:
            return ""
        found = await asyncio.to_thread(self._look, self._path)
        if found is None:
            return ""
        news = found.trouble if found.trouble != self._trouble else ""
        # Of no use now does not mean for good, even unchanged: its disk may come back.
        self._seen, self._trouble = None if found.trouble else found.stamp, found.trouble
        self.text = found.text or self.text
        return news

    def _look(self, path: Path) -> _Found | None:
        """None while it is as it was. What is newly wrong, or changes meanwhile, may be half written: once more."""
        found = _read(path, self._seen)
        if found and ((found.trouble and found.trouble != self._trouble) or found.stamp != _stamp(path)):
            time.sleep(self._writing_seconds)
            found = _read(path, self._seen)
        return found


def _read(path: Path, seen: _Stamp | None) -> _Found | None:
    stamp = _stamp(path)
    if stamp is not None and stamp == seen:
        return None
    try:
        return _Found(stamp, load_prompt(path))
    except PromptUnreadableError as error:
        return _Found(stamp, trouble=error.what)


def _stamp(path: Path) -> _Stamp | None:
    try:
        of = path.stat()
    except OSError:
        return None
    return of.st_mtime_ns, of.st_ctime_ns, of.st_size, of.st_ino
