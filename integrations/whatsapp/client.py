"""The WhatsApp Cloud API over one pooled HTTP client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
import orjson

from bot.domain.templates import Listed
from integrations.errors import ErrorClass, ServiceError
from integrations.whatsapp import errors, payloads, templates

# Failures before a byte of the request has left: certain not to have been done.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_MOST_PAGES = 70  # of a hundred: an account has at most 6,000 templates in all its languages
TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=30.0)


@dataclass(frozen=True, slots=True)
class Number:
    """A business number as WhatsApp knows it; what it did not tell is empty."""

    shown: str
    verified_name: str
    quality: str


class WhatsApp:
    """Calls go to `{url}/{version}/{phone_number_id}/messages`."""

    def __init__(self, http: httpx.AsyncClient, url: str, version: str, access_token: str) -> None:
        self._http = http
        self._base = f"{url.rstrip('/')}/{version}"
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}

    async def send(self, phone_number_id: str, message: payloads.Json, left: asyncio.Event | None = None) -> str:
        """Send a message and return its wamid. `left` is set once the request is on its way, whatever comes back.

        Raises `ServiceError`; its class is `unknown` when WhatsApp may have taken the message all the same.
        """
        response = await self._post(f"{self._base}/{phone_number_id}/messages", message, left)
        wamid = payloads.read_wamid(response)
        if wamid is None:
            raise _unknown("an answer without a message id")
        return wamid

    async def mark_read(self, phone_number_id: str, wamid: str, *, is_typing: bool) -> None:
        """Give a customer's message its blue ticks, with or without "typing…"."""
        await self._post(f"{self._base}/{phone_number_id}/messages", payloads.receipt(wamid, is_typing=is_typing), None)

    async def describe_number(self, phone_number_id: str) -> Number:
        """The number behind an id; needs the permission whatsapp_business_management."""
        wanted = {"fields": "verified_name,display_phone_number,quality_rating"}
        told = await self._get(f"{self._base}/{phone_number_id}", wanted)
        shown, name, quality = (told.get(each) for each in ("display_phone_number", "verified_name", "quality_rating"))
        return Number(str(shown or ""), str(name or ""), str(quality or ""))

    async def templates(self, account_id: str) -> list[Listed]:
        """Every message template of a WhatsApp Business Account; needs whatsapp_business_management."""
        found, query = list[Listed](), {"fields": templates.FIELDS, "limit": str(templates.PAGE_SIZE)}
        for _ in range(_MOST_PAGES):
            page = templates.read_page(await self._get(f"{self._base}/{account_id}/message_templates", query))
            found += page.templates
            if page.after is None:
                break
            query |= {"after": page.after}  # never the address that the answer names: only our own are called
        return found

    async def _get(self, url: str, query: dict[str, str]) -> payloads.Json:
        try:
            response = await self._http.get(url, params=query, headers=self._headers)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        answer = _json(response)
        if not response.is_success or not isinstance(answer, dict):
            raise errors.from_response(response.status_code, answer, _retry_after(response))
        return cast("payloads.Json", answer)

    async def _post(self, url: str, body: payloads.Json, left: asyncio.Event | None) -> object:
        async def trace(event_name: str, _info: Mapping[str, Any]) -> None:
            if left is not None and event_name.endswith("send_request_body.complete"):
                left.set()

        try:
            response = await self._http.post(
                url, content=orjson.dumps(body), headers=self._headers, extensions={"trace": trace}
            )
        except _NEVER_LEFT as error:
            raise _unreachable(error) from error
        except httpx.HTTPError as error:
            raise _unknown(type(error).__name__) from error
        answer = _json(response)
        if response.status_code != 200:
            raise errors.from_response(response.status_code, answer, _retry_after(response))
        return answer


def _unreachable(error: httpx.HTTPError) -> ServiceError:
    return ServiceError(ErrorClass.TRANSIENT, type(error).__name__, "WhatsApp cannot be reached", service="whatsapp")


def _unknown(code: str) -> ServiceError:
    return ServiceError(
        ErrorClass.UNKNOWN, code, "WhatsApp did not confirm that it took the message", service="whatsapp"
    )


def _json(response: httpx.Response) -> object:
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
