"""An OpenAI-compatible chat-completions endpoint, with a stand-in model behind it."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from aiohttp import web

from integrations.sandbox import support_agent
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL, embed
from integrations.sandbox.faults import Fault, Faults, headers
from integrations.sandbox.mischief import Mischief, Temper, misdeed, spoiled_call
from integrations.sandbox.openai_media import TRANSCRIBER, Recordings, check_content
from integrations.sandbox.openai_refusals import BadRequest, refusal, refused
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.wire import Json, as_object, as_objects, object_or_none, parsed
from integrations.sandbox.world import World

MODEL = "sandbox-support-agent"
SLOW = 4.0
ROLES = ("system", "developer", "user", "assistant", "tool")

Brain = Callable[[Json], Reply]
Mood = Callable[[Json], Mischief | None]


class OpenAI:
    """The endpoint. By default the demo's support agent thinks; a script may think instead."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.requests: list[Json] = []
        self.recordings = Recordings()
        self.sees = True
        self.embedding_requests: list[Json] = []
        self.slow = False
        self.broken = False
        self.temper = Temper()
        self.mood: Mood = self.temper
        self.waiting = 0
        self._brain: Brain = support_agent.answer
        self._script: deque[Reply] = deque()
        self._open = asyncio.Event()
        self._open.set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/openai/v1/chat/completions", self._complete),
            web.post("/openai/v1/audio/transcriptions", self._transcribe),
            web.post("/openai/v1/embeddings", self._embed),
            web.get("/openai/v1/models", self._models, allow_head=False),
        ]

    def script(self, brain: Brain | Iterable[Reply]) -> None:
        """Think with this function, or give these replies one by one and then go on as before."""
        if callable(brain):
            self._brain = brain
        else:
            self._script.extend(brain)

    def hold(self) -> None:
        """Keep every answer in flight until released."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def _models(self, request: web.Request) -> web.Response:
        async def act() -> web.Response:
            told = [
                {"id": each, "object": "model", "owned_by": "sandbox"} for each in (MODEL, TRANSCRIBER, EMBEDDING_MODEL)
            ]
            return web.json_response({"object": "list", "data": told})

        return await self.faults.meet(request, "models", {}, act, _spoiled)

    async def _complete(self, request: web.Request) -> web.Response:
        body = object_or_none(parsed(await request.read()))
        self.requests.append(body or {})
        self.world.touch()
        mischief = self.mood(body or {})
        if spoiled := spoiled_call(mischief):
            self.faults.add(replace(spoiled, method="chat.completions"))  # nothing runs before it is met

        async def act() -> web.Response:
            try:
                return await self._think(body, mischief)
            except BadRequest as error:
                return refused(error)

        return await self.faults.meet(request, "chat.completions", body or {}, act, _spoiled)

    async def _transcribe(self, request: web.Request) -> web.Response:
        self.world.touch()

        async def act() -> web.Response:
            try:
                return web.json_response(await self.recordings.words(request))
            except BadRequest as error:
                return refused(error)

        return await self.faults.meet(request, "audio.transcriptions", {}, act, _spoiled)

    async def _embed(self, request: web.Request) -> web.Response:
        body = object_or_none(parsed(await request.read()))
        self.embedding_requests.append(body or {})
        self.world.touch()

        async def act() -> web.Response:
            try:
                if body is None:
                    raise BadRequest("We could not parse the JSON body of your request.")
                return web.json_response(embed(body))
            except BadRequest as error:
                return refused(error)

        return await self.faults.meet(request, "embeddings", body or {}, act, _spoiled)

    async def _think(self, body: Json | None, mischief: Mischief | None) -> web.Response:
        if body is None:
            raise BadRequest("We could not parse the JSON body of your request.")
        check(body)
        check_content(as_objects(body["messages"]), sees=self.sees)
        if self.broken:
            return refusal(500, "The model is down.", "server_error")
        meant = self._script.popleft() if self._script else self._brain(body)
        reply = misdeed(mischief, body, meant)
        await self._wait()
        return web.json_response(_completion(body, reply))

    async def _wait(self) -> None:
        self.waiting += 1
        self.world.touch()
        try:
            await self._open.wait()
            if self.slow:
                await asyncio.sleep(SLOW)
        finally:
            self.waiting -= 1


def check(body: Json) -> None:
    """The shape of a request, as strictly as the real endpoint reads it."""
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise BadRequest("you must provide a model parameter", "model")
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        raise BadRequest("Missing required parameter: 'messages'.", "messages")
    if body.get("stream"):
        raise BadRequest("This endpoint does not stream.", "stream")
    _check_tools(body)
    open_calls: set[str] = set()
    for place, message in enumerate(as_objects(body["messages"])):
        open_calls = _check_message(message, f"messages.[{place}]", open_calls)
    if open_calls:
        raise BadRequest(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. These had no response: {', '.join(sorted(open_calls))}",
            "messages",
        )


def _check_message(message: Json, where: str, open_calls: set[str]) -> set[str]:
    """One message; the tool calls that still wait for their result after it."""
    role = message.get("role")
    if role not in ROLES:
        raise BadRequest(f"Invalid value: {role!r}. Supported values are: {', '.join(ROLES)}.", f"{where}.role")
    if role == "tool":
        if message.get("tool_call_id") not in open_calls:
            raise BadRequest("messages with role 'tool' must be a response to a preceding message with 'tool_calls'.")
        return open_calls - {message["tool_call_id"]}
    if open_calls:
        raise BadRequest("An assistant message with 'tool_calls' must be followed by tool messages.", where)
    calls = as_objects(message.get("tool_calls"))
    if "tool_calls" in message and (role != "assistant" or not calls):
        raise BadRequest("Invalid 'tool_calls': expected a non-empty array on an assistant message.", where)
    if not isinstance(message.get("content"), str | list) and not calls:
        raise BadRequest(f"Invalid value for 'content': expected a string, got {message.get('content')!r}.", where)
    for call in calls:
        function = as_object(call.get("function"))
        if call.get("type") != "function" or not isinstance(function.get("arguments"), str) or not call.get("id"):
            raise BadRequest("Invalid tool call: id, type and function.arguments (a string) are required.", where)
    return {str(call["id"]) for call in calls}


def _check_tools(body: Json) -> None:
    if "tools" in body and not as_objects(body["tools"]):
        raise BadRequest("[] is too short - 'tools'", "tools")
    for place, tool in enumerate(as_objects(body.get("tools"))):
        function = as_object(tool.get("function"))
        parameters = as_object(function.get("parameters"))
        if tool.get("type") != "function" or not function.get("name"):
            raise BadRequest("Missing required parameter: 'tools.function.name'.", f"tools[{place}]")
        if parameters and parameters.get("type") != "object":
            raise BadRequest(f"Invalid schema for function '{function['name']}'.", f"tools[{place}]")
    if body.get("tool_choice") and not body.get("tools"):
        raise BadRequest("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice")


def _completion(body: Json, reply: Reply) -> Json:
    message: Json = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    if reply.tool_calls:
        message["tool_calls"] = [_call(call) for call in reply.tool_calls]
    asked, said = _tokens(body["messages"]), _tokens(message)
    finish = reply.finish_reason or ("tool_calls" if reply.tool_calls else "stop")
    return {
        "id": f"chatcmpl-{secrets.token_hex(8)}",
        "object": "chat.completion",
        "created": 1790000000,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }


def _call(call: Call) -> Json:
    arguments = json.dumps(call.arguments) if call.raw is None else call.raw
    function = {"name": call.name, "arguments": arguments}
    return {"id": f"call_{secrets.token_hex(8)}", "type": "function", "function": function}


def _tokens(what: object) -> int:
    return max(1, len(json.dumps(what)) // 4)


def _spoiled(fault: Fault) -> web.Response:
    if fault.body is not None:
        return web.Response(text=fault.body, status=fault.status or 200, headers=headers(fault))
    status = fault.status or 500
    kind = {429: "rate_limit_error", 401: "authentication_error"}.get(status, "server_error")
    return refusal(status, "The sandbox was told to fail.", kind, code=fault.code, extra=headers(fault))
