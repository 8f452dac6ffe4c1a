"""WhatsApp says that two customers are one person: their conversations become one, and no word of either is lost.

Every message moves, so that each reader (staff, the AI, a late report) finds one story. What was on its way goes on: a
conversation that has become part of another leads there whoever still asks for it. Of two threads one goes on, and the
other is closed with a link: two threads for one person would be answered twice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Conversation, awaits_answer
from bot.domain.effects import Think
from bot.domain.escalation import Actor, Close, Escalation, Transition, decide
from bot.domain.merging import goes_on, joined
from bot.domain.people import Customer
from bot.domain.rules import InboxRules
from bot.domain.thread_work import NoteInThread, ShowJoined
from bot.domain.whatsapp_work import SendAfter
from bot.flows.answers_owed import watch_answer
from bot.flows.parking import nobody_stays
from bot.flows.redraw import redraw
from bot.flows.window import watch_window
from storage import conversations, escalations, merges
from storage.tasks import Unit

_SHOWN = 20  # of the messages that the thread has not seen; the rest is history


async def merge(turn: Unit, customer: Customer, other: Customer, rules: InboxRules) -> None:
    """The caller holds both customers, so no message of either can arrive meanwhile."""
    ours, theirs = await conversations.of_customer(customer.id), await conversations.of_customer(other.id)
    await merges.customers(customer.id, other.id)
    if ours and theirs:
        locked = {each: await conversations.lock(each) for each in sorted((ours.id, theirs.id))}
        await _join(turn, locked[ours.id], locked[theirs.id], rules)
    elif theirs:
        await merges.adopt(theirs.id, customer.id)
    await merges.settle_phone(customer.id)


async def _join(turn: Unit, ours: Conversation, theirs: Conversation, rules: InboxRules) -> None:
    mine, its = await escalations.active_of(ours.id), await escalations.active_of(theirs.id)
    kept, ended = goes_on(mine, its)
    if kept and ended:
        await _end(turn, ended, kept, rules)
    unseen = await merges.last_said(theirs.id if kept == mine else ours.id, _SHOWN) if kept else []
    await conversations.change_hands(theirs, with_people=True)  # an answer that is just leaving has left by now
    whole = joined(ours, theirs)
    await merges.conversations(whole, theirs)
    await merges.note(whole, f"conversation {theirs.id} of customer {theirs.customer_id}", turn.now)
    turn.cause(SendAfter(inbox_id=ours.inbox_id, conversation_id=ours.id, other_id=theirs.id))
    if kept is None:
        if awaits_answer(whole):
            turn.cause(Think(inbox_id=whole.inbox_id, conversation_id=whole.id))
        return
    await watch_window(kept.id, ours.id, turn.now)
    await watch_answer(kept, rules, turn.now)
    if mine is None:
        await conversations.change_hands(ours, with_people=True)
    turn.cause(ShowJoined(inbox_id=kept.inbox_id, escalation_id=kept.id, message_ids=unseen, other_id=theirs.id))
    await redraw(turn, kept, rules)


async def _end(turn: Unit, ended: Escalation, kept: Escalation, rules: InboxRules) -> None:
    closing = decide(ended, Close(confirmed=True), Actor(None), turn.now)
    assert isinstance(closing, Transition)  # an active one can always be closed
    await escalations.save(ended, replace(closing, note=f"goes on as {kept.id}"), None, turn.now)
    await escalations.set_reminder(ended.id, None)
    await nobody_stays(turn, closing.after)
    had_it = f" <@{ended.taken_by}> had it; please look there." if ended.taken_by else ""
    words = f"🔗 *The same person* as in {await _link(kept, 'another thread')}: it goes on there.{had_it}"
    turn.cause(_line(ended, words, f"merged_into:{kept.id}"))
    whose = f", which <@{ended.taken_by}> had" if ended.taken_by else ""
    words = f"🔗 This is the same person as in {await _link(ended, 'a thread')}{whose}. Both go on here."
    turn.cause(_line(kept, words, f"merged_from:{ended.id}"))
    await redraw(turn, closing.after, rules)


async def _link(escalation: Escalation, words: str) -> str:
    url = (await escalations.thread_of(escalation.id)).url
    return f"<{url}|{words}>" if url else words


def _line(escalation: Escalation, words: str, about: str) -> NoteInThread:
    return NoteInThread(inbox_id=escalation.inbox_id, escalation_id=escalation.id, text=words, about=about)
