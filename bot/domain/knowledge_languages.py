"""In which language pages are written: what settings and file names say, as PostgreSQL's text search calls it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

ANY = "simple"  # PostgreSQL's for languages it has no grammar of: words are found as they are written

# https://www.postgresql.org/docs/current/textsearch-dictionaries.html#TEXTSEARCH-SNOWBALL-DICTIONARY
_WITH_GRAMMAR = (
    "ar:arabic hy:armenian eu:basque ca:catalan da:danish nl:dutch en:english eo:esperanto et:estonian fi:finnish "
    "fr:french de:german el:greek hi:hindi hu:hungarian id:indonesian ga:irish it:italian lt:lithuanian ne:nepali "
    "no:norwegian nb:norwegian nn:norwegian pl:polish pt:portuguese ro:romanian ru:russian sr:serbian es:spanish "
    "sv:swedish ta:tamil tr:turkish yi:yiddish"
)
# Codes of ISO 639-1 that PostgreSQL has no grammar for.
_WITHOUT = (
    "af am as az be bg bn bo br bs cs cy dv dz fa fo fy gd gl gu ha he hr ht ig is ja jv ka kk km kn ko ku ky la lb ln "
    "lo lv mg mi mk ml mn mr ms mt my ny om or pa ps qu rn rw sd si sk sl sm sn so sq ss st su sw te tg th ti tk tl tn "
    "to ts tt ug uk ur uz ve vi wo xh yo zh zu"
)
_GRAMMARS = {pair[:2]: pair[3:] for pair in _WITH_GRAMMAR.split()}
_CODES = frozenset({*_GRAMMARS, *_WITHOUT.split()})
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,4})?", re.IGNORECASE)


def configuration(named: str, known: Collection[str]) -> str | None:
    """PostgreSQL's configuration for a language's code or its own name for one; None where there is no such language.

    `known` are those that this PostgreSQL has: newer ones have more.
    """
    if named.lower() in known:
        return named.lower()
    code = _CODE.fullmatch(named)
    if code is None or (short := code[1].lower()) not in _CODES:
        return None
    return grammar if (grammar := _GRAMMARS.get(short, ANY)) in known else ANY


def of_page(source: str, usual: str, known: Collection[str]) -> str:
    """What its name says (`returns.es.md`), else the nearest folder's (`es/returns.md`), else the usual one."""
    path = PurePosixPath(source)
    for named in (PurePosixPath(path.stem).suffix.removeprefix("."), *reversed(path.parent.parts)):
        if found := configuration(named, known):
            return found
    return usual
