"""Questions the AI could not look up: told once, as often as customers asked, the most frequent first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.unanswered import Missed, grouped

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def missed(
    number: int, query: str, *, for_message: int | None = None, handed_over: bool = False, url: str = ""
) -> Missed:
    at = NOW + timedelta(minutes=number)
    return Missed(number, for_message or number, query, 0, handed_over, at, url or None)


def test_questions_that_mean_the_same_are_one_under_the_newest_wording() -> None:
    told = grouped(
        [
            missed(1, "repair of a tent pole"),
            missed(2, "gift cards", handed_over=True, url="https://a.slack.com/p1"),
            missed(3, "tent pole repair"),
            missed(4, "tent pole repairs", handed_over=True, url="https://a.slack.com/p2"),
        ]
    )
    assert [(each.newest.query, each.times, each.handed_over) for each in told] == [
        ("tent pole repairs", 3, 1),
        ("gift cards", 1, 1),
    ]
    assert told[0].thread_url == "https://a.slack.com/p2"
    assert told[0].newest.at == NOW + timedelta(minutes=4)


def test_several_searches_for_one_message_are_one_question() -> None:
    [told] = grouped([missed(1, "voucher", for_message=9), missed(2, "gift card present", for_message=9)])
    assert told.times == 1


def test_of_those_asked_as_often_the_newest_comes_first() -> None:
    assert [each.newest.query for each in grouped([missed(1, "wifi"), missed(2, "parking")])] == ["parking", "wifi"]
