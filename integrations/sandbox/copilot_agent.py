"""The stand-in model at the elbow of the staff: it drafts replies, sums up and translates, always in the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrations.sandbox import phrasebook
from integrations.sandbox.phrasing import phrase, query_of
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.talk import Talk, content, read_talk
from integrations.sandbox.wire import Json, as_objects

SEARCH = "search_knowledge"
TO_DRAFT = re.compile(r"draft their next message", re.IGNORECASE)
TO_SUM_UP = re.compile(r"sum up a whatsapp conversation", re.IGNORECASE)
TO_TRANSLATE = re.compile(r"translate the whole text that follows into\s+(?P<language>\w+)", re.IGNORECASE)
LINE = re.compile(r"^\[[^\]]+\] (?P<who>[^:]+): (?P<words>.+)$", re.MULTILINE)

WORDS = {
    "en": {
        "damaged": "I'm sorry about that! Could you send me your order number and a photo of it? I'll arrange a "
        "replacement or a refund, whichever you prefer.",
        "person": "Hi, this is the team of Aurora Outdoor, and I have read your messages. How can I help?",
        "refund": "I've noted your refund. Could you tell me your order number, so that I can see to it today?",
        "unknown": "Thanks for writing! Let me look into it, and I'll get back to you here today.",
    },
    "es": {
        "damaged": "¡Lo siento mucho! ¿Me envías el número de pedido y una foto? Preparo un cambio o un reembolso, "
        "como prefieras.",
        "person": "Hola, soy del equipo de Aurora Outdoor y ya he leído tus mensajes. ¿En qué te ayudo?",
        "refund": "Tomo nota del reembolso. ¿Me dices tu número de pedido para tramitarlo hoy?",
        "unknown": "¡Gracias por escribir! Lo miro y te respondo por aquí hoy mismo.",
    },
    "pt": {
        "damaged": "Sinto muito! Pode enviar o número do pedido e uma foto? Preparo a troca ou o reembolso, como "
        "preferir.",
        "person": "Olá, sou da equipe da Aurora Outdoor e já li as suas mensagens. Como posso ajudar?",
        "refund": "Anotei o seu reembolso. Pode me dizer o número do pedido, para resolver ainda hoje?",
        "unknown": "Obrigado por escrever! Vou verificar e respondo por aqui ainda hoje.",
    },
}
SUBJECTS = {
    "damaged": r"\b(?:torn|broken|damaged|defect\w*|faulty|ripped|roto|rota|quebrad[oa]|rasgad[oa])\b",
    "refund": r"\b(?:refund|money back|reembolso)\b",
    "person": r"\b(?:person|human|someone|somebody|manager|persona|pessoa|agente|atendente)\b",
}
PROMISES = re.compile(
    r"\b(?:will|i'll|we'll|by (?:to)?(?:day|morrow|friday|monday)|promise\w*|prometo)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    words: str

    @property
    def is_note(self) -> bool:
        return self.who.startswith("Internal note")

    @property
    def is_staff(self) -> bool:
        return self.who.endswith("(staff)")


def is_for_staff(request: Json) -> bool:
    """Whether somebody of the staff asked, and not a customer."""
    return any(each.search(_told(request)) for each in (TO_DRAFT, TO_SUM_UP, TO_TRANSLATE))


def answer(request: Json, language: str) -> Reply:
    """`language` is that of the conversation, or of the text."""
    if asked := TO_TRANSLATE.search(_told(request)):
        return _translation(_asked(request), language, asked["language"])
    if TO_SUM_UP.search(_told(request)):
        return Reply(text=summary([Line(each["who"], each["words"]) for each in LINE.finditer(_asked(request))]))
    return _draft(read_talk(request), language)


def _translation(text: str, guessed: str, into: str) -> Reply:
    """The language it is in, then the translation. What is in a language it does not know stays as it is."""
    spoken, to = phrasebook.spoken(text, guessed), phrasebook.NAMES.get(into.lower())
    return Reply(text=f"{spoken}\n{phrasebook.translated(text, spoken, to) if to else text}")


def asked_last(talk: Talk) -> str:
    """What the customer said since the business last did, or else before that."""
    return talk.pending or (talk.earlier[-1] if talk.earlier else "")


def _draft(talk: Talk, language: str) -> Reply:
    words, asked = WORDS[language], asked_last(talk)
    subject = next((name for name, pattern in SUBJECTS.items() if re.search(pattern, asked, re.IGNORECASE)), None)
    if subject == "person":
        return Reply(text=words["person"])
    if not talk.found and SEARCH in talk.tools and asked.strip():
        return Reply(tool_calls=(Call(SEARCH, {"query": query_of(asked)}),))
    if subject:
        return Reply(text=words[subject])
    return Reply(text=phrase("\n".join(talk.found), asked) or words["unknown"])


def summary(said: list[Line]) -> str:
    """Under the four headings that the prompt names."""
    wants = [each for each in said if each.who == "Customer"]
    done = [each for each in said if each not in wants and each.who != "Automatic message"]
    promised = [each for each in said if each.is_staff and PROMISES.search(each.words)]
    waits = bool(said) and said[-1].who == "Customer"
    parts = (
        ("What they want", [_short(each.words) for each in wants[-3:]]),
        ("What was done", [_told_by(each) for each in done[-4:]]),
        ("What is open", [f"The customer waits for an answer to: {_short(said[-1].words)}"] if waits else []),
        ("What was promised", [_told_by(each) for each in promised[-3:]]),
    )
    return "\n\n".join(f"**{heading}**\n\n{_points(told)}" for heading, told in parts)


def _points(told: list[str]) -> str:
    return "\n".join(f"- {each}" for each in told) or "- Nothing so far"


def _told_by(line: Line) -> str:
    who = line.who.removeprefix("Internal note by ").removesuffix(" (staff)")
    return f"{who}: {_short(line.words)}{' (internal note)' if line.is_note else ''}"


def _short(words: str) -> str:
    return words if len(words) <= 110 else f"{words[:109].rstrip()}…"


def _told(request: Json) -> str:
    return "\n".join(content(each) for each in as_objects(request.get("messages")) if each.get("role") == "system")


def _asked(request: Json) -> str:
    return "\n".join(content(each) for each in as_objects(request.get("messages")) if each.get("role") == "user")
