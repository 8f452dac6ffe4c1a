"""Slack's Web API over HTTP: who may call, how arguments come in, and what a refusal looks like."""

from __future__ import annotations

from aiohttp import web

from integrations.sandbox import slack_chat, slack_files, slack_lookups, slack_views
from integrations.sandbox.faults import Fault, Faults, headers
from integrations.sandbox.slack_pace import Pace
from integrations.sandbox.slack_socket import Sockets
from integrations.sandbox.slack_state import Call, SlackRefusal, Workspace
from integrations.sandbox.wire import Json, as_text, object_or_none, parsed

METHODS = {**slack_chat.METHODS, **slack_views.METHODS, **slack_lookups.METHODS, **slack_files.METHODS}
OPEN_SOCKET = "apps.connections.open"  # the one method that wants the app's own token

# Any one of these is enough.
SCOPES: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.delete": ("chat:write",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.replies": ("channels:history", "groups:history"),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.open": ("im:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "usergroups.users.list": ("usergroups:read",),
    "usergroups.list": ("usergroups:read",),
    "team.info": ("team:read",),
    "emoji.list": ("emoji:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.info": ("files:read",),
    "files.delete": ("files:write",),
}
# Where a conversation is one of direct messages, its reading wants scopes of its own.
DIRECT_SCOPES = {
    "conversations.info": "im:read",
    "conversations.members": "im:read",
    "conversations.replies": "im:history",
    "conversations.history": "im:history",
}
# Values that travel as JSON text when the rest of the call is a form or a query string.
JSON_ARGUMENTS = ("blocks", "attachments", "metadata", "view", "files")


class SlackApi:
    """One door for every method."""

    def __init__(self, workspace: Workspace, faults: Faults, sockets: Sockets) -> None:
        self.workspace = workspace
        self.sockets = sockets
        self.faults = faults
        self.enforce_rate = False
        self._pace = Pace()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/slack/api/{method}", self.call),
            web.get("/slack/api/{method}", self.call, allow_head=False),
            web.post("/slack/upload/{id}", self._upload),
            web.get("/slack/files/{id}", self._download, allow_head=False),
        ]

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            args = await _arguments(request)
        except SlackRefusal as refusal:
            return web.json_response(refusal.answer)
        call = Call(method=method, args=args, at=self.workspace.world.now())
        self.workspace.calls.append(call)

        async def act() -> web.Response:
            return self._answer(request, call)

        answer = await self.faults.meet(request, method, args, act, lambda fault: _spoiled(fault, call))
        self.workspace.world.touch()
        return answer

    def _answer(self, request: web.Request, call: Call) -> web.Response:
        try:
            self._admit(request, call)
            if self.enforce_rate and (wait := self._pace.wait(call.method, call.args, self.workspace.world.now())):
                call.error = "ratelimited"
                return _too_many(wait)
            answer = {"ok": True, **self._do(call)}
        except SlackRefusal as refusal:
            answer = refusal.answer
            call.error = as_text(answer["error"])
        scopes = ",".join(sorted(self.workspace.config.slack_scopes))
        return web.json_response(answer, headers={"X-OAuth-Scopes": scopes})

    def _do(self, call: Call) -> Json:
        if call.method == OPEN_SOCKET:
            return self.sockets.ticket()
        return METHODS[call.method](self.workspace, call.args)

    def _admit(self, request: web.Request, call: Call) -> None:
        if call.method not in METHODS and call.method != OPEN_SOCKET:
            raise SlackRefusal("unknown_method", req_method=call.method)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        token = token if scheme == "Bearer" else as_text(call.args.get("token"))
        if not token:
            raise SlackRefusal("not_authed")
        config = self.workspace.config
        ours, other = config.slack_bot_token, config.slack_app_token
        if call.method == OPEN_SOCKET:
            ours, other = other, ours
        if token != ours:
            raise SlackRefusal("not_allowed_token_type" if token == other else "invalid_auth")
        needed, granted = self._scopes(call), self.workspace.config.slack_scopes
        if needed and not granted.intersection(needed):
            raise SlackRefusal("missing_scope", needed=needed[0], provided=",".join(sorted(granted)))

    def _scopes(self, call: Call) -> tuple[str, ...]:
        needed, channel = SCOPES.get(call.method, ()), self.workspace.channels.get(as_text(call.args.get("channel")))
        if call.method not in DIRECT_SCOPES or channel is None:
            return needed
        if channel.kind == "im":
            return (DIRECT_SCOPES[call.method],)
        return tuple(each for each in needed if each.startswith("groups:") == channel.is_private)

    async def _upload(self, request: web.Request) -> web.Response:
        return await slack_files.receive(self.workspace, request)

    async def _download(self, request: web.Request) -> web.Response:
        return slack_files.download(self.workspace, request)


async def _arguments(request: web.Request) -> Json:
    """Arguments from the query string, a form or a JSON body: Slack takes all three."""
    args: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            body = object_or_none(parsed(await request.read()))
            if body is None:
                raise SlackRefusal("invalid_json")
            args |= body
        else:
            args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in JSON_ARGUMENTS:
        if isinstance(args.get(name), str) and args[name]:
            value = parsed(args[name])
            if value is None:
                raise SlackRefusal("invalid_blocks_format" if name == "blocks" else "invalid_arguments")
            args[name] = value
    return args


def _too_many(wait: float) -> web.Response:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": f"{wait:g}"})


def _spoiled(fault: Fault, call: Call) -> web.Response:
    call.error = str(fault.code or fault.status or "spoiled")
    if fault.body is not None:
        return web.Response(text=fault.body, status=fault.status or 200, content_type="text/html")
    if fault.status == 429:
        return _too_many(fault.retry_after or 1)
    if fault.status is not None and fault.code is None:
        return web.Response(text="<html>upstream error</html>", status=fault.status, content_type="text/html")
    error = {"ok": False, "error": str(fault.code)}
    return web.json_response(error, status=fault.status or 200, headers=headers(fault))
