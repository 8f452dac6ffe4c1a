"""A customer's message as WhatsApp tells it, read into our own words. Unknown kinds and keys do no harm.

Source: Cloud API, Webhooks, messages reference: one page for each `type`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from bot.domain.inbound import (
    PLAIN,
    ContactCard,
    Details,
    File,
    FormAnswer,
    Forwarded,
    Inbound,
    OrderLine,
    Place,
    Product,
    Referral,
)
from bot.domain.people import best
from integrations.whatsapp import identity
from integrations.whatsapp.wire import Json, identifier, json_object, json_objects, read_time, string, wamid_in

Said = tuple[str, Details]


def read_message(message: Json, contact: Json | None) -> Inbound:
    """What a customer's message says, and who says it. `from` is kept byte for byte: replies go exactly there."""
    contact = contact or {}
    profile = json_object(contact.get("profile"))
    addresses = identity.addresses_of(message, contact)
    reply_to = best(addresses)
    assert reply_to is not None  # nothing without a sender is stored as a message
    kind, text, details = _said(message)
    return Inbound(
        addresses=addresses,
        reply_to=reply_to,
        name=string(profile.get("name")),
        username=string(profile.get("username")) or None,
        wamid=wamid_in(message.get("id")),
        kind=kind,
        text=text,
        said_at=read_time(message.get("timestamp")),
        quoted_wamid=_about(kind, message) or None,
        details=_with_context(details, message),
        original=message,
    )


def _said(message: Json) -> tuple[str, str, Details]:
    """Kind, words and details; a kind that we have not met yet is `unknown`, and its name is kept."""
    kind = string(message.get("type"))
    read = _READ.get(kind)
    if read is None:
        return "unknown", "", Details(foreign=kind if kind != "unknown" else "", explained=_explained(message))
    content = _cards(message) if kind == "contacts" else json_object(message.get(kind))
    text, details = read(content)
    if not content:  # as when an interactive answer comes with errors in place of what was chosen
        details = replace(details, explained=_explained(message))
    return kind, text, details


def _about(kind: str, message: Json) -> str:
    """The wamid of the message that this one quotes, reacts to, edits or deletes."""
    if kind == "reaction":
        return wamid_in(json_object(message.get(kind)).get("message_id"))
    if kind in ("edit", "revoke"):
        return wamid_in(json_object(message.get(kind)).get("original_message_id"))
    return wamid_in(json_object(message.get("context")).get("id"))


def _with_context(details: Details, message: Json) -> Details:
    """What any kind may come with: who wrote it first, which advertisement brought it, which product it is about."""
    context = json_object(message.get("context"))
    product = _product(json_object(context.get("referred_product")))
    referral = json_object(message.get("referral"))
    return replace(
        details,
        forwarded=next((each for each in reversed(Forwarded) if context.get(each) is True), None),
        product=product or details.product,
        referral=_referral(referral) if referral else None,
    )


def _referral(referral: Json) -> Referral:
    source, headline, body, url = (
        string(referral.get(name)) for name in ("source_type", "headline", "body", "source_url")
    )
    return Referral(source, headline, body, url)


def _product(product: Json) -> Product | None:
    named = string(product.get("product_retailer_id"))
    return Product(named, string(product.get("catalog_id"))) if named else None


def _explained(message: Json) -> str:
    """WhatsApp's words for why it does not pass something on; 131051 says only that it does not, as we do."""
    errors = json_objects(message.get("errors"))
    if not errors or errors[0].get("code") == 131051:
        return ""
    first = errors[0]
    return string(json_object(first.get("error_data")).get("details")) or string(first.get("title"))


def _text(content: Json) -> Said:
    return string(content.get("body")), PLAIN


def _button(content: Json) -> Said:
    return string(content.get("text")) or string(content.get("payload")), PLAIN


def _file(content: Json) -> Said:
    file = File(
        media_id=identifier(content.get("id")),
        mime_type=identifier(content.get("mime_type")),
        sha256=string(content.get("sha256")),
        name=string(content.get("filename")),
        is_voice=content.get("voice") is True,
        is_animated=content.get("animated") is True,
    )
    return string(content.get("caption")), Details(file=file)


def _location(content: Json) -> Said:
    latitude, longitude = _number(content.get("latitude")), _number(content.get("longitude"))
    name, address, url = (string(content.get(key)) for key in ("name", "address", "url"))
    said = ", ".join(filter(None, (name, address)))
    if latitude is None or longitude is None:
        return said, PLAIN
    return said, Details(place=Place(latitude, longitude, name, address, url))


def _cards(message: Json) -> Json:
    """The one kind whose content is a list. Where each came from stands in the card or beside the list."""
    cards = json_objects(message.get("contacts"))
    return {"cards": [{"origin": message.get("origin"), **card} for card in cards]} if cards else {}


def _contacts(content: Json) -> Said:
    return "", Details(contacts=tuple(map(_card, json_objects(content.get("cards")))))


def _card(card: Json) -> ContactCard:
    name = json_object(card.get("name"))
    spelled = string(name.get("formatted_name")) or " ".join(
        filter(None, (string(name.get("first_name")), string(name.get("last_name"))))
    )
    return ContactCard(
        name=spelled,
        organisation=string(json_object(card.get("org")).get("company")),
        phones=tuple(filter(None, (_phone(each) for each in json_objects(card.get("phones"))))),
        emails=tuple(filter(None, (string(each.get("email")) for each in json_objects(card.get("emails"))))),
        # Only then is it certain that the number is the sender's own (business-scoped user ids page).
        is_own_number=card.get("origin") == "contact_request",
    )


def _phone(phone: Json) -> str:
    wa_id = string(phone.get("wa_id"))
    return string(phone.get("phone")) or (f"+{wa_id}" if wa_id else "")


def _interactive(content: Json) -> Said:
    kind = string(content.get("type"))
    chosen = json_object(content.get(kind))
    if kind == "nfm_reply":
        return string(chosen.get("body")), Details(form=_form(string(chosen.get("response_json"))))
    if kind == "product":
        return "", Details(product=_product(chosen))
    if kind == "call_permission_reply":
        answer = "Accepted" if chosen.get("response") == "accept" else "Declined"
        return f"{answer} to be called", PLAIN
    said = string(chosen.get("title"))
    return said, Details(choice=string(chosen.get("description")), foreign="" if said else kind)


def _form(response: str) -> tuple[FormAnswer, ...]:
    """A form's answers, which come as JSON in a string. `flow_token` is the sender's, not the customer's.

    PostgreSQL holds no NUL, and one may hide in there from whoever looked for them in the webhook.
    """
    try:
        answers: object = orjson.loads(response.replace(r"\u0000", r"\ufffd"))
    except orjson.JSONDecodeError:
        return (FormAnswer("", response),) if response else ()
    given = json_object(answers)
    return tuple(FormAnswer(str(name), _as_words(given[name])) for name in given if name != "flow_token")


def _as_words(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _order(content: Json) -> Said:
    lines = tuple(map(_order_line, json_objects(content.get("product_items"))))
    return string(content.get("text")), Details(order=lines)


def _order_line(item: Json) -> OrderLine:
    quantity = _number(item.get("quantity"))
    return OrderLine(
        product=string(item.get("product_retailer_id")),
        quantity=1 if quantity is None else int(quantity),
        price=_number(item.get("item_price")),
        currency=string(item.get("currency")),
    )


def _reaction(content: Json) -> Said:
    """No emoji means that the customer took their reaction back; an empty one is seen too."""
    return string(content.get("emoji")), PLAIN


def _system(content: Json) -> Said:
    return string(content.get("body")), Details(foreign=string(content.get("type")))


def _unsupported(content: Json) -> Said:
    return "", Details(foreign=string(content.get("type")))


def _edit(content: Json) -> Said:
    """How the message reads now. Only words can be edited: a file that stands beside them is the one we have."""
    return _said(json_object(content.get("message")))[1], PLAIN


def _revoke(_content: Json) -> Said:
    return "", PLAIN


def _number(value: object) -> float | None:
    """A finite number, also where it comes as text."""
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None  # neither an infinity nor what is not a number


_READ: dict[str, Callable[[Json], Said]] = {
    "text": _text,
    "button": _button,
    "image": _file,
    "video": _file,
    "audio": _file,
    "document": _file,
    "sticker": _file,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "order": _order,
    "reaction": _reaction,
    "system": _system,
    "unsupported": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
}
