"""Slack's own tables and charts reach workspaces one after the other, and only a refusal tells who has them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from integrations.errors import ErrorClass, ServiceError

log = structlog.get_logger("switchboard.slack")

Blocks = list[dict[str, Any]]
T = TypeVar("T")

REFUSED_FOR = 24 * 3600.0  # seconds for which nobody is asked again
_REFUSALS = ("invalid_blocks", "invalid_blocks_format")


class DataBlocks:
    """What one workspace has answered. A refusal means that nothing was posted, so the plain words cannot double."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ask_again_at = float("-inf")

    async def show(self, blocks: Blocks, plain: Blocks | None, send: Callable[[Blocks], Awaitable[T]]) -> T:
        """Send `blocks`, or where the workspace does not take them `plain`, which says the same in letters."""
        if plain is None:
            return await send(blocks)
        if self._clock() < self._ask_again_at:
            return await send(plain)
        try:
            return await send(blocks)
        except ServiceError as error:
            if error.error_class is not ErrorClass.SIZE:
                raise
            refusal = error.code
        sent = await send(plain)
        log.warning("slack.data_blocks_refused", error=refusal)
        if refusal in _REFUSALS:  # the plain words passed, so it was the tables and charts
            self._ask_again_at = self._clock() + REFUSED_FOR
        return sent
