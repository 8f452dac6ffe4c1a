"""How people ask for a person instead of a machine, in each language: patterns over folded words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.text.languages import fold


@dataclass(frozen=True, slots=True)
class Wording:
    """`asks` finds a request; `spoils` finds what only looks like one, negations above all, and is taken out first.

    `alone` are words that are a request when they are all there is. Texts come as folded words with one space
    around each, so a space is a word's edge.
    """

    asks: re.Pattern[str]
    spoils: re.Pattern[str]
    alone: frozenset[str]


def _wording(*, asks: str, spoils: str, alone: str, ends: str, **terms: str) -> Wording:
    """Fill in `<terms>`; `<end>` is a place where the noun is over: "an agent now", but not "an agent licence"."""
    terms = {**terms, "ask": f"(?:{asks})", "end": rf"(?= (?:$|(?:{ends}) ))"}
    while match := re.search(r"<(\w+)>", asks + spoils):
        asks, spoils = (part.replace(match.group(), f"(?:{terms[match[1]]})") for part in (asks, spoils))
    return Wording(_pattern(asks), _pattern(spoils), frozenset(fold(word) for word in alone.split("|")))


def _pattern(source: str) -> re.Pattern[str]:
    """Folded like the texts it reads, and matching whole words only."""
    return re.compile(f"(?<= )(?:{fold(source)})(?= )")


WORDINGS = {
    "en": _wording(
        kind="(?:(?:real|actual|live|living|human|proper|other) )*",
        some="(?:(?:a|an|the|your|some|any|another|one of your) )?",
        strong="human(?: being)?|agent|representative|rep|operator|real person|live person|actual person",
        person="person|human(?: being)?|agent|representative|rep|operator|advis[eo]r|someone|somebody|staff(?: "
        "member)?|"
        "employee|team member|member of (?:the |your )?(?:staff|team)|(?:your |the )?(?:support )?team|"
        "customer (?:service|support|care)|support|supervisor|manager|real people|actual people|human beings?",
        who="<some><kind>(?:<person>)(?! (?:resources|rights|s|who delivered)(?: |$))",
        talk="(?:talk|speak|chat|talking|speaking|chatting) (?:directly )?(?:to|with|w)",
        bot="(?:a |an |the |this |your |another )?(?:stupid |dumb |useless )?(?:bots?|robots?|machines?|"
        "chatbots?|ai|computer)",
        asks="(?<!am i )(?<!are we )<talk> <who>|"
        "(?:transfer|connect|forward|redirect|switch|put|hand|route|escalate|refer|patch|pass) (?:(?:me|us|this|it|"
        "(?:this|the|my) (?:chat|conversation|case|issue)) )?(?:over |through |on |in touch |up )?(?:to|with) "
        "<who>|"
        "(?:want|need|like|prefer|give me|get me|find me|request|demand|(?:can|could|may) (?:i|you) (?:please "
        ")?(?:have|"
        "get)) "
        "(?:an?|the|some|your) <kind>(?:person|<strong>)<end>|(?:want|need) customer (?:service|support)<end>|"
        "(?:want|need|like|prefer|get|give me|get me) (?:some )?(?:human (?:help|support|assistance)|someone "
        "(?:real|human))<end>|"
        "be (?:transferred|connected|forwarded|redirected|handed over|put through) (?:to|with) <who>|"
        "(?:is|are) there (?:(?:an?|any|some) )?<kind>(?:anyone|someone|person|<strong>) (?:available|there|here|"
        "i can|who|to "
        "(?:talk|speak|chat|help))|"
        "(?:can|could|may|will) (?:an?|some) <kind>(?:<strong>) (?:please )?(?:help|call|contact|assist|answer|"
        "reply|"
        "take over|talk|speak)|"
        "(?:have|can|could|get|need|want) (?:someone|somebody)(?: from your team)? (?:to |please )?(?:call|phone|"
        "ring) (?:me|us)|"
        "(?:<strong>|person) (?:please|pls|now|asap)<end>|"
        "(?:don t|do not|dont|not) (?:want|wanna|like) (?:to )?(?:be )?(?:keep )?<talk> <bot><end>|"
        "(?:stop|tired of|sick of|hate) <talk> <bot><end>",
        spoils="(?:one|1|single|each|every|per) person|"
        "(?:don t|dont|do not|doesn t|didn t|not|never|no|without|stop|instead of|no longer|avoid|hate|"
        "had|used) "
        "(?:(?:really|actually|even|just|want|wanna|need|wish|like|have|having|to|think (?:i|we)|make me|asking|"
        "be|yet|"
        "necessarily) )*<ask>|(?:do|will|would|must) (?:i|we|you) (?:really )?(?:have|need) to <ask>|"
        "(?:i|we) (?:will|ll|should|did) <ask>|if (?:i|we) (?:want|need|have|wanted|needed) to <ask>",
        alone="human|agent|operator|representative|real person|live agent|live person|human agent|real human|"
        "person|"
        "customer service|support agent",
        ends="please|pls|now|here|who|that|to|for|about|on|in|at|not|instead|and|or|because|asap|today|right|"
        "immediately|i|we|regarding|so|rather|can|since|anymore|any|thanks|thank|this|it",
    ),
    "es": _wording(
        some="(?:(?:un|una|el|la|los|las|algun|alguna|otro|otra|su|tu|vuestro) )?(?:verdader[oa] )?",
        strong="humano|ser humano|agente|asesora?|operadora?|representante|ejecutiv[oa]",
        real="(?: (?:real|human[oa]|fisica|de verdad))?",
        person="persona|human[oa]|ser humano|agente|asesora?|operadora?|representante|ejecutiv[oa]|alguien|"
        "encargad[oa]|"
        "supervisora?|gerente|(?:atencion|servicio) al cliente|soporte|emplead[oa]|responsable",
        who="<some>(?:<person>)<real>",
        talk="(?:hablar|conversar|chatear|comunicarme|contactar(?:me)?|hablando) (?:directamente )?(?:con|a)",
        asks="<talk> <who>|(?:pasame|paseme|pasenme|pasarme|me pasas?|me (?:puedes?|podrias?) (?:pasar|comunicar|"
        "transferir|conectar)|transfiereme|transfierame|transferirme|comuniqueme|"
        "comunicame|conectame|conecteme|conectarme|derivame|deriveme|derivarme|ponme|pongame|ponerme) "
        "(?:en contacto )?(?:con|a) <who>|"
        "(?:quiero|quisiera|necesito|deseo|prefiero|dame|deme|exijo|solicito) (?:a )?(?:un|una|algun) "
        "(?:persona|<strong>)<real><end>|"
        "hay (?:algun|alguna|un|una)? ?(?:<person>)<real> (?:disponible|ahi|aqui|que|con quien|para)|"
        "(?:puede|podria|pueda) (?:atender|ayudar|llamar|contactar)(?:me)? (?:un|una) (?:persona|<strong>)<real>|"
        "que me (?:atienda|llame|contacte|ayude) (?:un|una|alguna) (?:persona|<strong>)|"
        "alguien (?:me (?:puede )?(?:llame|llamar)|puede llamarme)|<strong><real> por favor<end>|"
        "no quiero (?:seguir )?(?:hablar|hablando|chatear|chateando) (?:mas )?con "
        "(?:(?:un|una|el|este|esta) )?(?:robot|bot|maquina|ia|chatbot)<end>",
        spoils="(?:no|nunca|sin|tampoco|evitar|en vez de|en lugar de) (?:(?:quiero|quisiera|necesito|deseo|me "
        "gusta|"
        "hace falta|tengo que|tengo ganas de|hay que|es necesario|tener que|que) )*<ask>|"
        "(?:tengo|tenemos|hay|tuve) que <ask>",
        alone="humano|agente|asesor|asesora|operador|operadora|persona real|agente humano|representante|"
        "una persona|una persona real|un humano|un agente|un asesor|persona",
        ends="por|porfa|ya|ahora|que|para|y|pero|en|aqui|urgente|inmediatamente|gracias|favor|sobre|no|porque|hoy|ok",
    ),
    "pt": _wording(
        some="(?:(?:um|uma|o|a|algum|alguma|outro|outra|seu|sua) )?",
        strong="humano|ser humano|atendente|agente|operadora?|representante|consultora?|atendimento humano",
        real="(?: (?:real|human[oa]|de verdade))?",
        person="pessoa|humano|ser humano|atendente|alguem|agente|operadora?|representante|funcionari[oa]|"
        "consultora?|"
        "gerente|supervisora?|responsavel|suporte|atendimento(?: ao cliente)?|equipe",
        who="<some>(?:<person>)<real>",
        talk="(?:falar|conversar|falando) (?:diretamente )?(?:com|c)",
        asks="<talk> <who>|(?:me (?:transfer\\w+|transfira|pass[ae]r?|conect[ae]r?|encaminh[ae]r?|coloc[ae]r?|"
        "coloque)|"
        "transfira me|transferir|encaminhar) (?:para|pra|com|a|ao|em contato com) <who>|"
        "(?:quero|queria|preciso(?: de)?|gostaria de|prefiro|desejo|exijo|chama|chame) (?:um|uma|algum) "
        "(?:pessoa|<strong>)<real><end>|(?:quero|preciso(?: de)?|queria|prefiro|gostaria de) atendimento humano|"
        "(?:tem|ha|existe) (?:algum|alguma|um|uma)? ?(?:<person>)<real> (?:disponivel|ai|que|para|pra)|"
        "(?:pode|poderia) me (?:atender|ligar|ajudar) (?:um|uma) (?:pessoa|<strong>)|"
        "alguem (?:pode )?me (?:ligar|liga|ligue)|<strong><real> por favor<end>|"
        "nao quero (?:mais )?(?:falar|conversar|falando) (?:mais )?com "
        "(?:(?:um|uma|o|a|este|esta|esse|essa) )?(?:robo|bot|maquina|ia|chatbot)<end>",
        spoils="(?:nao|nunca|sem|em vez de|ao inves de|evitar) (?:(?:precisa|quero|queria|preciso|precisar|"
        "gostaria|desejo|"
        "tenho que|e necessario|de|gosto) )*<ask>|(?:tenho|tem|tive) (?:que|de) <ask>",
        alone="atendente|humano|pessoa real|um atendente|uma pessoa|um humano|atendimento humano|falar com "
        "atendente|"
        "atendente humano|pessoa|uma pessoa real",
        ends="por|agora|ja|que|para|pra|e|mas|em|aqui|urgente|imediatamente|obrigad[oa]|sobre|nao|porque|hoje|pf",
    ),
    "fr": _wording(
        some="(?:(?:un|une|le|la|l|des|votre|vos|autre) )*(?:(?:vraie?|veritable) )?",
        strong="humain|etre humain|agent|conseill(?:er|ere)|operateur|operatrice|representant|vraie personne",
        real="(?: (?:reel(?:le)?|humaine?|physique|en chair et en os))?",
        person="personne|humain|etre humain|agent|conseill(?:er|ere)|operateur|operatrice|representant|quelqu un|"
        "responsable|service clients?|employe|collaborateur|superviseur|interlocuteur|support|gerant",
        who="<some>(?:<person>)<real>",
        talk="(?:parler|discuter|echanger|communiquer) (?:directement )?(?:a|au|avec)",
        asks="<talk> <who>|(?:(?:passez|passe|transferez|transfere|mettez|mets|connectez|redirigez|orientez) moi|"
        "me (?:passer|transferer|mettre|connecter|rediriger|orienter)|etre (?:mis|mise|transferee?)) "
        "(?:en (?:relation|contact|communication) )?(?:(?:a|avec|vers|au|sur) )?<who>|"
        "(?:veux|voudrais|souhaite|souhaiterais|aimerais|besoin d|besoin de|prefere|exige|donnez moi) (?:avoir "
        ")?(?:un|une) "
        "(?:personne|<strong>)<real><end>|"
        "(?:y a t il|il y a|y aurait il) (?:un |une )?(?:<person>)<real> (?:disponible|la|ici|qui|pour|a qui)|"
        "(?:quelqu un|un conseiller|un humain|un agent) (?:peut|pourrait) (?:m |me )?(?:appeler|rappeler|repondre)|"
        "<strong><real> (?:svp|s il (?:vous|te) plait)<end>|"
        "(?:veux|souhaite|envie de) (?:pas|plus) (?:de )?(?:parler|discuter) (?:a|avec) "
        "(?:(?:un|une|ce|cette|le|la) )?(?:robot|bot|machine|ia|chatbot)<end>",
        spoils="(?:(?<!peux )(?<!peut )(?<!puis )pas|jamais|sans|plus|inutile de|inutile d|au lieu de|plutot que "
        "de|"
        "eviter de) (?:(?:besoin|envie|de|d|a|devoir|avoir|forcement|vraiment|oblige|forcement) )*<ask>|"
        "(?:dois|doit|faut)(?: je| on| il)? <ask>",
        alone="humain|un humain|conseiller|un conseiller|un agent|une vraie personne|vraie personne|operateur|"
        "un operateur|une personne|service client",
        ends="svp|s|maintenant|qui|que|pour|et|mais|ici|urgent|immediatement|merci|pas|car|parce|tout|au|a|de suite",
    ),
    "de": _wording(
        some="(?:(?:einem|einer|einen|eine|ein|dem|der|den|ihrem|ihren|eurem) )?(?:(?:echten?|richtigen?|realen?|"
        "menschlichen?|anderen|echter|richtiger|lebenden) )*",
        strong="mensch(?:en)?|mitarbeiter(?:in)?|agent(?:en)?|(?:kunden)?berater(?:in)?|echte person",
        person="mensch(?:en)?|person|mitarbeiter(?:in)?|agent(?:en)?|(?:kunden)?berater(?:in)?|kundendienst|"
        "kundenservice|"
        "support|jemand(?:em|en)?(?: (?:echte[mn]|richtige[mn]|andere[mn]))?|vorgesetzten|chef|"
        "sachbearbeiter(?:in)?",
        who="<some>(?:<person>)",
        verb="sprechen|reden|chatten|telefonieren|verbinden|verbunden|schreiben|sprech",
        asks="mit <who> (?:[^ ]+ ){0,3}?(?:<verb>)|(?:sprechen|reden|rede|spreche) (?:bitte |lieber |gern |gerne "
        ")*mit <who>|"
        "(?:verbinde|verbinden sie|verbindet|leite|leiten sie) mich (?:bitte |jetzt )*(?:mit|an|zu) <who>|"
        "an <who> weiter(?:leiten|geben|geleitet|gegeben)|"
        "(?:will|mochte|brauche|verlange|wunsche|hatte gerne?|gib mir|geben sie mir) (?:(?:bitte|lieber|gerne?|"
        "jetzt|endlich) )*"
        "(?:einen?|den|die) (?:(?:echten?|richtigen?|realen?|menschlichen?) )*(?:person|<strong>)(?: "
        "sprechen)?<end>|"
        "(?:gibt es|ist) (?:da |hier |dort )?(?:einen?|jemand|irgendein) (?:(?:echte[rn]?|richtige[rn]?) )?"
        "(?:<strong>|person|mit dem|mit der|echtes) (?:da|hier|verfugbar|erreichbar|mit|der|die)|"
        "(?:kann|konnte) mich (?:bitte )?jemand (?:anrufen|zuruckrufen)|<strong> bitte<end>|"
        "(?:nicht|keine lust) (?:mehr |langer )?mit (?:(?:einem|einer|diesem|dem|der) )?"
        "(?:bot|roboter|maschine|ki|computer|chatbot) (?:<verb>)",
        spoils="(?<!kann ich )(?:nicht|nie|niemals|ohne|statt|anstatt|ungern) (?:(?:unbedingt|mehr|erst|extra|"
        "gleich) )*<ask>|"
        "(?:muss|musste|soll) (?:ich|man) (?:[^ ]+ )?<ask>",
        alone="mensch|mitarbeiter|einen menschen|echter mensch|ein mensch|einen mitarbeiter|kundenberater|berater|"
        "echte person|eine echte person|ein mitarbeiter|kundenservice",
        ends="bitte|jetzt|sofort|der|die|und|aber|hier|wegen|zum|zur|fur|dringend|danke|nicht|keinen|kein|heute|"
        "sprechen",
    ),
    "it": _wording(
        some="(?:(?:un|una|uno|l|il|la|lo|qualche|vostro|altra|altro) )*(?:ver[ao] )?",
        strong="umano|essere umano|operatore|operatrice|agente|rappresentante|consulente|addett[oa]",
        real="(?: (?:reale|uman[oa]|ver[oa]|fisica))?",
        person="persona|umano|essere umano|operatore|operatrice|agente|qualcuno|rappresentante|consulente|"
        "addett[oa]|"
        "responsabile|servizio clienti|assistenza(?: clienti)?|supervisore|dipendente",
        who="<some>(?:<person>)<real>",
        talk="(?:parlare|comunicare|chattare|parlando) (?:direttamente )?(?:con|a|ad)",
        asks="<talk> <who>|(?:passami|passatemi|passarmi|mi pass[ai]|mi puo passare|trasferiscimi|trasferirmi|"
        "mi trasferisc[ae]|trasferitemi|collegami|mi colleghi|collegarmi|mettimi|mi metta|mettermi) (?:in "
        "contatto )?"
        "(?:(?:con|a|ad) )?<who>|"
        "(?:voglio|vorrei|bisogno di|mi serve|preferisco|preferirei|dammi|desidero|esigo) (?:un|una|l|uno) "
        "(?:vera )?(?:persona|<strong>)<real><end>|"
        "c e (?:un|una|qualche|qualcuno|l)? ?(?:<person>)?<real> (?:disponibile|con cui|che (?:mi|possa|puo))|"
        "(?:qualcuno|un operatore|una persona) (?:mi )?(?:puo|potrebbe|puo) (?:chiamar(?:mi|e)|richiamar(?:mi|e))|"
        "<strong><real> per favore<end>|"
        "non voglio (?:piu )?parlare (?:piu )?con (?:(?:un|una|questo|questa|il) )?(?:robot|bot|macchina|ia|"
        "chatbot)<end>",
        spoils="(?:non|mai|senza|invece di|evitare di) (?:(?:voglio|vorrei|ho|bisogno di|devo|desidero|mi serve|"
        "mi va di|"
        "serve|occorre|dover|preferisco) )*<ask>|(?:devo|bisogna|dovevo) <ask>",
        alone="operatore|un operatore|umano|un umano|persona reale|una persona reale|una persona|operatore umano|"
        "persona vera|una persona vera",
        ends="per|adesso|ora|subito|che|e|ma|qui|urgente|grazie|non|perche|oggi|in",
    ),
    "sw": _wording(
        strong="binadamu|mhudumu|wakala|mwakilishi|mtoa huduma|mfanyakazi",
        person="mtu|binadamu|mhudumu|wakala|afisa|mfanyakazi|mwakilishi|msimamizi|meneja|mtoa huduma|huduma kwa wateja",
        asks="(?:kuongea|kuzungumza|niongee|nizungumze|kuwasiliana|kuchati) (?:moja kwa moja )?na (?:<person>)|"
        "(?:niunganishe|niunganisheni|uniunganishe|unganisha|nielekeze|nihamishe|nihamishie) (?:na |kwa "
        ")?(?:<person>)|"
        "(?:nataka|nahitaji|naomba|ninataka|ninahitaji|ningependa|nipe|nipatie) (?:mtu|<strong>)<end>|"
        "(?:kuna|yupo) (?:<person>) (?:hapo|hapa|anayeweza|wa kuongea)|<strong> tafadhali<end>|"
        "sitaki (?:tena )?(?:kuongea|kuzungumza) na (?:roboti|robot|bot|mashine|kompyuta)",
        spoils="(?:sitaki|sihitaji|sikutaka|sipendi|bila|bila ya|si lazima|lazima) (?:(?:tena|haja ya|ya) )*<ask>",
        alone="binadamu|mhudumu|mtu halisi|mtu wa kweli|wakala|mtoa huduma",
        ends="tafadhali|sasa|halisi|wa kweli|anayeweza|ili|hapa|anisaidie|haraka|aliye|kweli",
    ),
    "ar": _wording(
        real="(?: (?:حقيقي[ةه]?|بشري[ةه]?|الحقيقي|البشري))?",
        strong="انسان|موظف[ةه]?|ممثل|مندوب|وكيل|بشري",
        person="(?:ال|لل|ل|ب)?(?:شخص|انسان|موظف[ةه]?|ممثل|مندوب|مسؤول|مدير|مشرف|وكيل|بشري?|حد|احد|خدمة "
        "(?:ال)?عملاء)|"
        "خدمة العملاء|الدعم|(?:احد|احدى) (?:الموظفين|موظفيكم)|فريق الدعم",
        asks="(?:اتكلم|التكلم|نتكلم|اتحدث|التحدث|احكي|اكلم|الكلام|التواصل|اتواصل|التحدث مباشرة|الدردشة) "
        "(?:مباشرة )?(?:(?:مع|الى) )?(?:<person>)<real>|"
        "(?:حولني|حولوني|حوليني|وصلني|وصلوني|تحويلي|توصيلي) (?:(?:الى|على|مع|ب) )?(?:<person>)<real>|"
        "(?:اريد|ابغى|ابي|عايز|عايزة|عاوز|بدي|احتاج|محتاج|اود) (?:ال)?(?:شخص|<strong>)<real><end>|"
        "(?:هل يوجد|هل هناك|في|فيه) (?:شخص|<strong>)<real> (?:متاح|متوفر|يمكنه|يقدر|هنا)|"
        "(?:لا اريد|ما ابي|ما ابغى|مش عايز|مش عاوز|ما بدي) (?:التحدث|التكلم|اتكلم|اتحدث|احكي|اكلم) (?:مع )?"
        "(?:ال)?(?:روبوت|بوت|الة|ماكينة)",
        spoils="(?:لا|ما|مش|ليس|لن|بدون|مو|لم) (?:(?:اريد|ابغى|ابي|عايز|عايزة|عاوز|بدي|احتاج|محتاج|اود|ارغب في|"
        "داعي|حاجة|ان|الى|"
        "ضروري|اعمل) )*<ask>",
        alone="موظف|انسان|شخص حقيقي|ممثل|خدمة العملاء|موظف بشري|شخص",
        ends="من|الان|لو|الآن|حالا|فورا|هنا|يساعدني|ليساعدني|بسرعة|وليس|لا|في|رجاء|ضروري",
    ),
    "hi": _wording(
        person="(?:(?:किसी|एक|असली|अपने) ){0,3}(?:इंसान|इन्सान|व्यक्ति|आदमी|मनुष्य|एजेंट|एजेन्ट|प्रतिनिधि|कर्मचारी|"
        "अधिकारी|मैनेजर|"
        "कस्टमर केयर|ग्राहक सेवा|ऑपरेटर|स्टाफ|सपोर्ट)|"
        "(?:(?:kisi|ek|asli|real|apne) ){0,3}(?:insaan|insan|aadmi|admi|agent|representative|executive|manager|"
        "human|"
        "vyakti|"
        "customer care|banda|bande)",
        bot="(?:(?:किसी|इस) )?(?:रोबोट|बॉट|मशीन)|(?:(?:kisi|is) )?(?:robot|bot|machine)",
        asks="(?:<person>|किसी) (?:से|se) (?:[^ ]+ ){0,2}?(?:बात|baat|bat|chat|contact|connect|जोड़ो|जोड़िए|"
        "जोड़ें|कनेक्ट|संपर्क)|"
        "(?:<person>) (?:चाहिए|चाहिये|chahiye|chaiye|बुलाओ|बुलाइए|ko bulao|को बुलाओ|को बुलाइए)|"
        "(?:<bot>) (?:से|se) (?:बात|baat|bat) (?:नहीं|नही|nahi|nahin)",
        spoils="(?:<person>|किसी) (?:से|se) (?:[^ ]+ ){0,2}?(?:बात|baat|bat) (?:[^ ]+ )?(?:नहीं|नही|मत|nahi|"
        "nahin|mat)"
        "(?! (?:कर|kar|ho|हो) (?:सक[^ ]*|sak[^ ]*|pa|पा))|"
        "(?:<person>) (?:नहीं|नही|nahi|nahin) (?:चाहिए|चाहिये|chahiye|chaiye)",
        alone="इंसान|एजेंट|असली इंसान|insaan|asli insaan|कस्टमर केयर",
        ends="please",
    ),
}
