"""Signs that the AI is of no help: the same question a third time, and two in a row of which nothing is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from bot.domain.conversation import Author, Message, opens_turn, was_said
from bot.domain.text.any_words import any_words, is_unspaced
from bot.domain.text.languages import is_common

OFTEN = 3
# Who asks for the opening hours today and again next week was helped both times.
_LATELY = timedelta(hours=6)
_ALIKE = 0.87  # of two words, beyond which they are one word with a slip of the finger; Iceland and Ireland are two
_SHORT = 3  # letters of the common words that say nothing about what is asked
_CONTRACTED = re.compile(r"['’](?:s|re|ll|ve|d|t|m)\b", re.IGNORECASE)
_SMALL_TALK = frozenset(
    any_words(
        "hi hello hey hiya yo ok okay k kk thanks thank you thx ty cheers yes no yeah yep yup nope sure please pls plz "
        "good great fine nice perfect morning afternoon evening night day bye goodbye welcome wow oh ah hm hmm lol "
        "hola buenas buenos dias tardes noches dia gracias si vale bueno claro perfecto listo por favor adios "
        "ola oi bom boa tarde noite tudo bem sim nao obrigado obrigada certo beleza tchau "
        "bonjour salut bonsoir merci oui non d'accord svp s'il vous plaît te parfait super au revoir "
        "hallo guten tag morgen abend danke ja nein gut bitte alles klar schön tschüss moin prima "
        "ciao salve buongiorno buonasera grazie sì va bene prego perfetto "
        "habari jambo mambo asante sana ndiyo hapana sawa poa tafadhali karibu "
        "مرحبا اهلا السلام عليكم شكرا نعم لا تمام حسنا طيب اوكي ايوه صباح الخير مساء "
        "नमस्ते नमस्कार धन्यवाद शुक्रिया हाँ हां जी नहीं ठीक है अच्छा ओके namaste haan han ji nahi nahin theek thik hai accha "
        "hoi dank je bedankt tak hej tack ja nej dziękuję tak cześć teşekkürler evet hayır merhaba tamam "
        "привет здравствуйте спасибо да нет хорошо terima kasih halo iya tidak baik"
    )
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a customer said before one answer; `through` is the last of it."""

    messages: tuple[Message, ...]
    answered_at: datetime

    @property
    def through(self) -> int:
        return self.messages[-1].id


def is_small_talk(text: str) -> bool:
    """Greetings, thanks, a yes or a no, an emoji: nothing that could be answered wrongly."""
    return not set(any_words(text)) - _SMALL_TALK


def asks_the_same(text: str, other: str) -> bool:
    """Whether one says nothing that the other does not, but for small talk and slips.

    A word that each has and the other has not makes them two questions: "a tent in red", "a tent in blue".
    """
    fewer, more = sorted((_telling(text), _telling(other)), key=len)
    room = 2 * len(fewer) + (len(fewer) > 1)
    return 0 < len(more) <= room and bool(fewer) and all(_is_in(word, more) for word in fewer)


def asked_in_vain(history: Sequence[Message], answered_through: int) -> str | None:
    """The question that waits for an answer though it was answered twice lately, since people last had a say."""
    waiting, turns = _waiting(history, answered_through), list(_turns(history, answered_through))
    for question in waiting:
        before = [turn for turn in turns if question.said_at - turn.answered_at <= _LATELY]
        if sum(any(asks_the_same(_said(question), _said(each)) for each in turn.messages) for turn in before) >= (
            OFTEN - 1
        ):
            return _said(question)
    return None


def knew_nothing_before(history: Sequence[Message], answered_through: int, found: Mapping[int, bool]) -> bool:
    """Whether the question before the one that waits was looked up in vain too.

    `found`: for the last message of a turn, whether its searches found anything.
    """
    waiting, turns = _waiting(history, answered_through), list(_turns(history, answered_through))
    if not waiting or not turns or waiting[-1].said_at - turns[-1].answered_at > _LATELY:
        return False
    begin = turns[-2].through if len(turns) > 1 else 0
    searches = [any_found for at, any_found in found.items() if begin < at <= answered_through]
    return bool(searches) and not any(searches)


def began(history: Sequence[Message]) -> int:
    """The message after which people have not been in it; 0 where they never were."""
    return max(
        (each.id for each in history if each.author is Author.STAFF or each.escalation_id is not None), default=0
    )


def _waiting(history: Sequence[Message], answered_through: int) -> list[Message]:
    since = max(answered_through, began(history))
    return [each for each in history if each.id > since and _asks(each)]


def _turns(history: Sequence[Message], answered_through: int) -> Iterator[_Turn]:
    """What was asked and answered since people last had a say, oldest first. Small talk is no turn."""
    asked: list[Message] = []
    since = began(history)
    for each in history:
        if each.id <= since:
            continue
        if each.author is Author.BOT and asked and was_said(each):
            yield _Turn(tuple(asked), each.said_at)
            asked = []
        elif _asks(each) and each.id <= answered_through:
            asked.append(each)


def _asks(message: Message) -> bool:
    is_said = message.author is Author.CUSTOMER and opens_turn(message.kind) and message.revoked_at is None
    return is_said and not is_small_talk(_said(message))


def _said(message: Message) -> str:
    return message.text or message.heard


def _telling(text: str) -> frozenset[str]:
    """The words that make the question; pairs of letters where a script does not tell words apart."""
    said = [part for word in any_words(_CONTRACTED.sub(" ", text)) for part in _parts(word) if part not in _SMALL_TALK]
    return frozenset(each for each in said if len(each) > _SHORT or not is_common(each)) or frozenset(said)


def _parts(word: str) -> list[str]:
    if not is_unspaced(word) or len(word) < 2:
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


def _is_in(word: str, others: frozenset[str]) -> bool:
    """Figures and short words must be the very same: a slip in them would be another size or another order."""
    if word in others:
        return True
    if len(word) <= _SHORT or not word.isalpha():
        return False
    return any(len(each) > _SHORT and SequenceMatcher(None, word, each).ratio() > _ALIKE for each in others)
