"""What can go wrong with the model, in words that staff understand."""

from __future__ import annotations

from integrations.errors import ErrorClass, ServiceError

TIMEOUT = "timeout"  # the code of a call that got no answer in its time


class ModelUnavailable(ServiceError):  # noqa: N818 - it is a state of the world, and reads as one where it is caught
    """No usable answer came from the model."""

    def __init__(self, error_class: ErrorClass, code: str, reason: str, retry_after: float | None = None) -> None:
        super().__init__(error_class, code, reason, service="openai", retry_after=retry_after)


class GarbledOutputError(Exception):
    """The server answered with something that is no chat completion, or with tool arguments that are no JSON object."""
