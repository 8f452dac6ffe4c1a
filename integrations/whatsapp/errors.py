"""What WhatsApp's refusals mean for us, by `error.code`; HTTP status and title do not decide.

Source: Cloud API error codes (research: whatsapp.md §9).
"""

from __future__ import annotations

from typing import Any, cast

from integrations.errors import ErrorClass, ServiceError

_CLASSES: dict[ErrorClass, tuple[int, ...]] = {
    ErrorClass.AUTH: (
        *(0, 3, 10, 190, 131005, 131031, 131037, 131042, 131044, 131045, 368, 131048, 131064, 130497),
        *(133000, 133005, 133006, 133008, 133009, 133010, 133015, 134011, 33),
    ),
    ErrorClass.THROTTLED: (4, 17, 32, 613, 80007, 130429, 131056, 133016),
    ErrorClass.TRANSIENT: (1, 2, 131000, 131016, 131057, 133004),
    ErrorClass.WINDOW_CLOSED: (131047,),
    ErrorClass.RECIPIENT: (131021, 131026, 131030, 130472, 131049, 131050, 131062, 131063, 137000),
    ErrorClass.MEDIA: (131052, 131053),
}
_BY_CODE = {code: error_class for error_class, codes in _CLASSES.items() for code in codes}
_WORDS = {
    131047: "more than 24 hours have passed since the customer last wrote; they must write first",
    131026: "WhatsApp cannot deliver to this person (not on WhatsApp, an old app, or they blocked the number)",
    131030: "the test number may only write to numbers on its allow-list",
    131049: "WhatsApp chose not to deliver it, to keep conversations healthy; try again tomorrow",
    131050: "the customer asked not to receive such messages",
    131056: "too many messages to this customer in a short time",
    130429: "the number sends faster than WhatsApp allows",
    131042: "the WhatsApp account has a payment problem",
    131031: "the WhatsApp account is locked",
    190: "the WhatsApp access token is no longer valid",
}
PAIR_RATE = 131056


def classify(code: int | None) -> ErrorClass:
    if code is None:
        return ErrorClass.UNKNOWN
    if 200 <= code <= 299:
        return ErrorClass.AUTH
    return _BY_CODE.get(code, ErrorClass.BUG)


def in_words(code: int | None, details: str) -> str:
    """Why it failed, for staff: our words where we have some, else WhatsApp's."""
    known = _WORDS.get(code) if code is not None else None
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
    return _error(error_class, str(code), in_words(code, details or str(fields.get("message", ""))), retry_after)


def _error(error_class: ErrorClass, code: str, reason: str, retry_after: float | None = None) -> ServiceError:
    return ServiceError(error_class, code, reason, service="whatsapp", retry_after=retry_after)
