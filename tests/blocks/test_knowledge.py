"""The faces of /knowledge and of Teach the bot as agreed, within Slack's limits however much there is to show."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from inline_snapshot import external_file

from bot.blocks import knowledge, shelf, teach, unanswered
from bot.blocks.data_blocks import plain_version
from bot.blocks.paging import Page
from bot.blocks.parts import Post
from bot.blocks.shelf import Shelf
from bot.domain.knowledge import Passage
from bot.domain.teaching import Lesson, TaughtAnswer
from bot.domain.unanswered import Missed, Unanswered
from tests.blocks.samples import ANA, NOW, minutes
from tests.blocks.slack_rules import buttons, check_post, check_view, labels, words

ONE, TWO = Shelf(1, {1: "Aurora Outdoor"}), Shelf(2, {1: "Aurora Outdoor", 2: "Sales <!here>"})


@dataclass(frozen=True)
class File:
    source: str
    passages: int = 3
    indexed_at: datetime = NOW - timedelta(days=1)
    trouble: str = ""


FILES = [File("faq.md"), File("shop/returns.md", 1), File("scan.pdf", 0, trouble="It has no text, only <pictures>.")]
PASSAGES = [
    Passage("shop/returns.md", "Returns › By <post>", "Within 30 days & unworn.\n\nSend it to the shop."),
    Passage("taught:5", "Do you ship to Porto?", "Yes, in 3 days."),
    Passage("faq.md", "faq", "Ask us anything."),
]
TAUGHT = TaughtAnswer(5, 1, "Do you ship to <Porto>?", "Yes, in 3 days.", ANA, NOW - minutes(90), 12)
IN_VAIN = [
    Unanswered(
        Missed(7, 70, "gift cards <!here>", 0, False, NOW - minutes(5)), 3, 1, "https://a.slack.com/archives/C/p1"
    ),
    Unanswered(Missed(8, 80, "wholesale prices", 2, True, NOW - minutes(600)), 1, 1),
]
LESSON = Lesson(1, "Do you ship to Porto?", "Yes Carla, in 3 days. Order 10422 leaves today.", 12, 3)
PAGE = Page("list:1", total=1)
POSTS = {
    "knowledge_help": shelf.help_(),
    "knowledge_unknown_word": shelf.hint("serch `tents`", "search tents"),
    "knowledge_search": knowledge.search_results(
        ONE, Page("search:1", words="ship"), PASSAGES, {"taught:5": TAUGHT}, NOW
    ),
    "knowledge_search_nothing": knowledge.search_results(TWO, Page("search:2", words="<wifi>"), [], {}, NOW),
    "knowledge_list": knowledge.listing(ONE, PAGE, FILES, [TAUGHT], NOW, UTC),
    "knowledge_list_empty": knowledge.listing(TWO, replace(PAGE, which="list:2", total=0), [], [], NOW, UTC),
    "knowledge_unanswered": unanswered.unanswered(ONE, Page("unanswered:1", total=2), IN_VAIN, frozenset({7}), NOW),
    "knowledge_unanswered_none": unanswered.unanswered(ONE, Page("unanswered:1"), [], frozenset(), NOW),
    "knowledge_removed": knowledge.removed(TAUGHT),
    "taught": teach.taught(LESSON, 6, 5),
}
VIEWS = {
    "teach": teach.teach_modal(LESSON, "Aurora Outdoor", ["Carla", "Order 10422"], {"inbox": 1}),
    "teach_nothing_said": teach.teach_modal(replace(LESSON, answer=" "), "Aurora Outdoor", [], {"inbox": 1}),
    "knowledge_page": knowledge.page_modal(PASSAGES[:1] * 2, ""),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_agreed(name: str) -> None:
    check_post(POSTS[name])
    assert [POSTS[name].text, POSTS[name].blocks] == external_file(f"snapshots/{name}.json")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str) -> None:
    check_view(VIEWS[name])
    assert VIEWS[name] == external_file(f"snapshots/{name}.json")


def check_both(post: Post) -> None:
    """With Slack's own table and in plain letters."""
    check_post(post)
    if plainer := plain_version(post.blocks):
        check_post(replace(post, blocks=plainer))


def test_a_table_that_a_workspace_does_not_take_is_told_in_letters() -> None:
    plainer = plain_version(POSTS["knowledge_list"].blocks)
    assert plainer is not None
    assert "shop/returns.md" in words(plainer)
    check_post(replace(POSTS["knowledge_list"], blocks=plainer))


def test_however_much_there_is_as_much_is_shown_as_fits_and_the_rest_is_counted() -> None:
    joyful = "🎉" * 400
    files = [File(f"{number}{joyful}.md"[:500], trouble=joyful if number % 2 else "") for number in range(400)]
    taught = [replace(TAUGHT, id=number, question=joyful, answer=joyful * 5) for number in range(10)]
    many = knowledge.listing(TWO, Page("list:2", total=90), files, taught, NOW, UTC)
    check_both(many)
    assert "more pages" in words(many.blocks)
    assert "Next ›" in labels(many.blocks)
    check_both(knowledge.listing(ONE, Page("list:1", 10, 90), files, taught, NOW, UTC))
    found = [Passage(f"{joyful}.md"[:500], joyful, joyful) for _ in range(4)]
    check_both(knowledge.search_results(TWO, Page("search:2", words='"' * 300), found, {}, NOW))
    asked = [replace(each, newest=replace(each.newest, query=joyful)) for each in IN_VAIN * 5]
    check_both(unanswered.unanswered(TWO, Page("unanswered:2", total=40), asked, frozenset(), NOW))
    check_view(knowledge.page_modal([Passage("a.md", joyful, joyful * 3)] * 60, ""))
    check_view(
        teach.teach_modal(
            replace(LESSON, answer=joyful * 9), joyful, [joyful] * 20, {"warned": [joyful[:60]] * 15, "url": "u" * 200}
        )
    )


def test_one_inbox_needs_no_menu_and_of_several_the_chosen_one_is_named() -> None:
    assert "Aurora" not in POSTS["knowledge_list"].text
    shown = knowledge.listing(TWO, Page("list:2"), FILES, [], NOW, UTC)
    assert "Sales" in shown.text
    assert any(each["type"] == "actions" and str(each.get("block_id")).startswith("{") for each in shown.blocks)


def test_a_page_is_read_from_the_passage_that_was_found_on() -> None:
    passages = [Passage("a.md", f"Part {number}", "…") for number in range(5)]
    found = knowledge.search_results(ONE, Page("search:1", words="x"), passages[3:4], {}, NOW)
    [read] = buttons(found.blocks)
    *_, mark = json.loads(str(read["value"]))
    shown = words(knowledge.page_modal(passages, mark))
    assert "Part 3" in shown
    assert "Part 2" not in shown
    assert "not there any more" in words(knowledge.page_modal([], mark))
