"""What WhatsApp's refusals mean for us, by `error.code`; HTTP status and title do not decide.

Source: Cloud API error codes (research: whatsapp.md §9).
"""

from __future__ import annotations

from typing import Any, cast

from integrations.errors import ErrorClass, ServiceError

_CLASSES: dict[ErrorClass, tuple[int, ...]] = {
    ErrorClass.AUTH: (
        *(0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131044, 131045, 131048),
        *(133000, 133005, 133006, 133008, 133009, 133010, 133015, 134011),
    ),
    ErrorClass.THROTTLED: (4, 17, 32, 613, 80007, 130429, 131056, 133016),
    ErrorClass.TRANSIENT: (1, 2, 131000, 131016, 131057, 133004),
    ErrorClass.WINDOW_CLOSED: (131047,),
    # 130497 is about the customer's country: it must not stop the sending to everybody else.
    ErrorClass.RECIPIENT: (130472, 130497, 131021, 131026, 131030, 131049, 131050, 131062, 131063, 137000),
    ErrorClass.MEDIA: (131052, 131053),
    # 131064 limits templates only: plain replies go on.
    ErrorClass.TEMPLATE: (
        *(131064, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069),
    ),
    ErrorClass.BUG: (100, 131008, 131009, 131051, 131055, 131059, 131060, 135000),
}
# These are about the token itself, which all numbers share; the others about one number or its account.
TOKEN = frozenset({"0", "190"})
BY_CODE = {code: error_class for error_class, codes in _CLASSES.items() for code in codes}
_PERMISSIONS = range(200, 300)
_WORDS = {
    0: "WhatsApp does not accept the access token",
    3: "the WhatsApp access token lacks a permission",
    10: "the WhatsApp access token lacks a permission",
    33: "the WhatsApp number does not exist any more",
    190: "the WhatsApp access token is no longer valid",
    368: "WhatsApp has blocked the account for a policy violation",
    130429: "the number sends faster than WhatsApp allows",
    130472: "WhatsApp holds messages to this customer back as part of an experiment",
    130497: "WhatsApp does not let this business write to customers in that country",
    131005: "the WhatsApp access token lacks a permission",
    131016: "WhatsApp is not available at the moment",
    131021: "this is the business's own number",
    131026: "WhatsApp cannot deliver to this person (not on WhatsApp, an old app, or they blocked the number)",
    131030: "the test number may only write to numbers on its allow-list",
    131031: "the WhatsApp account is locked",
    131037: "WhatsApp has not approved the number's display name",
    131042: "the WhatsApp account has a payment problem",
    131044: "the WhatsApp account has a payment problem",
    131045: "the WhatsApp number is not registered correctly",
    131047: "WhatsApp says more than 24 hours have passed since the customer last wrote; they must write first",
    131048: "WhatsApp limits the number because customers reported or blocked it",
    131049: "WhatsApp chose not to deliver it, to keep conversations healthy; try again tomorrow",
    131050: "the customer asked not to receive such messages",
    131053: "WhatsApp could not take the file",
    131056: "too many messages to this customer in a short time",
    131057: "the WhatsApp account is under maintenance",
    131064: "WhatsApp limits the templates of this account",
    132000: "the template has another number of fields now; open it again and fill in what it asks for",
    132001: "WhatsApp has no such template in this language, or has not approved it",
    132005: "with what was filled in, the template is too long",
    132007: "the template breaks a rule of WhatsApp's",
    132008: "the template lacks something that must be filled in",
    132012: "what was filled in does not have the form that the template wants",
    132015: "WhatsApp has paused this template because too many people did not want it",
    132016: "WhatsApp has switched this template off for good",
    132018: "what was filled in holds something that WhatsApp does not take in a template",
    132068: "the template's form has an error",
    132069: "the template's form is used too often at the moment",
    133010: "the WhatsApp number is not registered",
    137000: "WhatsApp cannot confirm the customer's identity: their phone or app has changed",
}
PAIR_RATE = 131056
WINDOW_CLOSED = 131047
# After these a template is not to be offered any more.
SHELVED = {"132015": "PAUSED", "132016": "DISABLED"}


def classify(code: int | None) -> ErrorClass:
    if code is None:
        return ErrorClass.UNKNOWN
    if code in _PERMISSIONS:
        return ErrorClass.AUTH
    return BY_CODE.get(code, ErrorClass.BUG)


def in_words(code: int | None, details: str) -> str:
    """Why it failed, for staff: our words where we have some, else WhatsApp's."""
    known = _WORDS.get(3 if code in _PERMISSIONS else code) if code is not None else None
    said = known or details or "WhatsApp gave no reason"
    return f"{said} (error {code})" if code is not None else said


def from_response(status: int, body: object, retry_after: float | None) -> ServiceError:
    """An error answer of the Graph API as our error. Without Graph's own error body the outcome is unknown."""
    error = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        if status == 429:
            return _error(ErrorClass.THROTTLED, "429", "WhatsApp asks us to slow down", retry_after)
        if 400 <= status < 500:
            return _error(ErrorClass.BUG, str(status), f"WhatsApp answered HTTP {status}")
        return _error(ErrorClass.UNKNOWN, str(status), f"WhatsApp answered HTTP {status} without saying why")
    fields = cast("dict[str, Any]", error)
    code = fields.get("code") if isinstance(fields.get("code"), int) else None
    data = fields.get("error_data")
    details = str(cast("dict[str, Any]", data).get("details", "")) if isinstance(data, dict) else ""
    error_class = ErrorClass.TRANSIENT if fields.get("is_transient") is True else classify(code)
    # An id that does not exist, or not any more; the one subcode that says what its code does not.
    named = "100/33" if code == 100 and fields.get("error_subcode") == 33 else str(code)
    return _error(error_class, named, in_words(code, details or str(fields.get("message", ""))), retry_after)


def _error(error_class: ErrorClass, code: str, reason: str, retry_after: float | None = None) -> ServiceError:
    return ServiceError(error_class, code, reason, service="whatsapp", retry_after=retry_after)
