"""What staff are promised about the faces: the truth, the right buttons, nothing said twice or left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from bot.blocks import action_ids, modals, queue, reminders, thread_notes
from bot.blocks.avatars import avatar
from bot.blocks.escalation_card import card
from bot.blocks.paging import Page, row_id, row_of
from bot.blocks.parts import ago
from bot.blocks.said import mirrored
from bot.domain.conversation import Author
from bot.domain.desk import Said, TranscriptLine
from bot.domain.escalation import Priority, Status
from integrations.sandbox.emoji_names import is_emoji_name
from tests.blocks.samples import (
    ANA,
    BEN,
    CARLA,
    NOW,
    TRANSCRIPT,
    choosing,
    escalation,
    minutes,
    urgent,
    view,
)
from tests.blocks.slack_rules import buttons, check_post, check_view, inputs, labels, words

OPEN = view(escalation(Status.OPEN))


def test_a_waiting_card_offers_take_return_and_close() -> None:
    shown = buttons(card(view(), NOW).blocks)
    assert [each["action_id"] for each in shown] == ["take", "return_to_bot", "close"]
    assert {each["value"] for each in shown} == {"7"}


def test_nobody_can_take_what_somebody_has() -> None:
    assert labels(card(OPEN, NOW).blocks) == ["Return to bot", "Close"]


def test_a_card_offers_a_template_once_nothing_else_would_arrive() -> None:
    late = card(replace(OPEN, window_closes_at=NOW), NOW)
    assert labels(late.blocks) == ["Return to bot", "Close", "Send template…"]
    assert labels(card(replace(view(), window_closes_at=NOW), NOW).blocks) == ["Take", "Return to bot", "Close"]


def test_staff_see_on_the_card_who_asked_not_to_be_written_to() -> None:
    silent = card(view(escalation(), replace(CARLA, opted_out_at=NOW)), NOW)
    assert "Asked not to be written to" in silent.text
    assert "Asked not to be written to" not in card(view(), NOW).text


def test_advertising_cannot_be_sent_to_whoever_opted_out_and_the_rest_asks_twice() -> None:
    silent = view(escalation(Status.OPEN), replace(CARLA, opted_out_at=NOW))
    offered, refused = (modals.template_picker(choosing(each, view=silent), NOW) for each in (1, 2))
    assert [each["block_id"] for each in inputs(offered)] == ["template", "slot-1-0", "slot-1-1", "consent"]
    assert [each["block_id"] for each in inputs(refused)] == ["template"]
    assert "Advertising cannot be sent" in str(refused)


def test_of_many_templates_the_first_hundred_are_listed_and_the_rest_found_by_searching() -> None:
    many = modals.template_picker(choosing(139, few=False), NOW)
    check_view(many)
    [search, menu] = inputs(many)[:2]
    assert search["block_id"] == "search"
    assert len(cast("list[object]", cast("dict[str, object]", menu["element"])["options"])) == 100
    found = modals.template_picker(choosing(few=False, sought="notice 99"), NOW)
    assert "1 of 139 fit" in str(inputs(found)[0])


@pytest.mark.parametrize("final", [Status.RESOLVED, Status.CLOSED])
def test_a_finished_card_offers_nothing(final: Status) -> None:
    assert labels(card(view(escalation(final)), NOW).blocks) == []


def test_ending_asks_first_and_taking_does_not() -> None:
    asks = {each["action_id"]: "confirm" in each for each in buttons(card(view(), NOW).blocks)}
    assert asks == {"take": False, "return_to_bot": True, "close": True}


@pytest.mark.parametrize("status", Status)
def test_a_screen_reader_hears_what_the_card_shows(status: Status) -> None:
    urgently = replace(escalation(status), priority=Priority.URGENT)
    post = card(view(urgently), NOW)
    facts = ["Carla Mendes", "+15550101", "Wants a refund", "order 1234", "Urgent", "Support", "Portuguese"]
    facts += [str(status.capitalize())] + ([f"<@{ANA}>"] if status is not Status.QUEUED else ["waiting since"])
    for fact in facts:
        assert fact in post.text
        assert fact in words(post.blocks)


def test_a_finished_card_says_who_ended_it_and_how_long_it_took() -> None:
    closed, resolved = (card(view(escalation(status)), NOW).text for status in (Status.CLOSED, Status.RESOLVED))
    assert "⚪ Closed" in closed
    assert f"by <@{ANA}>" in closed
    assert f"returned to the bot by <@{ANA}>" in resolved
    assert "after 11 min" in closed


def test_the_window_counts_down_warns_and_closes() -> None:
    assert "⏳ Reply window closes in 23 h" in card(view(), NOW).text
    assert "⚠️ Reply window closes in 1 h 30 min" in card(urgent(), NOW).text
    assert "Reply window closed" in card(replace(view(), window_closes_at=NOW), NOW).text


def test_a_customer_cannot_ping_the_channel_by_name_or_words() -> None:
    nasty = replace(CARLA, name="<!channel>")
    post = card(view(replace(escalation(), reason="<!here>"), nasty), NOW)
    assert "<!" not in post.text.replace("<!date", "")
    assert "<!channel>" not in mirrored(Author.CUSTOMER, "Carla", Said("<!channel>"))[0].text


def test_a_name_cannot_turn_the_line_around() -> None:
    assert "\u202e" not in card(view(customer=replace(CARLA, name="alraC\u202e")), NOW).text


def test_a_customer_who_hides_everything_still_has_a_card() -> None:
    assert "🟡 Customer" in words(card(view(customer=replace(CARLA, name="\u200b", phone=None)), NOW).blocks)


def test_a_long_message_is_mirrored_whole_in_several_posts() -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 80 for number in range(20))
    posts = mirrored(Author.CUSTOMER, "Carla", Said(text))
    assert len(posts) > 1
    assert "".join(post.text for post in posts) == text.strip()


def test_a_long_gap_in_a_message_becomes_no_empty_post() -> None:
    posts = mirrored(Author.CUSTOMER, "Carla", Said("before" + " " * 9_000 + "after"))
    assert all(post.text.strip() for post in posts)


def test_a_card_full_of_emoji_shortens_its_story_rather_than_fail() -> None:
    joyful = replace(escalation(), reason="🎉" * 2_000, summary="🎉" * 2_000)
    post = card(view(joyful, replace(CARLA, name="🎉" * 200)), NOW)
    check_post(post)
    assert "🎉" * 70 + "…" in words(post.blocks)


def test_each_message_stands_under_the_name_of_who_said_it() -> None:
    names = {who: mirrored(who, "Carla Mendes", Said("Hello"))[0].username for who in Author}
    assert names[Author.CUSTOMER] == "Carla Mendes"
    assert (names[Author.BOT], names[Author.SYSTEM]) == ("AI", "Switchboard")


def test_what_is_not_text_is_named() -> None:
    assert mirrored(Author.CUSTOMER, "Carla", Said("", "image"))[0].text == "📷 Photo"
    assert mirrored(Author.CUSTOMER, "Carla", Said("👍", "reaction"))[0].text == "Reacted 👍 to\n> an earlier message"


def test_a_transcript_counts_what_it_leaves_out() -> None:
    assert "12 earlier messages not shown" in thread_notes.transcript(TRANSCRIPT, 12)[0].text
    assert "1 earlier message not shown" in thread_notes.transcript(TRANSCRIPT, 1)[0].text
    assert "not shown" not in thread_notes.transcript(TRANSCRIPT, 0)[0].text
    first, *rest = thread_notes.transcript(TRANSCRIPT * 10, 4)
    assert "4 earlier messages not shown" in first.text
    assert not any("not shown" in post.text for post in rest)


def test_a_transcript_full_of_emoji_shows_every_word_of_the_customer() -> None:
    joyful = [TranscriptLine(Author.CUSTOMER, "🎉" * 90, f"{number} " + "🎊" * 900, NOW) for number in range(30)]
    posts = thread_notes.transcript(joyful, 0)
    for post in posts:
        check_post(post)
    assert sum(words(post.blocks).count("🎊") for post in posts) == 30 * 900


def test_what_the_ai_said_at_length_is_shortened_in_a_transcript() -> None:
    (post,) = thread_notes.transcript([TranscriptLine(Author.BOT, "AI", "word " * 800, NOW)] * 5, 0)
    assert "…" in post.text


def test_a_held_reply_is_taken_and_sent_only_where_nobody_has_the_conversation() -> None:
    assert labels(thread_notes.held_prompt("Why.", "Hello", 41, None).blocks) == ["Take and send", "Keep as note"]
    assert labels(thread_notes.held_prompt("Why.", "Hello", 41, ANA).blocks) == ["Send", "Keep as note"]
    assert {each["value"] for each in buttons(thread_notes.held_line(BEN, "Hello", 41).blocks)} == {"41"}


def test_a_failure_says_that_the_customer_did_not_get_it_and_offers_retry() -> None:
    post = thread_notes.failure("The number is not on WhatsApp", "Hello", 41)
    assert "did not get this message" in post.text
    assert [(each["action_id"], each["value"]) for each in buttons(post.blocks)] == [("retry_send", "41")]


def test_reminders_carry_take_and_grow_louder() -> None:
    first, third = (reminders.not_taken(view(), minutes(5 * step), step, to_all=False) for step in (1, 3))
    assert labels(first.blocks) == labels(third.blocks) == ["Take"]
    assert first.text.startswith("⏰")
    assert third.text.startswith("🚨")


def test_a_queue_list_offers_take_only_on_what_waits() -> None:
    assert labels(queue.queue_list("All", [view(), OPEN], NOW, Page("all", total=2)).blocks) == [
        "Take",
        "Open thread",
        "Open thread",
    ]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(seconds=59), "under a minute"),
        (minutes(1), "1 min"),
        (minutes(60), "1 h"),
        (minutes(135), "2 h 15 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=5, minutes=50), "3 days 5 h"),
    ],
)
def test_waiting_is_told_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert ago(span) == said


def test_customers_keep_their_picture_and_neighbours_have_different_ones() -> None:
    pictures = [avatar(each) for each in range(24)]
    assert len(set(pictures)) == 24
    assert pictures == [avatar(each) for each in range(24, 48)]
    assert all(is_emoji_name(each.strip(":")) for each in pictures)


def test_what_was_just_taken_stays_in_its_place_and_no_other_row_is_passed_over() -> None:
    rest = [replace(view(), escalation=replace(view().escalation, id=100 + number)) for number in range(10)]
    post = queue.queue_list("Waiting", rest, NOW, Page("waiting", at=10, total=30), queue.Kept(OPEN, 2))
    waiting = [row_of(str(block.get("block_id"))) for block in post.blocks if block.get("block_id")]
    assert [row[0] for row in waiting if row] == [number for number in range(11) if number != 2]
    assert post.text.splitlines()[3].startswith("• Carla")
    [on] = [Page.read(str(each["value"])) for each in buttons(post.blocks) if each["action_id"] == action_ids.PAGE_ON]
    assert on == Page("waiting", 20)


def test_a_row_says_which_list_it_stands_in_as_far_as_slack_has_room() -> None:
    page = Page("search", words='Where is my "lamp"?')
    assert row_of(row_id(page, 3) or "") == (3, page)
    assert row_id(Page("search", words="\\" * 200), 3) is None
    for other in ("", "row", "row:x:{}", "row:1:{}", "row:1:nonsense", "b1"):
        assert row_of(other) is None
