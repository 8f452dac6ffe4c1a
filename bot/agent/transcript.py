"""The conversation as the model reads it: who said what, where people took over, and where they gave it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from bot.agent.perceived import NOTHING, UNSEEN, Perceived
from bot.agent.words import in_words
from bot.domain.conversation import Author, Message, was_said
from bot.domain.text.defused import defused
from bot.domain.text.tokens import LETTERS, tokens
from integrations.openai.payloads import ChatMessage, Image, Role

HISTORY_BUDGET = 24_000  # characters of English: 6,000 tokens, which the smallest models in use still hold

_CUT = "The beginning of the conversation is left out."
_TAKEN = "From here a colleague had the conversation; what you read as yours until it ends was said by us or by them."
# A model that reads its own "a colleague will answer you" otherwise stays mute, or goes on promising one.
_RETURNED = (
    "The colleague has given the conversation back. That stretch is over: nobody else answers now, you do again. "
    "Stand by what the colleague said, and do not repeat that a colleague will come."
)
_HAPPENED = "What happened in that stretch, as the colleague sees it: "
_GUIDANCE = "The colleague's guidance for you: "


def to_messages(
    history: Sequence[Message],
    guidance: str = "",
    budget: int = HISTORY_BUDGET,
    perceived: Perceived = NOTHING,
    happened: str = "",
) -> list[ChatMessage]:
    """What was said, oldest first, within a budget that keeps the newest. Other scripts weigh more than English."""
    words, said = _said(history, perceived.notes)
    unseen, _ = _said(history, {**perceived.notes, **dict.fromkeys(perceived.pictures, UNSEEN)})
    kept = _newest(said, words, budget)
    messages = [ChatMessage(Role.SYSTEM, _CUT)] if len(kept) < len(said) else []
    for with_people, stretch in groupby(zip(kept, _with_people(kept), strict=True), key=lambda pair: pair[1]):
        spoken = [
            _spoken(message, words[message.id][:budget], perceived.pictures.get(message.id), unseen[message.id])
            for message, _ in stretch
        ]
        messages += _human_stretch(spoken) if with_people else spoken
    told = [f"{_HAPPENED}{happened.strip()}"] if happened.strip() else []
    told += [f"{_GUIDANCE}{guidance.strip()}"] if guidance.strip() else []
    return joined(_guided(messages, told))


def plainly(history: Sequence[Message], budget: int = HISTORY_BUDGET) -> list[ChatMessage]:
    """The same for whoever writes in a colleague's name: it does not matter whose hands each word came from."""
    words, said = _said(history, {})
    kept = _newest(said, words, budget)
    messages = [ChatMessage(Role.SYSTEM, _CUT)] if len(kept) < len(said) else []
    return joined([*messages, *(_spoken(message, words[message.id][:budget]) for message in kept)])


def _said(history: Sequence[Message], notes: Mapping[int, str]) -> tuple[dict[int, str], list[Message]]:
    """What the customer said and got, and in which words."""
    known = {message.wamid: message for message in history if message.wamid}
    words = {each.id: in_words(each, known, notes.get(each.id, "")) for each in history if was_said(each)}
    return words, [message for message in history if words.get(message.id)]


def _newest(said: list[Message], words: Mapping[int, str], budget: int) -> list[Message]:
    """The newest messages that fit; the very last one always does."""
    spent = 0
    for index in range(len(said) - 1, -1, -1):
        spent += LETTERS * tokens(words[said[index].id])
        if spent > budget:
            return said[min(index + 1, len(said) - 1) :]
    return said


def _with_people(kept: Sequence[Message]) -> list[bool]:
    """Whether people had the conversation when each message was said.

    Staff and Switchboard's own words always belong to their stretch; what a customer said between two messages of one
    escalation does too, even where it does not carry the escalation's id.
    """
    flags = [message.author is not Author.BOT and _belongs_to_people(message) for message in kept]
    for before, after in pairwise(index for index, flag in enumerate(flags) if flag):
        between = kept[before + 1 : after]
        same = kept[before].escalation_id == kept[after].escalation_id
        if same and all(message.author is Author.CUSTOMER for message in between):
            flags[before:after] = [True] * (after - before)
    return flags


def _belongs_to_people(message: Message) -> bool:
    return message.escalation_id is not None or message.author in (Author.STAFF, Author.SYSTEM)


def _human_stretch(spoken: list[ChatMessage]) -> list[ChatMessage]:
    return [ChatMessage(Role.SYSTEM, _TAKEN), *spoken, ChatMessage(Role.SYSTEM, _RETURNED)]


def _guided(messages: list[ChatMessage], told: list[str]) -> list[ChatMessage]:
    """Put what staff have told where the last stretch ended, or last where that is too long ago to be in sight."""
    lines = [ChatMessage(Role.SYSTEM, defused(each)) for each in told]
    end = ChatMessage(Role.SYSTEM, _RETURNED)
    ends = [index for index, message in enumerate(messages) if message == end]
    at = ends[-1] + 1 if ends else len(messages)
    return [*messages[:at], *lines, *messages[at:]]


def joined(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """One turn per speaker: some models' chat templates refuse two turns of one role in a row."""
    return [_as_one(role, list(run)) for role, run in groupby(messages, key=lambda message: message.role)]


def _as_one(role: Role, run: Sequence[ChatMessage]) -> ChatMessage:
    images = tuple(image for message in run for image in message.images)
    unseen = "\n".join(message.unseen or message.text for message in run) if images else ""
    return ChatMessage(role, "\n".join(message.text for message in run), images=images, unseen=unseen)


def _spoken(message: Message, words: str, picture: Image | None = None, unseen: str = "") -> ChatMessage:
    """Whoever wrote it may have quoted somebody who wants to be taken for the system."""
    role = Role.USER if message.author is Author.CUSTOMER else Role.ASSISTANT
    return ChatMessage(role, defused(words), images=(picture,) if picture else (), unseen=defused(unseen))
