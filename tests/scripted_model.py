"""A stand-in for a model server: it answers what it was told to answer, in order, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from integrations.openai.client import Model, ModelSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `stalls` never answers at all."""

    body: str
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    stalls: bool = False


def says(text: str | None, *calls: dict[str, Any], refusal: str | None = None, **choice: Any) -> Reply:
    """A well-formed completion."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": refusal}
    if calls:
        message["tool_calls"] = list(calls)
    return Reply(json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}]}))


def call(name: str, arguments: object, call_id: str = "call_1") -> dict[str, Any]:
    """A tool call; arguments that are already a string go as they are."""
    encoded = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": encoded}}


STALL = Reply("", stalls=True)


class ScriptedModel:
    def __init__(self) -> None:
        self.script: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""
        self._models: list[Model] = []

    def will(self, *replies: Reply) -> None:
        self.script.extend(replies)

    def model(self, timeout: float = 5.0, key: str = "sk-test", url: str = "", vision: str = "") -> Model:
        """A telephone to this server, hung up when the server goes."""
        settings = ModelSettings("stand-in", key, url or self.url, timeout_seconds=timeout, vision_name=vision)
        self._models.append(Model(settings))
        return self._models[-1]

    async def close(self) -> None:
        for model in self._models:
            await model.close()

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The messages of the latest request."""
        return self.requests[-1]["messages"]

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(await request.json())
        self.keys.append(request.headers.get("Authorization"))
        reply = self.script.pop(0)
        if reply.stalls:
            await asyncio.Event().wait()
        return web.Response(
            text=reply.body, status=reply.status, content_type=reply.content_type, headers=reply.headers
        )


@asynccontextmanager
async def scripted_model() -> AsyncGenerator[ScriptedModel]:
    served = ScriptedModel()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield served
    finally:
        await served.close()
        await runner.cleanup()
