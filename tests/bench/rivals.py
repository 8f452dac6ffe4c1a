"""The servers that intake is compared with: `python -m tests.bench.rivals <name> <port>`."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import uvloop
from aiohttp import web

from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.rules import InboxRules
from bot.listeners.edge import site
from bot.listeners.whatsapp import WhatsAppDoor
from storage import database, embedded, inboxes
from storage.database import Credentials
from storage.intake import Intake
from tests.bench.bodies import ACCESS_TOKEN, APP_SECRET, CHANNEL, NUMBER_ID, VERIFY_TOKEN

PATH = "/whatsapp/webhook"


class Reflex(asyncio.Protocol):
    """Answers 200 to whatever arrives, unread: what the load generator reaches when no server holds it up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def _reflex(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Reflex, "127.0.0.1", port)
    await server.serve_forever()


def reflex(port: int) -> None:
    uvloop.run(_reflex(port))


async def _check_hmac(request: web.Request) -> web.Response:
    body = await request.read()
    expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(expected, request.headers.get("X-Hub-Signature-256", ""))
    return web.Response(text="ok") if genuine else web.Response(status=401)


async def _bare(port: int) -> None:
    app = web.Application()
    app.router.add_post(PATH, _check_hmac)
    await _serve(app, port)


async def _serve(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stopped = asyncio.Event()
    # An ordinary end, so that the door's embedded PostgreSQL is stopped with it.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await runner.cleanup()


def bare(port: int) -> None:
    """aiohttp that checks the signature and does nothing else: the least a webhook door must do."""
    uvloop.run(_bare(port))


def pywa(port: int) -> None:
    """pywa as its documentation sets it up on FastAPI, signatures checked, with a handler that stores nothing."""
    import fastapi
    import uvicorn
    from pywa_async.client import WhatsApp
    from pywa_async.types.message import Message

    app = fastapi.FastAPI()
    client = WhatsApp(
        phone_id=NUMBER_ID,
        token=ACCESS_TOKEN,
        server=app,
        webhook_endpoint=PATH,
        verify_token=VERIFY_TOKEN,
        app_secret=APP_SECRET,
        validate_updates=True,
    )

    async def forget(_client: WhatsApp, _message: Message) -> None:
        return None

    client.on_message()(forget)  # pyright: ignore[reportUnknownMemberType]
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


async def _door(port: int) -> None:
    credentials = Credentials.from_url(embedded.start(Path("data")))
    await database.migrate(credentials)
    async with database.connected(credentials):
        inbox = await inboxes.settle(NUMBER_ID, "WhatsApp", CHANNEL)
        rules = InboxRules(ladder=(), debounce=timedelta(), send_grace=timedelta(minutes=1))
        door = WhatsAppDoor(
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            inboxes=Inboxes([Inbox(inbox.id, "WhatsApp", NUMBER_ID, (CHANNEL,), rules)]),
            intake=Intake(),
            clock=lambda: datetime.now(UTC),
            message_of=lambda _token: None,
        )
        await _serve(site([door]), port)


def door(port: int) -> None:
    """Switchboard's own door on its own database, and nobody behind it who works on what it stores."""
    uvloop.run(_door(port))


SERVERS: dict[str, Callable[[int], None]] = {"reflex": reflex, "bare": bare, "pywa": pywa, "door": door}


def main() -> None:
    SERVERS[sys.argv[1]](int(sys.argv[2]))


if __name__ == "__main__":
    main()
