"""What the stand-in model knows of languages: whole sentences, else word by word; what it knows not it keeps."""

from __future__ import annotations

import re

LANGUAGES = ("en", "es", "pt")
NAMES = {"english": "en", "spanish": "es", "portuguese": "pt"}

# The same sentence in English, Spanish and Portuguese.
SENTENCES = (
    ("Hello!", "¡Hola!", "Olá!"),
    ("Good morning", "Buenos días", "Bom dia"),
    ("Thank you very much", "Muchas gracias", "Muito obrigada"),
    ("Thanks!", "¡Gracias!", "Obrigada!"),
    ("Where is my order?", "¿Dónde está mi pedido?", "Onde está o meu pedido?"),
    ("My tent arrived torn.", "Mi tienda llegó rota.", "A minha barraca chegou rasgada."),
    ("The tent is torn.", "La tienda está rota.", "A barraca está rasgada."),
    ("I want to talk to a person.", "Quiero hablar con una persona.", "Quero falar com uma pessoa."),
    ("I want my money back.", "Quiero que me devuelvan el dinero.", "Quero o meu dinheiro de volta."),
    ("When will it arrive?", "¿Cuándo llega?", "Quando chega?"),
    ("When does the new one arrive?", "¿Cuándo llega la nueva?", "Quando chega a nova?"),
    ("It is order 4812.", "Es el pedido 4812.", "É o pedido 4812."),
    ("I need it before Friday.", "La necesito antes del viernes.", "Preciso dela antes de sexta."),
    ("Can you help me?", "¿Me puedes ayudar?", "Você pode me ajudar?"),
    ("Is anybody there?", "¿Hay alguien ahí?", "Tem alguém aí?"),
    ("I'm sorry about that!", "¡Lo siento mucho!", "Sinto muito!"),
    ("I'm sorry to hear that.", "Lamento mucho oír eso.", "Lamento muito ouvir isso."),
    ("Could you send me a photo?", "¿Me puedes enviar una foto?", "Você pode me enviar uma foto?"),
    ("What is your order number?", "¿Cuál es tu número de pedido?", "Qual é o número do seu pedido?"),
    ("We will send you a new one today.", "Hoy te enviamos una nueva.", "Hoje enviamos uma nova para você."),
    ("We will refund you today.", "Hoy te devolvemos el dinero.", "Hoje devolvemos o seu dinheiro."),
    ("It arrives on Thursday.", "Llega el jueves.", "Chega na quinta-feira."),
    ("I am looking into it.", "Lo estoy mirando.", "Estou verificando."),
    ("Have a nice day!", "¡Que tengas un buen día!", "Tenha um bom dia!"),
)
WORDS = (
    ("the", "la", "a"),
    ("and", "y", "e"),
    ("is", "es", "é"),
    ("not", "no", "não"),
    ("my", "mi", "minha"),
    ("your", "tu", "sua"),
    ("order", "pedido", "pedido"),
    ("tent", "tienda", "barraca"),
    ("boots", "botas", "botas"),
    ("today", "hoy", "hoje"),
    ("tomorrow", "mañana", "amanhã"),
    ("friday", "viernes", "sexta-feira"),
    ("monday", "lunes", "segunda-feira"),
    ("new", "nueva", "nova"),
    ("with", "con", "com"),
    ("for", "para", "para"),
    ("please", "por favor", "por favor"),
    ("thanks", "gracias", "obrigada"),
    ("hello", "hola", "olá"),
    ("yes", "sí", "sim"),
    ("photo", "foto", "foto"),
    ("refund", "reembolso", "reembolso"),
    ("person", "persona", "pessoa"),
    ("we", "nosotros", "nós"),
    ("you", "te", "você"),
    ("send", "enviamos", "enviamos"),
    ("broken", "rota", "quebrada"),
    ("torn", "rota", "rasgada"),
)
TOLD_BY = re.compile(r"[a-záéíóúñãõâêôçü]+(?:-[a-zãâáéê]+)?", re.IGNORECASE)


def spoken(text: str, otherwise: str) -> str:
    """The language of a text that holds a sentence of the book; `otherwise` is somebody else's guess."""
    for sentence in _sentences(text):
        for said in SENTENCES:
            for place, language in enumerate(LANGUAGES):
                if _key(said[place]) == _key(sentence):
                    return language
    return otherwise


def translated(text: str, spoken_in: str, to: str) -> str:
    """Line by line, sentence by sentence."""
    source, target = LANGUAGES.index(spoken_in), LANGUAGES.index(to)
    lines = [" ".join(_sentence(each, source, target) for each in _sentences(line)) for line in text.splitlines()]
    return "\n".join(lines)


def _sentence(text: str, source: int, target: int) -> str:
    known = next((each for each in SENTENCES if _key(each[source]) == _key(text)), None)
    return known[target] if known else TOLD_BY.sub(lambda word: _word(word.group(), source, target), text)


def _word(word: str, source: int, target: int) -> str:
    known = next((each[target] for each in WORDS if each[source] == word.lower()), word)
    return known.capitalize() if word[0].isupper() and known is not word else known


def _sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?])\s+", text.strip()) if each]


def _key(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence.lower()).strip()
