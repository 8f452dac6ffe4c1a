"""What a customer sent: one message of any of WhatsApp's kinds, and what a kind holds besides words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Address
from bot.domain.templates import SentTemplate


class Forwarded(StrEnum):
    """Whether somebody else wrote it. WhatsApp marks what went through many chats apart."""

    ONCE = "forwarded"
    OFTEN = "frequently_forwarded"


@dataclass(frozen=True, slots=True)
class File:
    """A file as WhatsApp describes it; its bytes are fetched by `media_id`. The name is whatever the sender typed."""

    media_id: str
    mime_type: str = ""
    sha256: str = ""
    name: str = ""
    is_voice: bool = False
    is_animated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Somebody the customer recommends. `is_own_number`: WhatsApp vouches that it is the customer's own."""

    name: str = ""
    organisation: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    is_own_number: bool = False

    @property
    def in_words(self) -> str:
        return ", ".join(filter(None, (self.name, self.organisation, *self.phones, *self.emails)))


@dataclass(frozen=True, slots=True)
class OrderLine:
    product: str
    quantity: int = 1
    price: float | None = None
    currency: str = ""

    @property
    def in_words(self) -> str:
        price = "" if self.price is None else f" · {self.price:.2f} {self.currency}".rstrip()
        return f"{self.quantity} × {self.product or '(no product)'}{price}"


@dataclass(frozen=True, slots=True)
class Product:
    """An item of a catalogue that the customer asks about."""

    product: str
    catalog: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The advertisement or post by which the customer came. `source` is WhatsApp's word for which of the two."""

    source: str = ""
    headline: str = ""
    body: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """One field of a form (a WhatsApp Flow) that the customer filled in."""

    question: str
    answer: str

    @property
    def in_words(self) -> str:
        return f"{self.question}: {self.answer}" if self.question else self.answer


@dataclass(frozen=True, slots=True)
class Details:
    """What a message's kind needs besides its words. `foreign` is WhatsApp's own name for what we cannot show."""

    file: File | None = None
    place: Place | None = None
    contacts: tuple[ContactCard, ...] = ()
    order: tuple[OrderLine, ...] = ()
    form: tuple[FormAnswer, ...] = ()
    product: Product | None = None
    referral: Referral | None = None
    forwarded: Forwarded | None = None
    choice: str = ""  # what stands under the title of a list's row
    foreign: str = ""
    explained: str = ""  # WhatsApp's reason for what it does not pass on
    is_echo: bool = False  # a colleague wrote it in the WhatsApp Business app
    earlier: tuple[str, ...] = ()  # the words before they were edited, oldest first
    template: SentTemplate | None = None
    is_drafted: bool = False  # the AI proposed it to whoever sent it


PLAIN = Details()


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a customer. `addresses` in order of trust; `reply_to` is the address they wrote from.

    `quoted_wamid` is the message it is about: the one quoted, reacted to, edited or deleted.
    """

    addresses: tuple[Address, ...]
    reply_to: Address
    wamid: str
    kind: str
    text: str
    said_at: datetime | None
    name: str = ""
    username: str | None = None
    quoted_wamid: str | None = None
    details: Details = PLAIN
    original: dict[str, object] = field(default_factory=dict[str, object])
