"""Customers who ask to hear nothing they did not ask for: the words they use, and the one line that confirms it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.text.languages import fold, words

Wish = Literal["stop", "start"]

# Only as the whole message, and only words that are nothing else in a chat with a shop: "cancel" may be about an order.
_STOP = {
    "en": "stop|stop all|stopall|unsubscribe|unsubscribe me|opt out|optout|stop promotions|stop messages|"
    "stop messaging me|stop texting me|stop sending me messages|do not contact me|remove me from your list",
    "es": "baja|darme de baja|dame de baja|darse de baja|alto|detener|parar mensajes|no mas mensajes|"
    "detener promociones|cancelar suscripcion|desuscribir|desuscribirme",
    "pt": "pare|sair|parar mensagens|descadastrar|descadastre me|cancelar inscricao|parar promocoes|"
    "nao quero mais mensagens",
    "fr": "arret|arreter|arretez|desabonner|me desabonner|desabonnez moi|desinscrire|desinscription|stop pub|"
    "arreter les promotions",
    "de": "stopp|abmelden|abbestellen|austragen|keine werbung|keine nachrichten mehr|werbung stoppen",
    "sw": "simama|acha|sitisha|jiondoe|niondoe|acha kunitumia ujumbe|ondoa",
    "ar": "ايقاف|إيقاف|توقف|اوقف|أوقف|الغاء الاشتراك|إلغاء الاشتراك|قف",
    "hi": "रोकें|रोको|बंद करें|बंद करो|बंद|स्टॉप|सदस्यता समाप्त करें",
}
# Heard only from those who have opted out: among others "yes, start" is an answer to something else.
_START = {
    "en": "start|unstop|subscribe|resume|opt in|optin|resume promotions|start messages",
    "es": "alta|darme de alta|dame de alta|empezar|reanudar|suscribir|suscribirme",
    "pt": "iniciar|comecar|voltar|inscrever|retomar",
    "fr": "demarrer|commencer|reprendre|abonner|m abonner|reabonner",
    "de": "starten|anmelden|weiter|fortsetzen|abonnieren",
    "sw": "anza|endelea|jiunge",
    "ar": "ابدا|ابدأ|بدء|اشترك|اشتراك|استئناف",
    "hi": "शुरू|शुरू करें|शुरू करो|स्टार्ट|सदस्यता लें",
}
_SHARED = frozenset({"stop", "start"})  # written in every language: the conversation's own decides the answer

_CONFIRMED: dict[str, dict[Wish, str]] = {
    "en": {
        "stop": "Done: no more promotions from us. You can still write to us here at any time. START undoes this.",
        "start": "Welcome back: we may write to you again. STOP ends it at any time.",
    },
    "es": {
        "stop": "Listo: no recibirás más promociones. Puedes escribirnos aquí cuando quieras. ALTA lo deshace.",
        "start": "Hola de nuevo: podremos volver a escribirte. BAJA lo termina cuando quieras.",
    },
    "pt": {
        "stop": "Pronto: não enviaremos mais promoções. Você pode escrever aqui quando quiser. INICIAR desfaz isto.",
        "start": "Que bom ter você de volta: podemos voltar a escrever. PARE encerra quando quiser.",
    },
    "fr": {
        "stop": "C'est noté : plus de promotions. Vous pouvez toujours nous écrire ici. REPRENDRE annule ce choix.",
        "start": "Bon retour : nous pouvons de nouveau vous écrire. ARRET y met fin à tout moment.",
    },
    "de": {
        "stop": "Erledigt: keine Werbung mehr von uns. Sie können uns hier jederzeit schreiben. START hebt das auf.",
        "start": "Willkommen zurück: Wir dürfen Ihnen wieder schreiben. STOPP beendet es jederzeit.",
    },
    "sw": {
        "stop": "Sawa: hutapokea matangazo tena kutoka kwetu. Bado unaweza kutuandikia hapa wakati wowote. "
        "ANZA hurejesha ujumbe.",
        "start": "Karibu tena: tunaweza kukuandikia. SIMAMA husitisha wakati wowote.",
    },
    "ar": {
        "stop": "تم: لن نرسل إليك عروضًا بعد الآن. يمكنك دائمًا الكتابة إلينا هنا. أرسل «ابدأ» للتراجع عن ذلك.",
        "start": "أهلًا بعودتك: يمكننا مراسلتك من جديد. أرسل «إيقاف» لإنهاء ذلك في أي وقت.",
    },
    "hi": {
        "stop": "ठीक है: अब हमारी ओर से प्रचार नहीं आएँगे। आप कभी भी यहाँ हमें लिख सकते हैं। वापस पाने के लिए «शुरू» लिखें।",
        "start": "फिर से स्वागत है: अब हम आपको लिख सकते हैं। रोकने के लिए कभी भी «रोकें» लिखें।",
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`language` is None where the word is the same in many."""

    wish: Wish
    language: str | None


def wish_in(text: str, *, is_opted_out: bool) -> Asked | None:
    """What the whole of a message asks for, if it is that and nothing else."""
    said = " ".join(words(text))
    if not said or len(said) > 40:
        return None
    if language := _STOP_WORDS.get(said):
        return Asked("stop", None if said in _SHARED else language)
    if is_opted_out and (language := _START_WORDS.get(said)):
        return Asked("start", None if said in _SHARED else language)
    return None


def confirmation(wish: Wish, language: str | None) -> str:
    """What the customer is told, once; English where we have no words in their language."""
    code = re.split("[-_]", language or "en")[0].lower()
    return _CONFIRMED.get(code, _CONFIRMED["en"])[wish]


def _by_words(wordings: dict[str, str]) -> dict[str, str]:
    """Each wording in the folded form that messages are compared in, with its language."""
    found: dict[str, str] = {}
    for language, line in wordings.items():
        for wording in line.split("|"):
            found.setdefault(" ".join(words(fold(wording))), language)
    return found


_STOP_WORDS, _START_WORDS = _by_words(_STOP), _by_words(_START)
