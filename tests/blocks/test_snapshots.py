"""Every face in every state, as JSON to paste into Block Kit Builder; `--inline-snapshot=create,fix` redraws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest
from inline_snapshot import external_file

from bot.blocks import action_ids, card_modals, found, handback, modals, queue, reminders, shortcut_modals, thread_notes
from bot.blocks.avatars import avatar
from bot.blocks.customer import customer_modal
from bot.blocks.escalation_card import card
from bot.blocks.history import history
from bot.blocks.home import home, no_home
from bot.blocks.paging import Page
from bot.blocks.parts import Post, View
from bot.blocks.preferences import preferences_modal
from bot.blocks.queue_table import queue_table
from bot.blocks.said import mirrored
from bot.domain.conversation import Author
from bot.domain.desk import Chat, Said
from bot.domain.escalation import Priority, Refusal, Status, Why
from bot.domain.handback import Brief
from bot.domain.home import Desk, Part
from bot.domain.preferences import Extent, Member, Preferences, QuietHours, Topic
from bot.domain.profiles import Past, Profile, StaffNote
from bot.domain.stretches import Spent
from tests.blocks.history_samples import page
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
OF_ALL = [view(), HELD_BY_BEN, replace(QUEUED_BY_DIEGO, inbox_name="Sales <Madrid>", thread_url=None)]
LISTED = queue.queue_list("All", OF_ALL, NOW, Page("all", total=140))
URGENT_WITH_BEN = replace(HELD_BY_BEN.escalation, priority=Priority.URGENT)
MESSAGE = {"channel": "C0SUPPORT", "thread": "1.000001", "ts": "1.000002"}
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

NAMESAKES = [MINA, replace(MINA, id=4, username=None, phone="15550104")]
CHATS = [
    Chat(4, CARLA, NOW - minutes(2), Author.BOT, "It leaves tomorrow <3", "text"),
    Chat(5, replace(MINA, blocked_at=NOW - minutes(9)), NOW - minutes(90), Author.CUSTOMER, "", "image"),
]
SOUGHT = found.Sought(
    "lamp",
    [CARLA],
    [view()],
    [(DIEGO, "I have bought a lamp & <!here> it is", NOW - minutes(70))],
    {1: ["vip", "lamp"]},
)
KNOWN = Profile(
    replace(DIEGO, blocked_at=NOW - minutes(5), opted_out_at=NOW - minutes(60)),
    inbox_name="Support",
    conversation_id=3,
    first_seen=NOW - timedelta(days=40),
    last_seen=NOW - minutes(3),
    window_closes_at=NOW + timedelta(hours=23, minutes=57),
    language="pt",
    blocked_by=BEN,
    tags=("vip", "wholesale"),
    theirs=12,
    ours=9,
    escalations=7,
    past=(Past(escalation(Status.CLOSED), "https://example.slack.com/archives/C0SUPPORT/p7"), Past(escalation())),
    notes=(StaffNote(ANA, "Prefers <mornings> & e-mail\nnever calls", NOW - timedelta(days=2)),),
    note_count=1,
)

POSTS = {
    "card_queued": card(view(), NOW),
    "card_urgent": card(urgent(), NOW),
    "card_bare": card(bare(), NOW),
    "card_window_closed": card(replace(view(), window_closes_at=NOW - minutes(5)), NOW),
    "card_open": card(view(escalation(Status.OPEN)), NOW),
    "card_open_late": card(replace(OPTED_OUT, window_closes_at=NOW - minutes(5)), NOW),
    "card_snoozed": card(view(replace(escalation(), snoozed_until=NOW + timedelta(hours=4))), NOW),
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
    "mirrored_customer": mirrored(Author.CUSTOMER, "Carla Mendes", Said("Thanks!\n*Really* <3"), avatar(CARLA.id))[0],
    "mirrored_photo": mirrored(Author.CUSTOMER, "Carla Mendes", Said("the lamp", "image"))[0],
    "mirrored_bot": mirrored(Author.BOT, "", Said("Happy to help."))[0],
    "reminder_first": reminders.not_taken(view(), minutes(5), 1, to_all=False),
    "reminder_third": reminders.not_taken(view(), timedelta(minutes=30), 3, "S0ONCALL", to_all=True),
    "reminder_holder": reminders.not_answered(
        view(escalation(Status.OPEN)), reminders.Chased(ANA, NOW - minutes(15), NOW), to_all=False
    ),
    "reminder_holder_away": reminders.not_answered(
        view(escalation(Status.OPEN)), reminders.Chased(ANA, NOW - minutes(15), NOW, "Ana <3"), "S0ONCALL", to_all=True
    ),
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
    "confirm_close": thread_notes.confirm_prompt(f"<@{ANA}> has this.", action_ids.CONFIRM_CLOSE, f"7:{ANA}"),
    "queue_waiting": queue.queue_list("Waiting in Queue", [view(), QUEUED_BY_DIEGO], NOW, Page("waiting", total=2)),
    "queue_middle_page": queue.queue_list("Teammates", [HELD_BY_BEN] * 10, NOW, Page("team", at=10, total=35)),
    "queue_team": queue.queue_list("Teammates", [HELD_BY_BEN], NOW, Page("team", total=1)),
    "queue_table": queue_table("All", OF_ALL, NOW, Page("all", total=140), LISTED),
    "queue_taken": queue.queue_list("Waiting", [view()], NOW, Page("waiting", total=1), queue.Kept(HELD_BY_BEN, 0)),
    "queue_stands": queue.stands(HELD_BY_BEN, NOW),
    "queue_empty": queue.queue_list("My Queue", [], NOW, Page("mine")),
    "queue_unknown_word": queue.unknown_word("wating", "waiting"),
    "queue_search": found.search_results(SOUGHT, NOW),
    "queue_search_nothing": found.search_results(found.Sought("<!here> *lamp*"), NOW),
    "queue_search_blank": found.search_hint(),
    "chats": found.chat_list(CHATS, NOW, Page("chats")),
    "chats_last_page": found.chat_list(CHATS[:1], NOW, Page("chats", at=10, words="lamp")),
    "chats_none": found.chat_list([], NOW, Page("chats")),
    "already_queued": queue.already(view(), Refusal(Why.ALREADY_ESCALATED, "Already waiting in the queue.")),
    "already_open": queue.already(HELD_BY_BEN, Refusal(Why.ALREADY_ESCALATED, f"Already with <@{BEN}>.")),
    "customers_alike": found.people("carlla", [CARLA], is_named=False),
    "queue_help": queue.queue_help(),
    "escalated": queue.escalated(view()),
    "no_match": queue.no_match("+1 555 <!here>"),
    "no_match_blank": queue.no_match("  "),
    "which_one": queue.which_one("mina", NAMESAKES, "Said “stop” & 😀 <now>", is_named=True),
    "which_one_alike": queue.which_one("mnia", [MINA], "", is_named=False),
}

VIEWS = {
    "home_empty": home(Desk(ANA), NOW),
    "home_first_run": home(Desk(ANA, is_new=True), NOW),
    "home_busy": home(busy_desk(), NOW),
    "home_filtered": home(Desk(ANA, inboxes={1: "Support", 2: "Orders"}, chosen=2), NOW),
    "home_paged": home(PAGED, NOW),
    "home_away": home(replace(busy_desk(), away={ANA: NOW - minutes(20), BEN: NOW - minutes(5)}), NOW),
    "home_of_two_inboxes": home(replace(busy_desk(), inboxes={1: "Support", 2: "Orders"}), NOW),
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
    "assign_anyway": card_modals.assign_anyway(HELD_BY_BEN, ANA, f"<@{ANA}> is away.", BEN),
    "take_over": card_modals.take_over(HELD_BY_BEN),
    "customer": customer_modal(KNOWN, NOW),
    "customer_new": customer_modal(Profile(MINA), NOW),
    "handback_thinking": handback.thinking(view()),
    "handback_form": handback.form(view(), Brief("The tent was torn & is replaced.", "A new tent <by Friday>")),
    "handback_trouble": handback.form(view(), Brief(), "The AI could not say what it has understood: it is away."),
    "send_message": shortcut_modals.send(
        HELD_BY_BEN, MESSAGE, "We refund *you* <3", ["terms.pdf"], ["It mentions a colleague."]
    ),
    "send_message_takes": shortcut_modals.send(view(), MESSAGE, "x" * 12_000, [], []),
    "send_again": shortcut_modals.send_again(MESSAGE),
    "snooze": card_modals.snooze(HELD_BY_BEN),
    "history": history(page(), UTC),
    "history_middle": history(page(has_older=True, has_newer=True), UTC),
    "history_empty": history(page(told=()), UTC),
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
    text = queue.which_one("a", [CARLA, DIEGO], "", is_named=True).text
    assert "+15550101" in text
    assert "+15550102" in text


def _shown(post: Post) -> View:
    said: View = {"text": post.text, "blocks": post.blocks}
    voice = {"username": post.username, "icon_emoji": post.icon_emoji}
    return said | {name: value for name, value in voice.items() if value}
