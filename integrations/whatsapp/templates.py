"""Message templates as the Graph API lists them, tells of them in webhooks, and takes them in a message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Address
from bot.domain.templates import Listed, SentTemplate
from integrations.whatsapp.payloads import addressed
from integrations.whatsapp.wire import Json, identifier, json_object, json_objects, string

STATUS_FIELD = "message_template_status_update"
# Source: WhatsApp Business Management API, Message Templates.
FIELDS = "name,language,category,status,components,parameter_format"
PAGE_SIZE = 100
_STATUS_LIMIT = 32
_LANGUAGE_LIMIT = 16


@dataclass(frozen=True, slots=True)
class Page:
    """`after` leads to the next page; None on the last."""

    templates: tuple[Listed, ...]
    after: str | None


def read_page(answer: object) -> Page:
    body = json_object(answer)
    paging = json_object(body.get("paging"))
    after = string(json_object(paging.get("cursors")).get("after"))
    listed = map(_listed, json_objects(body.get("data")))
    templates = tuple(each for each in listed if each.name and each.language)
    return Page(templates, after if after and paging.get("next") else None)


def _listed(template: Json) -> Listed:
    return Listed(
        name=identifier(template.get("name"), 512),
        language=identifier(template.get("language"), _LANGUAGE_LIMIT),
        category=identifier(template.get("category"), _STATUS_LIMIT).upper(),
        status=identifier(template.get("status"), _STATUS_LIMIT).upper(),
        components=tuple(json_objects(template.get("components"))),
        is_named=string(template.get("parameter_format")).upper() == "NAMED",
    )


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What a `message_template_status_update` says: `status` in the words of the listing."""

    name: str
    language: str
    status: str


def read_status_change(value: Json) -> StatusChange:
    """The listing writes `en_US` where the webhook writes `en-US`."""
    return StatusChange(
        name=identifier(value.get("message_template_name"), 512),
        language=identifier(value.get("message_template_language"), _LANGUAGE_LIMIT).replace("-", "_"),
        status=identifier(value.get("event"), _STATUS_LIMIT).upper(),
    )


def template_message(to: Address, template: SentTemplate, token: str) -> Json:
    """The body of a template message. Source: Cloud API, Messages, template object."""
    content: Json = {"name": template.name, "language": {"code": template.language}}
    if template.components:
        content["components"] = list(template.components)
    return addressed(to, token) | {"type": "template", "template": content}
