"""The knowledge folder looked through again and again: what changed in it is read anew, page by page."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NoReturn

from bot.domain.knowledge_languages import of_page
from storage.database import transaction
from storage.documents import LARGEST, SUFFIXES, UnreadableError, read
from storage.knowledge import shelf
from storage.knowledge.shelf import LONGEST_SOURCE, Content, Page, Stamp
from storage.knowledge.taught import configurations, settle_taught

LANGUAGE = "english"  # a PostgreSQL text search configuration
# When pages come to be cut or kept in another way, this changes, and all of them are read anew.
_EDITION = "2"
# A file that was written so lately may be written again and still bear the same time.
_SETTLED_AFTER_NS = 2_000_000_000
_OTHERS_ARE_AT_IT_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a look through a folder changed, page by page. `unreadable` says why, in words."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unreadable: dict[str, str] = field(default_factory=dict[str, str])
    unchanged: int = 0

    @property
    def is_news(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class _Outcome(Enum):
    ADDED = "added"
    CHANGED = "changed"
    EMPTIED = "emptied"
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"
    BLANK = "blank"
    BUSY = "busy"


@dataclass(slots=True)
class FolderIndex:
    """One inbox's folder as this process has seen it; `done` of `files` are indexed.

    After its first look a process follows only what changes in its own folder: where replicas have different ones,
    during a deployment, the older ones do not bring back what the newer ones have replaced.
    """

    inbox_id: int
    folder: Path
    language: str = LANGUAGE
    files: int = 0
    done: int = 0
    unreadable: dict[str, str] = field(default_factory=dict[str, str])
    _seen: dict[str, Stamp] = field(default_factory=dict[str, Stamp])
    _has_looked: bool = False
    _known: frozenset[str] = frozenset()

    async def refresh(self) -> IndexReport:
        """Make the inbox's pages those of the folder; raises `NotADirectoryError` without it, and forgets nothing then.

        Each page is a transaction of its own, so that what is done stays done and is found at once. Replicas that look
        at the same time share the pages among them.
        """
        found = await asyncio.to_thread(_list, self.folder)
        before = {} if self._has_looked else {each.source: each for each in await shelf.pages(self.inbox_id)}
        if not self._has_looked:
            self._known = await configurations()
            await settle_taught(self.inbox_id)
        removed = await self._removed(found, {*before, *self._seen})
        outcomes = await self._look_at(found, before)
        self._has_looked = True
        return self._report(outcomes, removed)

    async def _removed(self, found: dict[str, Stamp], had: set[str]) -> list[str]:
        gone = sorted(had - found.keys())
        if gone:
            async with transaction():
                await shelf.remove(self.inbox_id, gone)
        for source in gone:
            self._seen.pop(source, None)
            self.unreadable.pop(source, None)
        return gone

    async def _look_at(self, found: dict[str, Stamp], before: dict[str, Page]) -> dict[str, _Outcome]:
        waiting = [source for source, stamp in found.items() if not self._is_seen(source, stamp)]
        outcomes = dict.fromkeys(found.keys() - set(waiting), _Outcome.UNCHANGED)
        self.files, self.done = len(found), len(outcomes)
        while waiting:
            busy: list[str] = []
            for source in waiting:
                outcome = await self._look(source, found[source], before.get(source))
                if outcome is _Outcome.BUSY:
                    busy.append(source)
                else:
                    outcomes[source] = outcome
                    self.done += 1
            if waiting := busy:
                await asyncio.sleep(_OTHERS_ARE_AT_IT_SECONDS)
        return outcomes

    async def _look(self, source: str, stamp: Stamp, page: Page | None) -> _Outcome:
        language = of_page(source, self.language, self._known)
        self.unreadable.pop(source, None)
        if len(source) > LONGEST_SOURCE:
            outcome, trouble = _Outcome.UNREADABLE, f"its path is longer than {LONGEST_SOURCE} letters"
        elif page and _is_current(page, stamp, language):
            outcome, trouble = _standing(page), page.trouble
        else:
            outcome, trouble = await self._read(source, stamp, language)
        if outcome is not _Outcome.BUSY:
            if trouble:
                self.unreadable[source] = trouble
            self._seen[source] = stamp
        return outcome

    async def _read(self, source: str, stamp: Stamp, language: str) -> tuple[_Outcome, str]:
        """Only one replica reads a page at a time; whoever comes second finds it done."""
        try:
            raw = await asyncio.to_thread(_bytes, self.folder / source)
        except OSError as error:  # it is another user's, or has gone since
            return _Outcome.UNREADABLE, f"cannot be opened: {error.strerror}"
        digest = f"{_EDITION}:{hashlib.sha256(raw).hexdigest()[:60]}"
        async with transaction():
            if not await shelf.is_ours(self.inbox_id, source):
                return _Outcome.BUSY, ""
            page = await shelf.page(self.inbox_id, source)
            if page and (page.digest, page.language) == (digest, language):
                await shelf.seen(self.inbox_id, source, stamp)
                return _standing(page), page.trouble
            content = await _content(source, raw, language, digest, stamp)
            await shelf.put(self.inbox_id, content)
        return _change(page, content), content.trouble

    def _is_seen(self, source: str, stamp: Stamp) -> bool:
        return bool(stamp.changed_ns) and self._seen.get(source) == stamp

    def _report(self, outcomes: dict[str, _Outcome], removed: list[str]) -> IndexReport:
        def those(outcome: _Outcome) -> tuple[str, ...]:
            return tuple(sorted(source for source, each in outcomes.items() if each is outcome))

        return IndexReport(
            added=those(_Outcome.ADDED),
            changed=those(_Outcome.CHANGED),
            removed=tuple(sorted([*removed, *those(_Outcome.EMPTIED)])),
            unreadable=dict(sorted(self.unreadable.items())),
            unchanged=len(those(_Outcome.UNCHANGED)),
        )


async def index_folder(inbox_id: int, folder: Path, language: str = LANGUAGE) -> IndexReport:
    """One look through a folder."""
    return await FolderIndex(inbox_id, folder, language).refresh()


def count_files(folder: Path) -> int:
    """How many of its files can hold knowledge; raises `NotADirectoryError`."""
    return len(_list(folder))


def _list(folder: Path) -> dict[str, Stamp]:
    """Its files by their paths, without what is hidden: so editors, Git and Kubernetes keep what is their own."""
    if not folder.is_dir():
        raise NotADirectoryError(f"The knowledge folder {folder} is not there or is not a folder.")
    now = time.time_ns()
    found: dict[str, Stamp] = {}
    for path, folders, files in os.walk(folder, onerror=_give_up):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for name in files:
            file = Path(path, name)
            if file.suffix.lower() in SUFFIXES and not name.startswith(".") and (stamp := _stamp(file, now)):
                found[file.relative_to(folder).as_posix()] = stamp
    return dict(sorted(found.items()))


def _give_up(error: OSError) -> NoReturn:
    """Pages that only cannot be seen for the moment must not be taken for deleted ones."""
    raise NotADirectoryError(f"The knowledge folder cannot be listed: {error.filename}: {error.strerror}.") from error


def _stamp(file: Path, now: int) -> Stamp | None:
    try:
        told = file.stat()
    except OSError:  # gone since the folder was listed, or a link to nowhere
        return None
    return Stamp(told.st_size, told.st_mtime_ns if told.st_mtime_ns < now - _SETTLED_AFTER_NS else 0)


def _bytes(file: Path) -> bytes:
    """One byte more than is allowed shows that there are too many."""
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


async def _content(source: str, raw: bytes, language: str, digest: str, stamp: Stamp) -> Content:
    try:
        return Content(source, language, digest, await read(source, raw), stamp=stamp)
    except UnreadableError as error:
        return Content(source, language, digest, trouble=str(error), stamp=stamp)


def _is_current(page: Page, stamp: Stamp, language: str) -> bool:
    """A file that has another time may still say the same; that is for its digest to tell."""
    is_of_now = page.digest.startswith(f"{_EDITION}:") and page.language == language
    return is_of_now and bool(stamp.changed_ns) and page.stamp == stamp


def _standing(page: Page) -> _Outcome:
    if page.trouble:
        return _Outcome.UNREADABLE
    return _Outcome.UNCHANGED if page.passages else _Outcome.BLANK


def _change(before: Page | None, now: Content) -> _Outcome:
    if now.trouble:
        return _Outcome.UNREADABLE
    if not now.passages:
        return _Outcome.EMPTIED if before and before.passages else _Outcome.BLANK
    return _Outcome.CHANGED if before and before.passages else _Outcome.ADDED
