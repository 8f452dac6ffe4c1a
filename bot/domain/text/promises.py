"""How an assistant promises a person: "a colleague will call you", "I have passed this on", in each language.

A model that promises a colleague without calling the tool leaves a customer waiting for nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.text.languages import fold, words

_SENTENCE = re.compile(r"(?<=[.!?…।؟])\s+|\n+")
_ASKS = re.compile(r"[?؟]\s*[\"'”»)]*$")


@dataclass(frozen=True, slots=True)
class _Wording:
    """`promises` in a sentence is a promise, unless `spoils` is in it too: conditions, offers, what was denied."""

    promises: re.Pattern[str]
    spoils: re.Pattern[str]


def _wording(*, promises: str, spoils: str, **terms: str) -> _Wording:
    while match := re.search(r"<(\w+)>", promises):
        promises = promises.replace(match.group(), f"(?:{terms[match[1]]})")
    return _Wording(_pattern(promises), _pattern(spoils))


def _pattern(source: str) -> re.Pattern[str]:
    """Folded like the texts it reads, and matching whole words only."""
    return re.compile(f"(?<= )(?:{fold(source)})(?= )")


_WORDINGS = (
    _wording(  # English
        who="(?:a |an |one of |our |my |the |some |another )*(?:human |live |real |support |customer |service |sales |"
        "senior |team )*(?:colleagues?|agents?|representatives?|reps?|advis[eo]rs?|specialists?|managers?|supervisors?|"
        "team(?: members?)?|person|human|someone|somebody|staff(?: members?)?|members? of (?:our|the) (?:team|staff)|"
        "support)(?: from (?:our|the) (?:\\w+ )?team)?",
        soon="(?:(?:soon|shortly|now|then|personally|also|be happy to|be able to|gladly|get) )*",
        verb="contact|call|phone|reach|respond|reply|answer|be with|be in touch|get in touch|get back|follow up|"
        "look into|take over|take it from here|take care of|handle|help you|assist you|join|review (?:this|your|it)|"
        "back to you|write to you|message you|reach out|come back to you|be contacting|be in contact|"
        "check (?:this|it|your)",
        handing="pass(?:ed|ing)?|forward(?:ed|ing)?|transfer(?:red|ring)?|connect(?:ed|ing)?|escalat(?:e|ed|ing)|"
        "hand(?:ed|ing)?|refer(?:red|ring)?|rout(?:e|ed|ing)|redirect(?:ed|ing)?|put(?:ting)?|send(?:ing)?|sent|"
        "shar(?:e|ed|ing)|rais(?:e|ed|ing)|flag(?:ged|ging)?|bring(?:ing)?|loop(?:ed|ing)?",
        tell="notif(?:y|ied|ying)|inform(?:ed|ing)?|alert(?:ed|ing)?|ask(?:ed|ing)?|told|tell(?:ing)?|let|"
        "contact(?:ed|ing)?|call(?:ed|ing)? in",
        i="i ll|i will|i ve|i have|i am|i m|we ll|we will|we ve|we have|we are|we re|let me|i just|i can now|"
        "i m going to|i am going to|you are being|you re being|you will be|you ll be|your \\w+ (?:has been|is being|"
        "will be)|this (?:has been|is being|will be)|it (?:has been|is being|will be)",
        now="(?:(?:now|just|already|also|immediately|right away|gladly|happily) )*",
        promises="<who> (?:will|ll|is going to|are going to|is about to|shall) <soon>(?:<verb>)|"
        "(?:<i>) <now>(?:<handing>) (?:\\w+ ){0,6}?(?:to|with|in|through to|over to) <who>|"
        "(?:<i>) <now>(?:<tell>) <who>|"
        "<who> (?:has|have) been (?:notified|informed|alerted|asked)|"
        "(?:i ll|i will|let me) <now>(?:have|get|ask) <who> (?:to )?(?:\\w+ )?(?:<verb>|for you|on it|here)",
        spoils="if|unless|whether|once you|as soon as you|when you|whenever|would you like|do you want|not|never|"
        "can t|cannot|won t|nobody|no one",
    ),
    _wording(  # Spanish
        who="(?:un|una|el|la|los|las|mi|mis|nuestro|nuestra|nuestros|algun|otro|otra)? ?(?:miembro|persona|"
        "companer[oa]s?|colegas?|agentes?|asesor(?:a|es)?|representantes?|especialistas?|encargad[oa]|supervisor(?:a)?|equipo|alguien|"
        "humano)(?: (?:del?|de nuestro|de la|humano|de soporte|de ventas|de atencion|de) (?:\\w+ )?(?:equipo|soporte|"
        "atencion|ventas|cliente)?)?",
        verb="contactara|llamara|respondera|contestara|escribira|atendera|ayudara|revisara|comunicara|contactaran|"
        "llamaran|responderan|contestaran|escribiran|atenderan|ayudaran|revisaran|pondra|pondran|va a|van a|dara|"
        "seguira",
        handing="paso|pasado|pasare|transfiero|transferido|transferire|derivo|derivado|derivare|comunico|comunicare|"
        "conecto|conectare|envio|enviado|enviare|remito|remitido|escalo|escalado|escalare|pasar|transferir|derivar|"
        "conectar|comunicar|reenviado|reenviare",
        tell="avisado|avisare|aviso|informado|informare|notificado|notificare|pedido|pedire|avisar|notificar",
        promises="<who> (?:\\w+ )??(?:(?:te|le|les|os|se|lo|la) )*(?:<verb>)|"
        "(?:<handing>) (?:\\w+ ){0,6}?(?:a|al|con) <who>|(?:he|ya|voy a|vamos a|hemos|ya he) (?:<tell>) (?:a|al) <who>|"
        "(?:avisare|notificare|informare) (?:a|al) <who>",
        spoils="si|cuando|en cuanto|no|nunca|quiere|quieres|nadie",
    ),
    _wording(  # Portuguese
        who="(?:um|uma|o|a|os|as|meu|minha|nosso|nossa|algum|alguma)? ?(?:membro|pessoa|colegas?|atendentes?|agentes?|"
        "representantes?|especialistas?|consultor(?:a)?|responsavel|supervisor(?:a)?|equipe|equipa|time|alguem|humano)"
        "(?: (?:do|da|de|humano|humana) (?:\\w+ )?(?:equipe|equipa|time|suporte|atendimento|vendas)?)?",
        verb="entrara|entrarao|ligara|respondera|responderao|escrevera|atendera|ajudara|vai|vao|ira|irao|contatara|"
        "retornara|retornarao|analisara|verificara|dara",
        handing="passo|passei|passarei|passar|transfiro|transferi|transferindo|transferir|encaminho|encaminhei|"
        "encaminhando|encaminhar|encaminharei|conectar|conectando|direcionar|direcionando|direcionei|enviei|escalar|"
        "escalei|repassei|repassar",
        tell="avisei|avisar|avisarei|informei|informar|notifiquei|notificar|pedi|pedir",
        promises="<who> (?:\\w+ )??(?:(?:te|lhe|se|ja|logo) )*(?:<verb>)|"
        "(?:<handing>) (?:\\w+ ){0,6}?(?:para|ao|a|com) <who>|(?:<tell>) (?:a|ao|para) <who>",
        spoils="se|quando|assim que|nao|nunca|quer|gostaria|ninguem",
    ),
    _wording(  # French
        who="(?:un|une|le|la|les|mon|ma|mes|notre|nos|quelqu|des)? ?(?:membre|personne|collegues?|agente?s?|"
        "conseillere?s?|"
        "representante?s?|specialistes?|responsables?|equipe|un humain|quelqu un|service client|support|humain)"
        "(?: (?:de|du|humain) (?:\\w+ )?(?:equipe|service|support|client)?)?",
        verb="contactera|contacteront|appellera|rappellera|repondra|repondront|ecrira|aidera|prendra|prendront|va|vont|"
        "reviendra|reviendront|examinera|verifiera|recontactera|recontacteront|assistera",
        handing="transfere|transferer|transmets|transmis|transmettre|transmettrai|passe|passer|oriente|orienter|"
        "mets en relation|mettre en relation|mis en relation|connecte|connecter|redirige|rediriger|confie|escalade|"
        "fais suivre|transfererai",
        tell="prevenu|previens|prevenir|informe|informer|averti|avertis|notifie|demande|demander",
        promises="<who> (?:\\w+ )??(?:(?:vous|te|t|l|en|y|bientot) )*(?:<verb>)|"
        "(?:<handing>) (?:\\w+ ){0,6}?(?:a|au|avec|vers) <who>|(?:j ai|je|nous avons|je vais|nous allons) (?:<tell>) "
        "(?:a )?<who>",
        spoils="si|quand|lorsque|des que|ne|pas|jamais|souhaitez|voulez|personne ne",
    ),
    _wording(  # German
        who="(?:ein|eine|einen|einem|einer|unser|unsere|unserem|unseren|unserer|das|die|der|den|dem|mein|meine|meinem|"
        "meinen|meiner|jemand|jemanden|jemandem)?(?: (?:menschlich\\w*|echte\\w*|zustandig\\w*))?(?: )?(?:kolleg\\w+|"
        "mitarbeite\\w+|berater\\w*|team|support\\w*|kundenservice|kundendienst|mensch(?:en)?|jemand|ansprechpartner\\w*|"
        "fachmann|spezialist\\w*|person|aus (?:unserem|dem) team)",
        verb="meldet|melden|kontaktier\\w+|anruf\\w*|ruft|rufen|antwort\\w+|schreib\\w+|hilft|helfen|kummer\\w+|pruf\\w+|"
        "ubernimmt|ubernehmen|zuruck|wird sich|werden sich|sieht sich|schaut|bearbeit\\w+|in verbindung",
        handing="leite|geleitet|leiten|weiterleiten|weitergeleitet|weitergegeben|weitergebe|weitergeben|gebe|geben|"
        "ubergebe|ubergeben|verbinde|verbinden|reiche|eskaliere|schicke",
        tell="informiert|informiere|benachrichtigt|benachrichtige|bescheid gegeben|gebeten|bitte|"
        "verstandigt|verstandige",
        promises="<who> (?:aus \\w+ team )?(?:wird |werden )?(?:\\w+ ){0,4}?(?:<verb>)|"
        "(?:<handing>) (?:\\w+ ){0,5}?(?:an|mit|zu) <who>|(?:an|mit) <who> (?:\\w+ ){0,3}?(?:<handing>)|"
        "(?:ich|wir|habe|haben) (?:\\w+ ){0,3}?<who> (?:\\w+ ){0,2}?(?:<tell>)|(?:<tell>) (?:\\w+ )?<who>",
        spoils="wenn|falls|sobald|nicht|kein\\w*|nie|mochten sie|wollen sie|soll ich|niemand",
    ),
    _wording(  # Italian
        who="(?:un|una|il|la|lo|l|i|gli|le|mio|mia|nostro|nostra|nostri)? ?(?:membro|persona|collegh?[aie]|"
        "operator[ei]|operatrice|agent[ei]|consulent[ei]|specialist[ai]|responsabile|team|staff|qualcuno|addett[oaie]|assistenza)"
        "(?: (?:del|della|di|umano|umana) (?:\\w+ )?(?:team|staff|assistenza|supporto)?)?",
        verb="contattera|contatteranno|chiamera|richiamera|rispondera|risponderanno|scrivera|aiutera|verifichera|"
        "ricontattera|ricontatteranno|prendera|occupera|fara|faranno|seguira",
        handing="passo|passato|passare|trasferisco|trasferito|trasferire|inoltro|inoltrato|inoltrare|inoltrero|collego|"
        "metto in contatto|mettere in contatto|segnalato|segnalo|giro|girato|affido",
        tell="avvisato|avviso|avvisero|informato|informo|informero|notificato|chiesto",
        promises="<who> (?:\\w+ )??(?:(?:ti|la|vi|le|si|lo) )*(?:<verb>)|"
        "(?:<handing>) (?:\\w+ ){0,6}?(?:a|al|alla|allo|con|ai|agli) <who>|(?:ho|abbiamo|avro) (?:<tell>) (?:a )?<who>|"
        "(?:avvisero|informero) <who>",
        spoils="se|quando|appena|non|mai|vuole|vuoi|desidera|nessuno",
    ),
    _wording(  # Swahili
        who="mwenzetu|mwenzangu|wenzetu|mtu|mhudumu|wahudumu|wakala|mfanyakazi|timu(?: yetu)?|msaidizi|afisa|meneja|"
        "(?:mmoja|mtu) wa timu(?: yetu)?",
        promises="(?:<who>) (?:\\w+ ){0,3}?(?:ata|wata|ita)\\w+|(?:nita|nime|tume|tuta|nina|tuna)(?:ku|m|wa|i|u|li)?"
        "(?:unganisha|peleka|kabidhi|pitisha|elekeza|hamisha|julisha|arifu|taarifu)\\w* (?:\\w+ ){0,5}?(?:<who>)",
        spoils="kama|ikiwa|iwapo|ukitaka|ungependa|hapana|si|hata\\w*|hawezi",
    ),
    _wording(  # Arabic
        who="(?:احد |أحد )?(?:زميل\\w*|زملائ\\w*|موظف\\w*|ممثل\\w*|فريق\\w*|الفريق|مختص\\w*|شخص|"
        "افراد فريق\\w*|أعضاء فريق\\w*|خدمه العملاء|الدعم|مسؤول\\w*|المسؤول)",
        verb="س?(?:يتواصل|يتصل|يرد|يساعد|يجيب|يتابع|يراجع|يتولي|يكتب|تتواصل|تتصل|ترد)\\w*",
        handing="(?:س?ا?حول\\w*|ساحيل\\w*|احيل\\w*|احلت\\w*|حولت\\w*|ساوصل\\w*|ساقوم بتحويل\\w*|تم تحويل\\w*|"
        "سيتم تحويل\\w*|ابلغت|سابلغ|اخبرت|ساخبر|سيتم ابلاغ|تم ابلاغ)",
        promises="سوف (?:<verb>)(?: \\w+){0,3} (?:<who>)|(?:<verb>) (?:\\w+ ){0,3}?(?:<who>)|"
        "(?:<who>) (?:\\w+ ){0,4}?(?:سوف )?(?:<verb>)|(?:<handing>) (?:\\w+ ){0,5}?(?:الي |ل)?(?:<who>|احد)",
        spoils="اذا|لو|عندما|ان كنت|هل|لا|لن|لم|لا احد",
    ),
    _wording(  # Hindi
        who="(?:हमारे? |हमारी |मेरे |एक |कोई |किसी )*(?:सहकर्मी|साथी|एजेंट|प्रतिनिधि|विशेषज्ञ|टीम|सदस्य|व्यक्ति|कर्मचारी|मैनेजर)"
        "(?: (?:का|के|की) (?:एक |कोई )?(?:सदस्य|व्यक्ति|साथी))?",
        promises="(?:<who>) (?:[^ ]+ ){0,7}?(?:करेंगे|करेगा|करेगी|देंगे|देगा|देगी|लेंगे|लेगा|लेगी|"
        "देखेंगे|देखेगा|बताएंगे|बताएगा|जाएंगे)|"
        "(?:<who>) (?:को|से|के पास) (?:[^ ]+ ){0,6}?(?:रहा हू|रही हू|रहे है|दिया है|दी है|"
        "दूगा|दूगी|भेज[^ ]*|जोड[^ ]*|सौप[^ ]*|बता[^ ]*)",
        spoils="अगर|यदि|क्या|जब|नही|मत|कोई नही",
    ),
)


def promises_person(text: str) -> bool:
    """Whether it tells the customer that a person will come, or knows. Questions and conditions promise nothing."""
    return any(_is_promise(sentence) for sentence in _SENTENCE.split(text) if not _ASKS.search(sentence.strip()))


def _is_promise(sentence: str) -> bool:
    padded = f" {' '.join(words(sentence))} "
    return any(each.promises.search(padded) and not each.spoils.search(padded) for each in _WORDINGS)
