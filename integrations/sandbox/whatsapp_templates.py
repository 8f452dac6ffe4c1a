"""Message templates of the stand-in account: the listing, and what Meta checks when one is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults
from integrations.sandbox.whatsapp_refusals import GraphRefusal, spoiled
from integrations.sandbox.wire import Json, as_object, as_objects, as_text

SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FIELDS = ("id", "name", "language", "status", "category", "components", "parameter_format")
LARGEST_PAGE = 1000
BODY_LIMIT = 1024
STOPPED = {"PAUSED": 132015, "DISABLED": 132016}


@dataclass(slots=True, kw_only=True)
class Template:
    """As Meta keeps it; `status` may change under a caller's feet."""

    name: str
    components: list[Json]
    language: str = "en"
    category: str = "UTILITY"
    status: str = "APPROVED"
    named: bool = False

    def as_meta(self, number: int) -> Json:
        return {
            "id": str(900_000_000_000_000 + number),
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "components": self.components,
            "parameter_format": "NAMED" if self.named else "POSITIONAL",
        }

    def part(self, kind: str) -> Json:
        found = [each for each in self.components if each["type"] == kind]
        return found[0] if found else {}


def _body(text: str, *examples: str) -> Json:
    return {"type": "BODY", "text": text} | ({"example": {"body_text": [list(examples)]}} if examples else {})


def _samples() -> list[Template]:
    """What a shop like Aurora Outdoor would have, and one of each kind that is trouble."""
    track: Json = {
        "type": "URL",
        "text": "Track parcel",
        "url": "https://aurora.example/parcels/{{1}}",
        "example": ["https://aurora.example/parcels/4812"],
    }
    named: Json = {
        "type": "BODY",
        "text": "Hello {{first_name}}, your repair is ready. You find us until {{closing_time}}.",
        "example": {
            "body_text_named_params": [
                {"param_name": "first_name", "example": "Carla"},
                {"param_name": "closing_time", "example": "7 pm"},
            ]
        },
    }
    picture: Json = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://aurora.example/tent"]}}
    sale: Json = {"type": "HEADER", "format": "TEXT", "text": "{{1}} days left", "example": {"header_text": ["Two"]}}
    parcel = _body("Hi {{1}}, your order {{2}} is on its way and arrives on {{3}}.", "Carla", "4812", "Friday")
    spanish = _body("Hola {{1}}, tu pedido {{2}} está en camino y llega el {{3}}.", "Carla", "4812", "viernes")
    stop: Json = {"type": "QUICK_REPLY", "text": "Stop promotions"}
    footer: Json = {"type": "FOOTER", "text": "Aurora Outdoor"}
    return [
        Template(name="follow_up", components=[_body("Hello! We have news about your question. May we write to you?")]),
        Template(name="order_on_its_way", components=[parcel, footer, {"type": "BUTTONS", "buttons": [track]}]),
        Template(name="order_on_its_way", language="es", components=[spanish, footer]),
        Template(name="repair_ready", components=[named], named=True),
        Template(
            name="winter_sale",
            category="MARKETING",
            components=[
                sale,
                _body("All for the cold: {{1}} off.", "20 %"),
                {"type": "BUTTONS", "buttons": [stop]},
            ],
        ),
        Template(name="new_tent", category="MARKETING", components=[picture, _body("Look at our new tent!")]),
        Template(name="old_offer", category="MARKETING", status="REJECTED", components=[_body("Cheap!")]),
    ]


class GraphTemplates:
    """The account's templates. `all` may be changed by whoever tells a story."""

    def __init__(self, config: SandboxConfig, faults: Faults) -> None:
        self.config = config
        self.faults = faults
        self.all = _samples()
        self.asked = 0  # how often the listing was fetched, by the page

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/whatsapp/{version}/{account}/message_templates", self.listing, allow_head=False)]

    def named(self, name: str, language: str = "en") -> Template:
        return next(each for each in self.all if (each.name, each.language) == (name, language))

    async def listing(self, request: web.Request) -> web.Response:
        self.asked += 1

        async def act() -> web.Response:
            try:
                return web.json_response(self._page(request))
            except GraphRefusal as refusal:
                return refusal.answer()

        return await self.faults.meet(request, "templates", dict(request.query), act, spoiled, by_name=True)

    def _page(self, request: web.Request) -> Json:
        if request.headers.get("Authorization") != f"Bearer {self.config.whatsapp_access_token}":
            raise GraphRefusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        account = request.match_info["account"]
        if account != self.config.whatsapp_business_account_id:
            details = f"Unsupported get request. Object with ID '{account}' does not exist"
            raise GraphRefusal(100, details, kind="GraphMethodException", subcode=33)
        fields = request.query.get("fields", ",".join(FIELDS)).split(",")
        if unknown := [each for each in fields if each not in FIELDS]:
            raise GraphRefusal(100, f"Tried accessing nonexisting field ({unknown[0]})")
        limit, after = _number(request, "limit", 25), _number(request, "after", 0)
        last = after + min(limit, LARGEST_PAGE)
        shown = [each.as_meta(number) for number, each in enumerate(self.all)][after:last]
        data = [{name: each[name] for name in {*fields, "id"}} for each in shown]
        paging: Json = {"cursors": {"before": str(after), "after": str(last)}}
        if last < len(self.all):
            paging["next"] = f"{request.url.origin()}{request.path}?limit={limit}&after={last}"
        return {"data": data, "paging": paging}

    def check(self, content: Json) -> Template:
        """Refuse what Meta would refuse of a template message; returns the template."""
        name, code = as_text(content.get("name")), as_text(as_object(content.get("language")).get("code"))
        if not name or not code:
            raise GraphRefusal(131008, f"Parameter {'language' if name else 'name'} is required for the template")
        found = next((each for each in self.all if (each.name, each.language) == (name, code)), None)
        if found is None or found.status not in ("APPROVED", *STOPPED):
            raise GraphRefusal(132001, f"template name ({name}) does not exist in {code}", status=404)
        if found.status in STOPPED:
            raise GraphRefusal(STOPPED[found.status], f"template ({name}) is {found.status.lower()}")
        given = as_objects(content.get("components"))
        for place in ("header", "body"):
            named = [each for each in given if each.get("type") == place]
            self._check_text(found, place, named[0] if named else {})
        self._check_buttons(found, [each for each in given if each.get("type") == "button"])
        if len(self.text(content)) > 2 * BODY_LIMIT:
            raise GraphRefusal(132005, "Translated text too long")
        return found

    def is_marketing(self, content: Json) -> bool:
        return self._of(content).category == "MARKETING"

    def text(self, content: Json) -> str:
        """As the customer reads it."""
        template = self._of(content)
        filled = {each["type"]: as_objects(each.get("parameters")) for each in as_objects(content.get("components"))}
        parts = [
            _filled(as_text(template.part("HEADER").get("text")), filled.get("header", [])),
            _filled(as_text(template.part("BODY").get("text")), filled.get("body", [])),
            as_text(template.part("FOOTER").get("text")),
        ]
        return "\n".join(part for part in parts if part)

    def _of(self, content: Json) -> Template:
        return self.named(as_text(content["name"]), as_text(content["language"]["code"]))

    def _check_text(self, template: Template, place: str, given: Json) -> None:
        part = template.part(place.upper())
        wanted = list(dict.fromkeys(SLOT.findall(as_text(part.get("text")))))
        parameters = as_objects(given.get("parameters"))
        if part.get("format", "TEXT") != "TEXT" and not parameters:
            raise GraphRefusal(132012, f"{place}: Format mismatch, expected {part['format']}, received UNKNOWN")
        if len(parameters) != len(wanted):
            details = f"{place}: number of localizable_params ({len(parameters)}) does not match the expected number of"
            raise GraphRefusal(132000, f"{details} params ({len(wanted)})")
        for parameter in parameters:
            _check_parameter(place, parameter, wanted if template.named else [None])
        if template.named and len({as_text(each.get("parameter_name")) for each in parameters}) < len(wanted):
            raise GraphRefusal(132012, f"{place}: Parameter name is given twice")

    def _check_buttons(self, template: Template, given: list[Json]) -> None:
        buttons = as_objects(template.part("BUTTONS").get("buttons"))
        wanted = [str(index) for index, each in enumerate(buttons) if SLOT.search(as_text(each.get("url")))]
        indexes = [str(each.get("index")) for each in given if each.get("sub_type") == "url"]
        if missing := [each for each in wanted if each not in indexes]:
            raise GraphRefusal(131008, f"buttons: Button at index {missing[0]} of type Url requires a parameter")
        if extra := [each for each in indexes if each not in wanted]:
            raise GraphRefusal(132018, f"buttons: Button at index {extra[0]} takes no parameter")
        for each in given:
            for parameter in as_objects(each.get("parameters")):
                _check_parameter("button", parameter, [None])


def _check_parameter(place: str, parameter: Json, names: Sequence[str | None]) -> None:
    text = parameter.get("text")
    if parameter.get("type") != "text" or not isinstance(text, str):
        raise GraphRefusal(132012, f"{place}: Format mismatch, expected TEXT, received {parameter.get('type')}")
    if not text:
        raise GraphRefusal(131008, f"{place}: Parameter of type text is missing text value")
    if re.search(r"[\n\r\t]| {5,}", text):
        details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        raise GraphRefusal(132018, f"{place}: {details}")
    if parameter.get("parameter_name") not in names:
        raise GraphRefusal(132012, f"{place}: Parameter name is missing, unknown or not expected")


def _filled(text: str, parameters: list[Json]) -> str:
    given = {
        as_text(each.get("parameter_name")) or str(number): as_text(each.get("text"))
        for number, each in enumerate(parameters, start=1)
    }
    return SLOT.sub(lambda slot: given.get(slot[1], slot[0]), text)


def _number(request: web.Request, name: str, otherwise: int) -> int:
    given = request.query.get(name, str(otherwise))
    if not given.isdigit():
        raise GraphRefusal(100, f"Param {name} must be a number")
    return int(given)
