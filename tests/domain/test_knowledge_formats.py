"""Pages that are no Markdown, as passages."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.knowledge import PASSAGE_LIMIT, Passage
from bot.domain.knowledge_formats import chunk_html, chunk_table, chunk_text

PAGE = """<!doctype html><html><head><title>Shop</title><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>
<h1>Returns &amp; refunds</h1><p>Within <b>30</b>
days.<br>Unused only.</p>
<h2>How</h2><ul><li>Write to us</li><li>Pack it</li></ul>
<table><tr><th>Country</th><th>Days</th></tr><tr><td>Spain</td><td>5</td></tr></table>
<script>alert("bought")</script><footer>© 2026</footer></body></html>"""


def test_a_web_page_is_its_headings_and_words_without_what_stands_around_them():
    assert chunk_html("site/returns.html", PAGE) == [
        Passage("site/returns.html", "Returns & refunds", "Within 30 days.\n\nUnused only."),
        Passage(
            "site/returns.html", "Returns & refunds › How", "- Write to us\n- Pack it\n\nCountry | Days\n\nSpain | 5"
        ),
    ]


def test_text_that_looks_like_a_heading_is_none():
    [only] = chunk_html("a.html", "<p># 1 in tents</p>")
    assert (only.title, only.body) == ("a", "\\# 1 in tents")
    assert [each.title for each in chunk_text("faq.txt", "Price list\n==========\n# of poles: 3")] == ["faq"]


def test_what_is_left_open_in_a_broken_page_swallows_only_itself():
    [only] = chunk_html("a.html", "<nav><a>Menu<ul><li>x</nav><p>We open at nine<p>and close at five")
    assert only.body == "We open at nine\n\nand close at five"


def test_each_row_of_a_table_names_its_columns():
    assert chunk_table("prices.csv", "Article;Price;Stock\nTent, green;199,00;4\n\nStove;49,00;\n") == [
        Passage("prices.csv", "prices › Tent, green", "Article: Tent, green\nPrice: 199,00\nStock: 4"),
        Passage("prices.csv", "prices › Stove", "Article: Stove\nPrice: 49,00"),
    ]


def test_a_table_without_rows_is_still_words_and_an_empty_one_nothing():
    assert chunk_table("a.csv", "Open,Monday\n") == [Passage("a.csv", "a", "Open | Monday")]
    assert chunk_table("a.csv", " , \n\n") == []


def test_a_long_cell_makes_several_passages_that_all_say_what_they_are_about():
    passages = chunk_table("faq.csv", f"Question,Answer\nHow to wash it?,{'Gently. ' * 400}\n")
    assert len(passages) > 1
    assert {each.title for each in passages} == {"faq › How to wash it?"}
    assert all(len(each.body) <= PASSAGE_LIMIT for each in passages)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2), max_size=6))
def test_any_table_is_read(rows: list[list[str]]):
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    for each in chunk_table("t.csv", written.getvalue()):
        assert each.title
        assert each.body


@given(st.text())
def test_any_page_is_read(text: str):
    for each in [
        *chunk_html("p.html", text),
        *chunk_html("p.html", f"<div><h1>{text}<nav>{text}"),
        *chunk_text("p", text),
    ]:
        assert each.title
        assert each.body
