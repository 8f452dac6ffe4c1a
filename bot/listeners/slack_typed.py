"""Whom somebody means by what they typed after a command: a number in any format, an @username, or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from bot.domain.people import Customer
from bot.domain.text.names import Nearness
from storage import customer_search

_PHONE = re.compile(r"[+(]?\d[\d\s().\-/]{4,}\d")
_QUOTED = re.compile(r'["“”„«]([^"“”„«»]+)["“”»]\s*')
_MOST = 6  # people offered for a choice
_NAME_WORDS = 4
_FEWEST_DIGITS = 4
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """`certain` are those whom the words name outright, `offered` those who may be meant. `rest` is what followed."""

    who: str
    rest: str = ""
    certain: tuple[Customer, ...] = ()
    offered: tuple[Customer, ...] = ()

    @property
    def only(self) -> Customer | None:
        """The one whom the words name, and nobody else: whoever acts need not be asked."""
        return self.certain[0] if len(self.certain) == 1 else None

    @property
    def all(self) -> tuple[Customer, ...]:
        return self.certain or self.offered


async def meant(inbox_ids: Sequence[int], text: str) -> Meant:
    """Read who is meant from the beginning of what was typed; what follows is the rest, as it was typed."""
    text = text.strip()
    if match := _PHONE.match(text):
        return await _by_number(inbox_ids, match[0], text)
    if match := _QUOTED.match(text):
        return await _by_name(inbox_ids, [(match[1], text[match.end() :].strip())])
    longest = 1 if text.startswith("@") else _NAME_WORDS
    ends = [word.end() for word in re.finditer(r"\S+", text)][:longest]
    return await _by_name(inbox_ids, [(text[:end], text[end:].strip()) for end in reversed(ends)])


async def _by_number(inbox_ids: Sequence[int], typed: str, text: str) -> Meant:
    """The longest number that somebody has: what follows it may begin with a digit too."""
    groups = list(re.finditer(r"\S+", typed))
    for last in reversed(groups):
        number, rest = text[: last.end()], text[last.end() :].strip()
        digits = re.sub(r"\D", "", number)
        if len(digits) < _FEWEST_DIGITS:
            break
        if found := await customer_search.by_number(inbox_ids, spellings(digits)):
            return Meant(number, rest, certain=tuple(found))
    digits = re.sub(r"\D", "", typed)
    offered = await customer_search.by_last_digits(inbox_ids, digits.lstrip("0"), _MOST)
    return Meant(typed.strip(), text[len(typed) :].strip(), offered=tuple(offered))


async def _by_name(inbox_ids: Sequence[int], ways: Sequence[tuple[str, str]]) -> Meant:
    """Of the `ways` to part a name from the rest, the one that names somebody; else one that may mean somebody."""
    likely: Meant | None = None
    for name, rest in ways:
        found = await customer_search.by_name(inbox_ids, name, _MOST)
        if certain := tuple(each.customer for each in found if each.nearness is Nearness.WHOLE):
            return Meant(name, rest, certain=_same_handle(name, certain))
        if found and likely is None:
            likely = Meant(name, rest, offered=tuple(each.customer for each in found))
    if likely or not ways:
        return likely or Meant("")
    name, rest = ways[-2] if len(ways) > 1 else ways[-1]  # more words than two are hardly a name that nobody has
    return Meant(name, rest, offered=tuple(await customer_search.nearest(inbox_ids, name, _CLOSEST)))


def _same_handle(name: str, found: tuple[Customer, ...]) -> tuple[Customer, ...]:
    """A username is one person's: whoever bears it exactly is meant."""
    if not name.startswith("@"):
        return found
    exact = tuple(each for each in found if each.username and each.username.casefold() == name[1:].casefold())
    return exact or found


def spellings(digits: str) -> list[str]:
    """WhatsApp's ids differ from the numbers people type in Brazil (9th digit), Mexico (1) and Argentina (9)."""
    found = {digits, digits.lstrip("0")}
    try:
        parsed = phonenumbers.parse(f"+{digits.removeprefix('00')}")
    except phonenumbers.NumberParseException:
        return sorted(found)
    country, national = parsed.country_code, str(parsed.national_number)
    found.add(f"{country}{national}")
    if country == 55 and len(national) == 11:
        found.add(f"55{national[:2]}{national[3:]}")
    elif country == 55 and len(national) == 10:
        found.add(f"55{national[:2]}9{national[2:]}")
    elif country in (52, 54):
        mark = "1" if country == 52 else "9"
        found |= {f"{country}{mark}{national}", f"{country}{national.removeprefix(mark)}"}
    return sorted(found)
