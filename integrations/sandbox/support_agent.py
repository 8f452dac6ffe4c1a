"""The stand-in model: a small support agent of Aurora Outdoor that follows rules, and always the same ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrations.sandbox import brief_writer, copilot_agent, note_taker
from integrations.sandbox.phrasing import phrase, query_of, query_words
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.talk import Talk, read_talk
from integrations.sandbox.wire import Json, as_list, as_object, as_text

SEARCH, ESCALATE = "search_knowledge", "escalate_to_human"
BIG_REFUND = 100

WORDS = {
    "en": {
        "hello": "Hi! I'm the assistant of Aurora Outdoor. Is it about an order, a return, or finding the right gear?",
        "thanks": "You're welcome! Write any time if something else comes up.",
        "unknown": "I couldn't find that in our pages. Could you tell me a bit more, such as the product?",
        "back": "Thanks for your patience, I'm with you again.",
        "promised": "As my colleague promised:",
        "more": "Is there anything else I can help you with?",
        "picture": "Thanks for the picture. What would you like to know about it?",
        "unread": "I can't open what you sent, sorry. Could you tell me in words what it is about?",
        "unheard": "I can't listen to voice messages, sorry. Could you write it to me?",
    },
    "es": {
        "hello": "¡Hola! Soy el asistente de Aurora Outdoor. ¿Es por un pedido, una devolución o por material?",
        "thanks": "¡De nada! Escríbenos cuando quieras.",
        "unknown": "No lo encuentro en nuestras páginas. ¿Me cuentas un poco más, por ejemplo el producto o el pedido?",
        "back": "Gracias por la paciencia, vuelvo a estar contigo.",
        "promised": "Como prometió mi compañero:",
        "more": "¿Te ayudo con algo más?",
        "picture": "Gracias por la foto. ¿Qué te gustaría saber?",
        "unread": "No puedo abrir lo que has enviado, lo siento. ¿Me cuentas en palabras de qué se trata?",
        "unheard": "No puedo escuchar mensajes de voz, lo siento. ¿Me lo escribes?",
    },
    "pt": {
        "hello": "Olá! Sou o assistente da Aurora Outdoor. É sobre um pedido, uma devolução ou um equipamento?",
        "thanks": "De nada! Escreva quando quiser.",
        "unknown": "Não encontrei isso nas nossas páginas. Pode contar um pouco mais, por exemplo o produto?",
        "back": "Obrigado pela paciência, estou de volta com você.",
        "promised": "Como o meu colega prometeu:",
        "more": "Posso ajudar em algo mais?",
        "picture": "Obrigado pela foto. O que você gostaria de saber?",
        "unread": "Não consigo abrir o que você enviou, desculpe. Pode contar em palavras do que se trata?",
        "unheard": "Não consigo ouvir mensagens de voz, desculpe. Pode escrever?",
    },
}
TONGUES = {
    "es": r"hola|gracias|qu[eé]|d[oó]nde|pedido|quiero|persona|devolver|tienda de campa[nñ]a|est[aá]|buenas|horario",
    "pt": r"ol[aá]|obrigad[oa]|voc[eê]|onde|meu|minha|quero|pessoa|devolver|barraca|bom dia|não|encomenda",
}
GREETING = r"(?:hi|hello|hey|hola|buenas|ol[aá]|oi|bom dia|good (?:morning|afternoon|evening))"
THANKS = (
    r"(?:(?:many )?thank(?:s| you)(?: a lot| so much| very much)?|great|perfect|wonderful|lovely|ok(?:ay)?"
    r"|(?:muchas )?gracias|(?:muito )?obrigad[oa])"
)
PERSON = (
    r"\b(?:(?:talk|speak|chat|write|connect me|pass me|put me through) (?:to|with) (?:a |an |some)?"
    r"(?:real |human )?(?:person|human|agent|someone|somebody|colleague|manager)|real person|human (?:being|agent)"
    r"|(?:hablar|falar) (?:con|com) (?:una? |uma )?(?:persona|pessoa|humano|agente|atendente))"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """Something a person has to deal with."""

    pattern: str
    reason: str
    priority: str = "high"


CAUSES = (
    Cause(r"\b(?:injur|hurt|burn(?:ed|t)|bleed|hospital|emergency)", "Somebody may be hurt", "urgent"),
    Cause(r"\b(?:lawyer|sue|legal action|court|attorney|consumer protection)\b", "The customer speaks of legal steps"),
    Cause(r"\b(?:torn|broken|damaged|defect\w*|faulty|ripped|roto|rota|quebrad[oa]|rasgad[oa])\b", "Damaged goods"),
    Cause(r"\b(?:complain\w*|queja|reclama\w*)\b", "The customer complains"),
    Cause(
        r"\b(?:angry|furious|unacceptable|ridiculous|scam|outrageous|worst|fed up|third time|nobody answers)\b|!{3,}",
        "The customer is upset",
    ),
    Cause(PERSON, "The customer asks for a person", "normal"),
)
REFUND = re.compile(r"\b(?:refund|money back|reembolso)\b", re.IGNORECASE)
AMOUNT = re.compile(r"\b(\d{2,6})(?:[.,]\d{1,2})?\b")

OTHER_ROLES = ((note_taker.is_asked, note_taker.take_notes), (brief_writer.is_asked, brief_writer.report))


def answer(request: Json) -> Reply:
    """The whole model: a pure function of the request."""
    for is_asked, write in OTHER_ROLES:
        if is_asked(request):
            return write(request)
    talk = read_talk(request)
    if talk.sent_back:
        return Reply(text=f"To say it in other words: {talk.sent_back}")
    language = language_of(talk.pending or " ".join(talk.earlier))
    if copilot_agent.is_for_staff(request):
        return copilot_agent.answer(request, language)
    words = WORDS[language]
    if talk.found:
        return _after_searching(talk, language)
    if talk.guidance:
        return Reply(text=f"{words['back']} {talk.guidance}")
    if not talk.pending.strip():
        return Reply(text=_without_words(talk, words))
    if (cause := cause_of(talk.pending)) and not talk.is_returned and ESCALATE in talk.tools:
        return _hand_over(talk, language, cause)
    if re.fullmatch(rf"\W*{GREETING}\W*(?:there|team|all)?\W*", talk.pending, re.IGNORECASE):
        return Reply(text=words["hello"])
    if re.fullmatch(rf"\W*{THANKS}(?:\W+{THANKS})*\W*", talk.pending, re.IGNORECASE):
        return Reply(text=words["thanks"])
    if talk.is_returned and cause:
        return Reply(text=f"{words['back']} {words['more']}")
    return _from_what_is_known(talk, words)


def _from_what_is_known(talk: Talk, words: dict[str, str]) -> Reply:
    """What colleagues have promised goes before what stands in the pages."""
    if kept := next((each for each in talk.promised if query_words(talk.pending) & query_words(each)), ""):
        return Reply(text=f"{words['promised']} {kept}")
    if SEARCH in talk.tools and not talk.must_answer:
        return _search(talk, query_of(talk.pending))
    return Reply(text=words["unknown"])


def _without_words(talk: Talk, words: dict[str, str]) -> str:
    if talk.unread:
        return words["unheard" if "hear" in talk.unread else "unread"]
    if talk.pictures:
        return words["picture"]
    return words["back" if talk.is_returned else "hello"]


def language_of(text: str) -> str:
    """English unless words of another tongue we know are seen more than once, or alone."""
    seen = {tongue: len(re.findall(rf"\b(?:{words})\b", text, re.IGNORECASE)) for tongue, words in TONGUES.items()}
    best = max(seen, key=lambda tongue: seen[tongue])
    return best if seen[best] else "en"


def cause_of(text: str) -> Cause | None:
    for cause in CAUSES:
        if re.search(cause.pattern, text, re.IGNORECASE):
            return cause
    if REFUND.search(text) and any(int(amount) >= BIG_REFUND for amount in AMOUNT.findall(text)):
        return Cause("", "A refund that a person has to decide on")
    return None


def _search(talk: Talk, query: str) -> Reply:
    return Reply(tool_calls=(Call(SEARCH, _filled(talk.tools[SEARCH], {"query": query})),))


def _after_searching(talk: Talk, language: str) -> Reply:
    words = WORDS[language]
    if told := phrase("\n".join(talk.found), talk.pending):
        return Reply(text=f"{words['back']} {told}" if talk.is_returned else told)
    if query_words(talk.pending) & query_words(talk.standing):
        return Reply(text=talk.standing)
    if len(talk.found) < 2 and SEARCH in talk.tools and not talk.must_answer:
        return _search(talk, query_of(talk.pending + " " + " ".join(talk.earlier[-1:])))
    was_lost = any(WORDS[tongue]["unknown"] in said for said in talk.answered[-1:] for tongue in WORDS)
    if was_lost and ESCALATE in talk.tools:
        return _hand_over(talk, language, Cause("", "The answer is not in what we know", "normal"))
    return Reply(text=words["unknown"])


def _hand_over(talk: Talk, language: str, cause: Cause) -> Reply:
    asked = " ".join(talk.pending.split())[:240]
    before = f' Earlier they wrote: "{" ".join(talk.earlier[-1].split())[:120]}"' if talk.earlier else ""
    known = {
        "reason": cause.reason,
        "summary": f'{cause.reason}. The customer wrote: "{asked}".{before}',
        "priority": cause.priority,
        "language": language,
    }
    return Reply(tool_calls=(Call(ESCALATE, _filled(talk.tools[ESCALATE], known)),))


def _filled(schema: Json, known: Json) -> Json:
    """Arguments as the offered schema asks: nothing it does not name, and everything it requires."""
    properties = as_object(schema.get("properties"))
    arguments: Json = {name: value for name, value in known.items() if name in properties}
    for name, prop in properties.items():
        allowed = as_list(as_object(prop).get("enum"))
        if name in arguments and allowed and arguments[name] not in allowed:
            arguments[name] = allowed[0]
    for name in as_list(schema.get("required")):
        arguments.setdefault(as_text(name), "")
    return arguments
