"""The shipped scenarios against the stand-in model, a model that gets them wrong, and files with mistakes in them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.evaluation.play import Candidate, play
from bot.evaluation.scenario import SHIPPED, Scenario, ScenarioError, Step, load
from integrations.sandbox.server import Sandbox
from tests.processes import environment
from tests.scripted_model import Reply, call, says, scripted_model


async def test_all_shipped_scenarios_hold_with_the_stand_in_model(tmp_path: Path):
    async with Sandbox() as sandbox:
        ended = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", "eval"],
            env=environment(sandbox, 0, tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    many = len(load([SHIPPED]))
    assert f"{many} of {many} hold" in ended.stdout
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # the business's own database is not used


def scenario(*steps: Step) -> Scenario:
    return Scenario(name="one", about="one", steps=steps)


ASKS = Step(customer="Open on Sunday?", says=("closed",), never=("maybe",))
NEEDS_PEOPLE = Step(customer="My stove exploded", escalates=True, reason="stove", priority="urgent", language="en")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("step", "reply", "failure"),
    [
        (ASKS, says("Closed on Sundays."), None),
        (ASKS, says("Perhaps."), "'closed' is missing in 'Perhaps.'"),
        (ASKS, says("Closed, maybe."), "'maybe' must not appear"),
        (ASKS, says("", call("escalate_to_human", {"reason": "Hours", "summary": ""})), "expected no people"),
        (NEEDS_PEOPLE, says("Try again."), "expected people to come, got 'Try again.'"),
        (
            NEEDS_PEOPLE,
            says("", call("escalate_to_human", {"reason": "Help", "priority": "urgent"})),
            "'stove' is not the reason 'Help'",
        ),
        (
            NEEDS_PEOPLE,
            says("", call("escalate_to_human", {"reason": "Stove", "priority": "high"})),
            "priority high, expected urgent",
        ),
        (ASKS, Reply("", status=400), "expected no people, got 'escalated: AI unavailable'"),
    ],
)
async def test_what_differs_is_named(step: Step, reply: Reply, failure: str | None):
    async with scripted_model() as server:
        server.will(reply)
        result = await play(scenario(step), Candidate(server.model(), "Aurora", "We sell tents."))
    assert [failure is not None and failure in each for each in result.failures] == ([True] if failure else [])


async def test_a_model_is_not_asked_while_a_person_has_the_conversation():
    steps = (
        Step(customer="Can I talk to a person?", escalates=True),
        Step(customer="Hello?", silent=True),
        Step(staff="Hi, Ana here."),
        Step(returned=True, guidance="Be kind"),
        Step(customer="Open on Sunday?", says=("closed",)),
    )
    async with scripted_model() as server:
        server.will(says("Closed."))
        result = await play(scenario(*steps), Candidate(server.model(), "Aurora", "We sell tents."))
        assert len(server.requests) == 1
        assert any("Be kind" in str(each["content"]) for each in server.heard)
    assert result.failures == ()


def test_mistakes_in_files_are_named_all_at_once(tmp_path: Path):
    (tmp_path / "a.toml").write_text(
        '[[scenarios]]\nname = "x"\nabout = "x"\n[[scenarios.steps]]\ncustomer = "Hi"\nsay = ["("]\n'
        '[[scenarios.steps]]\ncustomer = "Hi"\nstaff = "Hi"\n'
    )
    (tmp_path / "b.toml").write_text("scenarios = [")
    with pytest.raises(ScenarioError) as refused:
        load([tmp_path, tmp_path / "nowhere"])
    said = "\n".join(refused.value.problems)
    assert "a.toml: scenarios 1 steps 1 say: Extra inputs are not permitted" in said
    assert "a.toml: scenarios 1 steps 2: Value error, a step is one of customer, staff or returned" in said
    assert "b.toml: Invalid value" in said
    assert "nowhere: no such file or folder" in said


def test_thirty_scenarios_or_more_are_shipped():
    assert len(load([SHIPPED])) >= 30
