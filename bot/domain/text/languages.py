"""Which of the languages Switchboard speaks a text is in, and its words without case, accents or punctuation."""

from __future__ import annotations

import re
import unicodedata

# Vowel signs of Devanagari are no letters to Python's \w.
_WORD = re.compile(r"[^\W_\u0900-\u097f]+|[\u0900-\u0963\u0966-\u097f]+")
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ـ": ""})  # written either way by the same people

_COMMON = {
    "en": "the is are my and you i what how where when have can please with for not this it do does your of to was "
    "want need order from me been will would there thanks hello",
    "es": "el los las una un mi que donde como cuando esta estoy quiero hola por para gracias tengo necesito es "
    "y con "
    "del no me puedo se lo su muy pero pedido hay",
    "pt": "o os as uma um meu minha que onde como quando esta estou quero ola oi por para obrigado obrigada tenho "
    "preciso e com do da nao me posso voce muito mas pedido nao ainda",
    "fr": "le la les une un mon ma mes que ou comment quand est suis je veux bonjour pour merci ai besoin et "
    "avec du des "
    "ne pas vous il votre commande puis sur bonsoir",
    "de": "der die das ein eine mein meine ich ist sind wo wie wann habe will mochte hallo fur danke brauche und "
    "mit nicht "
    "sie wir bitte auf noch bestellung guten kann",
    "it": "il lo gli una un mio mia che dove come quando sono voglio ciao per grazie ho bisogno e con del della "
    "non "
    "mi posso vorrei ordine buongiorno quanto salve",
    "sw": "na ya wa kwa ni yangu wangu wapi lini nataka habari asante naomba tafadhali nina sijapata hii bei "
    "gani je "
    "iko bado lakini jambo mambo yenu samahani",
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SURE = {
    "hello": "en", "thanks": "en", "hola": "es", "gracias": "es", "obrigado": "pt", "obrigada": "pt", "voce": "pt",
    "nao": "pt", "bonjour": "fr", "bonsoir": "fr", "merci": "fr", "hallo": "de", "danke": "de", "nicht": "de",
    "grazie": "it", "buongiorno": "it", "habari": "sw", "asante": "sw", "tafadhali": "sw", "jambo": "sw",
}  # fmt: skip
_PERSIAN_OR_URDU = re.compile("[پچژگٹڈڑںےھ]")


def fold(text: str) -> str:
    """Case and accents away, so that "Cuándo" and "CUANDO" are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_ARABIC)


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


_MARATHI_OR_NEPALI = frozenset(words("आहे आहेत नाही माझे माझी माझा मला काय छ हुन्छ मेरो"))


def is_common(word: str) -> bool:
    """Whether a folded word is among the commonest of one of the languages."""
    return any(word in common for common in _WORDS_OF.values())


def language_of(text: str) -> str | None:
    """A guess from the commonest words; None when there are too few of them or two languages come close."""
    if script := _by_script(text):
        return script
    seen = set(words(text))
    scores = {language: len(seen & common) for language, common in _WORDS_OF.items()}
    for word, language in _SURE.items():
        scores[language] += word in seen
    (best, most), (_, next_most) = sorted(scores.items(), key=lambda each: -each[1])[:2]
    return best if most >= 2 and most >= 1.5 * next_most else None


def _by_script(text: str) -> str | None:
    letters = [char for char in text if char.isalpha()]
    if sum("\u0600" <= char <= "\u06ff" for char in letters) * 2 > len(letters):
        return None if _PERSIAN_OR_URDU.search(text) else "ar"
    if sum("\u0900" <= char <= "\u097f" for char in letters) * 2 > len(letters):
        return None if _MARATHI_OR_NEPALI & set(words(text)) else "hi"
    return None
