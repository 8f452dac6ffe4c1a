"""Staff teach the bot: an answer of theirs becomes something the AI finds, and can be changed and taken back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Author, Message, opens_turn
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalation, Refusal, Why
from bot.domain.handover import asks_for_person
from bot.domain.teaching import LONGEST_ANSWER, LONGEST_QUESTION, Lesson, TaughtAnswer
from storage import corrections, customer_records, history, knowledge, lookups, messages, posted, taught
from storage.tasks import Unit

_LOOKED_BACK = 30  # messages

_GONE = Refusal(Why.WRONG, "Somebody has taken this answer back, or changed it, meanwhile.")


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learnt, and what it takes the place of."""

    id: int
    replaced: int | None = None


async def staff_teaches(turn: Unit, lesson: Lesson, staff_id: str, replaces: int | None = None) -> Taught | Refusal:
    """The row and what makes it findable are one commit. What was said before stays as a row that is not found."""
    if trouble := lesson.trouble:
        return Refusal(Why.WRONG, trouble)
    if replaces is not None and not await _forget(turn, lesson.inbox_id, replaces, staff_id):
        return _GONE
    if replaces is None and (known := await taught.same(lesson)):
        return Refusal(Why.WRONG, f"The AI knows exactly this already: <@{known.staff_id}> has taught it.")
    new = await taught.add(lesson, staff_id, turn.now)
    await knowledge.add_taught(lesson.inbox_id, new, lesson.question, lesson.answer)
    await _note(turn, lesson.inbox_id, lesson.conversation_id, "teach", staff_id, new)
    return Taught(new, replaces)


async def staff_unteaches(turn: Unit, inbox_id: int, taught_id: int, staff_id: str) -> TaughtAnswer | Refusal:
    """The AI does not find it any more."""
    known = await taught.lock(inbox_id, taught_id)
    return known if known and await _forget(turn, inbox_id, taught_id, staff_id) else _GONE


async def staff_undoes(
    turn: Unit, inbox_id: int, staff_id: str, *, learnt: int | None, forgotten: int | None
) -> Refusal | None:
    """As it was before somebody taught, changed or removed it."""
    if learnt is not None and not await _forget(turn, inbox_id, learnt, staff_id):
        return _GONE
    if forgotten is not None:
        before = await taught.lock(inbox_id, forgotten)
        if before is None or not await taught.restore(forgotten):
            return _GONE
        await knowledge.add_taught(inbox_id, before.id, before.question, before.answer)
        await _note(turn, inbox_id, 0, "teach", staff_id, forgotten)
    return None


async def _forget(turn: Unit, inbox_id: int, taught_id: int, staff_id: str) -> bool:
    if await taught.lock(inbox_id, taught_id) is None or not await taught.remove(taught_id, staff_id, turn.now):
        return False
    await knowledge.remove_taught(inbox_id, taught_id)
    await _note(turn, inbox_id, 0, "unteach", staff_id, taught_id)
    return True


async def _note(turn: Unit, inbox_id: int, conversation_id: int, event: str, staff_id: str, taught_id: int) -> None:
    await customer_records.note(inbox_id, conversation_id, event, staff_id, turn.now, f"taught:{taught_id}")


async def lesson_from(about: Escalation, channel: str, ts: str, words: str) -> Lesson:
    """What a message in the thread would teach: as the customer got it, after what the customer had written.

    `words`: those of a message that nobody has written down.
    """
    known = await messages.by_slack(channel, ts)
    said = [known] if known else await messages.load_all(await posted.messages_at(channel, ts))
    of_customer = "\n".join(_words(each) for each in said if each.author is Author.CUSTOMER)
    if known and known.author is Author.STAFF:
        words = (await corrections.edition(known.id)).had
    elif said:
        words = "\n".join(each.text for each in said if each.author is not Author.CUSTOMER)
    before = said[0].id if said else history.LAST
    question = of_customer or await _asked_before(about.conversation_id, before)
    return Lesson(
        about.inbox_id,
        question[:LONGEST_QUESTION],
        words[:LONGEST_ANSWER],
        known.id if known and known.author is Author.STAFF else None,
        about.conversation_id,
    )


async def lesson_about(lookup_id: int) -> Lesson | None:
    """What was asked in vain, in the customer's own words where they are still there."""
    asked = await lookups.asked(lookup_id)
    if asked is None:
        return None
    said = await _asked_before(asked.conversation_id, asked.message_id + 1)
    return Lesson(asked.inbox_id, (said or asked.query)[:LONGEST_QUESTION], "", None, asked.conversation_id)


async def _asked_before(conversation_id: int, message_id: int) -> str:
    """What the customer wrote last before this message, until somebody had answered.

    That they then asked for a person is not what they wanted to know.
    """
    asked, wish = list[str](), ""
    for each in reversed(await history.before(conversation_id, message_id, _LOOKED_BACK)):
        if each.author is Author.CUSTOMER and opens_turn(each.kind) and each.revoked_at is None:
            words = _words(each)
            if asks_for_person(words):
                wish = wish or words
            elif words:
                asked.append(words)
        elif asked and each.author in (Author.BOT, Author.STAFF) and each.status is not Delivery.KEPT:
            break
    return "\n".join(reversed(asked)) or wish


def _words(message: Message) -> str:
    return message.text.strip() or message.heard.strip()
