"""What the model may look up, and the list of what it did: for staff, and for those who write the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.agent.library import Library
from bot.domain.knowledge import LookedUp, Passage
from storage import knowledge

Search = Callable[[str], Awaitable[Sequence[Passage]]]


async def search_of(library: Library, inbox_id: int, looked_up: list[LookedUp]) -> Search | None:
    """None where the inbox has no knowledge. Searches are added to `looked_up`."""
    if not await knowledge.has_passages(inbox_id):
        return None

    async def search(query: str) -> Sequence[Passage]:
        found = await library.search(inbox_id, query)
        looked_up.append(LookedUp(query, tuple(found)))
        return found

    return search
