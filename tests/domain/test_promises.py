"""Promises of a person that a model writes without making the call, and what only sounds like one."""

from __future__ import annotations

import pytest

from bot.domain.text.promises import promises_person


@pytest.mark.parametrize(
    "said",
    [
        "A colleague will get back to you shortly.",
        "Thanks! One of our team members will contact you within the hour.",
        "I've forwarded your request to our support team.",
        "I'm connecting you with a human agent now.",
        "Let me transfer you to a representative.",
        "I will pass this on to my colleague. Have a nice day!",
        "Someone from our team will call you tomorrow.",
        "I have notified the manager.",
        "Our team has been informed.",
        "I'll have someone look into it.",
        "Your case has been escalated to our specialist team.",
        "Un compañero te responderá en breve.",
        "He avisado a nuestro equipo.",
        "Te paso con un agente.",
        "Le he transferido a una persona del equipo.",
        "Um atendente vai responder em breve.",
        "Encaminhei o seu pedido para a nossa equipe.",
        "Un collègue va vous répondre.",
        "Je transmets votre demande à un conseiller.",
        "Un membre de notre équipe vous contactera.",
        "Ein Kollege meldet sich gleich bei Ihnen.",
        "Ich leite das an unser Team weiter.",
        "Ich habe einen Mitarbeiter informiert.",
        "Jemand aus unserem Team wird sich bei Ihnen melden.",
        "Un collega ti risponderà presto.",
        "Ho inoltrato la richiesta al nostro team.",
        "Mwenzetu atakujibu hivi karibuni.",
        "Nitakuunganisha na mhudumu.",
        "سيتواصل معك أحد زملائي قريبا.",
        "سأحولك إلى أحد موظفينا.",
        "हमारी टीम का एक सदस्य आपसे संपर्क करेगा।",
        "मैं आपको एजेंट से जोड़ रहा हूँ।",
    ],
)
def test_a_promise_of_a_person_is_recognised(said: str):
    assert promises_person(said)


@pytest.mark.parametrize(
    "said",
    [
        "You can return unused items within 30 days.",
        "Would you like me to connect you with a colleague?",
        "If you like, a colleague will call you.",
        "Our team packs every tent by hand.",
        "Our team is here Monday to Friday, 9 to 5.",
        "I can't transfer you to a person here.",
        "The courier will call you before delivery.",
        "Once you send us the photo, our team will review it.",
        "I have passed the exam with flying colours.",
        "The agent in the box holds a knife and a light.",
        "Nobody will contact you about this.",
        "Si quieres, un compañero te llama.",
        "¿Quieres que te pase con un agente?",
        "Nuestro equipo cose cada tienda a mano.",
        "Nossa equipe faz cada barraca à mão.",
        "Voulez-vous qu'un collègue vous rappelle ?",
        "Notre équipe fabrique chaque tente à la main.",
        "Unser Team näht jedes Zelt von Hand.",
        "Soll ich Sie mit einem Kollegen verbinden?",
        "Wenn Sie möchten, meldet sich ein Kollege.",
        "Il nostro team cuce ogni tenda a mano.",
        "Kama ungependa, mwenzetu atakupigia.",
        "هل تريد أن أحولك إلى موظف؟",
        "क्या मैं आपको एजेंट से जोड़ूँ?",
        "Your parcel will be handed to the courier today.",
        "I am happy to help you with that.",
        "",
    ],
)
def test_what_only_sounds_like_a_promise_is_none(said: str):
    assert not promises_person(said)
