"""What the stand-in WhatsApp remembers: each customer's phone, and every message the business sent."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Literal

from integrations.sandbox.people import CUSTOMERS, Customer
from integrations.sandbox.wire import Json

Status = Literal["accepted", "sent", "delivered", "read", "played", "failed"]
RANK: dict[Status, int] = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 1}
WINDOW = 24 * 3600
TYPING_SECONDS = 25  # then the indicator fades by itself
RECEIPT_SECONDS = 30 * 24 * 3600  # an older message cannot be marked read
FILE_KINDS = ("image", "video", "audio", "document", "sticker")


@dataclass(slots=True, kw_only=True)
class SentMessage:
    """A message of the business, as the bot sent it and as far as it got."""

    wamid: str
    customer: str
    body: Json
    at: float
    status: Status = "accepted"
    reaction: str = ""  # the customer's
    read_as: str = ""  # what the customer reads where the body does not say it: a template, filled in

    @property
    def to(self) -> str | None:
        return self.body.get("to")

    @property
    def recipient(self) -> str | None:
        return self.body.get("recipient")

    @property
    def text(self) -> str:
        return self.read_as or self.body.get("text", {}).get("body", "") or self.carried.get("caption", "")

    @property
    def carried(self) -> Json:
        """The file it carries, as the bot named it; empty where it carries none."""
        kind = self.body.get("type", "text")
        return self.body.get(kind, {}) if kind in FILE_KINDS else {}

    @property
    def biz_opaque_callback_data(self) -> str | None:
        return self.body.get("biz_opaque_callback_data")

    @property
    def quoted(self) -> str | None:
        return self.body.get("context", {}).get("message_id")


@dataclass(slots=True, kw_only=True)
class WrittenMessage:
    """A message of the customer."""

    wamid: str
    text: str
    at: float
    quoted: str | None = None
    kind: str = "text"
    media_id: str | None = None  # the file that came with it
    reaction: str = ""  # the customer's own
    answer: str = ""  # the business's reaction
    is_edited: bool = False
    is_deleted: bool = False
    taken: bool = False  # the bot has answered 200 to it
    read: bool = False


@dataclass(slots=True)
class Phone:
    """One customer's chat with the business."""

    customer: Customer
    chat: list[SentMessage | WrittenMessage] = field(default_factory=list["SentMessage | WrittenMessage"])
    last_wrote_at: float | None = None
    typing_since: float | None = None
    stopped_marketing: bool = False

    def sees_typing(self, now: float) -> bool:
        return self.typing_since is not None and now - self.typing_since < TYPING_SECONDS

    def window_is_open(self, now: float) -> bool:
        return self.last_wrote_at is not None and now - self.last_wrote_at < WINDOW


class Phones:
    """Every customer, found by the names the Cloud API uses."""

    def __init__(self) -> None:
        self.all: dict[str, Phone] = {}
        self.sent: list[SentMessage] = []
        self._by_wamid: dict[str, SentMessage | WrittenMessage] = {}
        for customer in CUSTOMERS:
            self.add(customer)

    def add(self, customer: Customer) -> None:
        self.all[customer.id] = Phone(customer)

    def of(self, customer: Customer | str) -> Phone:
        return self.all[customer if isinstance(customer, str) else customer.id]

    def by_number(self, number: str) -> Phone | None:
        digits = number.removeprefix("+")
        return next((phone for phone in self.all.values() if phone.customer.wa_id == digits), None)

    def by_bsuid(self, bsuid: str) -> Phone | None:
        return next((phone for phone in self.all.values() if phone.customer.bsuid == bsuid), None)

    def keep(self, phone: Phone, message: SentMessage | WrittenMessage) -> None:
        """A message of either side enters the chat; a reaction is no message of its own."""
        self._by_wamid[message.wamid] = message
        if isinstance(message, WrittenMessage):
            phone.last_wrote_at = max(message.at, phone.last_wrote_at or 0)
        else:
            self.sent.append(message)
        if isinstance(message, WrittenMessage) or message.body.get("type") != "reaction":
            phone.chat.append(message)
        else:
            self._react(message.body["reaction"])

    def _react(self, reaction: Json) -> None:
        about = self._by_wamid.get(reaction["message_id"])
        if isinstance(about, WrittenMessage):
            about.answer = reaction.get("emoji", "")

    def shows(self, phone: Phone, message: SentMessage) -> None:
        """The customer sees a message of the business that the bot had no part in."""
        self._by_wamid[message.wamid] = message
        phone.chat.append(message)

    def taken(self, wamid: str) -> None:
        """The business's server has this message of a customer: two ticks on their phone."""
        message = self._by_wamid.get(wamid)
        if isinstance(message, WrittenMessage):
            message.taken = True

    def sent_as(self, wamid: str) -> SentMessage:
        found = self._by_wamid[wamid]
        if not isinstance(found, SentMessage):
            raise LookupError(f"{wamid} was written by a customer")
        return found

    def knows(self, wamid: str) -> bool:
        """True for a message of either side."""
        return wamid in self._by_wamid


def new_wamid() -> str:
    return "wamid." + base64.b64encode(secrets.token_bytes(27)).decode()
