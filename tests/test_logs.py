"""Log lines: valid JSON whatever is in them, whoever wrote them, and never what people said to each other."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import asyncpg
import pytest

from bot import logs
from bot.domain.arrivals import CustomerWrote, StatusReported
from bot.domain.thread_work import MirrorMessage
from integrations.errors import ErrorClass, ServiceError

PHONE = "34600111222"
SECRET_WORDS = "my card number is 4111"


def library_line(log: logging.Logger, *words: Any, exc_info: Any = None) -> dict[str, Any]:
    """What a library's warning becomes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.library_formatter())
    log.addHandler(handler)
    log.propagate = False
    log.warning(*words, exc_info=exc_info)
    [line] = stream.getvalue().splitlines()
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def failed(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001  # it is the one just raised
        return caught


def test_a_library_s_words_stay_valid_json():
    line = library_line(logging.getLogger("some.library"), 'it said "no"\nand \x00 %s', "\\ \ud800")
    assert line["logger"] == "some.library"
    assert line["level"] == "warning"
    assert line["event"].startswith('it said "no"\nand')


def test_what_json_cannot_say_is_printed_all_the_same():
    assert json.loads(logs.render(None, "info", {"event": "x", "of": {1}, "half": "\ud800"}))["of"] == "{1}"


def test_an_exception_tells_where_and_what_led_to_it():
    inner, outer = failed(ConnectionRefusedError("refused")), RuntimeError("outer")
    outer.__cause__ = inner
    line = library_line(logging.getLogger("some.library"), "oh", exc_info=(RuntimeError, outer, None))
    assert [each["error"] for each in line["exception"]] == ["RuntimeError", "ConnectionRefusedError: refused"]
    assert "test_logs.py" in line["exception"][1]["frames"][0]


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"invalid literal for int(): {SECRET_WORDS!r}"),
        KeyError(SECRET_WORDS),
        asyncpg.NotNullViolationError(f"null value in column\nDETAIL: Failing row contains ({SECRET_WORDS})"),
    ],
)
def test_an_error_that_quotes_the_customer_is_only_named(error: Exception):
    assert SECRET_WORDS not in logs.name(error)
    line = library_line(logging.getLogger("some.library"), "oh", exc_info=(type(error), failed(error), None))
    assert SECRET_WORDS not in json.dumps(line)


def test_what_a_service_said_is_told():
    error = ServiceError(ErrorClass.AUTH, "190", "the token has expired", service="whatsapp")
    assert logs.name(error) == "ServiceError: whatsapp: 190: the token has expired"


def test_lanes_in_logs_hold_no_phone_number_and_tell_customers_apart():
    carla = CustomerWrote(inbox_id=1, sender=PHONE, message={})
    diego = CustomerWrote(inbox_id=1, sender="34600333444", message={})
    status = StatusReported(inbox_id=1, recipient=PHONE, status={})
    assert PHONE not in carla.lane_in_logs + status.lane_in_logs
    assert carla.lane_in_logs != diego.lane_in_logs
    mirror = MirrorMessage(inbox_id=1, escalation_id=5, message_id=6)
    assert mirror.lane_in_logs == mirror.lane
    assert mirror.subject() == {"escalation": 5, "message": 6}
