"""What staff are promised about the Escalations page: the right buttons, true figures, every row on some page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import cast

import pytest

from bot.blocks import action_ids
from bot.blocks.figures import bar, week_in_bars
from bot.blocks.home import home, no_home
from bot.blocks.parts import Block, View
from bot.blocks.preferences import in_short, preferences_modal
from bot.domain.desk import EscalationView
from bot.domain.escalation import Status
from bot.domain.figures import Week
from bot.domain.home import ROWS, Desk, Look, Page, Part, Rows, Today, midnight, paged, shared
from bot.domain.preferences import Extent, Member, Preferences, QuietHours, Topic
from tests.blocks.samples import (
    ANA,
    BEN,
    CARLA,
    DIEGO,
    NOW,
    WEEK,
    busy_desk,
    escalation,
    minutes,
    rows_of,
    view,
)
from tests.blocks.slack_rules import buttons, check_view, headings, labels, words


def blocks_of(page: View) -> list[Block]:
    return cast("list[Block]", page["blocks"])


def offered(page: View) -> list[str]:
    return labels(blocks_of(page))


def held(count: int, status: Status) -> tuple[EscalationView, ...]:
    return tuple(view(escalation(status, ident=number)) for number in range(count))


def desk_of(sizes: dict[Part, int], **more: int) -> Desk:
    """A desk with so many in each list, read from its beginning."""
    status = {Part.MINE: Status.OPEN, Part.WAITING: Status.QUEUED, Part.TEAM: Status.OPEN}
    shares = shared(sizes)
    lists = {
        part: Rows(held(min(sizes.get(part, 0), shares[part]), each), Page(0, shares[part], sizes.get(part, 0)))
        for part, each in status.items()
    }
    return Desk(ANA, lists, Today(**more))


def test_home_has_its_three_parts_even_when_empty() -> None:
    page = home(Desk(ANA), NOW)
    assert headings(page) == ["My Queue", "Waiting in Queue", "Teammates"]
    assert "Nobody is waiting" in words(page)


def test_home_offers_each_row_what_its_part_allows() -> None:
    page = home(replace(busy_desk(), week=None), NOW)
    mine, waiting = ["Open thread", "Return to bot", "Close"], ["Take", "Open thread"]
    team, ended = ["Open thread", "Take over"], ["Open thread"]
    desk = ["Notifications…", "I'm away"]
    assert offered(page) == desk + mine + 2 * waiting + team + 2 * ended
    assert "with you, taken" in words(page)
    assert f"with <@{BEN}>, taken" in words(page)


def test_taking_over_from_app_home_asks_first() -> None:
    [take_over] = [
        each for each in buttons(blocks_of(home(busy_desk(), NOW))) if each["action_id"] == "confirm_take_over"
    ]
    assert "confirm" in take_over


def test_all_four_statuses_stand_there_with_their_figures() -> None:
    page = home(desk_of({Part.MINE: 2}, queued=4, open=3, resolved=9, closed=5), NOW)
    for told in ("*4* Queued", "*3* Open (2 with you)", "*9* Resolved today", "*5* Closed today"):
        assert told in words(page)


def test_home_without_a_thread_link_offers_no_dead_button() -> None:
    desk = Desk(ANA, {Part.WAITING: rows_of(replace(view(), thread_url=None))})
    assert offered(home(desk, NOW)) == ["Notifications…", "I'm away", "Take"]


def test_a_flood_in_one_part_leaves_room_for_the_others() -> None:
    page = home(desk_of({Part.MINE: 50, Part.WAITING: 50, Part.TEAM: 50}), NOW)
    check_view(page)
    assert (offered(page).count("Take"), offered(page).count("Close"), offered(page).count("Take over")) == (8, 7, 7)
    assert offered(home(desk_of({Part.WAITING: 500}), NOW)).count("Take") == ROWS


@pytest.mark.parametrize("total", [0, 1, 6, 7, 8, 21, 22, 23, 500])
def test_turning_pages_shows_every_row_once_and_ends(total: int) -> None:
    size = shared({Part.WAITING: total})[Part.WAITING]
    page, seen = paged(0, size, total), list[int]()
    while True:
        seen += range(page.start, page.end)
        if page.next is None:
            break
        page = paged(page.next, size, total)
    assert seen == list(range(total))
    while page.previous is not None:
        page = paged(page.previous, size, total)
    assert page.start == 0


def test_a_page_that_the_list_has_become_too_short_for_shows_its_last_rows() -> None:
    assert paged(40, 7, 12) == Page(7, 7, 12)
    assert paged(40, 7, 14) == Page(7, 7, 14)
    assert paged(40, 7, 0) == Page(0, 7, 0)


def test_the_pages_of_one_list_turn_by_themselves() -> None:
    desk = Desk(ANA, {Part.WAITING: rows_of(view(), start=7, total=20), Part.TEAM: rows_of(view(), total=1)})
    turns = [each for each in buttons(blocks_of(home(desk, NOW))) if str(each["action_id"]).startswith("home_")]
    assert [(each["action_id"], each["value"]) for each in turns] == [
        (action_ids.HOME_PREVIOUS, "waiting:6"),
        (action_ids.HOME_NEXT, "waiting:8"),
    ]
    assert "8 to 8 of 20" in words(home(desk, NOW))


def test_the_inbox_filter_appears_only_where_there_is_a_choice() -> None:
    assert action_ids.FILTER_INBOX not in str(home(Desk(ANA, inboxes={1: "Support"}), NOW))
    assert action_ids.FILTER_INBOX in str(home(Desk(ANA, inboxes={1: "Support", 2: "Orders"}), NOW))


def test_whoever_is_away_is_told_so_and_can_put_down_what_they_hold() -> None:
    desk = replace(busy_desk(), away={ANA: NOW - minutes(20)})
    assert {"I'm back", "Put your conversation back in the queue"} <= set(offered(home(desk, NOW)))
    assert "You are away" in words(home(desk, NOW))
    nothing = home(Desk(ANA, away={ANA: NOW}), NOW)
    assert offered(nothing) == ["Notifications…", "I'm back"]


def test_colleagues_see_who_is_away() -> None:
    page = home(replace(busy_desk(), away={BEN: NOW}), NOW)
    assert f"Away: <@{BEN}>" in words(page)
    assert f"with <@{BEN}> (🌙 away)" in words(page)
    assert "I'm away" in offered(page)


def test_whoever_may_not_act_sees_why_and_no_customer() -> None:
    page = no_home("Guests cannot act on customer conversations.")
    check_view(page)
    assert "Guests cannot act" in words(page)
    assert offered(page) == []


def test_the_heaviest_page_is_made_lighter_and_no_row_is_lost() -> None:
    heavy = replace(view(customer=replace(CARLA, name="😀" * 80)), last_text="😀" * 400, inbox_name="😀" * 60)
    heavy = replace(heavy, escalation=replace(heavy.escalation, reason="😀" * 200))
    inboxes = dict.fromkeys(range(100), "😀" * 75)
    rows = Rows(tuple([heavy] * ROWS), Page(0, ROWS, ROWS))
    page = home(Desk(ANA, {Part.WAITING: rows}, inboxes=inboxes), NOW)
    assert len(json.dumps(page)) <= 250_000
    assert offered(page).count("Take") == ROWS


def test_a_first_day_says_what_will_be_here_and_how_to_try() -> None:
    page = words(home(Desk(ANA, is_new=True), NOW))
    assert "Nothing has been escalated yet" in page
    assert "/escalate" in page


# --- How it is looked at ---


def test_a_look_survives_being_kept() -> None:
    look = Look(2).at(Part.TEAM, 14).at(Part.ENDED, 5)
    assert Look.from_json(json.loads(json.dumps(look.as_json()))) == look
    assert look.on(3) == Look(3)


@pytest.mark.parametrize("kept", [None, [], "x", {"inbox": "2", "mine": -4, "team": 10**40, "ended": True}])
def test_a_look_that_cannot_be_read_counts_as_never_chosen(kept: object) -> None:
    assert Look.from_json(kept) == Look()


def test_a_day_begins_where_the_viewer_is() -> None:
    assert midnight(NOW, "Asia/Tokyo").isoformat() == "2026-03-02T00:00:00+09:00"
    assert midnight(NOW, "America/Los_Angeles").isoformat() == "2026-03-02T00:00:00-08:00"
    assert midnight(NOW, "Nowhere/At_all") == midnight(NOW, None)
    assert midnight(NOW, "../etc/passwd") == midnight(NOW, None)


# --- This week ---


def test_bars_are_as_long_as_their_share_and_never_vanish() -> None:
    assert [len(bar(value, 1000)) for value in (0, 1, 500, 1000)] == [0, 1, 12, 24]
    assert bar(0, 0) == ""


def test_a_week_says_who_answered_and_how_soon() -> None:
    assert "*11* answered by a person, *4* of them first by you" in words(week_in_bars(WEEK, ANA))
    assert "*3 min* (median)" in words(week_in_bars(WEEK, ANA))
    assert "median" not in words(week_in_bars(replace(WEEK, first_response=None), BEN))


def lines_of(week: Week) -> Sequence[str]:
    return words(week_in_bars(week, DIEGO.name)).splitlines()


def test_a_week_shows_days_without_any_too() -> None:
    week = Week({date(2026, 3, 2) + timedelta(days=each): each % 2 for each in range(4)})
    assert [line for line in lines_of(week) if line[:3] in ("Mon", "Tue", "Wed", "Thu")] == [
        "Mon  0",
        f"Tue  {'█' * 24} 1",
        "Wed  0",
        f"Thu  {'█' * 24} 1",
    ]


# --- Preferences ---


def test_preferences_are_said_in_a_line() -> None:
    assert "what is given to you, who of yours waits too long" in in_short(Preferences())
    assert in_short(Preferences(dict.fromkeys(Topic, Extent.NONE))) == "🔕 You are written to about nothing"
    assert in_short(Preferences(quiet=QuietHours(time(22), time(7)))).endswith("; quiet from 22:00 to 07:00")


@pytest.mark.parametrize("name", ["", "😀" * 200, "<!channel> & more", "\u200b"])
def test_the_window_for_preferences_fits_whatever_inboxes_are_called(name: str) -> None:
    inboxes = {number: f"{name}{number}" if number % 2 else name for number in range(1, 130)}
    chosen = Preferences(inboxes=frozenset({2, 129, 500}))
    check_view(preferences_modal(Member(ANA, chosen, "Europe/Madrid"), inboxes, NOW))


def test_the_window_for_preferences_names_the_members_own_hours() -> None:
    assert "Europe/Madrid, where it is 13:00" in words(
        preferences_modal(Member(ANA, time_zone="Europe/Madrid"), {}, NOW)
    )
    assert "UTC" in words(preferences_modal(Member(ANA), {}, NOW))
