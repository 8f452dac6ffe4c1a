"""Message templates: what the sender has to fill in, how it will read, and what WhatsApp is to be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

Json = dict[str, Any]
Values = Mapping[str, str]  # by the slot's key

APPROVED, PAUSED, DISABLED = "APPROVED", "PAUSED", "DISABLED"
MARKETING = "MARKETING"
# Source: Cloud API, Template components.
_HEADER_LIMIT, _BODY_LIMIT, _SUFFIX_LIMIT = 60, 1024, 2000
_SLOTS_LIMIT = 40  # of what a Slack modal holds with room for everything else
_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_UNBROKEN = re.compile(r"[\n\r\t]| {5,}")
_PLAIN_BUTTONS = frozenset({"QUICK_REPLY", "PHONE_NUMBER", "URL", "VOICE_CALL"})
_FILES = {"IMAGE": "a picture", "VIDEO": "a video", "DOCUMENT": "a document", "GIF": "an animation"}


class Place(StrEnum):
    """Where in a template something is filled in; the words are WhatsApp's own."""

    HEADER = "header"
    BODY = "body"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Listed:
    """A template as WhatsApp lists it. `is_named`: its slots have names instead of numbers."""

    name: str
    language: str
    category: str
    status: str
    components: tuple[Json, ...]
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to fill in. `index` counts buttons; `before` is what stands before a link's suffix."""

    place: Place
    name: str
    example: str = ""
    index: int = 0
    before: str = ""

    @property
    def key(self) -> str:
        return f"{self.place}:{self.index}:{self.name}"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template taken apart. `obstacle` says why it cannot be sent from here, in words; empty when it can."""

    id: int
    listed: Listed
    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    slots: tuple[Slot, ...] = ()
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class SentTemplate:
    """What a sent message keeps of its template: enough to send it again, whatever has become of the template.

    `dialog` is the Slack modal that it was sent from: whatever happens to a submission, one modal sends once.
    """

    name: str
    language: str
    category: str = ""
    components: tuple[Json, ...] = ()
    dialog: str = ""


def understand(template_id: int, listed: Listed) -> Template:
    """Take it apart. What we do not know how to fill in is an obstacle, never a guess."""
    parts = {str(each.get("type", "")).upper(): each for each in listed.components}
    header, body = _text(parts.get("HEADER")), _text(parts.get("BODY"))
    buttons = cast("list[Json]", parts.get("BUTTONS", {}).get("buttons") or [])
    slots = (*_slots(Place.HEADER, parts.get("HEADER")), *_slots(Place.BODY, parts.get("BODY")), *_suffixes(buttons))
    return Template(
        id=template_id,
        listed=listed,
        header=header,
        body=body,
        footer=_text(parts.get("FOOTER")),
        buttons=tuple(Button(str(each.get("text", "")), str(each.get("url", ""))) for each in buttons),
        slots=slots,
        obstacle=_obstacle(listed, parts, buttons, len(slots)),
    )


def rendered(template: Template, values: Values) -> str:
    """How it will read. What is not filled in yet stays a slot."""
    header = _filled(template.header, Place.HEADER, values)
    parts = [
        header,  # WhatsApp shows it bold and the footer grey by itself
        _filled(template.body, Place.BODY, values),
        template.footer,
        "\n".join(_button(each, index, values) for index, each in enumerate(template.buttons)),
    ]
    return "\n\n".join(part for part in parts if part)


def problems(template: Template, values: Values) -> dict[str, str]:
    """What is wrong with what was filled in, by the slot's key."""
    found = {slot.key: words for slot in template.slots if (words := _problem(slot, values.get(slot.key, "").strip()))}
    for place, text, limit in (
        (Place.HEADER, template.header, _HEADER_LIMIT),
        (Place.BODY, template.body, _BODY_LIMIT),
    ):
        length, last = len(_filled(text, place, values)), [each for each in template.slots if each.place is place]
        if last and length > limit:
            found.setdefault(last[-1].key, f"With this the {place} has {length} characters; WhatsApp takes {limit}.")
    return found


def components(template: Template, values: Values) -> tuple[Json, ...]:
    """What is filled in, as WhatsApp wants to be told.

    Source: Cloud API, Messages, template object; a button's index is a string there.
    """
    built: list[Json] = []
    for place in (Place.HEADER, Place.BODY):
        slots = [each for each in template.slots if each.place is place]
        if slots:
            parameters = [_parameter(each, values, is_named=template.listed.is_named) for each in slots]
            built.append({"type": str(place), "parameters": parameters})
    for slot in (each for each in template.slots if each.place is Place.BUTTON):
        parameters = [_parameter(slot, values, is_named=False)]
        built.append({"type": "button", "sub_type": "url", "index": str(slot.index), "parameters": parameters})
    return tuple(built)


def found_by(templates: Sequence[Template], words: str) -> list[Template]:
    """Those whose name, language or text has all of these words."""
    wanted = words.casefold().split()

    def has_all(template: Template) -> bool:
        listed = template.listed
        text = f"{listed.name} {listed.name.replace('_', ' ')} {listed.language} {listed.category} {template.body}"
        return all(word in text.casefold() for word in wanted)

    return [each for each in templates if has_all(each)]


def likeliest_first(templates: Sequence[Template], language: str | None) -> list[Template]:
    """Those that can be sent, and those in the customer's language, before the rest."""
    code = (language or "en").lower()[:2]

    def rank(template: Template) -> tuple[bool, bool, str, str]:
        listed = template.listed
        return bool(template.obstacle), not listed.language.lower().startswith(code), listed.name, listed.language

    return sorted(templates, key=rank)


def _slots(place: Place, part: Json | None) -> Iterator[Slot]:
    if part is None or (place is Place.HEADER and str(part.get("format", "TEXT")).upper() != "TEXT"):
        return
    examples = _examples(place, part)
    for name in dict.fromkeys(_SLOT.findall(_text(part))):
        yield Slot(place, name, examples.get(name, ""))


def _suffixes(buttons: Sequence[Json]) -> Iterator[Slot]:
    """A link may end in something of the sender's; WhatsApp takes it at the end only."""
    for index, button in enumerate(buttons):
        url = str(button.get("url", ""))
        if button.get("type") == "URL" and (slot := _SLOT.search(url)):
            examples = [each for each in _list(button.get("example")) if isinstance(each, str)]
            before = url[: slot.start()]
            example = examples[0].removeprefix(before) if examples else ""
            yield Slot(Place.BUTTON, slot[1], example, index, before)


def _examples(place: Place, part: Json) -> dict[str, str]:
    given = part.get("example")
    example = cast("Json", given) if isinstance(given, dict) else {}
    named = _list(example.get(f"{place}_text_named_params"))
    if named:
        pairs = [cast("Json", each) for each in named if isinstance(each, dict)]
        return {str(each.get("param_name")): str(each.get("example", "")) for each in pairs}
    listed = _list(example.get(f"{place}_text"))
    if listed and isinstance(listed[0], list):
        listed = _list(cast("object", listed[0]))
    return {str(number): str(each) for number, each in enumerate(listed, start=1)}


def _obstacle(listed: Listed, parts: Mapping[str, Json], buttons: Sequence[Json], slots: int) -> str:
    form = str(parts.get("HEADER", {}).get("format", "TEXT")).upper()
    unknown = sorted(parts.keys() - {"HEADER", "BODY", "FOOTER", "BUTTONS"})
    odd = sorted({str(each.get("type", "")) for each in buttons} - _PLAIN_BUTTONS)
    if listed.status != APPROVED:
        return f"WhatsApp lists it as {listed.status.lower().replace('_', ' ')}"
    if listed.category == "AUTHENTICATION":
        return "one-time codes are not sent from here"
    if form != "TEXT":
        return f"its header is {_FILES.get(form, f'a {form.lower()}')}, which cannot be sent from here"
    if unknown or odd:
        return f"it has parts that cannot be filled in here ({', '.join(unknown + odd).lower().replace('_', ' ')})"
    return "it has too many fields for a Slack window" if slots > _SLOTS_LIMIT else ""


def _problem(slot: Slot, value: str) -> str | None:
    if not value:
        return "WhatsApp wants something here."
    if slot.place is Place.BUTTON:
        if re.search(r"\s", value):
            return "A link cannot hold spaces."
        return f"At most {_SUFFIX_LIMIT} characters." if len(value) > _SUFFIX_LIMIT else None
    return "No line breaks, tabs or rows of spaces: WhatsApp refuses them here." if _UNBROKEN.search(value) else None


def _parameter(slot: Slot, values: Values, *, is_named: bool) -> Json:
    value: Json = {"type": "text", "text": values.get(slot.key, "").strip()}
    return value | {"parameter_name": slot.name} if is_named else value


def _filled(text: str, place: Place, values: Values, index: int = 0) -> str:
    def value(slot: re.Match[str]) -> str:
        return values.get(Slot(place, slot[1], index=index).key, "").strip() or slot[0]

    return _SLOT.sub(value, text)


def _button(button: Button, index: int, values: Values) -> str:
    link = _filled(button.link, Place.BUTTON, values, index)
    return f"[{button.label}] {link}".strip()


def _text(part: Json | None) -> str:
    return str((part or {}).get("text") or "")


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
