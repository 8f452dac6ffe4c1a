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
    132000: ("Template Param Count Mismatch", "The number of parameters does not match the template."),
    132001: ("Template does not exist", "The template does not exist in this language or is not approved."),
    132005: ("Template Hydrated Text Too Long", "Translated text too long."),
    132012: ("Template Parameter Format Mismatch", "A parameter does not have the form the template wants."),
    132015: ("Template is Paused", "The template is paused because of low quality."),
    132016: ("Template is Disabled", "The template was paused too many times and is disabled."),
    132018: ("Template Param Invalid", "There is an issue with the parameters of the template."),
    130429: ("Rate limit hit", "Cloud API message throughput has been reached."),
    130472: ("User's number is part of an experiment", "Message was not sent as part of an experiment."),
}


def title(code: int) -> tuple[str, str]:
    return TITLES.get(code, ("Something went wrong", "Message failed to send because of an unknown error."))


def envelope(*values: Json, field: str = "messages") -> Json:
    """One POST with these values, each its own change."""
    changes = [{"field": field, "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": changes}]}


def value_of(config: SandboxConfig, **parts: object) -> Json:
    number = {"display_phone_number": config.display_phone_number, "phone_number_id": config.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": number, **parts}


def preference(customer: Customer, value: str, at: float) -> Json:
    """What a customer chose about advertising; unlike a message's, its timestamp is a number."""
    asked = "User requested to stop marketing messages" if value == "stop" else "User requested to resume marketing"
    number = {"wa_id": customer.wa_id} if customer.wa_id else {}
    chosen = {"category": "marketing_messages", "value": value, "timestamp": int(at)}
    return {**number, "user_id": customer.bsuid, "detail": asked, **chosen}


def template_status(name: str, language: str, event: str) -> Json:
    """Here Meta writes `en-US` for what the listing calls `en_US`; no `metadata` says for which number."""
    named = {"message_template_id": 900_000_000_000_001, "message_template_name": name}
    return {"event": event, **named, "message_template_language": language.replace("_", "-"), "reason": "NONE"}


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
