"""Things that go wrong on demand: each queued fault spoils one coming call."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from integrations.sandbox.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to a call instead of, or after, its effect."""

    status: int | None = None  # answer with this HTTP status and without effect
    code: int | str | None = None  # the service's own error: a Graph code, a Slack error word
    body: str | None = None  # answer with this text, such as a proxy's HTML page
    retry_after: float | None = None
    hang: bool = False  # take effect, but answer only when released
    drop: Literal["before", "after"] | None = None  # cut the connection before or after the effect
    delay: float = 0.0  # let this many seconds pass first
    method: str | None = None  # only this method
    when: Callable[[Json], bool] | None = None  # only calls whose arguments match
    lasting: bool = False  # not one call but every one that fits, until the faults are cleared

    def fits(self, method: str, arguments: Json) -> bool:
        return (self.method is None or self.method == method) and (self.when is None or self.when(arguments))

    @property
    def refuses(self) -> bool:
        return self.status is not None or self.code is not None or self.body is not None


class Faults:
    """A queue: the first fault that fits a call is used up by it."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._release = asyncio.Event()
        self.hanging = 0

    def add(self, *faults: Fault) -> None:
        self._waiting.extend(faults)

    def clear(self) -> None:
        self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def release(self) -> None:
        """Let every hanging call be answered."""
        self._release.set()
        self._release = asyncio.Event()

    async def meet(
        self,
        request: web.Request,
        method: str,
        arguments: Json,
        act: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Fault], web.Response],
        *,
        by_name: bool = False,
    ) -> web.Response:
        """Answer one call, spoiled by the first fault that fits it, if any. `by_name`: only by one for its method."""
        fault = self._take(method, arguments, by_name=by_name)
        if fault is None:
            return await act()
        await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            return _cut(request)
        if fault.refuses:
            return refuse(fault)
        answer = await act()
        if fault.hang:
            await self._hang()
        return _cut(request) if fault.drop == "after" else answer

    def _take(self, method: str, arguments: Json, *, by_name: bool) -> Fault | None:
        for fault in self._waiting:
            if fault.fits(method, arguments) and (fault.method or not by_name):
                if not fault.lasting:
                    self._waiting.remove(fault)
                return fault
        return None

    async def _hang(self) -> None:
        self.hanging += 1
        try:
            await self._release.wait()
        finally:
            self.hanging -= 1


def headers(fault: Fault) -> dict[str, str]:
    return {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
