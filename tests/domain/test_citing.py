"""What the AI looked up for an answer: named honestly, and no more of it than the answer plainly used."""

from __future__ import annotations

from bot.domain.citing import sources_of
from bot.domain.knowledge import Citation, LookedUp, Passage

RETURNS = Passage(
    "returns.md", "Returns", "Send it back within 30 days, unworn, with the receipt. Refunds take 5 days."
)
HOURS = Passage("shops.md", "Shops › Opening hours", "The shop in Malmö is open from 9 to 18, on Sundays from 11.")
TENTS = Passage("tents.md", "Tents", "Dry a tent before you store it.")


def cited(answer: str, *searches: tuple[Passage, ...]) -> list[str]:
    return [each.source for each in sources_of(answer, [LookedUp("words", found) for found in searches])]


def test_the_passages_whose_words_the_answer_has_are_preferred() -> None:
    answer = "You can send it back within 30 days if it is unworn; refunds take 5 days."
    assert cited(answer, (HOURS, RETURNS, TENTS)) == ["returns.md"]
    both = f"{answer} Our shop in Malmö is open from 9 to 18, on Sundays from 11."
    assert cited(both, (TENTS, RETURNS), (HOURS,)) == ["returns.md", "shops.md"]


def test_an_answer_without_their_words_names_all_that_was_looked_up() -> None:
    assert cited("Puedes devolverlo.", (RETURNS, HOURS)) == ["returns.md", "shops.md"]
    assert cited("Sorry, I do not know.", (TENTS,), (HOURS,)) == ["tents.md", "shops.md"]


def test_a_place_found_twice_is_named_once_and_nothing_found_names_nothing() -> None:
    again = Passage("returns.md", "Returns", "Another part of it.")
    assert sources_of("Yes.", [LookedUp("a", (RETURNS,)), LookedUp("b", (again,))]) == (
        Citation("returns.md", "Returns"),
    )
    assert not sources_of("No.", [LookedUp("a", ())])
