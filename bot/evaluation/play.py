"""Play a scenario: the customer's words go the way they go in a conversation, and what comes of them is compared."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.agent.asking import Asks
from bot.agent.no_help import ASKED_AGAIN
from bot.agent.turn import Answer, HandOver, Search, TurnInput, run_turn
from bot.domain.conversation import Author, Message
from bot.domain.delivery import Delivery
from bot.domain.escalation import Escalate, Trigger
from bot.domain.facts import hour_in_words
from bot.domain.handover import acknowledgement, asks_for_person, language_of
from bot.domain.hours import ALWAYS, Calendar
from bot.domain.no_help import asked_in_vain
from bot.evaluation.scenario import Scenario, Step

_BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is examined: a model with a business's prompt, and what it may look up."""

    model: Asks
    business: str
    prompt: str
    search: Search | None = None
    hours: Calendar = ALWAYS


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one thing a customer wrote. Neither words nor an escalation: silence."""

    said: str = ""
    escalated: Escalate | None = None

    @property
    def in_words(self) -> str:
        if self.escalated:
            return f"escalated: {self.escalated.reason}"
        return self.said or "silence"


@dataclass(frozen=True, slots=True)
class Result:
    scenario: Scenario
    failures: tuple[str, ...]
    heard: tuple[Heard, ...]
    seconds: float


@dataclass(slots=True)
class _Conversation:
    """What the database would hold of it."""

    history: list[Message] = field(default_factory=list[Message])
    escalations: int = 0
    with_people: bool = False
    answered_through: int = 0
    guidance: str = ""
    language: str = "en"

    def add(self, author: Author, text: str) -> None:
        number = len(self.history) + 1
        status = Delivery.RECEIVED if author is Author.CUSTOMER else Delivery.DELIVERED
        at = _BEGIN + timedelta(minutes=number)
        escalation = self.escalations if self.with_people else None
        self.history.append(Message(number, 0, 0, author, "text", text, status, at, escalation))

    def hand_over(self, event: Escalate) -> None:
        self.escalations, self.with_people = self.escalations + 1, True
        reason = "requested" if event.trigger is Trigger.CUSTOMER else "handover"
        self.add(Author.SYSTEM, acknowledgement(event.language, reason=reason))


async def play(scenario: Scenario, candidate: Candidate) -> Result:
    """Every step in order; one that fails does not end it, because later ones tell why."""
    talk, heard, failures, begun = _Conversation(), list[Heard](), list[str](), time.monotonic()
    for number, step in enumerate(scenario.steps, 1):
        if step.customer is None:
            _people_act(talk, step)
            continue
        came = await _customer_writes(talk, step.customer, candidate)
        heard.append(came)
        failures += [f"step {number}: {each}" for each in _differences(step, came)]
    return Result(scenario, tuple(failures), tuple(heard), time.monotonic() - begun)


def _people_act(talk: _Conversation, step: Step) -> None:
    if step.staff is not None:
        talk.add(Author.STAFF, step.staff)
        talk.answered_through = len(talk.history)
    else:
        talk.with_people, talk.guidance = False, step.guidance
        talk.answered_through = len(talk.history)


async def _customer_writes(talk: _Conversation, text: str, candidate: Candidate) -> Heard:
    """As flows/customer_writes and flows/agent_answers do it: the rule first, then the model."""
    talk.add(Author.CUSTOMER, text)
    if talk.with_people:
        return Heard()
    talk.language = language_of(text) or talk.language
    if asked_in := asks_for_person(text):
        event = Escalate(Trigger.CUSTOMER, "The customer asked for a person", language=asked_in)
        talk.hand_over(event)
        return Heard(escalated=event)
    if question := asked_in_vain(talk.history, talk.answered_through):
        event = Escalate(Trigger.SYSTEM, ASKED_AGAIN, f"“{question}”", language=talk.language)
        talk.hand_over(event)
        return Heard(escalated=event)
    outcome = await run_turn(_turn(talk, candidate), candidate.model, candidate.search)
    talk.answered_through = len(talk.history)
    if isinstance(outcome, HandOver):
        talk.hand_over(outcome.escalate)
        return Heard(escalated=outcome.escalate)
    said = outcome.text if isinstance(outcome, Answer) else ""
    talk.add(Author.BOT, said)
    return Heard(said)


def _turn(talk: _Conversation, candidate: Candidate) -> TurnInput:
    return TurnInput(
        business=candidate.business,
        prompt=candidate.prompt,
        history=tuple(talk.history),
        answered_through=talk.answered_through,
        guidance=talk.guidance,
        facts=hour_in_words(candidate.hours, talk.history[-1].said_at),
        language=talk.language,
    )


def _differences(step: Step, came: Heard) -> list[str]:
    if bool(came.escalated) != step.escalates:
        return [f"expected {'people to come' if step.escalates else 'no people'}, got {came.in_words!r}"]
    if not came.escalated and bool(came.said) == step.silent:
        return [f"expected {'silence' if step.silent else 'an answer'}, got {came.in_words!r}"]
    wrong = _of_escalation(step, came.escalated) if came.escalated else []
    wrong += [f"{each!r} is missing in {came.said!r}" for each in step.says if not _found(each, came.said)]
    told = f"{came.said}\n{came.escalated.reason if came.escalated else ''}"
    return wrong + [f"{each!r} must not appear in {told.strip()!r}" for each in step.never if _found(each, told)]


def _of_escalation(step: Step, event: Escalate) -> list[str]:
    wrong: list[str] = []
    if step.reason and not _found(step.reason, f"{event.reason}\n{event.summary}"):
        wrong.append(f"{step.reason!r} is not the reason {event.reason!r}")
    if step.priority and event.priority is not step.priority:
        wrong.append(f"priority {event.priority}, expected {step.priority}")
    if step.language and event.language != step.language:
        wrong.append(f"language {event.language}, expected {step.language}")
    return wrong


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None
