"""What the model's endpoint refuses, in its own words and shape."""

from __future__ import annotations

from aiohttp import web


class BadRequest(Exception):  # noqa: N818 - the API's own word
    """What the endpoint refuses, mostly with a 400."""

    def __init__(
        self,
        message: str,
        param: str | None = None,
        *,
        code: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.param = param
        self.code = code
        self.status = status


def refusal(
    status: int,
    message: str,
    kind: str,
    *,
    param: str | None = None,
    code: int | str | None = None,
    extra: dict[str, str] | None = None,
) -> web.Response:
    error = {"message": message, "type": kind, "param": param, "code": code}
    return web.json_response({"error": error}, status=status, headers=extra)


def refused(error: BadRequest) -> web.Response:
    return refusal(error.status, str(error), error.kind, param=error.param, code=error.code)
