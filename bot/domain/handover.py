"""Customers who ask for a person: recognising it by rule, and the one line that tells them what happens next."""

from __future__ import annotations

import re

from bot.domain.escalation import Told
from bot.domain.text.languages import language_of, words
from bot.domain.text.person_requests import WORDINGS, Wording

__all__ = ["acknowledgement", "asks_for_person", "language_of"]

_CLAUSE = re.compile(r"[.!?…;:,\n؟،؛।|]+|\s[-–—]\s")
_PLEASE = frozenset(words("please pls favor svp plaît bitte favore tafadhali فضلك رجاء कृपया"))
_POLITE = frozenset(
    words(
        "please pls hi hello hey ok now thanks hola por favor ola oi bonjour svp s'il vous te plaît bitte hallo ciao "
        "per favore tafadhali habari مرحبا السلام عليكم من فضلك رجاء कृपया"
    )
)

# No time in them: what is known about that follows from `waiting`.
_LINES: dict[str, dict[Told, str]] = {
    "en": {
        "requested": "Of course. A colleague will read this chat and answer you right here.",
        "handover": "I'm handing this over to a colleague, who will read our chat and answer you right here.",
        "unavailable": "I can't give you a good answer right now, so a colleague will read this and answer you here.",
    },
    "es": {
        "requested": "Por supuesto. Una persona de nuestro equipo leerá este chat y te responderá aquí mismo.",
        "handover": "Paso tu consulta a una persona de nuestro equipo, que leerá este chat y te responderá aquí.",
        "unavailable": "Ahora no puedo ayudarte bien; una persona de nuestro equipo leerá esto y te responderá aquí.",
    },
    "pt": {
        "requested": "Claro. Uma pessoa da nossa equipe vai ler esta conversa e responder aqui mesmo.",
        "handover": "Vou passar isso para uma pessoa da nossa equipe, que vai ler esta conversa e responder aqui.",
        "unavailable": "Não consigo ajudar bem agora; uma pessoa da nossa equipe vai ler isto e responder aqui.",
    },
    "fr": {
        "requested": "Bien sûr. Une personne de notre équipe va lire ce chat et vous répondre ici même.",
        "handover": "Je confie votre demande à une personne de notre équipe, qui lira ce chat et vous répondra ici.",
        "unavailable": "Je ne peux pas bien vous aider là ; une personne de notre équipe lira ceci et répondra ici.",
    },
    "de": {
        "requested": "Gerne. Jemand aus unserem Team liest diesen Chat und antwortet Ihnen direkt hier.",
        "handover": "Ich gebe das an unser Team weiter. Ein Mensch liest diesen Chat und antwortet Ihnen hier.",
        "unavailable": "Gerade kann ich nicht gut helfen. Jemand aus unserem Team liest das und antwortet Ihnen hier.",
    },
    "it": {
        "requested": "Certo. Una persona del nostro team leggerà questa chat e ti risponderà proprio qui.",
        "handover": "Passo la tua richiesta a una persona del nostro team, che leggerà questa chat e ti risponderà.",
        "unavailable": "Ora non riesco ad aiutarti bene: una persona del nostro team leggerà e ti risponderà qui.",
    },
    "sw": {
        "requested": "Bila shaka. Mwenzetu atasoma mazungumzo haya na kukujibu hapa hapa.",
        "handover": "Namkabidhi mwenzetu suala lako; atasoma mazungumzo haya na kukujibu hapa hapa.",
        "unavailable": "Kwa sasa siwezi kukupa jibu zuri; mwenzetu atasoma ujumbe wako na kukujibu hapa.",
    },
    "ar": {
        "requested": "بالتأكيد. سيقرأ أحد أفراد فريقنا هذه المحادثة ويرد عليك هنا.",
        "handover": "سأحيل طلبك إلى أحد أفراد فريقنا، وسيقرأ هذه المحادثة ويرد عليك هنا.",
        "unavailable": "لا أستطيع أن أقدم لك إجابة جيدة الآن، وسيقرأ أحد أفراد فريقنا رسالتك ويرد عليك هنا.",
    },
    "hi": {
        "requested": "ज़रूर। हमारी टीम का एक सदस्य यह बातचीत पढ़कर आपको यहीं जवाब देगा।",
        "handover": "मैं आपकी बात हमारी टीम के एक सदस्य को सौंप रहा हूँ, जो यह बातचीत पढ़कर आपको यहीं जवाब देंगे।",
        "unavailable": "अभी मैं आपको सही जवाब नहीं दे पा रहा हूँ; हमारी टीम का एक सदस्य इसे पढ़कर आपको यहीं जवाब देगा।",
    },
}


def asks_for_person(text: str) -> str | None:
    """The language of an explicit request for a human, else None.

    A rule beside the model, so that a customer who asks is never refused by it; it looks at each clause by itself,
    because "No. I want a human" denies nothing.
    """
    clauses = [words(clause) for clause in _CLAUSE.split(text)]
    for language, wording in WORDINGS.items():
        begged = [[clause] for clause in clauses if _PLEASE.intersection(clause)]  # "A person, please, it is urgent"
        if any(_asks(wording, clause) for clause in clauses):
            return language
        if any(_is_all_there_is(wording, each) for each in (clauses, *begged)):
            return language
    return None


def acknowledgement(language: str | None, *, reason: Told) -> str:
    """What the customer is told when people come in; English where we have no words in their language."""
    code = re.split("[-_]", language or "en")[0].lower()
    return _LINES.get(code, _LINES["en"])[reason]


def _asks(wording: Wording, clause: list[str]) -> bool:
    padded = f" {' '.join(clause)} "
    return wording.asks.search(wording.spoils.sub("…", padded)) is not None


def _is_all_there_is(wording: Wording, clauses: list[list[str]]) -> bool:
    said = " ".join(word for clause in clauses for word in clause if word not in _POLITE)
    return said in wording.alone
