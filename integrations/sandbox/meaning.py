"""The stand-in embedding model: texts of the same words, of like spelling, or on the same topic lie near each other."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

_OWN, _SPELLING, _TOPIC, _FILLER = 1.0, 0.5, 1.6, 0.15
_STEM = 5  # letters by which words of one family are known
_WORD = re.compile(r"[^\W_]+")

# What a shop's customers write about, in words of the languages they write in.
_TOPICS = (
    "return returns send back devolver devolucion devuelvo retourner retour renvoyer ruckgabe zurucksenden zuruckgeben "
    "zuruckschicken kurudisha devolucao restituire reso irudisha",
    "refund refunds money back reimburse reembolso reembolsar dinero remboursement rembourse argent ruckerstattung "
    "erstattung geld pesa dinheiro rimborso",
    "deliver delivery ship shipping arrive parcel post package dispatch send entrega enviar envio llegar paquete "
    "livraison livrer expedition colis lieferung liefern versand paket mzigo kuletewa kupeleka encomenda frete "
    "consegna spedizione abroad",
    "open opening hours close closes horario abre abierto abren abierta cerrado ouvert ouverture horaires ferme "
    "offnungszeiten geoffnet offen saa kufungua mnafungua wazi aberto abre fecha orario aperto",
    "pay payment card cash instalments money invoice bill pagar pago tarjeta factura efectivo payer paiement carte "
    "facture zahlen zahlung bezahlen karte rechnung kulipa lipa malipo cartao fatura pagare bolletta",
    "size sizes fit fits large small big measure talla medida taille grosse passt mass ukubwa saizi tamanho misura",
    "wash clean cleaning laundry dirt washing lavar limpiar lavado laver nettoyer lavage waschen reinigen kuosha "
    "safisha limpar pulire",
    "broken repair fix damaged torn faulty mend defect roto arreglar reparar reparacion casse reparer reparation "
    "kaputt reparieren defekt imevunjika kutengeneza imeharibika quebrado conserto consertar rotto riparare snapped",
    "warranty guarantee garantia garantie gewahrleistung dhamana garanzia waranti",
    "discount coupon voucher code sale cheaper student descuento cupon codigo rabais reduction bon rabatt gutschein "
    "punguzo desconto cupom sconto",
    "gift card present birthday regalo tarjeta cadeau geschenk geschenkkarte zawadi presente regalo",
    "tent tents camping tienda tiendas campana tente zelt hema barraca tenda",
    "boot boots shoe shoes bota botas calzado zapato chaussure bottes schuhe stiefel wanderschuhe viatu buti sapato "
    "scarpe",
    "jacket coat raincoat waterproof chaqueta impermeable veste jacke regenjacke koti jaqueta giacca rain lluvia pluie "
    "regen mvua",
    "cancel change order modify cancelar cambiar anular pedido annuler modifier commande stornieren andern bestellung "
    "ghairi kufuta agizo alterar encomenda annullare ordine",
    "person job work career hire empleo trabajo emploi travail stelle arbeit kazi emprego lavoro vacancy",
    "rent rental hire borrow alquilar alquiler louer location mieten leihen verleih kukodi kodisha alugar aluguel "
    "noleggio",
    "privacy data personal delete account datos cuenta borrar donnees compte supprimer daten konto loschen taarifa "
    "akaunti futa dados conta apagar",
    "child children kid kids baby nino ninos enfant enfants kinder kind mtoto watoto crianca bambini",
    "sleep sleeping bag cold warm temperature winter saco dormir frio couchage froid schlafsack kalt baridi",
    "stove gas fuel cook cooking hornillo cocina cocinar rechaud cuisiner kocher kochen jiko kupika fogareiro fornello",
    "point points loyalty club member membership puntos socio fidelite membre punkte mitglied alama mwanachama",
)


def meaning(text: str, size: int) -> list[float]:
    """A unit vector, always the same one for the same text."""
    vector = [0.0] * size
    for feature, weight in _features(text).items():
        place, sign = _place(feature)
        vector[place % size] += sign * weight
    length = math.sqrt(sum(each * each for each in vector)) or 1.0
    return [each / length for each in vector]


def _features(text: str) -> dict[str, float]:
    """Of what is said often, each time more says less."""
    words = Counter(_WORD.findall(_folded(text)))
    found: dict[str, float] = defaultdict(float)
    for word, times in words.items():
        for feature, weight in _of_word(word):
            found[feature] += weight * math.sqrt(times)
    return found


def _of_word(word: str) -> Iterator[tuple[str, float]]:
    worth = _OWN if len(word) > 3 else _FILLER
    yield f"word {word[:_STEM]}", worth
    marked = f"<{word}>"
    pieces = [marked[at : at + 3] for at in range(len(marked) - 2)]
    for piece in pieces:
        yield f"piece {piece}", worth * _SPELLING / math.sqrt(len(pieces))
    for topic in _topics().get(word[:_STEM], ()):
        yield f"topic {topic}", _TOPIC


@cache
def _topics() -> dict[str, tuple[int, ...]]:
    known: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(_TOPICS):
        for stem in {word[:_STEM] for word in words.split()}:
            known[stem] = (*known.get(stem, ()), number)
    return known


@cache
def _place(feature: str) -> tuple[int, int]:
    """Where a feature is counted, and with which sign: what falls together by chance then cancels out."""
    number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
    return number >> 1, 1 if number & 1 else -1


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
