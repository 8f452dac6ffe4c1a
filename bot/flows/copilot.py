"""Staff ask the AI for a reply or a summary: what it writes is theirs to send, once, and never goes by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.copilot import Draft, DraftKind, DraftStatus, Newer, PrepareDraft, ShowDraft, Written
from bot.domain.escalation import Actor, Escalation, Refusal, Why
from bot.domain.replies import judge
from bot.domain.rules import InboxRules
from bot.domain.text.slack_in import Mentions
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import MirrorMessage, NoteInThread
from bot.domain.window import is_closed
from bot.flows.audit_lines import named
from bot.flows.staff_replies import StaffReply, send_or_hold, too_late
from storage import conversations, customers, drafts, escalations, staff
from storage.tasks import Unit

_GONE = "That draft is not here any more."
_NOT_YOURS = "Only whoever asked for a draft can send it."
_DECIDED = {
    DraftStatus.SENT: "You have sent this draft already.",
    DraftStatus.DISCARDED: "This draft was discarded, or a newer one has taken its place.",
}
_EMPTY = "There is nothing to send: the message is empty."


@dataclass(frozen=True, slots=True)
class Overtaken:
    """More was said since. Whoever sends it all the same should have read that."""

    draft: Draft
    newer: Newer


@dataclass(frozen=True, slots=True)
class SendDraft:
    """The click: these words, by somebody who has read all that was said up to `seen`."""

    draft_id: int
    seen: int = 0
    text: str | None = None  # where they have changed it


async def staff_asks(turn: Unit, escalation_id: int, kind: DraftKind, staff_id: str) -> Draft | Refusal:
    """*Suggest reply*, *Summarise*. Two presses while the AI thinks are one; a new draft takes the last one's place."""
    seen = await escalations.load(escalation_id)
    if seen is None:
        return Refusal(Why.NOT_ESCALATED, "That escalation does not exist here any more.")
    await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(seen.id)
    assert escalation is not None
    if kind is DraftKind.REPLY and escalation.status.is_final:
        return Refusal(Why.ENDED, too_late(escalation))
    if asked := await drafts.being_written(escalation.id, staff_id, kind):
        return asked
    draft = await drafts.add(escalation.inbox_id, escalation.id, staff_id, kind, turn.now)
    await drafts.replace(draft)
    turn.cause(PrepareDraft(inbox_id=draft.inbox_id, escalation_id=draft.escalation_id, draft_id=draft.id))
    return draft


async def draft_is_written(turn: Unit, work: PrepareDraft, written: Written) -> None:
    """It is kept before it is shown, so that what stands in Slack can be sent whatever happens to us."""
    await drafts.written(work.draft_id, written)
    turn.cause(ShowDraft(inbox_id=work.inbox_id, escalation_id=work.escalation_id, draft_id=work.draft_id))


async def staff_sends_draft(turn: Unit, wish: SendDraft, actor: Actor, rules: InboxRules) -> Overtaken | Refusal | None:
    """From here on it is a reply of theirs like any other, and is judged like one; a second click finds it sent."""
    found = await _theirs(wish.draft_id, actor.staff_id)
    if isinstance(found, Refusal):
        return found
    draft, escalation = found
    if escalation.status.is_final:
        return Refusal(Why.ENDED, too_late(escalation))
    words = (draft.text if wish.text is None else wish.text).strip()
    if not words:
        return Refusal(Why.WRONG, _EMPTY)
    through = max(draft.through, wish.seen)
    if newer := await newer_than(draft, through):
        return Overtaken(replace(draft, text=words), newer)
    await drafts.decide(draft.id, DraftStatus.SENT)
    await _reply(turn, escalation, replace(draft, text=words), rules)
    return None


async def newer_than(draft: Draft, through: int) -> Newer:
    """What the customer, or a colleague to them, has said after that message."""
    escalation = await escalations.load(draft.escalation_id)
    assert escalation is not None
    said = await drafts.said_since(escalation.conversation_id, through, draft.staff_id)
    if not said:
        return Newer()
    conversation = await conversations.load(escalation.conversation_id)
    names = await staff.names({each.staff_id for each in said if each.staff_id})
    return Newer(tuple(said), (await customers.load(conversation.customer_id)).label, names)


async def draft_to_edit(draft_id: int, staff_id: str) -> Draft | Refusal:
    """What they may change. Nothing is decided by looking."""
    found = await _theirs(draft_id, staff_id)
    return found if isinstance(found, Refusal) else found[0]


async def staff_discards_draft(turn: Unit, draft_id: int, actor: Actor) -> Draft | Refusal:
    """They want none of it, whatever has become of it since they saw it."""
    found = await _theirs(draft_id, actor.staff_id)
    if isinstance(found, Refusal):
        return found
    await drafts.decide(draft_id, DraftStatus.DISCARDED)
    return found[0]


async def staff_shares_summary(turn: Unit, draft_id: int, actor: Actor) -> Draft | Refusal:
    """A summary that colleagues may use is posted for all of them, once. The customer sees nothing of it."""
    found = await _theirs(draft_id, actor.staff_id)
    if isinstance(found, Refusal):
        return found
    draft, escalation = found
    await drafts.decide(draft.id, DraftStatus.SENT)
    who = named(draft.staff_id, await staff.names({draft.staff_id}))
    line = f"📝 *Summary by the AI*, shared by {who}\n{escape(draft.text)}"
    about = {"inbox_id": escalation.inbox_id, "escalation_id": escalation.id}
    turn.cause(NoteInThread(**about, text=line, about=f"summary:{draft.id}"))
    return draft


async def _theirs(draft_id: int, staff_id: str | None) -> tuple[Draft, Escalation] | Refusal:
    """What they may still decide on, locked after its conversation."""
    seen = await drafts.find(draft_id)
    about = await escalations.load(seen.escalation_id) if seen else None
    if seen is None or about is None:
        return Refusal(Why.WRONG, _GONE)
    await conversations.lock(about.conversation_id)
    draft, escalation = await drafts.lock(draft_id), await escalations.load(about.id)
    assert escalation is not None
    if draft.staff_id != staff_id:
        return Refusal(Why.WRONG, _NOT_YOURS)
    if draft.status is not DraftStatus.READY:
        return Refusal(Why.NOT_OPEN, _DECIDED.get(draft.status, _GONE))
    return draft, escalation


async def _reply(turn: Unit, escalation: Escalation, draft: Draft, rules: InboxRules) -> None:
    """Its author wrote no message in the thread: ours shows what they said, and carries its marks."""
    thread = await escalations.thread_of(escalation.id)
    conversation = await conversations.load(escalation.conversation_id)
    reply = StaffReply(thread.channel, thread.ts or "", "", draft.staff_id, draft.text, Mentions(), is_drafted=True)
    closed = is_closed(conversation, turn.now)
    # Not by its words: an answer that begins with “!” is no note, and they have just asked for it to be sent.
    verdict = judge(
        escalation, draft.staff_id, "", Mentions(), window_closed=closed, first_takes=rules.first_reply_takes
    )
    message = await send_or_hold(turn, conversation, escalation, reply, verdict, rules)
    turn.cause(MirrorMessage(inbox_id=message.inbox_id, escalation_id=escalation.id, message_id=message.id))
