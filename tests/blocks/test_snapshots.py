"""Every face in every state, as JSON to paste into Block Kit Builder; `--inline-snapshot=create,fix` redraws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from inline_snapshot import external_file

from bot.blocks import action_ids, card_modals, modals, queue, reminders, thread_notes
from bot.blocks.escalation_card import card
from bot.blocks.home import home, no_home
from bot.blocks.parts import Post, View
from bot.blocks.preferences import preferences_modal
from bot.blocks.said import mirrored
from bot.domain.conversation import Author
from bot.domain.desk import Said
from bot.domain.escalation import Priority, Status
from bot.domain.home import Desk, Part
from bot.domain.preferences import Extent, Member, Preferences, QuietHours, Topic
from bot.domain.stretches import Spent
from tests.blocks.samples import (
    ANA,
    BEN,
    CARLA,
    DIEGO,
    MINA,
    NOW,
    TRANSCRIPT,
    back_again,
    bare,
    busy_desk,
    choosing,
    ended,
    escalation,
    minutes,
    rows_of,
    urgent,
    view,
)
from tests.blocks.slack_rules import check_post, check_view

RESOLVED = escalation(Status.RESOLVED)
QUEUED_BY_DIEGO = view(escalation(ident=8), DIEGO)
HELD_BY_BEN = view(replace(escalation(Status.OPEN, ident=9), taken_by=BEN), MINA)
URGENT_WITH_BEN = replace(HELD_BY_BEN.escalation, priority=Priority.URGENT)
NOBODY = "Nobody has taken this conversation yet."

PAGED = replace(
    busy_desk(),
    lists={
        Part.MINE: rows_of(view(escalation(Status.OPEN)), total=3),
        Part.WAITING: rows_of(urgent(), QUEUED_BY_DIEGO, start=4, total=9),
        Part.TEAM: rows_of(HELD_BY_BEN, start=2, total=3),
        Part.ENDED: rows_of(view(RESOLVED), total=4),
    },
)
CHOOSY = Preferences(
    {Topic.NEW: Extent.ALL, Topic.ASSIGNED: Extent.NONE}, frozenset({2}), QuietHours(time(22), time(7, 30))
)
OPTED_OUT = view(escalation(Status.OPEN), replace(CARLA, opted_out_at=NOW - minutes(60)))

POSTS = {
    "card_queued": card(view(), NOW),
    "card_urgent": card(urgent(), NOW),
    "card_bare": card(bare(), NOW),
    "card_window_closed": card(replace(view(), window_closes_at=NOW - minutes(5)), NOW),
    "card_open": card(view(escalation(Status.OPEN)), NOW),
    "card_open_late": card(replace(OPTED_OUT, window_closes_at=NOW - minutes(5)), NOW),
    "card_back_again": card(back_again(), NOW),
    "card_open_urgent": card(
        replace(urgent(), escalation=replace(HELD_BY_BEN.escalation, priority=Priority.URGENT)), NOW
    ),
    "card_resolved": card(ended(), NOW),
    "card_never_taken": card(replace(ended(Status.CLOSED), spent=Spent(minutes(11), minutes(0))), NOW),
    "card_resolved_by_switchboard": card(view(replace(RESOLVED, ended_by=None)), NOW),
    "card_closed": card(view(escalation(Status.CLOSED)), NOW),
    "transcript": thread_notes.transcript(TRANSCRIPT, more=12)[0],
    "transcript_empty": thread_notes.transcript((), more=0)[0],
    "mirrored_customer": mirrored(Author.CUSTOMER, "Carla Mendes", Said("Thanks!\n*Really* <3"))[0],
    "mirrored_photo": mirrored(Author.CUSTOMER, "Carla Mendes", Said("the lamp", "image"))[0],
    "mirrored_bot": mirrored(Author.BOT, "", Said("Happy to help."))[0],
    "reminder_first": reminders.not_taken(view(), minutes(5), 1, to_all=False),
    "reminder_third": reminders.not_taken(view(), timedelta(minutes=30), 3, "S0ONCALL", to_all=True),
    "reminder_holder": reminders.not_answered(view(escalation(Status.OPEN)), ANA, NOW - minutes(15), NOW, to_all=False),
    "closing_soon": reminders.closing_soon(view(escalation(Status.OPEN)), timedelta(hours=47), NOW + minutes(60)),
    "note": thread_notes.note(f"<@{ANA}> took this."),
    "failure": thread_notes.failure("WhatsApp could not reach this number", "We will refund you today", 41),
    "held_nobody": thread_notes.held_prompt(NOBODY, "We will refund you today", 41, holder=None),
    "held_other": thread_notes.held_prompt(f"<@{ANA}> has this.", "We will refund you today", 41, holder=ANA),
    "held_outside": thread_notes.held_prompt(thread_notes.WINDOW_CLOSED, "We will refund you", 41, ANA, outside=7),
    "held_line_outside": thread_notes.held_line(BEN, "We will refund you today", 41, holder=None, outside=7),
    "failure_outside": thread_notes.failure("WhatsApp says more than 24 hours have passed", "We refund", 41, outside=7),
    "window_warning": thread_notes.window_warning(urgent(), NOW),
    "held_line": thread_notes.held_line(BEN, "We will refund you today", 41, holder=ANA),
    "correction_prompt": thread_notes.correction_prompt("It comes on Monday", "It comes on Tuesday <3", 41),
    "correction_line": thread_notes.correction_line(BEN, "It comes on Monday", "It comes on Tuesday <3", 41),
    "ended": thread_notes.ended_prompt(f"<@{ANA}> closed this.", "One more thing", 41, contact="+15550101"),
    "confirm_close": thread_notes.confirm_prompt(f"<@{ANA}> has this.", action_ids.CONFIRM_CLOSE, 7),
    "queue_waiting": queue.queue_list("Waiting in Queue", [view(), QUEUED_BY_DIEGO], NOW),
    "queue_team": queue.queue_list("Teammates", [HELD_BY_BEN], NOW),
    "queue_empty": queue.queue_list("My Queue", [], NOW),
    "queue_help": queue.queue_help(),
    "escalated": queue.escalated(view()),
    "no_match": queue.no_match("+1 555 <!here>"),
    "no_match_blank": queue.no_match("  "),
    "several_matches": queue.several_matches("mina", [MINA, replace(MINA, id=4, username=None, phone="15550104")]),
}

VIEWS = {
    "home_empty": home(Desk(ANA), NOW),
    "home_first_run": home(Desk(ANA, is_new=True), NOW),
    "home_busy": home(busy_desk(), NOW),
    "home_filtered": home(Desk(ANA, inboxes={1: "Support", 2: "Orders"}, chosen=2), NOW),
    "home_paged": home(PAGED, NOW),
    "home_away": home(replace(busy_desk(), away={ANA: NOW - minutes(20), BEN: NOW - minutes(5)}), NOW),
    "home_choosy": home(Desk(ANA, preferences=CHOOSY), NOW),
    "home_away_with_nothing": home(Desk(ANA, away={ANA: NOW - minutes(20)}), NOW),
    "home_refused": no_home("Guests cannot act on customer conversations. Ask a full member of the workspace."),
    "preferences": preferences_modal(Member(ANA, time_zone="Europe/Madrid"), {1: "Support"}, NOW),
    "preferences_chosen": preferences_modal(Member(ANA, CHOOSY), {1: "Support", 2: "Orders", 3: ""}, NOW),
    "templates_fetching": modals.fetching_templates(7),
    "templates_none": modals.no_templates(7, "WhatsApp did not say."),
    "templates_choose": modals.template_picker(choosing(), NOW),
    "templates_fill": modals.template_picker(choosing(1, values={"body:0:1": "Carla <!here>"}), NOW),
    "templates_obstacle": modals.template_picker(choosing(3), NOW),
    "templates_opted_out": modals.template_picker(choosing(1, view=OPTED_OUT), NOW),
    "assign_queued": card_modals.assign(view()),
    "assign_open": card_modals.assign(HELD_BY_BEN),
    "assign_anyway": card_modals.assign_anyway(HELD_BY_BEN, ANA, f"<@{ANA}> is away."),
    "take_over": card_modals.take_over(HELD_BY_BEN),
    "notice": modals.notice("Already taken", f"<@{BEN}> has this since a minute ago."),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_agreed(name: str) -> None:
    post = POSTS[name]
    check_post(post)
    assert _shown(post) == external_file(f"snapshots/{name}.json")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str) -> None:
    check_view(VIEWS[name])
    assert VIEWS[name] == external_file(f"snapshots/{name}.json")


def test_the_cast_is_told_apart_by_number() -> None:
    text = queue.several_matches("a", [CARLA, DIEGO]).text
    assert "+15550101" in text
    assert "+15550102" in text


def _shown(post: Post) -> View:
    said: View = {"text": post.text, "blocks": post.blocks}
    voice = {"username": post.username, "icon_emoji": post.icon_emoji}
    return said | {name: value for name, value in voice.items() if value}
