"""Templates: what must be filled in, how it reads, what WhatsApp is told, and what cannot be sent from here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.templates import Listed, Template, components, found_by, likeliest_first, problems, rendered, understand

BODY: dict[str, Any] = {
    "type": "BODY",
    "text": "Hi {{1}}, order {{2}}. Bye {{1}}.",
    "example": {"body_text": [["Ana", "7"]]},
}
HEADER: dict[str, Any] = {"type": "HEADER", "format": "TEXT", "text": "News for {{1}}"}
LINK: dict[str, Any] = {
    "type": "URL",
    "text": "Track",
    "url": "https://a.example/{{1}}",
    "example": ["https://a.example/x"],
}
BUTTONS: dict[str, Any] = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"}, LINK]}
PARCEL = Listed("parcel", "en_US", "UTILITY", "APPROVED", (HEADER, BODY, {"type": "FOOTER", "text": "Aurora"}, BUTTONS))
FILLED = {"header:0:1": "you", "body:0:1": "Carla", "body:0:2": "4812", "button:1:1": "4812"}


def of(*parts: dict[str, Any], **more: Any) -> Template:
    return understand(1, replace(PARCEL, components=parts, **more))


def test_each_thing_to_fill_in_is_asked_once_with_its_example() -> None:
    slots = understand(1, PARCEL).slots
    assert [each.key for each in slots] == list(FILLED)
    assert [each.example for each in slots] == ["", "Ana", "7", "x"]
    assert slots[-1].before == "https://a.example/"


def test_it_reads_as_the_customer_will_read_it() -> None:
    text = rendered(understand(1, PARCEL), FILLED)
    assert text == (
        "News for you\n\nHi Carla, order 4812. Bye Carla.\n\nAurora\n\n[Thanks]\n[Track] https://a.example/4812"
    )
    assert "Hi {{1}}, order 4812" in rendered(understand(1, PARCEL), {"body:0:2": "4812"})


def test_whatsapp_is_told_what_was_filled_in_and_where() -> None:
    def text(value: str) -> dict[str, str]:
        return {"type": "text", "text": value}

    assert components(understand(1, PARCEL), FILLED) == (
        {"type": "header", "parameters": [text("you")]},
        {"type": "body", "parameters": [text("Carla"), text("4812")]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [text("4812")]},
    )
    assert components(of({"type": "BODY", "text": "Hello"}), {}) == ()


def test_named_slots_go_by_their_names() -> None:
    params = [{"param_name": "first_name", "example": "Carla"}]
    body = {"type": "BODY", "text": "Hi {{first_name}}", "example": {"body_text_named_params": params}}
    template = of(body, is_named=True)
    assert template.slots[0].example == "Carla"
    parameter = {"type": "text", "text": "Mina", "parameter_name": "first_name"}
    assert components(template, {"body:0:first_name": "Mina"}) == ({"type": "body", "parameters": [parameter]},)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("body:0:2", "  ", "wants something"),
        ("body:0:1", "two\nlines", "No line breaks"),
        ("body:0:1", "far     apart", "No line breaks"),
        ("body:0:2", "x" * 1_020, "1024"),
        ("header:0:1", "x" * 60, "60"),
        ("button:1:1", "two words", "spaces"),
    ],
)
def test_what_whatsapp_would_refuse_is_said_at_its_field(key: str, value: str, says: str) -> None:
    template = understand(1, PARCEL)
    assert problems(template, FILLED) == {}
    found = problems(template, FILLED | {key: value})
    assert list(found) == [key]
    assert says in found[key]


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (of(BODY, status="PAUSED"), "paused"),
        (of({"type": "HEADER", "format": "IMAGE"}, BODY), "a picture"),
        (of({"type": "HEADER", "format": "LOCATION"}, BODY), "a location"),
        (of(BODY, {"type": "CAROUSEL"}), "carousel"),
        (of(BODY, {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Go"}]}), "flow"),
        (of(BODY, category="AUTHENTICATION"), "one-time codes"),
        (of({"type": "BODY", "text": " ".join(f"{{{{{n}}}}}" for n in range(1, 60))}), "too many fields"),
    ],
)
def test_what_we_cannot_fill_in_is_an_obstacle_and_no_guess(template: Template, why: str) -> None:
    assert why in template.obstacle


def test_what_can_be_sent_in_the_customers_language_comes_first_and_all_can_be_found() -> None:
    spanish = understand(2, replace(PARCEL, name="z_aviso", language="es_MX"))
    picture = understand(3, replace(PARCEL, name="a_photo", components=({"type": "HEADER", "format": "IMAGE"}, BODY)))
    every = [picture, understand(1, PARCEL), spanish]
    assert [each.id for each in likeliest_first(every, "es")] == [2, 1, 3]
    assert [each.id for each in found_by(every, "z aviso")] == [2]
    assert found_by(every, "order es_mx") == [spanish]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "format",
                    "text",
                    "buttons",
                    "example",
                    "url",
                    "body_text",
                    "body_text_named_params",
                    "param_name",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["type", "format", "text", "buttons", "example"]), _json), max_size=4))
def test_whatever_is_listed_is_understood_or_left_alone(parts: list[dict[str, Any]]) -> None:
    template = of(*parts)
    values = {each.key: "x" for each in template.slots}
    assert rendered(template, values) is not None
    assert len(components(template, values)) <= len(template.slots)
