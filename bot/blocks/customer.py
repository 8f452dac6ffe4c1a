"""The window about one customer: who they are, what came of them, what staff noted, and the way to change that."""

from __future__ import annotations

import json
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.escalation_card import STATE_EMOJI, language_name, window_at
from bot.blocks.handback import promises_field
from bot.blocks.parts import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    escaped,
    leaf,
    line,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
    user,
)
from bot.domain.escalation import slack_time
from bot.domain.profiles import LONGEST_NOTE, MOST_TAGS, Past, Profile, StaffNote
from bot.domain.text.slack_out import escape

TAGS_BLOCK, NOTE_BLOCK = "tags", "note"
_NOTE_ROOM = 600
_TAGS_ROOM = 1_000


def customer_modal(profile: Profile, now: datetime) -> View:
    """Everything on one page. What is typed is kept with Save; blocking happens at once."""
    blocks = [_who(profile), context(*_facts(profile, now))]
    if flags := _flags(profile):
        blocks.append(section("\n".join(flags)))
    blocks += [divider(), *_history(profile), divider(), *_notes(profile), _note_field(), _tags_field(profile)]
    if profile.conversation_id is not None:
        blocks.append(promises_field(profile.promises))
    blocks.append(actions(_block_button(profile)))
    return {
        "type": "modal",
        "callback_id": action_ids.CUSTOMER_MODAL,
        "private_metadata": json.dumps({"customer": profile.customer.id}),
        "title": plain("Customer"),
        "submit": plain("Save"),
        "close": plain("Close"),
        "blocks": blocks,
    }


def _who(profile: Profile) -> Block:
    customer = profile.customer
    handle = f"@{customer.username}" if customer.username else ""
    number = customer.contact if customer.phone else "number hidden"
    beside = [each for each in (one_line(handle, 60), one_line(number, 40)) if each != name_of(customer)]
    return rich(line(leaf(name_of(customer), bold=True), *(leaf(f"  ·  {each}") for each in beside if each)))


def _facts(profile: Profile, now: datetime) -> list[str]:
    answers = "With people now" if profile.with_people else "With the AI"
    facts = [
        f"First seen {slack_time(profile.first_seen)}" if profile.first_seen else "",
        f"Last wrote {slack_time(profile.last_seen)}" if profile.last_seen else "Has not written yet",
        window_at(profile.window_closes_at, now),
        f"Language: {language_name(profile.language)}" if profile.language else "",
        f"{profile.theirs} from them, {profile.ours} to them, {_times(profile.escalations)} escalated",
        answers,
        f"Inbox: {escaped(one_line(profile.inbox_name, 60), 200)}" if profile.inbox_name.strip() else "",
    ]
    return [fact for fact in facts if fact]


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _flags(profile: Profile) -> list[str]:
    customer, flags = profile.customer, list[str]()
    if customer.blocked_at:
        by = f" by <@{profile.blocked_by}>" if profile.blocked_by else ""
        flags.append(f"⛔ *Blocked*{by}, {slack_time(customer.blocked_at)}: kept, not answered, nobody is called.")
    if customer.opted_out_at:
        flags.append(f"🚫 *Asked not to be written to*, {slack_time(customer.opted_out_at)}.")
    return flags


def _history(profile: Profile) -> list[Block]:
    if not profile.past:
        return [context("Never escalated.")]
    more = profile.escalations - len(profile.past)
    count = f"the newest {len(profile.past)} of {profile.escalations}" if more else str(profile.escalations)
    return [section(f"*Escalations* ({count})"), *map(_past, profile.past)]


def _past(past: Past) -> Block:
    escalation = past.escalation
    who = escalation.ended_by or escalation.taken_by
    why = escaped(one_line(escalation.reason, 120), 300) or "No reason given"
    facts = [
        f"{STATE_EMOJI[escalation.status]} {escalation.status.capitalize()}",
        slack_time(escalation.created_at),
        why,
        f"<@{who}>" if who else "",
        f"<{escape(past.thread_url)}|Open thread>" if past.thread_url else "",
    ]
    return context("  ·  ".join(filter(None, facts)))


def _notes(profile: Profile) -> list[Block]:
    if not profile.notes:
        return [context("No notes yet. Notes are for staff; the customer never sees them.")]
    count = f"the newest {len(profile.notes)} of {profile.note_count}"
    shown = count if profile.note_count > len(profile.notes) else str(profile.note_count)
    blocks = [section(f"*Notes* ({shown})")]
    for note in profile.notes:
        blocks += _note(note)
    return blocks


def _note(note: StaffNote) -> list[Block]:
    said = quote(paragraphs(note.text, _NOTE_ROOM) or "…")
    return [rich(line(user(note.staff_id)), said), context(slack_time(note.at))]


def _note_field() -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.WRITE_NOTE,
        "multiline": True,
        "max_length": LONGEST_NOTE,
        "placeholder": plain("What colleagues should know"),
    }
    label = plain("Add a note")
    return {"type": "input", "block_id": NOTE_BLOCK, "optional": True, "label": label, "element": element}


def _tags_field(profile: Profile) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.EDIT_TAGS,
        "max_length": _TAGS_ROOM,
        "placeholder": plain("vip, wholesale"),
    }
    if profile.tags:
        element["initial_value"] = ", ".join(profile.tags)
    hint = plain(f"With commas between them, {MOST_TAGS} at most. /queue search finds customers by them.")
    field: Block = {"type": "input", "block_id": TAGS_BLOCK, "optional": True, "label": plain("Tags"), "hint": hint}
    return field | {"element": element}


def _block_button(profile: Profile) -> Block:
    who, number = name_of(profile.customer, 40), profile.customer.id
    if profile.customer.blocked_at:
        ask = confirm("Unblock?", f"The AI answers {who} again from their next message on.", "Unblock")
        return button(action_ids.UNBLOCK_CUSTOMER, "Unblock", number, confirm=ask)
    words = f"What {who} writes is kept, but nobody answers it, the AI included, and nobody is called."
    return button(
        action_ids.BLOCK_CUSTOMER, "Block…", number, confirm=confirm("Block?", words, "Block", style="danger")
    )
