"""Staff write in an escalation's thread: the assignee's words go out, everything else waits for a click or stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Escalation, Refusal, Status, Take, Why
from bot.domain.files import StaffFile
from bot.domain.inbound import Details
from bot.domain.parts import Part, parts_of
from bot.domain.replies import Kind, Verdict, is_late, judge, note_text
from bot.domain.rules import InboxRules
from bot.domain.staff_work import AskAboutHeld, MarkReply, RecallHeld, TellStaff
from bot.domain.text.slack_in import Mentions
from bot.domain.text.slack_out import escape
from bot.domain.translation import TranslateReply
from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.window import is_closed
from bot.flows.parking import leave
from bot.flows.receipts import seen_by_staff
from bot.flows.redraw import redraw
from bot.flows.staff_files import bring_again, bring_file, hold_files, kinds_of, sort_out
from bot.flows.staff_presses import staff_presses
from bot.flows.translation import language_to_answer_in
from storage import answers, conversations, corrections, escalations, messages
from storage.tasks import Unit

NOTHING_LEFT = (
    "⏸️ *Not sent to the customer*: nothing would be left of it in WhatsApp. Custom emoji and mentions stay in Slack."
)
_DECIDED = {
    Delivery.KEPT: "It was kept as a note.",
    Delivery.PARKED: "It waits for the customer to write, and leaves then.",
    Delivery.WITHDRAWN: "Its author has deleted it; it will not be sent.",
}


@dataclass(frozen=True, slots=True)
class StaffReply:
    """A message in a thread. `text` is what the customer would read."""

    channel: str
    thread_ts: str
    ts: str
    staff_id: str
    text: str
    mentions: Mentions
    files: tuple[StaffFile, ...] = ()
    is_drafted: bool = False  # the AI proposed it: there is no message of theirs in the thread


async def staff_replies(turn: Unit, reply: StaffReply, rules: InboxRules) -> None:
    seen = await escalations.of_thread(reply.channel, reply.thread_ts)
    if seen is None:
        return None  # not one of our threads
    conversation = await conversations.lock(seen.conversation_id)
    if await messages.by_slack(reply.channel, reply.ts):
        return None  # the same message under a second event id
    escalation = await escalations.load(seen.id)
    assert escalation is not None
    if not reply.text.strip() and not reply.files:
        return tell(turn, escalation, reply, NOTHING_LEFT)
    late = is_late(reply.ts, turn.now)
    closed = is_closed(conversation, turn.now)
    takes = rules.first_reply_takes
    verdict = judge(
        escalation, reply.staff_id, reply.text, reply.mentions, late=late, window_closed=closed, first_takes=takes
    )
    if verdict.kind is Kind.NOTE:
        await _keep(turn, escalation, reply, note_text(reply.text))
    elif verdict.kind is Kind.ENDED:
        await _keep(turn, escalation, reply, reply.text)
        tell(turn, escalation, reply, too_late(escalation))
    elif sendable := _without_unsendable(turn, escalation, reply, rules):
        await send_or_hold(turn, conversation, escalation, sendable, verdict, rules)
    return None


async def send_or_hold(
    turn: Unit,
    conversation: Conversation,
    escalation: Escalation,
    reply: StaffReply,
    verdict: Verdict,
    rules: InboxRules,
) -> Message:
    """It leaves, or its author is asked first. The caller holds the conversation's lock."""
    answer = await _answer_unseen(turn, conversation, reply, rules) if verdict.kind is Kind.SEND else None
    if verdict.kind is Kind.HOLD or answer or await _is_translated(escalation, reply, rules):
        return await _hold(turn, escalation, reply, rules, answer)
    if verdict.takes:
        escalation = await _taken(turn, escalation, reply.staff_id, rules)
    message = await say(turn, escalation, reply, rules)
    await conversations.answered(conversation.id, conversation.last_customer_message)
    seen_by_staff(turn, conversation)
    await redraw(turn, escalation, rules)
    return message


async def _answer_unseen(turn: Unit, conversation: Conversation, reply: StaffReply, rules: InboxRules) -> int | None:
    """A colleague's answer of this moment: nobody can know whether whoever writes now has read it."""
    if not rules.answered_lately:
        return None
    return await answers.by_another(conversation.id, reply.staff_id, turn.now - rules.answered_lately)


async def _taken(turn: Unit, escalation: Escalation, by: str, rules: InboxRules) -> Escalation:
    """Of two who answer at once the conversation's lock lets one be first; the other finds it taken."""
    taken = await staff_presses(turn, escalation.id, Take(), Actor(by), rules)
    assert isinstance(taken, Escalation)
    return taken


def _without_unsendable(turn: Unit, escalation: Escalation, reply: StaffReply, rules: InboxRules) -> StaffReply | None:
    """What of it can reach the customer, if anything; its author is told at once what cannot."""
    files, refused = sort_out(reply.files, rules.able)
    rest = replace(reply, files=tuple(files))
    if refused:
        also = " The rest of your message is handled as usual." if files or reply.text.strip() else ""
        tell(turn, escalation, reply, f"📎 *Not sent to the customer.* {escape(' '.join(refused))}{also}")
    return rest if files or reply.text.strip() else None


async def staff_sends_held(turn: Unit, message_id: int, actor: Actor, rules: InboxRules) -> Message | Refusal:
    """*Take and send* or *Send*: the click that a held reply waited for."""
    held = await _held(message_id)
    if isinstance(held, Refusal):
        return held
    conversation = await conversations.load(held.conversation_id)
    if is_closed(conversation, turn.now):
        return Refusal(Why.WINDOW_CLOSED, "The reply window is closed.")
    escalation = await still_wanted(turn, held.escalation_id, actor, rules)
    if isinstance(escalation, Refusal):
        return escalation
    await leave(turn, held)
    await conversations.answered(conversation.id, conversation.last_customer_message)
    seen_by_staff(turn, conversation)
    await redraw(turn, escalation, rules)
    return held


async def still_wanted(turn: Unit, escalation_id: int | None, actor: Actor, rules: InboxRules) -> Escalation | Refusal:
    """A click that lets something leave takes what nobody has; after the end nothing leaves."""
    assert escalation_id is not None
    escalation = await escalations.load(escalation_id)
    assert escalation is not None
    if escalation.status is Status.QUEUED:
        return await staff_presses(turn, escalation.id, Take(), actor, rules)
    return Refusal(Why.ENDED, too_late(escalation)) if escalation.status.is_final else escalation


async def staff_parks(turn: Unit, message_id: int, actor: Actor, rules: InboxRules) -> Message | Refusal:
    """*Send when they write*. Where they have written meanwhile it leaves at once."""
    seen = await messages.load(message_id)
    conversation = await conversations.lock(seen.conversation_id)
    message = await messages.lock(message_id)
    if message.status not in (Delivery.HELD, Delivery.FAILED):
        return _decided(message)
    escalation = await still_wanted(turn, message.escalation_id, actor, rules)
    if isinstance(escalation, Refusal):
        return escalation
    if is_closed(conversation, turn.now):
        await messages.set_status(message.id, Delivery.PARKED)
        await corrections.stays(message.id)
        turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id))
    else:
        await leave(turn, message)
        await conversations.answered(conversation.id, conversation.last_customer_message)
        seen_by_staff(turn, conversation)
    await redraw(turn, escalation, rules)
    return await messages.load(message.id)


async def staff_keeps_note(turn: Unit, message_id: int) -> Message | Refusal:
    """*Keep as note*: the customer never sees it."""
    held = await _held(message_id)
    if isinstance(held, Refusal):
        return held
    await messages.keep_as_note(held.id)
    turn.cause(MarkReply(inbox_id=held.inbox_id, message_id=held.id))
    return held


async def staff_retries(turn: Unit, message_id: int, attempt: int) -> Message | Refusal:
    """*Retry* or *Send again*: a new attempt, after whatever waits in the conversation's lane."""
    message = await messages.lock(message_id)
    if message.status not in (Delivery.FAILED, Delivery.UNCONFIRMED):
        return Refusal(Why.NOT_OPEN, f"Nothing to retry: this message is {message.status}.")
    await messages.set_status(message.id, Delivery.QUEUED)
    if message.status is Delivery.FAILED:
        await corrections.stays(message.id)
        await bring_again(turn, message, f"attempt{attempt}")
    turn.cause(SendToCustomer.of(message, attempt))
    return message


async def _held(message_id: int) -> Message | Refusal:
    seen = await messages.load(message_id)
    await conversations.lock(seen.conversation_id)
    message = await messages.lock(message_id)
    if message.status is Delivery.HELD:
        return message
    return _decided(message)


def _decided(message: Message) -> Refusal:
    return Refusal(Why.NOT_OPEN, _DECIDED.get(message.status, "It is already on its way to the customer."))


async def say(turn: Unit, escalation: Escalation, reply: StaffReply, rules: InboxRules) -> Message:
    """Of a reply's parts the last one carries the Slack message, so its marks tell when all of it arrived."""
    reply = replace(reply, files=tuple(sort_out(reply.files, rules.able)[0]))
    *before, last = parts_of(reply.text, kinds_of(reply.files, rules.able))
    await escalations.answered_first(escalation.id, reply.staff_id, turn.now)
    parts = [await _say_part(turn, escalation, reply, part, rules, with_slack=False) for part in before]
    message = await _say_part(turn, escalation, reply, last, rules, with_slack=True)
    await corrections.bind_parts(message.id, [each.id for each in parts])
    at = turn.now + rules.reply_delay if rules.reply_delay else None
    # Where nothing delays it, it has mostly left before its mark would say that it waits.
    shown_at = None if at else turn.now + rules.mark_shown_after
    turn.cause(
        *(SendToCustomer.of(each, at=at) for each in [*parts, message]),
        MarkReply(inbox_id=message.inbox_id, message_id=message.id, at=shown_at),
    )
    return message


async def _say_part(
    turn: Unit, escalation: Escalation, reply: StaffReply, part: Part, rules: InboxRules, *, with_slack: bool
) -> Message:
    row = _row(turn, escalation, reply, part.text, Delivery.QUEUED, with_slack=with_slack)
    message = await messages.add(replace(row, kind=part.kind))
    if part.file is not None:
        await bring_file(turn, message, reply.files[part.file], rules.able)
    return message


async def _keep(turn: Unit, escalation: Escalation, reply: StaffReply, text: str) -> None:
    message = await messages.add(_row(turn, escalation, reply, text, Delivery.KEPT))
    turn.cause(MarkReply(inbox_id=message.inbox_id, message_id=message.id))


async def _hold(
    turn: Unit, escalation: Escalation, reply: StaffReply, rules: InboxRules, answer_id: int | None = None
) -> Message:
    message = await messages.add(_row(turn, escalation, reply, reply.text, Delivery.HELD))
    await hold_files(message, reply.files, rules.able)
    await ask(turn, escalation, message, rules, answer_id=answer_id)
    return message


async def _is_translated(escalation: Escalation, reply: StaffReply, rules: InboxRules) -> bool:
    """Whether its author looks at a translation first. What the AI drafted is in the customer's language already."""
    return not reply.is_drafted and await language_to_answer_in(escalation, reply.text, rules) is not None


async def ask(
    turn: Unit,
    escalation: Escalation,
    message: Message,
    rules: InboxRules,
    edition: str = "",
    answer_id: int | None = None,
) -> None:
    """Whether the customer should get a held reply: its author at once, everybody after a minute."""
    about = {"inbox_id": message.inbox_id, "escalation_id": escalation.id, "message_id": message.id}
    drafted = message.details.is_drafted
    to = None if drafted else await language_to_answer_in(escalation, message.text, rules)
    turn.cause(
        TranslateReply(**about, to=to, edition=edition, answer_id=answer_id)
        if to
        else AskAboutHeld(**about, edition=edition, answer_id=answer_id),
        MarkReply(inbox_id=message.inbox_id, message_id=message.id),
        RecallHeld(**about, edition=edition, at=turn.now + rules.held_shown_after),
    )


def _row(
    turn: Unit, escalation: Escalation, reply: StaffReply, text: str, status: Delivery, *, with_slack: bool = True
) -> messages.NewMessage:
    with_slack = with_slack and not reply.is_drafted
    return messages.NewMessage(
        inbox_id=escalation.inbox_id,
        conversation_id=escalation.conversation_id,
        author=Author.STAFF,
        kind="note" if status is Delivery.KEPT else "text",
        text=text,
        status=status,
        said_at=turn.now,
        escalation_id=escalation.id,
        staff_id=reply.staff_id,
        slack_channel=reply.channel if with_slack else None,
        slack_ts=reply.ts if with_slack else None,
        details=Details(is_drafted=reply.is_drafted),
    )


def tell(turn: Unit, escalation: Escalation, reply: StaffReply, words: str) -> None:
    turn.cause(
        TellStaff(
            inbox_id=escalation.inbox_id,
            channel=reply.channel,
            thread_ts=reply.thread_ts,
            user=reply.staff_id,
            text=words,
            about=f"{reply.channel}:{reply.ts}:{len(words)}",
        )
    )


def too_late(escalation: Escalation) -> str:
    ended = "returned to the bot" if escalation.status is Status.RESOLVED else "closed"
    who = f"<@{escalation.ended_by}>" if escalation.ended_by else "Switchboard"
    return (
        f"⏸️ *Not sent to the customer*: this was {ended} by {who}. "
        "To write to them again, use `/escalate` with their number or name."
    )
