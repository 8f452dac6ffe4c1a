"""What waiting customers are told about time is true, in their language, and nothing where nothing is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.handover import acknowledgement
from bot.domain.hours import ALWAYS, Hours, Span
from bot.domain.text.person_requests import WORDINGS
from bot.domain.text.times import LANGUAGES, back_at, lately_took, place_in_line
from bot.domain.waiting import ENOUGH, how_long, usual_wait, when_back

MADRID = ZoneInfo("Europe/Madrid")
OFFICE = Hours(
    MADRID,
    (*[(Span.parse("09:00-13:00"), Span.parse("16:00-19:00"))] * 5, (), ()),
    {date(2026, 12, each): () for each in (24, 25, 28, 29, 30, 31)} | {date(2027, 1, 1): ()},
)
MINUTE = timedelta(minutes=1)


def madrid(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def test_every_language_that_asks_for_a_person_is_answered_about_time_too() -> None:
    assert set(WORDINGS) <= LANGUAGES


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23 07:00", "today at 9:00"),
        ("2026-11-23 14:30", "today at 16:00"),
        ("2026-11-23 19:00", "tomorrow at 9:00"),
        ("2026-11-24 00:30", "today at 9:00"),
        ("2026-11-27 20:00", "on Monday at 9:00"),
        ("2026-12-23 20:00", "on 4 January at 9:00"),
    ],
)
def test_the_next_opening_is_said_as_people_say_it(now: str, said: str) -> None:
    assert when_back("en", OFFICE, None, madrid(now)) == f"Our team is back {said}."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Nuestro equipo vuelve el lunes a las 9:00."),
        ("pt_BR", "Nossa equipe volta na segunda-feira às 9:00."),
        ("fr", "Notre équipe sera de retour lundi à 9:00."),
        ("de", "Unser Team ist am Montag um 9:00 Uhr wieder da."),
        ("it", "Il nostro team torna lunedì alle 9:00."),
        ("sw", "Timu yetu itarudi Jumatatu, 9:00 AM."),
        ("ar", "سيعود فريقنا يوم الاثنين في الساعة 9:00."),
        ("hi", "हमारी टीम सोमवार को 9:00 बजे वापस आएगी।"),
        ("xx", "Our team is back on Monday at 9:00."),
        (None, "Our team is back on Monday at 9:00."),
    ],
)
def test_it_is_said_in_the_customers_language(language: str | None, said: str) -> None:
    assert when_back(language, OFFICE, None, madrid("2026-11-27 20:00")) == said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_language_leaves_a_gap_in_any_form(language: str) -> None:
    now = madrid("2026-11-23 20:00")
    for days in range(400):
        for hour in (0, 1, 12, 15):
            words = back_at(language, now + timedelta(days=days, hours=hour), now, MADRID)
            assert words
            assert not set("{}") & set(words)
    for minutes in (5, 10, 45, 60, 120, 180, 240):
        assert not set("{}") & set(lately_took(language, minutes * MINUTE))
    assert "3" in place_in_line(language, 3)


def test_one_o_clock_and_the_first_of_a_month_have_their_own_words() -> None:
    night = madrid("2027-02-01 01:00")
    now = madrid("2026-11-23 20:00")
    assert "el 1 de febrero a la 1:00" in back_at("es", night, now, MADRID)
    assert "le 1er février" in back_at("fr", night, now, MADRID)
    assert "all'1:00" in back_at("it", night, now, MADRID)


def test_nobody_is_told_when_people_are_there_or_was_told_of_this_opening_already() -> None:
    closed, monday = madrid("2026-11-27 20:00"), madrid("2026-11-30 09:00")
    assert when_back("en", OFFICE, None, madrid("2026-11-27 12:00")) is None
    assert when_back("en", OFFICE, monday, closed) is None
    assert when_back("en", OFFICE, monday, madrid("2026-11-30 20:00")) == "Our team is back tomorrow at 9:00."
    assert when_back("en", ALWAYS, None, closed) is None


def test_the_day_is_the_one_that_the_business_has() -> None:
    new_york = ZoneInfo("America/New_York")
    now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Monday evening there, Tuesday in Madrid
    assert back_at("en", datetime(2026, 11, 24, 14, 0, tzinfo=UTC), now, new_york).endswith("tomorrow at 9:00.")
    assert back_at("en", datetime(2026, 11, 24, 14, 0, tzinfo=UTC), now, MADRID).endswith("today at 15:00.")


def waits(*minutes: int) -> list[tuple[datetime, datetime]]:
    since = madrid("2026-11-23 09:00")
    return [(since, since + each * MINUTE) for each in minutes]


def test_too_few_waits_say_nothing() -> None:
    assert usual_wait(waits(*[4] * (ENOUGH - 1)), ALWAYS) is None
    assert usual_wait(waits(*[4] * ENOUGH), ALWAYS) == 5 * MINUTE


def test_the_wait_is_the_middle_one_rounded_up_whatever_the_longest_was() -> None:
    assert usual_wait(waits(*[6] * 15, *[900] * 10), ALWAYS) == 10 * MINUTE
    assert usual_wait(waits(*[1] * 10, *[31] * 15), ALWAYS) == 45 * MINUTE
    assert usual_wait(waits(*[900] * 25), ALWAYS) is None


def test_a_night_is_no_wait() -> None:
    over_night = [(madrid("2026-11-23 18:55"), madrid("2026-11-24 09:05"))] * ENOUGH
    assert usual_wait(over_night, OFFICE) == 10 * MINUTE


def test_the_place_is_told_only_with_others_before_and_nothing_without_a_known_wait() -> None:
    assert how_long("en", 10 * MINUTE, 0) == "Lately it usually took about 10 minutes until somebody was there."
    assert how_long("en", 10 * MINUTE, 2) == (
        "Your place in line: 3. Lately it usually took about 10 minutes until somebody was there."
    )
    assert how_long("en", None, 2) is None


def test_it_joins_the_one_line_that_people_come_in() -> None:
    back = when_back("de", OFFICE, None, madrid("2026-11-27 20:00"))
    whole = f"{acknowledgement('de', reason='requested')} {back}"
    assert whole.endswith("antwortet Ihnen direkt hier. Unser Team ist am Montag um 9:00 Uhr wieder da.")
