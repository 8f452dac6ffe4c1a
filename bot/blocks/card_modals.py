"""Modals that the card's menu opens: to whom to give a conversation, and whether to take it from a colleague."""

from __future__ import annotations

from bot.blocks import action_ids
from bot.blocks.escalation_card import state_of
from bot.blocks.parts import Block, View, context, escaped, modal, name_of, plain, section
from bot.domain.desk import EscalationView
from bot.domain.reminders import Pause

ASSIGNEE_BLOCK, SNOOZE_BLOCK = "assignee", "snooze"


def assign(view: EscalationView) -> View:
    """To whom? Slack's menu lists everybody in the workspace: who may not is said when they are chosen."""
    element: Block = {
        "type": "users_select",
        "action_id": action_ids.CHOOSE_ASSIGNEE,
        "placeholder": plain("Choose a colleague"),
        "focus_on_load": True,
    }
    who: Block = {"type": "input", "block_id": ASSIGNEE_BLOCK, "label": plain("Colleague"), "element": element}
    return _modal(view, action_ids.ASSIGN_MODAL, "Assign", "Assign", [_standing(view), who])


def assign_anyway(view: EscalationView, to: str, reason: str, held_by: str) -> View:
    """They can be given it, but there is something to know first. `reason` is mrkdwn, `held_by` who had it when
    somebody first asked.
    """
    blocks = [_standing(view), section(f"⚠️ {reason} Give it to them all the same?")]
    return _modal(view, action_ids.ASSIGN_MODAL, "Assign", "Assign anyway", blocks, to=to, held_by=held_by)


def take_over(view: EscalationView, changed: str = "") -> View:
    """A colleague has it: nobody takes it from them by a slip of the finger. `changed`: what has come between."""
    holder = f"<@{view.escalation.taken_by}>"
    who = escaped(name_of(view.customer, 40), 200)
    news = [section(f"⚠️ {changed}")] if changed else []
    words = f"You answer {who} from then on, and what {holder} writes here waits for a click. They can take it back."
    return _modal(view, action_ids.TAKE_OVER_MODAL, "Take over?", "Take over", [*news, _standing(view), section(words)])


def snooze(view: EscalationView) -> View:
    """For how long?"""
    options: list[Block] = [{"text": plain(each.in_words), "value": each.value} for each in Pause]
    element: Block = {
        "type": "radio_buttons",
        "action_id": action_ids.SNOOZE_UNTIL,
        "options": options,
        "initial_option": options[0],
    }
    ask: Block = {"type": "input", "block_id": SNOOZE_BLOCK, "label": plain("No reminders"), "element": element}
    hint = context("Whoever takes it, or puts it back, ends the pause.")
    return _modal(view, action_ids.SNOOZE_MODAL, "Snooze reminders", "Snooze", [_standing(view), ask, hint])


def _standing(view: EscalationView) -> Block:
    return context(f"*{escaped(name_of(view.customer), 200)}*  ·  {state_of(view.escalation)}")


def _modal(view: EscalationView, kind: str, title: str, submit: str, blocks: list[Block], **more: str) -> View:
    """Who has it now is kept in it: what happens meanwhile is noticed when it is submitted."""
    known = {"escalation": view.escalation.id, "held_by": view.escalation.taken_by or "", **more}
    return modal(kind, title, submit, blocks, known)
