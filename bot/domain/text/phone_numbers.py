"""Phone numbers as staff may see them where an inbox keeps them private."""

from __future__ import annotations

# Calling codes of one and two digits; all others have three (ITU-T E.164, list of assigned country codes).
_ONE = frozenset("17")
_TWO = frozenset(
    map(
        str,
        (20, 27, *range(30, 35), 36, *range(39, 42), *range(43, 50), *range(51, 59), *range(60, 67), 81, 82, 84, 86),
    )
) | frozenset(map(str, (*range(90, 96), 98)))
_SHOWN_LAST = 2


def masked(digits: str) -> str:
    """`+34 6** *** *12`: enough to tell two customers apart, too little to call either."""
    code = digits[:1] if digits[:1] in _ONE else digits[:2] if digits[:2] in _TWO else digits[:3]
    national = digits[len(code) :]
    hidden = len(national) - 1 - _SHOWN_LAST
    # A number so short that its ends would be most of it shows nothing but its country.
    stars = national[:1] + "*" * hidden + national[-_SHOWN_LAST:] if hidden > _SHOWN_LAST else "*" * len(national)
    return " ".join([f"+{code}", *(stars[at : at + 3] for at in range(0, len(stars), 3))]).rstrip()
