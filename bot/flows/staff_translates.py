"""In which words a held reply leaves: as the AI translated it, as its author changed that, or as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Message
from bot.domain.copilot import DraftStatus
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Refusal, Why
from bot.domain.rules import InboxRules
from bot.domain.staff_work import AskAboutHeld
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInThread
from bot.flows.audit_lines import named
from bot.flows.staff_replies import staff_sends_held
from storage import conversations, messages, staff, translations
from storage.tasks import Unit

_MOVED_ON = "Your words have changed since this was translated. The newest question has the newest words."


@dataclass(frozen=True, slots=True)
class Choice:
    """`translated`: in the customer's language, as proposed or as `text` has it; else as it was written."""

    translated: bool
    text: str | None = None


async def staff_sends_chosen(
    turn: Unit, message_id: int, choice: Choice, actor: Actor, rules: InboxRules
) -> Message | Refusal:
    """From here on it is a held reply that somebody lets go, and what holds for those holds for it."""
    seen = await messages.load(message_id)
    await conversations.lock(seen.conversation_id)
    message = await messages.lock(message_id)
    proposal = await translations.proposal(message) if message.status is Delivery.HELD else None
    words = choice.text or (proposal.text if proposal else "")
    if message.status is Delivery.HELD and choice.translated and (proposal is None or not words):
        return Refusal(Why.WRONG, _MOVED_ON)
    if proposal is not None:
        await translations.decide(proposal.id, DraftStatus.SENT if choice.translated else DraftStatus.DISCARDED)
        if choice.translated:
            await translations.say_instead(message, words)
    outcome = await staff_sends_held(turn, message_id, actor, rules)
    if isinstance(outcome, Message) and choice.translated:
        turn.cause(await _line(outcome, actor))
    return outcome


async def staff_is_asked_again(turn: Unit, message_id: int) -> None:
    """Where the answer came by a window that has closed since: what can still be done with a held reply."""
    message = await messages.load(message_id)
    if message.status is Delivery.HELD and message.escalation_id is not None:
        about = {"inbox_id": message.inbox_id, "escalation_id": message.escalation_id, "message_id": message.id}
        turn.cause(AskAboutHeld(**about, edition=f":{int(turn.now.timestamp() * 1000)}"))


async def _line(message: Message, actor: Actor) -> NoteInThread:
    """The thread shows other words than the customer reads: whoever reads along should know which."""
    assert message.escalation_id is not None
    who = named(actor.staff_id, await staff.names({actor.staff_id} if actor.staff_id else set()))
    return NoteInThread(
        inbox_id=message.inbox_id,
        escalation_id=message.escalation_id,
        text=f"🌐 {who} sent the translation. The customer reads:\n>{escape(' '.join(message.text.split()))}",
        about=f"translated:{message.id}",
    )
