"""What customers and the AI say, as the thread shows it: words, and for each kind of message what else it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from urllib.parse import urlsplit

from bot.blocks.parts import SECTION_LIMIT, Block, Post, fits, leaf, line, one_line, quote, rich
from bot.domain.conversation import Author
from bot.domain.desk import Quoted, Said
from bot.domain.inbound import ContactCard, Details, Forwarded, Place, Referral
from bot.domain.text.slack_out import escape, split_for_slack

NAMES = {Author.CUSTOMER: "Customer", Author.BOT: "AI", Author.STAFF: "Staff", Author.SYSTEM: "Switchboard"}
_ICONS = {Author.CUSTOMER: ":bust_in_silhouette:", Author.BOT: ":robot_face:", Author.SYSTEM: ":gear:"}
_EXCERPT = 160
_LONGEST_LINK = 500  # a link cannot be split among posts; a longer one is shown as the words it is
_LEAF = 2_800  # characters of one text in a modal, with an excerpt under what Slack takes
_EARLIER = "an earlier message"
_LABELS = {
    "image": "📷 Photo",
    "video": "🎬 Video",
    "audio": "🎵 Audio",
    "voice": "🎤 Voice message",
    "document": "📎 Document",
    "sticker": "💟 Sticker",
    "location": "📍 Location",
    "contacts": "👤 Contact card",
    "order": "🛒 Order",
}
_UNSUPPORTED = "🚫 Sent something that WhatsApp does not pass on to businesses"
_UNKNOWN = "❔ Sent something that Switchboard cannot show"


@dataclass(frozen=True, slots=True)
class _Words:
    text: str


@dataclass(frozen=True, slots=True)
class _Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class _Quote:
    text: str


_Piece = _Words | _Link | _Quote


def mirrored(author: Author, speaker: str, said: Said, picture: str | None = None) -> list[Post]:
    """One message, whole; more than one post when Slack could not carry it in one. `speaker` is who said it."""
    return joined(author, speaker, [said], picture)


def joined(author: Author, speaker: str, said: Sequence[Said], picture: str | None = None) -> list[Post]:
    """The same for what one of them said in several messages. `picture` is the customer's own."""
    # Our own words never go under a name that somebody chose.
    name = NAMES[author] if author in (Author.BOT, Author.SYSTEM) else one_line(speaker, 80) or NAMES[author]
    icon = picture if picture and author is Author.CUSTOMER else _ICONS.get(author)
    pieces = list(_merged(_in_lines(map(_body, said))))
    limit = SECTION_LIMIT
    while True:  # until each part fits twice, as blocks and as text; nothing is cut off
        posts = [_post(part, name, icon) for part in _parts(pieces, limit) if _is_seen(part)]
        if all(map(fits, posts)):
            return posts
        limit //= 2


def in_words(said: Said) -> str:
    """The same as plain text, for a line of a transcript."""
    first, *rest = _body(said)
    opening = f"↩️ “{first.text}”\n" if isinstance(first, _Quote) else _plain(first)
    return "".join([opening, *(f" “{each.text}”" if isinstance(each, _Quote) else _plain(each) for each in rest)])


def elements(said: Said, most: int) -> list[Block]:
    """The same as parts of a rich text, of about `most` characters at the most."""
    if len(said.text) > most:
        said = replace(said, text=f"{said.text[:most]}… (longer than fits here)")
    parts = _parts(_merged(_body(said)), min(most, _LEAF))
    return [each for part in islice(parts, most // _LEAF + 2) for each in _elements(part)]


def kind_in_words(kind: str) -> str:
    """What something without words was; empty for words."""
    return _label(Said("", kind)) if kind != "text" else ""


def excerpt(said: Said) -> str:
    """In one line what a message is, to quote it by; what it quotes itself is left out."""
    pieces = _body(replace(said, is_edited=False))
    return one_line("".join(each.text for each in pieces if not isinstance(each, _Quote)), _EXCERPT)


def _body(said: Said) -> list[_Piece]:
    if said.is_deleted:
        return [_Words("🗑️ (deleted by the customer)")]
    if shown := _ABOUT_ANOTHER.get(said.kind):
        return shown(said)
    answers = [_Quote(_quoted(said.quoted))] if said.quoted else []
    lines = [[_Words(_FORWARDED[said.details.forwarded])]] if said.details.forwarded else []
    lines += [_referral(said.details.referral)] if said.details.referral else []
    lines += [[_Words(each)] for each in (_label(said), _text_of(said), _heard(said)) if each]
    lines += [[_link("Open the map", _map(said.details.place))]] if said.details.place else []
    lines += [[_Words(each)] for each in _listed(said.details)]
    return [*answers, *_in_lines(lines or [[_Words("(empty message)")]])]


def _heard(said: Said) -> str:
    return f"🎙️ “{said.heard}” (written down by a machine)" if said.heard else ""


def _text_of(said: Said) -> str:
    return f"{said.text.strip()} (edited)" if said.is_edited else said.text.strip()


_FORWARDED = {Forwarded.ONCE: "↪️ Forwarded", Forwarded.OFTEN: "↪️ Forwarded many times"}


def _label(said: Said) -> str:
    """What kind of thing it is, where its words do not tell."""
    details = said.details
    if details.template:
        return f"📋 Template {one_line(details.template.name, 100)} ({details.template.language})"
    if said.kind == "unsupported":
        return _because(_UNSUPPORTED, details)
    if said.kind == "unknown":
        return _because(_UNKNOWN, details)
    if said.kind == "system":
        return "ℹ️ WhatsApp says:" if said.text.strip() else _because("ℹ️ WhatsApp says that something changed", details)
    if said.kind == "interactive" and not (said.text.strip() or details.form or details.product):
        return _because("❔ Answered a question without saying what", details)
    if details.file and details.file.is_voice:
        return _LABELS["voice"]
    name = one_line(details.file.name, _EXCERPT) if details.file else ""
    label = _LABELS.get(said.kind, "")
    return f"{label}: {name}" if name and label else label


def _because(said: str, details: Details) -> str:
    named = f" ({one_line(details.foreign.replace('_', ' '), 60)})" if details.foreign else ""
    return f"{said}{named}" + (f": {one_line(details.explained, 300)}" if details.explained else "")


def _reaction(said: Said) -> list[_Piece]:
    emoji = said.text.strip()
    return [_Words(f"Reacted {emoji} to" if emoji else "Took back a reaction to"), _Quote(_quoted(said.quoted))]


def _edit(said: Said) -> list[_Piece]:
    return [_Quote(_quoted(said.quoted)), _Words(f"✏️ Edited: {said.text.strip() or '(no words)'}")]


def _revoke(said: Said) -> list[_Piece]:
    return [_Words("🗑️ Deleted"), _Quote(_quoted(said.quoted))]


# What is not said but done to something said before.
_ABOUT_ANOTHER: dict[str, Callable[[Said], list[_Piece]]] = {"reaction": _reaction, "edit": _edit, "revoke": _revoke}


def _quoted(quoted: Quoted | None) -> str:
    words = one_line(quoted.words, _EXCERPT) if quoted else ""
    speaker = one_line(quoted.speaker, 60) if quoted else ""
    return f"{speaker}: {words}" if words and speaker else words or _EARLIER


def _referral(referral: Referral) -> list[_Piece]:
    came = {"ad": "📣 Came by an ad", "post": "📣 Came by a post"}.get(referral.source, "📣 Came by a link")
    told = one_line(" – ".join(filter(None, (referral.headline, referral.body))), 300)
    words = f"{came}: {told}" if told else came
    return [_Words(f"{words} "), _link("Open it", referral.url)] if referral.url else [_Words(words)]


def _map(place: Place) -> str:
    """Source: Google Maps URLs, "Search"."""
    return f"https://www.google.com/maps/search/?api=1&query={place.latitude:.6f}%2C{place.longitude:.6f}"


def _listed(details: Details) -> Iterator[str]:
    if details.choice:
        yield details.choice
    if details.product:
        yield f"🏷️ About the product {one_line(details.product.product, 100)}"
    yield from map(_card, details.contacts)
    yield from (one_line(each.in_words, 300) for each in details.order)
    yield from (each.in_words for each in details.form)


def _card(card: ContactCard) -> str:
    own = " (WhatsApp confirms: their own number)" if card.is_own_number else ""
    return f"{one_line(card.in_words, 500) or '(no name)'}{own}"


def _in_lines(bodies: Iterable[Sequence[_Piece]]) -> list[_Piece]:
    """One after the other, each on lines of its own; a quote is one by itself."""
    pieces = list[_Piece]()
    for body in bodies:
        if pieces and not isinstance(pieces[-1], _Quote):
            pieces.append(_Words("\n"))
        pieces += body
    return pieces


def _merged(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    for are_words, run in groupby(pieces, lambda piece: isinstance(piece, _Words)):
        together = list(run)
        yield from [_Words("".join(each.text for each in together))] if are_words else together


def _parts(pieces: Iterable[_Piece], limit: int) -> Iterator[list[_Piece]]:
    """Cut so that no part is much longer than the limit: words anywhere, quotes and links not at all."""
    part, used = list[_Piece](), 0
    for piece in _cut(pieces, limit):
        size = len(_as_text(piece))
        if part and used + size > limit + _EXCERPT:
            yield part
            part, used = [], 0
        part.append(piece)
        used += size
    yield part


def _cut(pieces: Iterable[_Piece], limit: int) -> Iterator[_Piece]:
    for piece in pieces:
        if isinstance(piece, _Words):
            yield from (_Words(each) for each in split_for_slack(piece.text, limit))
        else:
            yield piece


def _is_seen(part: Sequence[_Piece]) -> bool:
    """Slack refuses a post of blanks with no_text."""
    return any(each.text.strip() for each in part)


def _post(part: Sequence[_Piece], name: str, icon: str | None) -> Post:
    return Post(_text(part), [rich(*_elements(part))], username=name, icon_emoji=icon)


def _elements(part: Sequence[_Piece]) -> list[Block]:
    elements = list[Block]()
    for is_quote, run in groupby(part, lambda piece: isinstance(piece, _Quote)):
        pieces = list(run)
        elements += [quote(each.text) for each in pieces] if is_quote else [line(*map(_leaf, pieces))]
    return elements


def _text(part: Sequence[_Piece]) -> str:
    """As mrkdwn, where a quote needs a line of its own; blocks give it one anyway."""
    text = ""
    for piece in part:
        begins_line = not text or text.endswith("\n")
        text += _as_text(piece) if begins_line or not isinstance(piece, _Quote) else f"\n{_as_text(piece)}"
    return text.rstrip("\n") if isinstance(part[-1], _Quote) else text


def _leaf(piece: _Piece) -> Block:
    return {"type": "link", "url": piece.url, "text": piece.text} if isinstance(piece, _Link) else leaf(piece.text)


def _plain(piece: _Piece) -> str:
    return f"{piece.text}: {piece.url}" if isinstance(piece, _Link) else piece.text


def _as_text(piece: _Piece) -> str:
    return f"> {escape(piece.text)}\n" if isinstance(piece, _Quote) else escape(_plain(piece))


def _link(text: str, url: str) -> _Piece:
    """One click away only where it leads to the web, in an address of bounded length: links cannot be cut."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _Words(f"{text}: {url}")
    is_safe = len(url) <= _LONGEST_LINK and parts.scheme in ("http", "https") and bool(parts.netloc)
    return _Link(text, url) if is_safe else _Words(f"{text}: {url}")
