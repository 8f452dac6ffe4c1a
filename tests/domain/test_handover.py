"""Customers who ask for a person get one, in their own language; nobody else is handed over by this rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.escalation import Told
from bot.domain.handover import acknowledgement, asks_for_person, language_of

ASKING = {
    "en": [
        "Can you get a human on the line?",
        "I need human help",
        "Get me someone real",
        "i want to talk w a human",
        "I want to be transferred to an agent",
        "Would it be possible to speak to an agent?",
        "I want to talk to a human",
        "can i speak with a real person please??",
        "HUMAN",
        "Agent!",
        "Hi, human please",
        "No. I want a human",
        "I don't want to talk to a bot",
        "I dont want to talk to this stupid robot, get me a person",
        "transfer me to an agent",
        "Please connect me with your support team",
        "Is there a real person I can talk to?",
        "could a human help me",
        "Why can't I talk to a person?",
        "how do I speak to someone",
        "it would be great if I could talk to a human",
        "have someone call me",
        "let me speak to your manager",
        "I don't get it let me talk to a human",
        "I need an agent now",
        "I'd like to speak to a representative about my order",
        "Can I please have a human?",
        "real human pls",
        "get me a human being",
        "I want a person not a machine",
        "speak to agent",
        "talk to agent",
        "speak to a live agent",
        "Can someone from your team call me",
        "I need to speak with someone from support",
        "I want customer service",
        "connect to agent",
        "connect me to a live agent",
        "let me talk to someone who can actually help",
        "can I get a human",
        "put me through to someone",
        "i want to speak to a human being, not a bot",
        "Could you please transfer this chat to a person?",
        "I WANT TO SPEAK WITH A MANAGER",
        "give me a real person",
        "is there anyone I can talk to",
        "can I chat with a live person?",
        "please escalate this to a human",
        "hand me over to a human",
        "I would prefer to talk to a real person",
        "I'm tired of talking to a bot",
        "talk to human",
    ],
    "es": [
        "Quiero hablar con una persona",
        "¿Puedo hablar con un asesor?",
        "pásame con un humano por favor",
        "necesito un agente",
        "No quiero hablar con un robot",
        "¿hay alguna persona disponible?",
        "quiero hablar con alguien",
        "Me gustaría hablar con un agente por favor",
        "Quisiera que me atienda una persona",
        "me puedes comunicar con un ejecutivo",
        "Necesito hablar con alguien ya",
        "¿Me podría atender una persona real?",
        "humano",
        "con un humano por favor",
        "quiero que me atienda un humano",
        "Hablar con agente",
    ],
    "pt": [
        "Quero falar com um atendente",
        "queria falar com uma pessoa de verdade",
        "me transfere para um humano",
        "quero atendimento humano",
        "atendente",
        "não quero falar com robô",
        "preciso falar com alguém",
        "posso falar com um humano?",
        "pode me passar para um atendente?",
        "Falar com atendente",
        "tem alguém aí para me atender?",
        "gostaria de falar com uma pessoa",
    ],
    "fr": [
        "Je veux parler à un humain",
        "j'aimerais parler à quelqu'un",
        "pouvez-vous me passer un conseiller ?",
        "Mettez-moi en relation avec un conseiller",
        "je ne veux plus parler à un robot",
        "pourquoi je ne peux pas parler à un humain",
        "Je souhaite parler à un conseiller",
        "Je veux un humain",
        "Puis-je parler à une vraie personne ?",
        "Pouvez-vous me mettre en contact avec le service client",
        "parler à un conseiller",
    ],
    "de": [
        "Ich möchte mit einem Menschen sprechen",
        "Kann ich bitte mit einem Mitarbeiter reden?",
        "Verbinden Sie mich mit einem Berater",
        "ich will einen echten Menschen",
        "Mitarbeiter bitte",
        "Kann ich mit jemandem sprechen?",
        "Ich möchte gerne mit einem echten Menschen sprechen.",
        "Bitte verbinden Sie mich mit einem Mitarbeiter",
        "Mensch",
        "ich will mit einer echten person reden",
        "Ich brauche einen Menschen",
        "Ich will nicht mit einem Bot reden",
    ],
    "it": [
        "Voglio parlare con una persona",
        "vorrei un operatore",
        "posso parlare con qualcuno?",
        "mi passi un operatore per favore",
        "Potrei parlare con un essere umano?",
        "Voglio un operatore",
        "operatore",
        "mi metta in contatto con un responsabile",
        "non voglio parlare con un bot",
    ],
    "sw": [
        "Nataka kuongea na mtu",
        "naomba kuzungumza na mhudumu",
        "niunganishe na wakala tafadhali",
        "nataka kuzungumza na binadamu",
        "Naomba mtu wa kweli",
        "nataka mhudumu",
        "sitaki kuongea na roboti",
    ],
    "ar": [
        "أريد التحدث مع شخص حقيقي",
        "حولني لموظف",
        "ابغى اكلم موظف",
        "عايز اتكلم مع حد",
        "اريد موظف",
        "أريد أن أتحدث مع إنسان",
        "ممكن اتكلم مع موظف خدمة العملاء",
        "وصلني بخدمة العملاء",
        "لا أريد التحدث مع روبوت",
    ],
    "hi": [
        "मुझे किसी इंसान से बात करनी है",
        "एजेंट से बात करवाइए",
        "kisi insaan se baat karni hai",
        "agent chahiye",
        "मुझे असली इंसान चाहिए",
        "क्या मैं किसी व्यक्ति से बात कर सकता हूँ",
        "मुझे कस्टमर केयर से बात करनी है",
        "mujhe kisi agent se baat karni hai",
        "रोबोट से बात नहीं करनी",
    ],
}
NOT_ASKING = [
    "I don't want to be transferred to an agent",
    "I was transferred to an agent yesterday",
    "Can I speak to you in Spanish?",
    "I want to give this to another person",
    "Never mind, no need for a human",
    "Necesito una mochila para una persona alta",
    "Je voudrais une tente pour une personne",
    "एक व्यक्ति के लिए टेंट चाहिए",
    "I don't want to talk to a person",
    "I do not want a human",
    "I work as an agent",
    "is there a human resources department?",
    "I don't want to talk to a robot company's manager about my tent",
    "I need a 2 person tent",
    "Do I have to talk to a person to get a refund?",
    "If I want to talk to a person, what are your hours?",
    "Am I talking to a human?",
    "are you a real person",
    "I already spoke to an agent yesterday",
    "I had to talk to a person at the store",
    "I need an agent licence",
    "no need to talk to a human",
    "I'd rather not speak to anyone",
    "I don't think I need to talk to a human",
    "my travel agent booked it",
    "I don't need to speak to an agent, just the price",
    "Is this jacket for one person?",
    "who is your delivery agent",
    "can someone help me with my order",
    "the tent sleeps four people",
    "human error on my side, sorry",
    "hello",
    "where is my order",
    "No quiero hablar con una persona",
    "no necesito un agente",
    "trabajo como agente",
    "recursos humanos",
    "una tienda para una persona adulta",
    "es una persona muy amable",
    "não quero falar com um atendente",
    "não preciso de um atendente",
    "je ne veux pas parler à une personne",
    "pas besoin de parler à un conseiller",
    "je travaille comme agent",
    "le service des ressources humaines",
    "Ich möchte nicht mit einem Menschen sprechen",
    "Muss ich mit einem Mitarbeiter sprechen?",
    "Ich brauche keinen Mitarbeiter",
    "Ein Zelt für eine Person",
    "non voglio parlare con un operatore",
    "devo parlare con un operatore per il reso?",
    "sitaki kuongea na mtu",
    "لا أريد التحدث مع موظف",
    "أنا أعمل كموظف",
    "मुझे किसी इंसान से बात नहीं करनी",
    "मैं एजेंट हूँ",
    "main agent hoon",
    "talk to you later",
    "chat with you soon",
    "the agent said my parcel is late",
    "I want to speak to my wife first",
    "I'm a customer service rep for a bank",
    "Customer support was great",
    "The support was great thanks",
    "do you support apple pay",
    "I want the human-sized mannequin",
    "please don't transfer me to an agent",
    "Don't connect me with anyone",
    "there is no need to escalate this to a person",
    "My neighbour is a person who loves tents",
    "Can a person of 2 meters fit in this tent?",
    "I am not a robot",
    "I will speak to the manager of my building",
    "The operator of the ferry cancelled",
    "I need boots for a different person",
    "I need a representative sample of the fabric",
    "How many people fit?",
    "I am a real person",
    "you are not human",
    "is this a bot?",
    "un agente inmobiliario",
    "mi asesor me dijo que sí",
    "no hace falta hablar con nadie",
    "¿eres un humano?",
    "la persona que entregó el paquete",
    "o atendente me disse que chega amanhã",
    "você é humano?",
    "não precisa transferir para um atendente",
    "l'agent de livraison est passé",
    "vous êtes humain ?",
    "je ne souhaite pas être mis en relation avec un conseiller",
    "Sind Sie ein Mensch?",
    "der Mitarbeiter war nett",
    "Ich will keinen Menschen sprechen",
    "bitte nicht mit einem Mitarbeiter verbinden",
    "sei umano?",
    "l'operatore mi ha detto di aspettare",
    "non ho bisogno di un operatore",
    "mtu mmoja",
    "sihitaji kuongea na mhudumu",
    "هل أنت إنسان؟",
    "لا أحتاج موظف",
    "एक आदमी आया था",
    "क्या आप इंसान हैं?",
    "agent ne kaha tha",
    "mujhe agent se baat nahi karni",
    "Two adults and one person under 12",
]
LANGUAGES = ["en", "es", "pt", "fr", "de", "it", "sw", "ar", "hi"]
REASONS: list[Told] = ["requested", "handover", "unavailable"]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in ASKING.items() for text in texts]
)
def test_asking_for_a_person_is_recognised_with_its_language(language: str, text: str) -> None:
    assert asks_for_person(text) == language


@pytest.mark.parametrize("text", NOT_ASKING)
def test_what_is_no_request_hands_nobody_over(text: str) -> None:
    assert asks_for_person(text) is None


def test_each_language_is_recognised() -> None:
    assert set(ASKING) == set(LANGUAGES)


@pytest.mark.parametrize("text", ["TALK TO A HUMAN", "Talk to a hümán!!", "  talk\tto  a human ", "talk to a human 🙏"])
def test_case_accents_spaces_and_emoji_do_not_matter(text: str) -> None:
    assert asks_for_person(text) == "en"


def test_a_refusal_in_one_sentence_does_not_deny_the_request_in_the_next() -> None:
    assert asks_for_person("No thanks, no refund. I want to talk to a human.") == "en"
    assert asks_for_person("No! Talk to a human") == "en"
    assert asks_for_person("No quiero un reembolso, quiero hablar con una persona") == "es"


def test_a_greeting_beside_the_one_word_does_not_matter() -> None:
    assert asks_for_person("Hola, agente") == "es"


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert asks_for_person(text) in {None, *LANGUAGES}
    assert language_of(text) in {None, *LANGUAGES}


# --- what the customer is told ---


def test_every_language_has_its_own_line_for_every_reason() -> None:
    lines = [acknowledgement(language, reason=reason) for language in LANGUAGES for reason in REASONS]
    assert len(set(lines)) == len(LANGUAGES) * len(REASONS)
    assert all("\n" not in line and len(line) <= 120 for line in lines)


@pytest.mark.parametrize("language", [None, "", "ja", "xx-YY"])
def test_other_languages_are_told_in_english(language: str | None) -> None:
    assert acknowledgement(language, reason="requested") == acknowledgement("en", reason="requested")


@pytest.mark.parametrize(("tag", "language"), [("pt-BR", "pt"), ("es_MX", "es"), ("DE", "de")])
def test_regional_tags_are_understood(tag: str, language: str) -> None:
    assert acknowledgement(tag, reason="handover") == acknowledgement(language, reason="handover")


# --- guessing the language ---


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hi, where is my order? It has not arrived", "en"),
        ("Hola, ¿dónde está mi pedido?", "es"),
        ("Olá, onde está meu pedido?", "pt"),
        ("Bonjour, où est ma commande ?", "fr"),
        ("Hallo, wo ist meine Bestellung?", "de"),
        ("Ciao, dove è il mio ordine?", "it"),
        ("Habari, nina swali kuhusu oda yangu", "sw"),
        ("أين طلبي؟", "ar"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
    ],
)
def test_a_plain_sentence_tells_its_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "12345",
        "😀",
        "Alto 3",
        "¿Como esta?",
        "سفارش من کجاست؟ چرا نرسید",
        "माझी ऑर्डर कुठे आहे?",
        "注文はどこですか",
    ],
)
def test_too_little_or_another_language_is_no_guess(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A human please, my tent is torn", "en"),
        ("Una persona por favor, es por una devolución", "es"),
        ("Un humain svp, c'est urgent", "fr"),
        ("موظف من فضلك، الطلب لم يصل", "ar"),
        ("इंसान कृपया, ऑर्डर नहीं आया", "hi"),
    ],
)
def test_whoever_begs_for_a_person_may_say_why(text: str, language: str) -> None:
    assert asks_for_person(text) == language


@pytest.mark.parametrize("text", ["Una tienda para una persona por favor", "A tent for one person please, in green"])
def test_whoever_begs_for_something_else_asks_for_that(text: str) -> None:
    assert asks_for_person(text) is None
