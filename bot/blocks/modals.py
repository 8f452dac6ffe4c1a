"""Windows Switchboard opens over Slack."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import window_of
from bot.blocks.parts import (
    SECTION_LIMIT,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    escaped,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
)
from bot.domain.desk import TemplateChoice
from bot.domain.templates import MARKETING, Place, Slot, Template, found_by, rendered

TEMPLATE_BLOCK, SEARCH_BLOCK, CONSENT_BLOCK = "template", "search", "consent"
CONSENT = "despite"
OPTIONS = 100  # what a menu of Slack's holds; more are found by searching
_OPTION_LIMIT = 75
_TITLE = "Send a template"


def notice(title: str, text: str) -> View:
    """Tell something to a person who clicked where no message can answer them. `text` is mrkdwn."""
    heading = plain(one_line(title, 24) or "Switchboard")
    body = section(paragraphs(text, SECTION_LIMIT))
    return {"type": "modal", "title": heading, "close": plain("OK"), "blocks": [body]}


def fetching_templates(escalation_id: int) -> View:
    """What is seen until WhatsApp has said which templates there are."""
    return _template_modal(escalation_id, [section("⏳ Asking WhatsApp for your templates…")])


def no_templates(escalation_id: int, reason: str) -> View:
    """`reason` is mrkdwn."""
    again = actions(button(action_ids.REFRESH_TEMPLATES, "Ask WhatsApp again", escalation_id))
    return _template_modal(escalation_id, [section(paragraphs(reason, SECTION_LIMIT)), again])


def template_picker(choice: TemplateChoice, now: datetime) -> View:
    """Choose one, fill it in, see how it will read."""
    escalation_id = choice.view.escalation.id
    if not choice.templates:
        return no_templates(escalation_id, "WhatsApp lists no approved template for your account yet.")
    shown = found_by(choice.templates, choice.sought)
    blocks = [_whom(choice, now)]
    if len(choice.templates) > OPTIONS:
        blocks.append(_search(choice, len(shown)))
    blocks.append(_menu(shown, choice.chosen))
    obstacle = _obstacle(choice) if choice.chosen else ""
    if obstacle:
        blocks.append(section(f"🚫 {obstacle}"))
    if choice.chosen:
        blocks += _form(choice, choice.chosen, is_open=not obstacle)
    blocks.append(actions(button(action_ids.REFRESH_TEMPLATES, "Refresh the list", escalation_id)))
    return _template_modal(escalation_id, blocks, submit=choice.chosen is not None and not obstacle)


def slot_block(template: Template, number: int) -> str:
    """The block of a field: another for each template, so that Slack does not carry words from one into another."""
    return f"slot-{template.id}-{number}"


def _template_modal(escalation_id: int, blocks: list[Block], *, submit: bool = True) -> View:
    """A view with inputs must have a submit button, or Slack refuses it."""
    view: View = {
        "type": "modal",
        "callback_id": action_ids.TEMPLATE_MODAL,
        "private_metadata": json.dumps({"escalation": escalation_id}),
        "title": plain(_TITLE),
        "close": plain("Cancel"),
        "blocks": blocks,
    }
    if any(block["type"] == "input" for block in blocks):
        view |= {"submit": plain("Send" if submit else "Check")}
    return view


def _whom(choice: TemplateChoice, now: datetime) -> Block:
    customer = choice.view.customer
    facts = [f"To *{escaped(name_of(customer), 200)}*", escaped(one_line(customer.contact, 80), 200)]
    opted_out = "🚫 Opted out" if customer.opted_out_at else ""
    return context("  ·  ".join(filter(None, [*facts, window_of(choice.view, now), opted_out])))


def _search(choice: TemplateChoice, found: int) -> Block:
    many = f"{found} of {len(choice.templates)} fit"
    return {
        "type": "input",
        "block_id": SEARCH_BLOCK,
        "optional": True,
        "dispatch_action": True,
        "label": plain("Search by name, language or text"),
        "hint": plain(f"{many}; the first {OPTIONS} are listed below." if found > OPTIONS else f"{many}."),
        "element": {
            "type": "plain_text_input",
            "action_id": action_ids.SEARCH_TEMPLATES,
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
    }


def _menu(shown: Sequence[Template], chosen: Template | None) -> Block:
    listed = list(shown[:OPTIONS])
    if chosen and all(each.id != chosen.id for each in listed):
        listed = [chosen, *listed[: OPTIONS - 1]]
    if not listed:
        return section("No template fits these words.")
    element: Block = {
        "type": "static_select",
        "action_id": action_ids.CHOOSE_TEMPLATE,
        "placeholder": plain("Choose a template"),
        "options": [_option(each) for each in listed],
    }
    if chosen:
        element["initial_option"] = _option(chosen)
    label = plain("Template")
    return {"type": "input", "block_id": TEMPLATE_BLOCK, "dispatch_action": True, "label": label, "element": element}


def _option(template: Template) -> Block:
    listed = template.listed
    ending = f" · {listed.language} · {listed.category.lower()}" + (" 🚫" if template.obstacle else "")
    return {"text": plain(one_line(listed.name, _OPTION_LIMIT - len(ending)) + ending), "value": str(template.id)}


def _obstacle(choice: TemplateChoice) -> str:
    assert choice.chosen is not None
    if choice.chosen.obstacle:
        return f"*This template cannot be sent from here*: {escaped(choice.chosen.obstacle, 300)}."
    if choice.view.customer.opted_out_at and choice.chosen.listed.category == MARKETING:
        return "*They asked not to be written to.* Advertising cannot be sent to them."
    return ""


def _form(choice: TemplateChoice, chosen: Template, *, is_open: bool) -> list[Block]:
    values = choice.values or {}
    category = chosen.listed.category.lower() or "no category"
    fields = [_field(chosen, number, slot) for number, slot in enumerate(chosen.slots)] if is_open else []
    preview = [
        divider(),
        context(f"This is how it will read ({escaped(category, 60)})"),
        rich(quote(paragraphs(rendered(chosen, values), 2_500) or "(nothing)")),
    ]
    consent = [_consent()] if is_open and choice.view.customer.opted_out_at else []
    return [*fields, *preview, *consent]


def _field(template: Template, number: int, slot: Slot) -> Block:
    example = one_line(slot.example, 100)
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.FILL_TEMPLATE,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
        "max_length": 2_000 if slot.place is Place.BUTTON else 1_024,
    }
    if example:
        element["placeholder"] = plain(f"For example: {example}")
    return {
        "type": "input",
        "block_id": slot_block(template, number),
        "dispatch_action": True,
        "label": plain(_label(template, slot)),
        "element": element,
    }


def _label(template: Template, slot: Slot) -> str:
    if slot.place is Place.BUTTON:
        label = one_line(template.buttons[slot.index].label, 60)
        return f"Link of “{label}”: what follows {one_line(slot.before, 200)}"
    where = "Heading" if slot.place is Place.HEADER else "Text"
    return f"{where}: {{{{{one_line(slot.name, 100)}}}}}"


def _consent() -> Block:
    """They said stop: whoever writes all the same says so a second time."""
    words = "They asked not to be written to. This must reach them all the same."
    option: Block = {"text": plain(words), "value": CONSENT}
    element: Block = {"type": "checkboxes", "action_id": action_ids.CONFIRM_OPTED_OUT, "options": [option]}
    return {"type": "input", "block_id": CONSENT_BLOCK, "label": plain("Opted out"), "element": element}
