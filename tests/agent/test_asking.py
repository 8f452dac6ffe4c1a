"""Asking a model that fails: tried again where that helps, left alone where it does not, and always counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from prometheus_client import REGISTRY

from bot.agent.asking import LEFT_ALONE, Asking, Patience, Prices, Purpose
from bot.agent.breaker import FAILURES_IN_A_ROW, FIRST_PAUSE, LONGEST_NAMED, LONGEST_PAUSE, Breaker, Breakers, State
from integrations.errors import ErrorClass
from integrations.openai.errors import TIMEOUT, ModelUnavailable
from integrations.openai.payloads import ChatMessage, Completion, Role, Tool, Usage

HELLO = (ChatMessage(Role.USER, "Hello"),)
BRISK = Patience(attempts=3, first_wait=0.001, longest_wait=0.05, pause_waited_for=0.05)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def failing(error_class: ErrorClass = ErrorClass.TRANSIENT, retry_after: float | None = None) -> ModelUnavailable:
    return ModelUnavailable(error_class, "500", "The AI model's server failed.", retry_after)


@dataclass
class Telephone:
    """Gives what it was told to give; without that, an answer."""

    script: list[ModelUnavailable] = field(default_factory=list[ModelUnavailable])
    asked: int = 0
    hook: Callable[[], Awaitable[object]] | None = None

    async def complete(self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = ()) -> Completion:
        self.asked += 1
        if self.hook:
            await self.hook()
        if self.script:
            raise self.script.pop(0)
        return Completion("Hello", usage=Usage(1_000_000, 500_000))


def asking(phone: Telephone, clock: Hands | None = None, prices: Prices | None = None) -> Asking:
    return Asking(phone, "stand-in", Breakers(clock or Hands()), prices or Prices(), BRISK)


def fail(breaker: Breaker) -> None:
    attempt = breaker.admit()
    assert attempt is not None
    breaker.failed(attempt, "Down.")


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def ask(line: Asking, inbox: int = 1) -> str:
    return (await line.on_behalf_of(inbox, Purpose.ANSWER).complete(HELLO)).text


# --- Once more --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [failing(), failing(ErrorClass.THROTTLED), failing(ErrorClass.THROTTLED, retry_after=0.01)]
)
async def test_what_may_work_later_is_asked_again(error: ModelUnavailable):
    phone = Telephone([error, error])
    assert await ask(asking(phone)) == "Hello"
    assert phone.asked == 3


@pytest.mark.parametrize(
    "error",
    [failing(ErrorClass.AUTH), failing(ErrorClass.BUG), failing(ErrorClass.THROTTLED, retry_after=20)],
)
async def test_what_will_not_work_sooner_is_not_asked_again(error: ModelUnavailable):
    phone = Telephone([error])
    with pytest.raises(ModelUnavailable):
        await ask(asking(phone))
    assert phone.asked == 1


async def test_a_model_that_does_not_answer_in_time_is_asked_twice():
    phone = Telephone([ModelUnavailable(ErrorClass.TRANSIENT, TIMEOUT, "The AI model did not answer in time.")] * 3)
    with pytest.raises(ModelUnavailable, match="in time"):
        await ask(asking(phone))
    assert phone.asked == 2


async def test_a_model_that_keeps_failing_is_given_up_with_its_own_reason():
    phone = Telephone([failing()] * 3)
    with pytest.raises(ModelUnavailable, match="server failed"):
        await ask(asking(phone))
    assert phone.asked == 3


# --- Left alone -------------------------------------------------------------------------------------------------------


async def test_after_failures_in_a_row_nobody_asks_and_everybody_is_told_why_at_once():
    phone = Telephone([failing()] * 100)
    line = asking(phone)
    for _ in range(3):
        with pytest.raises(ModelUnavailable):
            await ask(line)
    with pytest.raises(ModelUnavailable) as caught:
        await ask(line)
    assert phone.asked == FAILURES_IN_A_ROW
    assert caught.value.code == LEFT_ALONE
    assert "server failed" in caught.value.reason
    assert line.breakers.states() == {"stand-in": "open"}


async def test_a_pause_that_is_nearly_over_is_waited_for():
    clock, phone = Hands(), Telephone()
    line = asking(phone, clock)
    line.breakers.of("stand-in").told_to_wait(30, "Down.")
    clock.now += 29.99
    asked = asyncio.create_task(ask(line))
    await asyncio.sleep(0)
    clock.now += 0.01
    assert await asked == "Hello"
    assert phone.asked == 1


async def test_one_success_between_failures_begins_the_count_again():
    line = asking(Telephone([failing(), failing()]))
    for _ in range(4):
        fail(line.breakers.of("stand-in"))
        await ask(line)
    assert line.breakers.states() == {"stand-in": "closed"}


async def test_after_the_pause_one_asks_for_all_and_opens_the_way():
    clock, asked, answer = Hands(), asyncio.Event(), asyncio.Event()

    async def think() -> None:
        asked.set()
        await answer.wait()

    phone = Telephone()
    line = asking(phone, clock)
    line.breakers.of("stand-in").told_to_wait(30, "Down.")
    clock.now += 30
    phone.hook = think
    probe = asyncio.create_task(ask(line))
    await asked.wait()
    phone.hook = None
    assert line.breakers.states() == {"stand-in": "half-open"}
    with pytest.raises(ModelUnavailable):
        await ask(line)
    answer.set()
    assert await probe == "Hello"
    assert await ask(line) == "Hello"
    assert phone.asked == 2


async def test_a_probe_that_is_broken_off_leaves_the_way_to_the_next():
    clock, phone = Hands(), Telephone()
    line = asking(phone, clock)
    line.breakers.of("stand-in").told_to_wait(30, "Down.")
    clock.now += 30
    phone.hook = asyncio.Event().wait
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await ask(line)
    phone.hook = None
    assert await ask(line) == "Hello"


async def test_a_server_that_names_a_long_wait_is_left_alone_for_that_time():
    clock = Hands()
    phone = Telephone([failing(ErrorClass.THROTTLED, retry_after=40)])
    line = asking(phone, clock)
    with pytest.raises(ModelUnavailable):
        await ask(line)
    clock.now += 39
    with pytest.raises(ModelUnavailable):
        await ask(line)
    assert phone.asked == 1
    clock.now += 1
    assert await ask(line) == "Hello"


async def test_models_fail_each_for_itself():
    line = asking(Telephone())
    line.breakers.of("whisper").told_to_wait(30, "Down.")
    assert await ask(line) == "Hello"
    with pytest.raises(ModelUnavailable):
        await line.call("whisper", 1, Purpose.TRANSCRIBE, lambda: asyncio.sleep(0, "words"))


def test_the_pause_grows_to_a_limit_and_a_day_is_an_hour():
    clock = Hands()
    breaker = Breaker(clock)
    for _ in range(FAILURES_IN_A_ROW):
        fail(breaker)
    pauses = [breaker.wait]
    for _ in range(8):
        clock.now += breaker.wait
        fail(breaker)
        pauses.append(breaker.wait)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    breaker.told_to_wait(86_400, "Quota.")
    assert breaker.wait == LONGEST_NAMED


def test_a_failure_that_began_before_the_pause_does_not_prolong_it():
    clock = Hands()
    breaker = Breaker(clock)
    slow = breaker.admit()
    assert slow is not None
    for _ in range(FAILURES_IN_A_ROW):
        fail(breaker)
    clock.now += FIRST_PAUSE
    probe = breaker.admit()
    breaker.failed(slow, "Timeout.")
    assert breaker.state is State.HALF_OPEN
    assert probe is not None
    breaker.worked()
    assert breaker.state is State.CLOSED


# --- Counted ----------------------------------------------------------------------------------------------------------


async def test_tokens_time_and_cost_are_on_the_bill_of_the_inbox_and_the_purpose():
    whose = {"inbox": "77", "purpose": "answer"}
    await ask(asking(Telephone([failing()]), prices=Prices(prompt=2.0, completion=8.0)), inbox=77)
    assert counted("switchboard_model_tokens_total", direction="read", **whose) == 1_000_000
    assert counted("switchboard_model_tokens_total", direction="written", **whose) == 500_000
    assert counted("switchboard_model_cost_total", **whose) == 6.0
    assert counted("switchboard_model_seconds_count", outcome="completed", **whose) == 1
    assert counted("switchboard_model_seconds_count", outcome="failed", **whose) == 1
    assert counted("switchboard_model_cost_total", inbox="77", purpose="recap") == 0
