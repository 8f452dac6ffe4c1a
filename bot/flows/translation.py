"""Threads in two languages: what customers say is put into the staff's, what staff say waits in the customer's."""

from __future__ import annotations

from bot.domain.conversation import Message, opens_turn, said_in
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Escalation, Refusal, Why
from bot.domain.handover import language_of
from bot.domain.rules import InboxRules
from bot.domain.staff_work import AskAboutHeld
from bot.domain.text.language_names import language_name
from bot.domain.thread_work import NoteInThread
from bot.domain.translation import OFF, ShowTranslation, TranslateMessage, TranslateReply, Translation
from bot.flows.audit_lines import named
from storage import conversations, escalations, messages, staff, translations
from storage.tasks import Unit

ALREADY_THEIRS = "It seems to be in their language already."


async def language_of_thread(escalation: Escalation, rules: InboxRules) -> str | None:
    """What staff read and write in it, where that is not simply what the customer speaks."""
    chosen = await translations.thread_language(escalation.id) or rules.thread_language
    return None if chosen == OFF else chosen


async def show_in_thread_language(turn: Unit, message: Message, escalation: Escalation, rules: InboxRules) -> None:
    """A customer's words are shown at once, as they are; a translation follows, or word that there is none."""
    words = said_in(message)
    if not words or not opens_turn(message.kind):
        return
    ours = await language_of_thread(escalation, rules)
    if ours and language_of(words) != ours:
        about = {"inbox_id": message.inbox_id, "escalation_id": escalation.id, "message_id": message.id}
        turn.cause(TranslateMessage(**about, to=ours))


async def message_is_translated(turn: Unit, work: TranslateMessage, made: Translation | None) -> None:
    if made is not None:
        await translations.understood(work.message_id, made, is_same=made.spoken == _base(work.to))
    if made is None or made.spoken != _base(work.to):
        about = {"inbox_id": work.inbox_id, "escalation_id": work.escalation_id, "message_id": work.message_id}
        turn.cause(ShowTranslation(**about, failed=made is None))


async def language_to_answer_in(escalation: Escalation, text: str, rules: InboxRules) -> str | None:
    """The customer's, where staff write in another and these words are not in it."""
    ours = await language_of_thread(escalation, rules)
    if ours is None or not text.strip():
        return None
    conversation = await conversations.load(escalation.conversation_id)
    theirs = _base(await translations.spoken(conversation.id) or conversation.language or escalation.language)
    return None if theirs in (_base(ours), language_of(text)) else theirs


async def reply_is_translated(
    turn: Unit, work: TranslateReply, original: str, made: Translation | None, why: str
) -> None:
    """Its author decides. A model that fails keeps nothing from leaving: as it was written it still can."""
    message = await messages.lock(work.message_id)
    if message.status is not Delivery.HELD or message.text != original:
        return  # decided; or its author has put it otherwise, and that is being translated
    failure = why or "" if made is None else ALREADY_THEIRS if made.spoken == work.to else ""
    await translations.propose(work, message, made.text if made else "", failure, turn.now)
    about = {"inbox_id": work.inbox_id, "escalation_id": work.escalation_id, "message_id": work.message_id}
    turn.cause(AskAboutHeld(**about, edition=work.edition, answer_id=work.answer_id))


async def staff_sets_language(turn: Unit, escalation_id: int, language: str, actor: Actor) -> Escalation | Refusal:
    """From here on: what was said before stays as it is."""
    seen = await escalations.load(escalation_id)
    if seen is None:
        return Refusal(Why.NOT_ESCALATED, "That escalation does not exist here any more.")
    await conversations.lock(seen.conversation_id)
    escalation = await escalations.load(escalation_id)
    assert escalation is not None
    if escalation.status.is_final:
        return Refusal(Why.ENDED, "This has ended; nothing of it is translated any more.")
    await translations.set_thread_language(escalation.id, language)
    who = named(actor.staff_id, await staff.names({actor.staff_id} if actor.staff_id else set()))
    said = "is not translated any more" if language == OFF else f"is translated to and from {language_name(language)}"
    turn.cause(
        NoteInThread(
            inbox_id=escalation.inbox_id,
            escalation_id=escalation.id,
            text=f"🌐 From here on this thread {said}, as {who} decided.",
            about=f"language:{int(turn.now.timestamp() * 1000)}",
        )
    )
    return escalation


def _base(language: str) -> str:
    """`pt-BR` is `pt`."""
    return language.lower().replace("_", "-").split("-")[0]
