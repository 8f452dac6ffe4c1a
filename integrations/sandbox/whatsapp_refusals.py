"""How the Graph API says no: its error object, and what a spoiled call gets instead of an answer."""

from __future__ import annotations

import secrets

from aiohttp import web

from integrations.sandbox.faults import Fault, headers
from integrations.sandbox.whatsapp_webhooks import title
from integrations.sandbox.wire import Json


class GraphRefusal(Exception):  # noqa: N818 - a refusal is an answer
    """The Graph API's error object."""

    def __init__(
        self, code: int, details: str, *, status: int = 400, kind: str = "OAuthException", subcode: int | None = None
    ) -> None:
        super().__init__(f"{code}: {details}")
        self.code, self.details, self.status, self.kind, self.subcode = code, details, status, kind, subcode

    def answer(self, extra: dict[str, str] | None = None) -> web.Response:
        name = self.details if self.code in (100, 190) else title(self.code)[0]
        error: Json = {"message": f"(#{self.code}) {name}", "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return web.json_response({"error": error}, status=self.status, headers=extra)


def spoiled(fault: Fault) -> web.Response:
    if isinstance(fault.code, int):
        status = fault.status or (401 if fault.code == 190 else 400)
        return GraphRefusal(fault.code, title(fault.code)[1], status=status).answer(headers(fault))
    text = fault.body or "<html>upstream error</html>"
    return web.Response(text=text, status=fault.status or 500, content_type="text/html", headers=headers(fault))
