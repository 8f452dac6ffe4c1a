"""From the passages a search returned to a few lines that answer the question, or to nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ANSWER_LENGTH = 330
IN_HEADING, IN_BODY, ENOUGH = 3, 1, 3
# What people say, in the tongues we know, and the words our pages use for it.
TOPICS = {
    r"where.*order|order.*(?:where|status)|track|parcel|package|pedido|encomenda": "order tracking parcel delivery",
    r"\breturn|send.*back|devol": "return label parcel",
    r"exchange|trocar|cambiar": "exchange",
    r"\bopen|\bhours|horario|hor[aá]rio": "opening hours monday saturday sunday",
    r"\bship|env[ií]o|frete": "shipping cost delivery",
    r"\bdeliver|entrega": "delivery long take",
    r"refund|money back|reembolso": "refund money back",
    r"tienda de|barraca": "tent",
    r"\bbotas?\b": "boots",
    r"talla|tamanho": "size",
    r"warrant|garant": "guarantee",
}
NOISE = re.compile(
    r"about|and|any|are|back|can|come|could|did|does|find|for|from|get|have|hello|how|know|like|long|many|much|need|"
    r"please|sell|some(?:one|thing)?|take|tell|that|the|there|this|want|was|what|when|where|which|who|why|will|with|"
    r"would|you|your|thanks"
)


@dataclass(slots=True)
class Section:
    heading: str
    lines: list[str] = field(default_factory=list[str])


def query_of(text: str) -> str:
    """What to look for: the words of the topics it touches, and its own telling words."""
    return " ".join(dict.fromkeys([*_topic_words(text), *_own_words(text)]))[:200] or text.strip()[:200]


def query_words(text: str) -> set[str]:
    """Its own telling words, without their endings."""
    return _stems(" ".join(_own_words(text)))


def phrase(found: str, question: str) -> str:
    """The one or two sections that speak of what was asked, shortened; empty when none does."""
    wanted = _stems(query_of(question))
    rated = [(_score(section, wanted), section) for section in _sections(found)]
    top = max((score for score, _ in rated), default=0)
    best = [section for score, section in rated if score == top][:2]
    if top < ENOUGH or not _is_about(best[0], question):
        return ""
    if len(best) == 1:
        return _shortened(best[0], wanted, ANSWER_LENGTH)
    return "\n\n".join(f"{_title(each)}: {_shortened(each, wanted, ANSWER_LENGTH // 2)}" for each in best)


def _topic_words(text: str) -> list[str]:
    topics = [words for pattern, words in TOPICS.items() if re.search(pattern, text, re.IGNORECASE)]
    return " ".join(topics).split()


def _own_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{3,}", text.lower()) if not NOISE.fullmatch(word)]


def _stems(text: str) -> set[str]:
    """Words without their endings, roughly: enough to match `returned` with `return`."""
    return {word.rstrip("s")[:5] for word in re.findall(r"[^\W\d_]{3,}", text.lower())}


def _sections(found: str) -> list[Section]:
    sections = [Section("")]
    for line in found.splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            sections.append(Section(bare.lstrip("# ")))
        # Where a passage came from is no answer, and a table reads badly on a phone.
        elif bare and not re.match(r"\(?(?:from|source)\b|nothing was found|\|", bare, re.IGNORECASE):
            sections[-1].lines.append(re.sub(r"[*_`]", "", bare))
    return [section for section in sections if section.lines]


def _score(section: Section, wanted: set[str]) -> int:
    heading, body = _stems(section.heading), _stems(" ".join(section.lines))
    return sum(IN_HEADING if stem in heading else IN_BODY if stem in body else 0 for stem in wanted)


def _is_about(section: Section, question: str) -> bool:
    """Half of what the question itself names must be there: a page on tents does not answer for snow."""
    named = _stems(" ".join(_own_words(question)))
    there = _stems(f"{section.heading} {' '.join(section.lines)}")
    in_other_words = any(_stems(word) & there for word in _topic_words(question))
    return len(named & there) * 2 >= len(named) or in_other_words


def _shortened(section: Section, wanted: set[str], limit: int) -> str:
    """The whole section when it is short, else a run of its sentences that begins where it matters."""
    pieces = [piece for line in section.lines for piece in _sentences(line)]
    rates = [len(_stems(piece) & wanted) for piece in pieces]
    best = rates.index(max(rates))
    start = 0 if len(" ".join(pieces[: best + 1])) <= limit else best
    told = pieces[start]
    for piece in pieces[start + 1 :]:
        in_list = piece.startswith("- ") or "\n- " in told
        joined = f"{told}\n{piece}" if in_list else f"{told} {piece}"
        if len(joined) > limit:
            break
        told = joined
    return told


def _sentences(line: str) -> list[str]:
    return [line] if line.startswith("- ") else [part for part in re.split(r"(?<=[.!?])\s+", line) if part]


def _title(section: Section) -> str:
    """The last part of a heading path such as `Opening hours > Lisbon`."""
    return re.split(r"\s+[>›/»]\s+", section.heading)[-1]
