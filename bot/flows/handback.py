"""A conversation goes back to the AI: what it was about meanwhile, and what staff tell the AI about that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.escalation import Actor, Escalation, Refusal, Why
from bot.domain.handback import LONGEST_GUIDANCE, LONGEST_PROMISES, LONGEST_STORY, Told, lines_of
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread
from bot.flows.audit_lines import named
from storage import conversations, customer_records, escalations, messages, staff
from storage.tasks import Unit

_STRETCH = 80  # messages, the newest
_BEFORE = 4  # of what was said before people came: why they did
_GONE = Refusal(Why.NOT_ESCALATED, "That conversation is not here any more.")
_WITH_PEOPLE = Refusal(
    Why.WRONG, "People have had this again since. Tell the AI when you return it, or note promises in *Customer…*."
)


async def stretch_of(escalation: Escalation) -> Sequence[Message]:
    """What people and the customer said to each other, with the last words before."""
    began_after = (await escalations.thread_of(escalation.id)).opened_after
    said = await messages.latest(escalation.conversation_id, _STRETCH)
    before = [each for each in said if each.id <= began_after]
    meanwhile = [each for each in said if each.id > began_after and each.author is not Author.BOT]
    return [*before[-_BEFORE:], *meanwhile]


async def staff_tells_ai(turn: Unit, escalation_id: int, told: Told, actor: Actor) -> Refusal | None:
    """From its next answer on the AI knows; staff read in the thread what it was told."""
    escalation = await escalations.load(escalation_id)
    if escalation is None:
        return _GONE
    conversation = await conversations.lock(escalation.conversation_id)
    if conversation.with_people or await escalations.newest_of(conversation.id) != escalation.id:
        return _WITH_PEOPLE
    happened = told.happened.strip()[:LONGEST_STORY]
    guidance = " ".join(told.guidance.split())[:LONGEST_GUIDANCE]
    promises = conversation.promises if told.promises is None else lines_of(told.promises)[:LONGEST_PROMISES]
    if (happened, guidance, promises) == (conversation.happened, conversation.guidance, conversation.promises):
        return None
    await conversations.brief(conversation.id, happened, guidance)
    await _keep(turn, conversation, promises, actor)
    names = await staff.names({actor.staff_id} if actor.staff_id else set())
    turn.cause(
        NoteInThread(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            text=_line(named(actor.staff_id, names), Told(happened, promises, guidance)),
            about=f"told_ai:{int(turn.now.timestamp() * 1000)}",
        )
    )
    return None


async def staff_promises(turn: Unit, conversation_id: int, promises: str, actor: Actor) -> None:
    """What the AI keeps to from now on, until somebody changes it again."""
    conversation = await conversations.lock(conversation_id)
    await _keep(turn, conversation, lines_of(promises)[:LONGEST_PROMISES], actor)


async def _keep(turn: Unit, conversation: Conversation, promises: str, actor: Actor) -> None:
    if promises != conversation.promises:
        await conversations.set_promises(conversation.id, promises)
        await customer_records.note(conversation.inbox_id, conversation.id, "promises", actor.staff_id or "", turn.now)


def _line(who: str, told: Told) -> str:
    parts = (("What happened", told.happened), ("Promised", told.promises or ""), ("Guidance", told.guidance))
    lines = [f"*{name}*: {escape('; '.join(words.splitlines()))}" for name, words in parts if words]
    return "\n".join([f"📝 {who} told the AI:" if lines else f"📝 {who} took back what the AI was told.", *lines])
