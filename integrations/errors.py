"""One taxonomy for what can go wrong with a call to a service: what to do next, not what the vendor said."""

from __future__ import annotations

from enum import StrEnum


class ErrorClass(StrEnum):
    TRANSIENT = "transient"  # the same call may work later
    THROTTLED = "throttled"  # it will work after `retry_after`
    UNKNOWN = "unknown"  # it may have been done: look for a trace before doing it again
    WINDOW_CLOSED = "window_closed"  # WhatsApp: only a template would be accepted now
    RECIPIENT = "recipient"  # this person cannot be reached
    MEDIA = "media"
    TEMPLATE = "template"  # WhatsApp: this template cannot be sent as it is
    SIZE = "size"  # the service refuses the shape or length of the content, not the call
    AUTH = "auth"  # token, permission or account: nothing works until somebody mends it
    CHANNEL = "channel"  # nothing works in this Slack channel until somebody mends it
    GONE = "gone"  # the thing we wanted to change is no longer there
    BUG = "bug"  # our call is wrong; repeating it is pointless


# Nothing is wrong with what was asked: it is tried until it works, however long that takes.
PATIENT = frozenset({ErrorClass.THROTTLED, ErrorClass.AUTH, ErrorClass.CHANNEL})
RETRYABLE = PATIENT | {ErrorClass.TRANSIENT, ErrorClass.UNKNOWN}


class ServiceError(Exception):
    """A call to a service did not do what was asked.

    `code` is the vendor's own word for it, `reason` says it in plain words to staff, `retry_after` is in seconds.
    """

    def __init__(
        self, error_class: ErrorClass, code: str, reason: str, *, service: str, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{service}: {code}: {reason}")
        self.error_class = error_class
        self.code = code
        self.reason = reason
        self.service = service
        self.retry_after = retry_after
        self.channel: str | None = None  # the Slack channel it is about

    @property
    def is_retryable(self) -> bool:
        return self.error_class in RETRYABLE
