"""What a colleague wrote in the WhatsApp Business app, on a number that the app and we share (coexistence).

Source: Cloud API, Webhooks, smb_message_echoes: a message's keys, but from the business `to` the customer.
"""

from __future__ import annotations

from integrations.whatsapp.wire import Json, identifier

FIELD = "smb_message_echoes"


def addressee(echo: Json) -> str:
    return identifier(echo.get("to_user_id")) or identifier(echo.get("to"))


def as_message(echo: Json) -> Json:
    """The same told as the customer's, so that one reader reads both: `from` names whose conversation it is."""
    other = {"from_user_id": echo.get("to_user_id"), "from_parent_user_id": echo.get("to_parent_user_id")}
    return {**echo, "from": echo.get("to"), **other}
