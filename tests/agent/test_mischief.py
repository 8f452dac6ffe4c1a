"""Whatever a model does, a turn ends with an answer that may be read, or with people."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.agent.asking import Asking, Patience, Purpose
from bot.agent.turn import Answer, HandOver, Nothing, run_turn
from integrations.openai.client import Model, ModelSettings
from integrations.sandbox.mischief import Mischief, Temper
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from tests.agent.test_turn import RETURNS, Library, stuck

ANSWER = "The warranty is two years, from the day it was delivered."
# A moment's trouble is overcome within the turn; these leave the model nothing that a customer may read.
PEOPLE_COME_AT_ONCE = {Mischief.REFUSES, Mischief.FILTERED, Mischief.QUOTA}
# An answer may fit two questions.
HARMLESS = {Mischief.SLOW, Mischief.THINKS, Mischief.REPEATS}


@asynccontextmanager
async def asked(sandbox: Sandbox) -> AsyncGenerator[Model]:
    model = Model(ModelSettings("stand-in", base_url=sandbox.openai_base_url, timeout_seconds=5))
    try:
        yield model
    finally:
        await model.close()


async def outcomes(*, lasting: bool) -> dict[Mischief, Answer | HandOver | Nothing]:
    """What comes of one turn with a model that does this once, or whatever it is asked."""
    came = dict[Mischief, Answer | HandOver | Nothing]()
    async with Sandbox() as sandbox, asked(sandbox) as model:
        sandbox.openai.script(lambda _request: Reply(text=ANSWER))
        for kind in set(Mischief) - {Mischief.SLOW}:
            if lasting:
                sandbox.openai.temper.lasting = kind
            else:
                sandbox.openai.temper.misbehave(kind)
            asking = Asking(model, "stand-in", patience=Patience(first_wait=0.001))  # none knows of the others' trouble
            line = asking.on_behalf_of(1, Purpose.ANSWER)
            came[kind] = await run_turn(stuck(), line, Library(RETURNS).search)
    return came


async def test_one_slip_costs_no_customer_their_answer():
    came = await outcomes(lasting=False)
    assert {kind for kind, each in came.items() if isinstance(each, HandOver)} == PEOPLE_COME_AT_ONCE
    assert {each.text for each in came.values() if isinstance(each, Answer)} == {ANSWER}


async def test_a_model_that_does_nothing_else_brings_people_and_a_reason():
    came = await outcomes(lasting=True)
    assert {kind for kind, each in came.items() if not isinstance(each, HandOver)} == HARMLESS - {Mischief.SLOW}
    assert all(each.escalate.reason and each.escalate.summary for each in came.values() if isinstance(each, HandOver))


def test_the_dice_fall_the_same_way_for_a_seed():
    rolled: list[list[Mischief | None]] = []
    for _ in range(2):
        temper = Temper()
        temper.misbehave_at_random(0.5, seed=7)
        rolled.append([temper({}) for _ in range(50)])
    assert rolled[0] == rolled[1]
    assert {None} < set(rolled[0])
