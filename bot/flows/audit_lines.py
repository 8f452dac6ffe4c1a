"""The one line that a thread gets for each change: who did it, by name, so that only whom it is meant for is called."""

from __future__ import annotations

from bot.domain.escalation import Actor, Escalation, Transition
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread
from storage import staff
from storage.tasks import Unit

_LINES = {
    "take": "🙋 {actor} took this.",
    "take_over": "🔁 {actor} took this over from {former}.",
    "assign": "👉 {holder} has this now. {actor} assigned it.",
    "release": "↩️ {actor} put this back in the queue.",
    "prioritise": "🚦 {actor} changed the priority from {note}.",
    "return_to_bot": "🤖 {actor} returned this to the bot. The AI answers the customer from here on.",
    "close": "✅ {actor} closed this.",
    "snooze": "💤 {actor} put the reminders off until {note}.",
    "keep_open": "📌 {actor} keeps this open.",
    "give_back": "↩️ The customer has waited too long for {note}, so this is back in the queue.",
}


async def audit_line(
    turn: Unit, before: Escalation, change: Transition, actor: Actor, *, is_told: bool = False
) -> NoteInThread:
    """A mention would call whoever is named: it is right for who is given work by another, and for nobody else.

    `is_told`: whoever has it now gets a direct message about it, and is not called twice.
    """
    after = change.after
    names = await staff.names({each for each in (actor.staff_id, before.taken_by, after.taken_by) if each})
    is_called = after.taken_by not in (None, actor.staff_id) and not is_told
    holder = f"<@{after.taken_by}>" if is_called else named(after.taken_by, names)
    words = _LINES[change.event].format(
        actor=named(actor.staff_id, names), former=named(before.taken_by, names), holder=holder, note=change.note
    )
    return NoteInThread(
        inbox_id=after.inbox_id,
        escalation_id=after.id,
        text=words,
        about=f"{change.event}:{int(turn.now.timestamp() * 1000)}",
    )


def named(staff_id: str | None, names: dict[str, str]) -> str:
    """Somebody of the staff, without calling them; as mrkdwn."""
    if staff_id is None:
        return "Switchboard"
    name = escape(" ".join(names.get(staff_id, "").split()).replace("*", ""))
    return f"*{name}*" if name else f"<@{staff_id}>"
