"""Every code of WhatsApp's that we know: what kind of trouble it is, whether trying again helps, what staff read."""

from __future__ import annotations

import pytest

from integrations.errors import PATIENT, RETRYABLE, ErrorClass
from integrations.whatsapp import errors
from integrations.whatsapp.errors import BY_CODE, classify, from_response, in_words

# class, what becomes of the message, codes
TABLE: list[tuple[ErrorClass, str, list[int]]] = [
    (ErrorClass.AUTH, "waits", [0, 3, 10, 190, *range(200, 300), 131005]),
    (ErrorClass.AUTH, "waits", [131048, 368, 131031]),
    (ErrorClass.AUTH, "waits", [131042, 131044, 131037, 131045, 133000, 133005, 133006, 133008, 133009, 133010]),
    (ErrorClass.AUTH, "waits", [133015, 134011, 33]),
    (ErrorClass.THROTTLED, "waits", [4, 17, 32, 613, 80007, 130429, 131056, 133016]),
    (ErrorClass.TRANSIENT, "is tried again a few times", [1, 2, 131000, 131016, 131057, 133004]),
    (ErrorClass.WINDOW_CLOSED, "fails", [131047]),
    (ErrorClass.RECIPIENT, "fails", [131026, 131021, 131030, 130472, 131049, 131050, 131062, 131063, 137000, 130497]),
    (ErrorClass.MEDIA, "fails", [131052, 131053]),
    (ErrorClass.TEMPLATE, "fails", [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018]),
    (ErrorClass.TEMPLATE, "fails", [132068, 132069, 131064]),
    (ErrorClass.BUG, "fails", [100, 131008, 131009, 131051, 131055, 131059, 135000]),
    # Groups, calls, flows, blocking, usernames, coexistence: nothing we ask for.
    (ErrorClass.BUG, "fails", [131020, 131041, 131201, 138000, 138013, 139000, 139004, 139100, 139103]),
    (ErrorClass.BUG, "fails", [147001, 147005, 131060, 999_999]),
]
ROWS = [(code, error_class, fate) for error_class, fate, codes in TABLE for code in codes]


def body(code: int, details: str = "", *, is_transient: bool | None = None) -> dict[str, object]:
    error: dict[str, object] = {"message": "(#1) Title", "code": code, "error_data": {"details": details}}
    return {"error": error | ({} if is_transient is None else {"is_transient": is_transient})}


def fate_of(error_class: ErrorClass) -> str:
    if error_class in PATIENT:
        return "waits"
    return "is tried again a few times" if error_class in RETRYABLE else "fails"


@pytest.mark.parametrize(("code", "error_class", "fate"), ROWS)
def test_what_a_code_means(code: int, error_class: ErrorClass, fate: str) -> None:
    error = from_response(400, body(code, "as WhatsApp puts it"), None)
    assert error.error_class is error_class
    assert fate_of(error.error_class) == fate
    assert error.reason.endswith(f"(error {code})")


def test_every_code_that_we_class_is_in_the_table() -> None:
    assert BY_CODE.keys() <= {code for code, _, _ in ROWS}


@pytest.mark.parametrize("code", [code for code, error_class, _ in ROWS if error_class is ErrorClass.RECIPIENT])
def test_about_a_customer_staff_read_our_words_where_we_have_them_else_whatsapps(code: int) -> None:
    said = in_words(code, "as WhatsApp puts it")
    assert said.startswith("as WhatsApp puts it") == (code in {131062, 131063})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (190, "access token is no longer valid"),
        (200, "lacks a permission"),
        (131042, "payment problem"),
        (131047, "they must write first"),
        (131026, "blocked the number"),
        (131049, "try again tomorrow"),
    ],
)
def test_what_staff_can_do_something_about_is_said_plainly(code: int, words: str) -> None:
    assert words in in_words(code, "")


def test_the_status_of_the_answer_does_not_decide() -> None:
    for status in (400, 401, 403, 404, 429, 500):
        assert from_response(status, body(131026), None).error_class is ErrorClass.RECIPIENT


def test_what_whatsapp_calls_passing_is_tried_again() -> None:
    assert from_response(500, body(131026, is_transient=True), None).error_class is ErrorClass.TRANSIENT


@pytest.mark.parametrize("garbage", [None, [], "oops", {"error": "oops"}, {"error": {"code": "x"}}])
def test_a_failure_that_explains_nothing_may_have_sent_it(garbage: object) -> None:
    assert from_response(502, garbage, None).error_class is ErrorClass.UNKNOWN


def test_a_refusal_without_a_body_is_no_doubt() -> None:
    assert from_response(404, None, None).error_class is ErrorClass.BUG
    quiet = from_response(429, None, 7.0)
    assert (quiet.error_class, quiet.retry_after) == (ErrorClass.THROTTLED, 7.0)


def test_a_status_without_a_code_is_said_as_it_came() -> None:
    assert classify(None) is ErrorClass.UNKNOWN
    assert in_words(None, "") == "WhatsApp gave no reason"


def test_the_codes_that_stories_ask_for_are_classed() -> None:
    assert classify(errors.WINDOW_CLOSED) is ErrorClass.WINDOW_CLOSED
    assert classify(errors.PAIR_RATE) is ErrorClass.THROTTLED
