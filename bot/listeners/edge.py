"""The HTTP edge, around every door: bodies are bounded in size and time, failures are answered, answers counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot import logs, metrics
from storage import database

log = structlog.get_logger("switchboard.edge")

LARGEST_BODY = 4 * 2**20  # WhatsApp sends up to 3 MB; aiohttp's own limit of 1 MiB would refuse it
BODY_SECONDS = 20.0  # Slack waits 3 for an answer, Meta not much longer
# Longer than a proxy keeps a connection it does not use (Caddy: 120), so that it is the proxy who closes it.
IDLE_SECONDS = 150.0


class Door(Protocol):
    def register(self, app: web.Application) -> None: ...


_BODY_WITHIN = web.AppKey("body_within", float)


def site(doors: Iterable[Door], body_within: float = BODY_SECONDS) -> web.Application:
    """The doors behind the edge; a body that is not there within so many seconds is refused."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[edge])
    app[_BODY_WITHIN] = body_within
    for door in doors:
        door.register(app)
    return app


@web.middleware
async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
    begun, status = time.perf_counter(), 500
    try:
        response = await _answer(request, handler)
        status = response.status
        return response
    except web.HTTPException as refusal:
        status = refusal.status
        raise
    finally:
        resource = request.match_info.route.resource
        path = resource.canonical if resource else "other"  # a stranger's paths must not become our labels
        metrics.REQUESTS.labels(path, status).inc()
        metrics.ANSWERED_IN.labels(path).observe(time.perf_counter() - begun)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A database that is away means 503, so that Meta and Slack send again; nothing else gets out."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # one of the two places that catch everything
        if database.is_passing_trouble(error):
            log.warning("request.database_away", path=request.path, error=logs.name(error))
            return web.Response(status=503, headers={"Retry-After": "5"}, text="The database is away; please retry.")
        log.error("request.failed", path=request.path, exc_info=error)
        return web.Response(status=500, text="Internal error.")


async def read_body(request: web.Request) -> bytes:
    """The raw bytes, which the signature is about. One that is too large, too slow or cut short is refused."""
    announced = request.content_length or 0
    if announced > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=announced)
    pieces: list[bytes] = []
    try:
        async with asyncio.timeout(request.app[_BODY_WITHIN]):
            size = await _gather(request, pieces)
    except TimeoutError:
        pieces.clear()
        raise web.HTTPRequestTimeout(text="The body took too long.") from None
    except (web.RequestPayloadError, ConnectionError):
        pieces.clear()
        raise web.HTTPBadRequest(text="The body ended too early.") from None
    if size > LARGEST_BODY:
        # An exception keeps the frames it went through, in a circle that only the garbage collector undoes: aiohttp's
        # own `read` leaves megabytes behind with each refusal.
        pieces.clear()
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=size)
    return b"".join(pieces)


async def _gather(request: web.Request, pieces: list[bytes]) -> int:
    """Read until the end, or until it is too large; returns the size so far."""
    size = 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > LARGEST_BODY:
            break
        pieces.append(piece)
    return size
