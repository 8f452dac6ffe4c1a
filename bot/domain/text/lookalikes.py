"""Text as it looks to a reader: without letters that nobody sees, or that other scripts lend."""

from __future__ import annotations

import unicodedata

# They hold emoji together and shape Persian and Hindi words, so they stay; comparing passes them over.
_JOINERS = "\u200c\u200d"
_UNSEEN = dict.fromkeys(
    [
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xE0000, 0xE0FFF),  # tags and variation selectors, in which whole sentences can hide
        *(each for each in range(0x20) if chr(each) not in "\t\n\r"),
        *range(0x7F, 0xA0),
    ]
)
# Cyrillic and Greek letters that are drawn as Latin ones, as in https://www.unicode.org/reports/tr39/ .
_DRAWN_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝвнкмтгАВЕКМНОРСТУХІЈЅԌԚԜαεορυνκιτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwbhkmtrABEKMHOPCTYXIJSGQWaeopuvkitxABEZHIKMNOPTYX",
)


def without_unseen(text: str) -> str:
    return text.translate(_UNSEEN)


def drawn(text: str) -> tuple[str, list[int]]:
    """The plain letters that it looks like, and for each of them which letter of the text it stands for."""
    if text.isascii():
        return text, list(range(len(text)))
    letters, places = list[str](), list[int]()
    for place, letter in enumerate(text):
        plain = "" if letter in _JOINERS else unicodedata.normalize("NFKC", letter).translate(_DRAWN_ALIKE)
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places
