"""WhatsApp webhook bodies as Meta builds them: messages, statuses, contacts and the envelope around them."""

from __future__ import annotations

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.people import Customer
from integrations.sandbox.wire import Json

WABA_ID = "100000000000001"
ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
TITLES = {
    131009: ("Parameter value is not valid", "The message that this is about cannot be found."),
    131026: ("Message undeliverable", "Message Undeliverable."),
    131047: (
        "Re-engagement message",
        "More than 24 hours have passed since the recipient last replied to the sender number.",
    ),
    131049: (
        "Healthy ecosystem",
        "Not delivered, to maintain a healthy ecosystem engagement.",
    ),
    131050: ("Marketing opt-out", "The recipient has chosen to stop receiving marketing messages."),
    131053: ("Media upload error", "Unable to upload the media used in the message."),
    131056: ("Pair rate limit hit", "Too many messages sent from the sender number to the same recipient number."),
    130429: ("Rate limit hit", "Cloud API message throughput has been reached."),
    130472: ("User's number is part of an experiment", "Message was not sent as part of an experiment."),
}


def title(code: int) -> tuple[str, str]:
    return TITLES.get(code, ("Something went wrong", "Message failed to send because of an unknown error."))


def envelope(*values: Json) -> Json:
    """One POST with these values, each its own change."""
    changes = [{"field": "messages", "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": changes}]}


def value_of(config: SandboxConfig, **parts: object) -> Json:
    number = {"display_phone_number": config.display_phone_number, "phone_number_id": config.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": number, **parts}


def contact(customer: Customer) -> Json:
    profile = {"name": customer.name} | ({"username": customer.username} if customer.username else {})
    number = {"wa_id": customer.wa_id} if customer.wa_id else {}
    return {"profile": profile, **number, "user_id": customer.bsuid}


def text_message(customer: Customer, text: str, wamid: str, at: float, quoted: str | None = None) -> Json:
    told = message(customer, "text", {"body": text}, wamid, at)
    return told | {"context": {"id": quoted}} if quoted else told


def message(customer: Customer, kind: str, content: Json | list[Json], wamid: str, at: float) -> Json:
    """One entry of `messages`; `from` is missing when the customer hides their number."""
    number = {"from": customer.wa_id} if customer.wa_id else {}
    who = {**number, "from_user_id": customer.bsuid}
    return {**who, "id": wamid, "timestamp": str(int(at)), "type": kind, kind: content}


def messages_value(config: SandboxConfig, customer: Customer, *messages: Json) -> Json:
    return value_of(config, contacts=[contact(customer)], messages=list(messages))


def status_value(
    config: SandboxConfig,
    customer: Customer,
    wamid: str,
    status: str,
    at: float,
    opaque: str | None,
    code: int | None = None,
) -> Json:
    """One status; `failed` comes without contacts and, when sent to a number, without the BSUID."""
    told: Json = {"id": wamid, "status": status, "timestamp": str(int(at))}
    if customer.wa_id:
        told["recipient_id"] = customer.wa_id
    if status != "failed" or not customer.wa_id:
        told["recipient_user_id"] = customer.bsuid
    if opaque is not None:
        told["biz_opaque_callback_data"] = opaque
    if status == "failed":
        return value_of(config, statuses=[told | {"errors": [error(code or 131000)]}])
    if status != "read":
        told["pricing"] = {
            "billable": False,
            "pricing_model": "PMP",
            "type": "free_customer_service",
            "category": "service",
        }
    return value_of(config, contacts=[contact(customer)], statuses=[told])


def error(code: int) -> Json:
    name, details = title(code)
    return {"code": code, "title": name, "message": name, "error_data": {"details": details}, "href": ERRORS_PAGE}
