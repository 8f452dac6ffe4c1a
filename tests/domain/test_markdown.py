"""The AI writes Markdown; the customer must see WhatsApp's own marks, or plain words, and never stray syntax."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text.markdown import markdown_to_whatsapp

CASES = {
    "bold": ("Your order is **on its way**.", "Your order is *on its way*."),
    "bold with underscores": ("__Important__ news", "*Important* news"),
    "italic": ("This is *quite* _nice_.", "This is _quite_ _nice_."),
    "bold and italic": ("***both***", "_*both*_"),
    "bold in bold is marked once": ("## The **best** tent", "*The best tent*"),
    "strike": ("~~$10~~ $8", "~$10~ $8"),
    "code is kept as written": ("Run `a*b*c` now", "Run `a*b*c` now"),
    "heading": ("# Opening hours\nMon to Fri", "*Opening hours*\n\nMon to Fri"),
    "marks hug the text on each line": ("**two\nlines**", "*two*\n*lines*"),
    "link": ("[our shop](https://shop.example/a_b)", "our shop (https://shop.example/a_b)"),
    "link that says its own address": ("[https://shop.example](https://shop.example)", "https://shop.example"),
    "link in angle brackets": ("<https://shop.example/_a_>", "https://shop.example/_a_"),
    "link with bold text": ("[**Track it**](https://t.example)", "*Track it* (https://t.example)"),
    "link that leads nowhere from a phone": ("[Hours](#hours)", "Hours"),
    "e-mail": ("[Write us](mailto:help@shop.example)", "Write us (help@shop.example)"),
    "image": ("![The map](https://shop.example/map.png)", "The map (https://shop.example/map.png)"),
    "address with marks in it": ("https://x.example/*a*/_b_/__c__", "https://x.example/*a*/_b_/__c__"),
    "bold address stays clickable": ("**https://x.example/a**", "https://x.example/a"),
    "address in brackets": ("(see https://x.example/a_(b)).", "(see https://x.example/a_(b))."),
    "names with underscores": ("Set order_id_number to 5", "Set order_id_number to 5"),
    "arithmetic": ("5*3*2 is 30 and 2**3**4 is a lot", "5*3*2 is 30 and 2**3**4 is a lot"),
    "arithmetic with spaces": ("5 * 3 * 2", "5 * 3 * 2"),
    "part of a word cannot be bold": ("un**believ**able", "unbelievable"),
    "bold that touches the next word": ("**Note:**text", "Note:text"),
    "rule": ("above\n\n---\n\nbelow", "above\n\nbelow"),
    "dashes under a line are a rule, not a heading": ("above\n---\nbelow", "above\n\nbelow"),
    "quote": ("> be kind\n> > always", "> be kind\n>\n> always"),
    "bullets": ("* a\n* b\n  * c\n    * d\n* e", "- a\n- b\n  - c\n    - d\n- e"),
    "numbers go on from where they start": ("3. c\n4. d", "3. c\n4. d"),
    "paragraph in an item": ("1. a\n\n   more\n2. b", "1. a\n  more\n2. b"),
    "tasks": ("- [ ] pay\n- [x] order", "☐ pay\n☑ order"),
    "tags": ("Hello <b>you</b><br>there<!-- x -->", "Hello you\nthere"),
    "words in angle brackets are not tags": ("Send <your order number>", "Send <your order number>"),
    "entities": ("Salt &amp; pepper &copy; 5 &lt; 6 AT&T", "Salt & pepper © 5 < 6 AT&T"),
    "escaped marks": (r"5 \* 3 \_x\_", "5 * 3 _x_"),
    "line breaks": ("a  \nb\\\nc\nd", "a\nb\nc\nd"),
    "reference-like lines are words": ("Hours:\n\n[Note]: tomorrow", "Hours:\n\n[Note]: tomorrow"),
    "Markdown inside tags": ("<div>\n**x**\n</div>", "*x*"),
    "addresses as written": (
        "[map](https://x.example/ä b)\n[map](https://x.example/ä)",
        "[map](https://x.example/ä b)\nmap (https://x.example/ä)",
    ),
    "code in an item": ("- a\n\n  ```\n  x\n  ```\n- b", "- a\n```\nx\n```\n- b"),
    "bold around a star": ("**5*3 pieces**", "5*3 pieces"),
    "code with a backtick": ("`` a`b ``", "a`b"),
    "code with a fence": ("~~~\n```\n~~~", "```"),
    "indented prose is no code": ("Hello\n\n    there", "Hello\n\nthere"),
}


@pytest.mark.parametrize("case", CASES)
def test_customers_read_whatsapp_not_markdown(case: str) -> None:
    markdown, shown = CASES[case]
    assert markdown_to_whatsapp(markdown) == shown


def test_code_blocks_lose_their_language_and_nothing_else() -> None:
    markdown = "Try:\n\n```python\nif *x*:\n    y = '&amp;'\n```\nDone"
    assert markdown_to_whatsapp(markdown) == "Try:\n\n```\nif *x*:\n    y = '&amp;'\n```\n\nDone"


def test_tables_become_a_line_per_row() -> None:
    table = dedent("""\
        | Tent | Price |
        |------|------:|
        | Alto | **90 €** |
        | Base |  |
    """)
    assert markdown_to_whatsapp(table) == "- *Tent*: Alto · *Price*: *90 €*\n- *Tent*: Base"


@pytest.mark.parametrize("empty", ["#", "- ", "> ", "---", "**", "``````", "[](https://x.example)", "![](a.png)"])
def test_something_always_arrives(empty: str) -> None:
    assert markdown_to_whatsapp(empty)


def test_a_thousand_nested_marks_are_read_as_plain_text() -> None:
    text = "*a " * 1000 + "b* " * 1000
    assert markdown_to_whatsapp(text) == text.strip()


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
SYNTAX = [
    "**",
    "*",
    "_",
    "__",
    "~~",
    "`",
    "```",
    "# ",
    "## ",
    "- ",
    "1. ",
    "> ",
    "|",
    "|-|",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "---",
    "\\",
    ":",
]
TEXT = ["<b>", "</b>", "<br>", "&amp;", "&lt;", "https://x.example/_a_", "a", "b", "5", "\n", "\n\n", " ", "  "]


@given(st.lists(SENTENCES, min_size=1, max_size=4).map("\n".join))
def test_plain_words_arrive_as_they_are(text: str) -> None:
    assert markdown_to_whatsapp(text) == text


@given(SENTENCES, st.sampled_from([("**", "*"), ("*", "_"), ("_", "_"), ("~~", "~"), ("`", "`")]))
def test_marked_words_arrive_marked_whatsapps_way(text: str, marks: tuple[str, str]) -> None:
    markdown, whatsapp = marks
    assert markdown_to_whatsapp(f"{markdown}{text}{markdown}") == f"{whatsapp}{text}{whatsapp}"


# What a customer never sees: tags, link targets, the language after a fence, and numbers of a list that counts anew.
UNSEEN = re.compile(r"</?br?>|https\S*|\]\([^)\s]*|(?:```|~~~)[^\n]*|&\w+;|\d+\.(?=\s|$)", re.MULTILINE)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SYNTAX + TEXT), max_size=25).map("".join))
def test_no_markdown_makes_words_vanish(markdown: str) -> None:
    shown = markdown_to_whatsapp(markdown)
    assert bool(shown) == bool(markdown.strip())
    for letter in "ab5":
        assert shown.count(letter) >= UNSEEN.sub("", markdown).count(letter)


@given(SENTENCES, SENTENCES)
def test_nested_marks_leave_no_markdown_behind(inner: str, outer: str) -> None:
    shown = markdown_to_whatsapp(f"- **{outer} *{inner}* {outer}**")
    assert "**" not in shown
    assert shown == f"- *{outer} _{inner}_ {outer}*"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Markdown as models write it: whole blocks, each with a few plain words."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=6))
    return "\n\n".join(re.sub("W", lambda _match: draw(SENTENCES), shape) for shape in shapes)


SHAPES = [
    "# W", "## **W**", "W\n===", "- W\n- W\n  - W", "1. W\n2. W", "- [ ] W\n- [x] W", "> W\n> > W", "**W** and _W_",
    "***W***",
    "~~W~~ W", "`W`", "```py\nW\n```", "[W](https://x.example/a_b)", "![W](https://x.example/i.png)", "<b>W</b><br>W",
    "---", "W  \nW", "> - W\n> - W", "<details><summary>W</summary>W</details>", "1. W\n\n   W", "W[^1]", "- **W**: W",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_word_arrives_in_its_place(markdown: str) -> None:
    said = re.sub(r"https\S+?(?=\))|</?\w+>|```py|\[\^1\]|\[x\]|^\s*\d\. |_", " ", markdown, flags=re.MULTILINE)
    shown = re.sub(r"https\S+?(?=\))|\[\^1\]|^\s*\d+\. |_", " ", markdown_to_whatsapp(markdown), flags=re.MULTILINE)
    assert re.findall(r"\w+", shown) == re.findall(r"\w+", said)
