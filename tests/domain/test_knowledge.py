"""Pages cut into passages: at headings, small enough to read, with nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.knowledge import PASSAGE_LIMIT, Passage, chunk_markdown


def cut(text: str) -> list[tuple[str, str]]:
    return [(passage.title, passage.body) for passage in chunk_markdown("shop/returns.md", text)]


def test_each_heading_gets_a_passage_under_its_path():
    page = "# Returns\n\n30 days.\n\n## Refunds\n\nIn 5 days.\n\n### By card\n\nPlus 2.\n\n## Exchanges\n\nFree.\n"
    assert cut(page) == [
        ("Returns", "30 days."),
        ("Returns › Refunds", "In 5 days."),
        ("Returns › Refunds › By card", "Plus 2."),
        ("Returns › Exchanges", "Free."),
    ]


def test_a_passage_knows_its_page():
    assert chunk_markdown("shop/returns.md", "# Returns\nYes.") == [Passage("shop/returns.md", "Returns", "Yes.")]


def test_text_above_the_first_heading_goes_by_the_pages_name():
    assert cut("All about returns.\n\n# How\n\nBy post.") == [("returns", "All about returns."), ("How", "By post.")]


def test_a_page_without_headings_is_a_passage():
    assert cut("Within 30 days.") == [("returns", "Within 30 days.")]


def test_a_hash_in_a_code_block_is_no_heading():
    assert cut("# Setup\n\n```\n# not a heading\n```") == [("Setup", "```\n# not a heading\n```")]


def test_a_heading_inside_a_quotation_or_list_is_part_of_its_text():
    assert cut("# Reviews\n\n> # Great\n\n- # Boots\n") == [("Reviews", "> # Great\n\n- # Boots")]


def test_underlined_headings_count():
    assert cut("Returns\n=======\n\nYes.\n\nRefunds\n-------\n\nAlso.") == [
        ("Returns", "Yes."),
        ("Returns › Refunds", "Also."),
    ]


def test_titles_are_plain_words():
    assert cut("# *Returns* & `refunds` — [how](http://x.example)\n\nYes.")[0][0] == "Returns & refunds — how"


def test_front_matter_is_not_knowledge():
    assert cut("---\ntitle: Returns\ndraft: false\n---\n# Returns\n\nYes.") == [("Returns", "Yes.")]


def test_a_rule_at_the_top_is_not_front_matter():
    assert cut("---\n\nYes.") == [("returns", "---\n\nYes.")]


def test_headings_without_text_and_empty_pages_hold_no_passage():
    assert cut("# Returns\n\n## Refunds\n\nYes.") == [("Returns › Refunds", "Yes.")]
    assert cut("") == []
    assert cut("# Returns\n") == []


def test_windows_line_ends_cut_the_same():
    assert cut("# Returns\r\n\r\nYes.\r\n") == [("Returns", "Yes.")]


def test_a_long_section_is_cut_between_paragraphs():
    paragraphs = [f"{number} " + "word " * 150 for number in range(5)]
    pieces = [body for _, body in cut("# Returns\n\n" + "\n\n".join(paragraphs))]
    assert "\n\n".join(pieces) == "\n\n".join(paragraph.strip() for paragraph in paragraphs).strip()
    assert all(piece[0].isdigit() for piece in pieces)


def test_text_without_any_seam_is_cut_too():
    assert [len(body) for _, body in cut("x" * 4_000)] == [PASSAGE_LIMIT, PASSAGE_LIMIT, 1_000]


pieces = st.sampled_from(["word", " ", ". ", "\n", "\n\n", "é" * 400, "x" * 2_000, "*", "> "])


@given(st.lists(pieces, max_size=40).map("".join))
def test_no_letter_is_lost_and_no_passage_too_long(text: str):
    passages = chunk_markdown("page.md", text)
    assert all(0 < len(passage.body) <= PASSAGE_LIMIT for passage in passages)
    assert "".join("".join(passage.body for passage in passages).split()) == "".join(text.split())


@given(st.text(alphabet="ab .\n\r\t#-=`é>*\0", max_size=200))
def test_no_page_whatsoever_breaks_it(text: str):
    assert all(passage.body and passage.title for passage in chunk_markdown("page.md", text))
