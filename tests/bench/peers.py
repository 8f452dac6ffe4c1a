"""Slack, WhatsApp and a model that answer at once and note when they were called. The sandbox is for checks."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from tests.bench.bodies import ANA, BOT_ID, BOT_USER, CHANNEL, TEAM

Json = dict[str, Any]

POST, SEND, RECEIPT, THINK = "chat.postMessage", "whatsapp.messages", "whatsapp.receipts", "chat.completions"
_MARK = re.compile(rb"m\d{6}")
_ANSWERS: dict[str, Json] = {
    "auth.test": {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID},
    "users.info": {
        "user": {"id": ANA, "team_id": TEAM, "name": "ana", "profile": {"display_name": "Ana"}, "is_bot": False}
    },
    "conversations.members": {"members": [ANA, BOT_USER]},
    "chat.getPermalink": {"permalink": "https://bench.invalid/p1"},
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One call: when its request had arrived, when we answered, what it said, and the name we gave it in Slack."""

    begun: float
    answered: float
    body: bytes
    ts: str = ""


@dataclass(slots=True)
class Trail:
    """The marks that calls carried, each body's once, in the order of their arrival."""

    marks: dict[str, list[str]]
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, call: str, body: bytes) -> None:
        self.marks[call].extend(dict.fromkeys(mark.decode() for mark in _MARK.findall(body)))
        self._arrived.set()

    async def until(self, count: int) -> None:
        """Wait for this many different marks."""
        while sum(len(set(marks)) for marks in self.marks.values()) < count:
            self._arrived.clear()
            await self._arrived.wait()


@dataclass(slots=True)
class Peers:
    """`expect` a call before causing it; `counts` says how often each was called."""

    port: int = 0
    counts: Counter[str] = field(default_factory=Counter[str])
    _trail: Trail = field(default_factory=lambda: Trail({}))
    _expected: dict[tuple[str, bytes], asyncio.Future[Seen]] = field(
        default_factory=dict[tuple[str, bytes], asyncio.Future[Seen]]
    )
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def expect(self, call: str, marker: str) -> asyncio.Future[Seen]:
        """The first call of this kind whose body contains the marker."""
        future: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        self._expected[call, marker.encode()] = future
        return future

    def follow(self, *calls: str) -> Trail:
        """From now on note the marks that these calls carry."""
        self._trail = Trail({call: [] for call in calls})
        return self._trail

    async def slack(self, request: web.Request) -> web.Response:
        begun, body = time.perf_counter(), await request.read()
        method = request.match_info["method"]
        ts = f"1790000000.{next(self._numbers):06d}"
        answer = _ANSWERS.get(method, {"channel": CHANNEL, "ts": ts, "message_ts": ts})
        if method == POST and (thread := orjson.loads(body).get("thread_ts")):
            answer["message"] = {"thread_ts": thread}  # without it the thread would be taken for deleted
        self._note(method, begun, body, ts)
        return _json({"ok": True, **answer})

    async def whatsapp(self, request: web.Request) -> web.Response:
        begun, body = time.perf_counter(), await request.read()
        if b'"status":"read"' in body:
            self._note(RECEIPT, begun, body)
            return _json({"success": True})
        self._note(SEND, begun, body)
        return _json({"messaging_product": "whatsapp", "messages": [{"id": f"wamid.sent.{next(self._numbers)}"}]})

    async def model(self, request: web.Request) -> web.Response:
        """Answers with the newest mark it was asked about, so that the answer can be told from others."""
        begun, body = time.perf_counter(), await request.read()
        marks: list[bytes] = _MARK.findall(body)
        text = f"You asked about {marks[-1].decode()}." if marks else "Noted."
        self._note(THINK, begun, body)
        message = {"role": "assistant", "content": text}
        return _json(
            {
                "id": "c1",
                "object": "chat.completion",
                "created": 0,
                "model": "bench",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        )

    def _note(self, call: str, begun: float, body: bytes, ts: str = "") -> None:
        self.counts[call] += 1
        if call in self._trail.marks:
            self._trail.note(call, body)
        for kind, marker in list(self._expected):
            if kind == call and marker in body:
                future = self._expected.pop((kind, marker))
                if not future.done():
                    future.set_result(Seen(begun, time.perf_counter(), body, ts))


@asynccontextmanager
async def peers() -> AsyncGenerator[Peers]:
    known = Peers()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/slack/api/{method}", known.slack)
    app.router.add_post("/whatsapp/{version}/{number}/messages", known.whatsapp)
    app.router.add_post("/openai/v1/chat/completions", known.model)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        known.port = int(runner.addresses[0][1])
        yield known
    finally:
        await runner.cleanup()


def _json(answer: Json) -> web.Response:
    return web.Response(body=orjson.dumps(answer), content_type="application/json")
