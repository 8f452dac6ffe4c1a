"""One message as the model reads it: its words, and in brackets what it came with."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.conversation import Message
from bot.domain.inbound import Details

_QUOTED = 120  # characters of a quoted message: enough to know which it is
_DELETED = "(deleted)"
_KINDS = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact card",
    "order": "order",
}
_PLAIN = ("text", "button", "interactive", "template")


def in_words(message: Message, known: Mapping[str, Message], note: str = "") -> str:
    """`[photo] Is this one waterproof?` Kinds new to us are at least named. `known`: messages by their wamids.

    `note` is what the model must know of the file beside.
    """
    if message.revoked_at:
        return _DELETED
    details, text = message.details, message.text.strip()
    named = _kind(message)
    held = "; ".join(filter(None, (text, *_held(details))))
    if not named and not held:
        return ""
    came_with = (*_came_with(details), *_answers(message, known))
    return " ".join(filter(None, (*came_with, f"[{named}{note}]" if named else "", held, _read(message))))


def _read(message: Message) -> str:
    """What a machine has heard or read in its file."""
    if not message.heard:
        return ""
    return message.heard if message.kind == "audio" else f"– it reads:\n{message.heard}\n– end of the document"


def _kind(message: Message) -> str:
    if message.details.file and message.details.file.is_voice:
        return "voice note, written down by a machine" if message.heard else "voice note"
    if message.kind in _KINDS:
        return _KINDS[message.kind]
    return "" if message.kind in _PLAIN or message.text.strip() else message.kind


def _held(details: Details) -> tuple[str, ...]:
    """What stands in it beside its words."""
    place = f"at {details.place.latitude:.6f}, {details.place.longitude:.6f}" if details.place else ""
    return (
        details.choice,
        details.file.name if details.file else "",
        place,
        *(card.in_words for card in details.contacts),
        *(line.in_words for line in details.order),
        *(each.in_words for each in details.form),
    )


def _came_with(details: Details) -> tuple[str, ...]:
    referral, product = details.referral, details.product
    advert = " – ".join(filter(None, (referral.headline, referral.body))) if referral else ""
    return (
        f'(came by the {referral.source or "link"} "{advert}")' if referral and advert else "",
        "(forwarded)" if details.forwarded else "",
        f"(about the product {product.product})" if product else "",
    )


def _answers(message: Message, known: Mapping[str, Message]) -> tuple[str, ...]:
    """The message that it quotes; one out of the model's sight is not worth a word."""
    about = known.get(message.quoted_wamid or "")
    if about is None:
        return ()
    quoted = _DELETED if about.revoked_at else " ".join(about.text.split())[:_QUOTED] or _kind(about)
    return (f'(in reply to "{quoted}")',) if quoted else ()
