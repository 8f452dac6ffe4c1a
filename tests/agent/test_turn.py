"""A whole turn against a model that behaves, and one that does not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.agent.turn import UNAVAILABLE, Answer, HandOver, Nothing, TurnInput, run_turn
from bot.domain.conversation import Message
from bot.domain.escalation import Escalate, Priority, Trigger
from bot.domain.knowledge import Passage
from tests.agent.conversations import bot, customer, script, staff, system
from tests.scripted_model import STALL, Reply, ScriptedModel, call, says, scripted_model

RETURNS = Passage("returns.md", "Returns", "You can return unused items within 30 days.")
LOOK = call("search_knowledge", {"query": "return tent"})


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as served:
        yield served


def turn(*lines: Message, answered_through: int = 0, guidance: str = "", language: str = "en") -> TurnInput:
    history = script(*(lines or (customer("Can I return a tent?"),)))
    return TurnInput("Aurora Outdoor", "We sell tents.", history, answered_through, guidance, language)


class Library:
    """A search that remembers what was looked up."""

    def __init__(self, *passages: Passage) -> None:
        self.passages = passages
        self.queries: list[str] = []

    async def search(self, query: str) -> Sequence[Passage]:
        self.queries.append(query)
        return self.passages


def unavailable(why: str, language: str = "en") -> HandOver:
    return HandOver(Escalate(Trigger.SYSTEM, UNAVAILABLE, why, Priority.NORMAL, language))


async def test_an_answer_is_whatsapp_text(server: ScriptedModel):
    server.will(says("You have **30 days**."))
    assert await run_turn(turn(), server.model(), None) == Answer("You have *30 days*.")


async def test_the_model_reads_the_frame_then_the_conversation(server: ScriptedModel):
    server.will(says("Yes."))
    await run_turn(turn(customer("Hi"), bot("Hello"), customer("Open?")), server.model(), None)
    assert [message["role"] for message in server.heard] == ["system", "user", "assistant", "user"]
    assert "We sell tents." in server.heard[0]["content"]


async def test_it_looks_things_up_before_it_answers(server: ScriptedModel):
    library = Library(RETURNS)
    server.will(says("Let me look.", LOOK), says("Within 30 days."))
    assert await run_turn(turn(), server.model(), library.search) == Answer("Within 30 days.")
    assert library.queries == ["return tent"]
    assert server.heard[-2]["tool_calls"][0]["id"] == "call_1"
    assert server.heard[-1]["tool_call_id"] == "call_1"
    assert RETURNS.body in server.heard[-1]["content"]


async def test_search_is_offered_only_where_there_is_knowledge(server: ScriptedModel):
    server.will(says("Yes."), says("Yes."))
    await run_turn(turn(), server.model(), None)
    await run_turn(turn(), server.model(), Library().search)
    without, with_knowledge = ([tool["function"]["name"] for tool in each["tools"]] for each in server.requests)
    assert without == ["escalate_to_human"]
    assert with_knowledge == ["escalate_to_human", "search_knowledge"]


PROMISED = "Your order left today. A colleague will call you about the refund."
PROMISE = says(PROMISED)


async def test_p19_a_promise_of_a_colleague_without_the_call_is_asked_about_and_may_be_taken_back(
    server: ScriptedModel,
):
    server.will(PROMISE, says("Your order left today."))
    assert await run_turn(turn(), server.model(), None) == Answer("Your order left today.")
    assert "promises a colleague" in server.heard[-1]["content"]
    assert server.heard[-2]["content"] == PROMISED


async def test_p19_or_the_call_is_made_after_all(server: ScriptedModel):
    made = call("escalate_to_human", {"reason": "Refund", "summary": "Wants money back"})
    server.will(PROMISE, says("", made))
    outcome = await run_turn(turn(), server.model(), None)
    assert isinstance(outcome, HandOver)
    assert outcome.escalate.reason == "Refund"


@pytest.mark.parametrize("then", [PROMISE, says(""), Reply("", status=400)])
async def test_p19_else_the_promise_is_kept_for_it(server: ScriptedModel, then: Reply):
    server.will(PROMISE, then)
    outcome = await run_turn(turn(), server.model(), None)
    assert isinstance(outcome, HandOver)
    assert outcome.escalate.reason == "The AI promised the customer a colleague"
    assert "A colleague will call you" in outcome.escalate.summary


async def test_a_handover_says_nothing_else(server: ScriptedModel):
    """P12: a farewell beside the call would be the customer's second."""
    arguments = {"reason": "Torn tent", "summary": "Arrived torn.", "priority": "high", "language": "es"}
    server.will(says("A colleague will take over, goodbye!", call("escalate_to_human", arguments)))
    outcome = await run_turn(turn(), server.model(), None)
    assert outcome == HandOver(Escalate(Trigger.AI, "Torn tent", "Arrived torn.", Priority.HIGH, "es"))


async def test_a_handover_beside_a_search_is_a_handover(server: ScriptedModel):
    library = Library(RETURNS)
    server.will(says(None, LOOK, call("escalate_to_human", {"reason": "Asked"}, "call_2")))
    assert isinstance(await run_turn(turn(), server.model(), library.search), HandOver)
    assert library.queries == []


async def test_after_four_lookups_it_has_to_decide(server: ScriptedModel):
    server.will(*[says(None, LOOK)] * 4, says("I do not know, sorry."))
    assert await run_turn(turn(), server.model(), Library().search) == Answer("I do not know, sorry.")
    assert [tool["function"]["name"] for tool in server.requests[-1]["tools"]] == ["escalate_to_human"]


async def test_a_model_that_never_decides_hands_over(server: ScriptedModel):
    server.will(*[says(None, LOOK)] * 5)
    outcome = await run_turn(turn(language="pt"), server.model(), Library().search)
    assert outcome == unavailable("The AI model gave no answer.", "pt")
    assert server.script == []


async def test_a_tool_that_does_not_exist_is_told_so(server: ScriptedModel):
    server.will(says(None, call("issue_refund", {"euros": 900})), says("I cannot do that."))
    assert await run_turn(turn(), server.model(), None) == Answer("I cannot do that.")
    assert "There is no tool 'issue_refund'" in server.heard[-1]["content"]


async def test_a_search_where_there_is_no_knowledge_is_told_so(server: ScriptedModel):
    server.will(says(None, LOOK), says("I cannot look that up."))
    assert await run_turn(turn(), server.model(), None) == Answer("I cannot look that up.")
    assert "There is no tool 'search_knowledge'" in server.heard[-1]["content"]


async def test_an_empty_answer_is_asked_for_once_more(server: ScriptedModel):
    server.will(says(""), says("Within 30 days."))
    assert await run_turn(turn(), server.model(), None) == Answer("Within 30 days.")


async def test_a_model_with_nothing_to_say_hands_over(server: ScriptedModel):
    server.will(says(None), says("  \n"))
    assert await run_turn(turn(), server.model(), None) == unavailable("The AI model gave no answer.")


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ([Reply("oops", status=500)], "The AI model's server failed."),
        ([Reply("{}"), Reply("{}")], "The AI model's answer made no sense."),
        ([says(None, call("escalate_to_human", "{"))] * 2, "The AI model's answer made no sense."),
    ],
)
async def test_a_model_that_fails_hands_over(server: ScriptedModel, replies: list[Reply], why: str):
    server.will(*replies)
    assert await run_turn(turn(language="es"), server.model(), None) == unavailable(why, "es")


async def test_a_model_that_fails_after_a_lookup_hands_over(server: ScriptedModel):
    server.will(says(None, LOOK), Reply("oops", status=500))
    assert isinstance(await run_turn(turn(), server.model(), Library().search), HandOver)


async def test_a_turn_that_drags_on_hands_over(server: ScriptedModel):
    server.will(STALL)
    outcome = await run_turn(turn(), server.model(timeout=30), None, seconds=0.2)
    assert outcome == unavailable("The AI model took too long.")


async def test_after_return_to_bot_it_is_told_to_answer_again(server: ScriptedModel):
    """P17: a bot that reads its own "a colleague will help you" stays mute unless told that this is over."""
    server.will(says("We open at ten."))
    returned = turn(
        customer("A person please"),
        system("A colleague will help you."),
        staff("Refund is on its way."),
        customer("When do you open?"),
        answered_through=3,
        guidance="Refund arrives Friday.",
    )
    assert await run_turn(returned, server.model(), None) == Answer("We open at ten.")
    assert "you do again" in server.heard[-2]["content"]
    assert "Refund arrives Friday." in server.heard[-2]["content"]
    assert server.heard[-1] == {"role": "user", "content": "When do you open?"}


async def test_what_is_answered_needs_no_second_answer(server: ScriptedModel):
    assert await run_turn(turn(customer("Hi"), bot("Hello"), answered_through=1), server.model(), None) == Nothing()
    assert server.requests == []


async def test_what_was_deleted_meanwhile_is_not_answered(server: ScriptedModel):
    """As when people had the conversation and give it back: nothing that waits for an answer is left."""
    regretted = replace(customer("Forget it"), revoked_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert await run_turn(turn(regretted), server.model(), None) == Nothing()
    assert server.requests == []


async def test_a_message_that_came_during_the_last_answer_is_answered(server: ScriptedModel):
    server.will(says("Yes, until 20:00."))
    overlapping = turn(customer("Hi"), customer("Are you open?"), bot("Hello"), answered_through=1)
    assert await run_turn(overlapping, server.model(), None) == Answer("Yes, until 20:00.")


@pytest.mark.parametrize("history", [[customer("👍", kind="reaction")], [system("Welcome.")], []])
async def test_nothing_said_is_nothing_answered(server: ScriptedModel, history: list[Message]):
    nothing = TurnInput("Aurora Outdoor", "We sell tents.", script(*history))
    assert await run_turn(nothing, server.model(), None) == Nothing()


# --- Answers that no customer may read --------------------------------------------------------------------------------

ONLY = "Our shop is open from ten to eight, Monday to Saturday."


def stuck(asked: str = "How long is the warranty?") -> TurnInput:
    return turn(customer("When are you open?"), bot(ONLY), customer(asked), answered_through=2)


async def test_an_answer_repeated_to_another_question_is_asked_about(server: ScriptedModel):
    server.will(says(ONLY), says("Two years."))
    assert await run_turn(stuck(), server.model(), None) == Answer("Two years.")
    assert "already said exactly this" in server.heard[-1]["content"]


async def test_a_model_that_stands_by_what_it_said_may_say_it_again(server: ScriptedModel):
    """It may well be the answer to both; whoever is not helped by it asks again, and the third time people come."""
    server.will(says(ONLY), says(f"{ONLY} "))
    assert await run_turn(stuck(), server.model(), None) == Answer(ONLY)


@pytest.mark.parametrize("asked", ["when are  you open?", "Thanks a lot"])
async def test_the_same_question_and_thanks_may_get_the_same_answer(server: ScriptedModel, asked: str):
    server.will(says(ONLY))
    assert await run_turn(stuck(asked), server.model(), None) == Answer(ONLY)


@pytest.mark.parametrize(
    ("reply", "summary"),
    [
        (says(None, refusal="I cannot help with that."), "It said: “I cannot help with that.”"),
        (says("I will", finish_reason="content_filter"), "A filter for unwanted content held its answer back."),
    ],
)
async def test_a_refusal_brings_people_at_once(server: ScriptedModel, reply: Reply, summary: str):
    server.will(reply)
    outcome = await run_turn(turn(), server.model(), None)
    assert outcome == HandOver(Escalate(Trigger.SYSTEM, "The AI refused to answer", summary))


async def test_an_answer_that_was_cut_off_is_asked_for_in_short_and_else_people_come(server: ScriptedModel):
    server.will(says("You have", finish_reason="length"), says("30 days."))
    assert await run_turn(turn(), server.model(), None) == Answer("30 days.")
    server.will(*[says("You have", finish_reason="length")] * 2)
    outcome = await run_turn(turn(), server.model(), None)
    assert outcome == unavailable("The AI model's answer was cut off at its longest.")


async def test_an_answer_as_long_as_a_book_is_asked_for_in_short_and_else_people_come(server: ScriptedModel):
    book = says("word " * 5_000)
    server.will(book, says("30 days."))
    assert await run_turn(turn(), server.model(), None) == Answer("30 days.")
    server.will(book, book)
    outcome = await run_turn(turn(), server.model(), None)
    assert isinstance(outcome, HandOver)
    assert outcome.escalate.reason == "The AI could not put its answer in few words"


async def test_a_hundred_calls_at_once_are_not_all_made(server: ScriptedModel):
    calls = [call("search_knowledge", {"query": f"tent {number}"}, f"call_{number}") for number in range(100)]
    library = Library(RETURNS)
    server.will(says(None, *calls), says("Within 30 days."))
    assert await run_turn(turn(), server.model(), library.search) == Answer("Within 30 days.")
    assert len(library.queries) == 4
    assert len([each for each in server.heard if each["role"] == "tool"]) == 100
