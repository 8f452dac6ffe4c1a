"""The inboxes' knowledge at work: their folders are followed as they change, and questions looked up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.agent.meanings import Meanings
from bot.domain.knowledge import Passage, fused
from storage import knowledge
from storage.database import is_passing_trouble
from storage.knowledge import AS_MANY, FolderIndex, IndexReport

LOOKS_EVERY_SECONDS = 5.0
# A start waits so long for what is small, and leaves what is large to be indexed while the bot serves.
START_WAITS_SECONDS = 3.0
_DEPTH = 20  # how many findings of each search are compared

log = structlog.get_logger("switchboard.knowledge")


@dataclass(slots=True)
class Shelf:
    """One inbox's knowledge. Without a folder it is what staff have taught."""

    inbox_id: int
    name: str
    index: FolderIndex | None = None
    trouble: str = ""


@dataclass(slots=True)
class Library:
    """What all inboxes know. Without `meanings`, passages are found by their words alone."""

    shelves: list[Shelf]
    meanings: Meanings | None = None
    _has_looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def search(self, inbox_id: int, query: str, limit: int = AS_MANY) -> list[Passage]:
        """By words, and by meaning where there are meanings; the model's silence costs those, never the words."""
        if self.meanings is None:
            return await knowledge.search(inbox_id, query, limit)
        return fused(
            await asyncio.gather(
                knowledge.search(inbox_id, query, _DEPTH), self.meanings.near(inbox_id, query, _DEPTH)
            ),
            limit,
        )

    def progress(self) -> dict[str, dict[str, object]]:
        """How far each inbox's pages are read."""
        return {each.name: self._progress(each) for each in self.shelves if each.index or self.meanings}

    async def run(self) -> None:
        """Follow the folders for ever, and the passages that nobody has shown to the model yet."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._follow())
            if self.meanings:
                both.create_task(self._follow_meanings())

    async def ready(self, within: float = START_WAITS_SECONDS) -> None:
        """Return when every folder has been looked through once, or has turned out to take longer."""
        try:
            async with asyncio.timeout(within):
                await self._has_looked.wait()
        except TimeoutError:
            log.info("knowledge.still_indexing", progress=self.progress())

    async def look(self) -> None:
        """Once through every folder."""
        for each in self.shelves:
            if each.index:
                await self._look(each, each.index)
        self._has_looked.set()

    async def embed(self) -> float:
        """Once through every passage; seconds until the next time."""
        pauses = [await self.meanings.catch_up(each.inbox_id) for each in self.shelves] if self.meanings else []
        return max([LOOKS_EVERY_SECONDS, *pauses])

    async def _follow(self) -> None:
        while True:
            await _unless_away(self.look)
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    async def _follow_meanings(self) -> None:
        await self._has_looked.wait()
        while True:
            pause = await _unless_away(self.embed)
            await asyncio.sleep(pause or LOOKS_EVERY_SECONDS)

    async def _look(self, shelf: Shelf, index: FolderIndex) -> None:
        try:
            report = await index.refresh()
        except NotADirectoryError as error:
            if not shelf.trouble:
                log.error("knowledge.folder_gone", inbox=shelf.name, why=str(error))
            shelf.trouble = str(error)
            return
        shelf.trouble = ""
        if report.is_news:
            _tell(shelf, index, report)

    def _progress(self, shelf: Shelf) -> dict[str, object]:
        told: dict[str, object] = {}
        if index := shelf.index:
            told |= {"files": index.files, "indexed": index.done, "unreadable": len(index.unreadable)}
        if self.meanings:
            embedded, passages = self.meanings.progress.get(shelf.inbox_id, (0, 0))
            told |= {"embedded": embedded, "passages": passages}
        trouble = shelf.trouble or (self.meanings.trouble if self.meanings else "")
        return told | ({"trouble": trouble} if trouble else {})


def _tell(shelf: Shelf, index: FolderIndex, report: IndexReport) -> None:
    log.info(
        "knowledge.indexed",
        inbox=shelf.name,
        files=index.files,
        added=len(report.added),
        changed=len(report.changed),
        removed=len(report.removed),
        unreadable=report.unreadable,
    )


async def _unless_away(work: Callable[[], Awaitable[float | None]]) -> float | None:
    """A database that is away is tried again at the next turn."""
    try:
        return await work()
    except Exception as error:
        if not is_passing_trouble(error):
            raise
        log.warning("knowledge.database_away", error=repr(error))
        return None
