"""A workspace that does not take tables and charts gets the same words once, and is not asked again for a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from integrations.errors import ErrorClass, ServiceError
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import ResponseUrl
from integrations.slack.client import Posting, Slack, make_client
from integrations.slack.data_blocks import REFUSED_FOR, DataBlocks

Json = dict[str, Any]
PLAIN: list[Json] = [{"type": "section", "text": {"type": "mrkdwn", "text": "Mon 3"}}]
CHART: list[Json] = [
    {
        "type": "data_visualization",
        "title": "Week",
        "chart": {
            "type": "bar",
            "series": [{"name": "Escalations", "data": [{"label": "Mon", "value": 3}]}],
            "axis_config": {"categories": ["Mon"]},
        },
    }
]
CHANNEL = "C0SUPPORT"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as opened:
        yield opened


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncIterator[Slack]:
    async with aiohttp.ClientSession() as session:
        yield Slack(make_client(session, sandbox.slack_api_url, sandbox.config.slack_bot_token), session)


def posting(number: int = 1) -> Posting:
    return Posting(CHANNEL, "The week", CHART, f"{number}:root", plain=PLAIN)


def tried(sandbox: Sandbox, method: str = "chat.postMessage") -> list[tuple[str, str | None]]:
    """What was sent to Slack, call by call, and what it said."""
    return [(call.args["blocks"][0]["type"], call.error) for call in sandbox.slack.calls if call.method == method]


def shown(sandbox: Sandbox) -> list[str]:
    return [each.blocks[0]["type"] for each in sandbox.slack.root_messages(CHANNEL)]


def command_url(sandbox: Sandbox) -> str:
    """Where a command that Ana has just typed may be answered."""
    workspace = sandbox.slack.workspace
    return workspace.response_url(ResponseUrl(channel=CHANNEL, user="U0ANA", made_at=workspace.world.now()))


async def test_a_workspace_that_takes_charts_gets_them(sandbox: Sandbox, slack: Slack):
    await slack.post(posting())
    assert shown(sandbox) == ["data_visualization"]


async def test_one_that_refuses_gets_the_same_post_plain_and_the_next_is_not_tried_twice(
    sandbox: Sandbox, slack: Slack
):
    sandbox.slack.workspace.takes_data_blocks = False
    await slack.post(posting(1))
    ts = await slack.post(posting(2))
    await slack.whisper(CHANNEL, "U0ANA", "The week", CHART, None, PLAIN)
    await slack.update(CHANNEL, ts, "The week", CHART, PLAIN)
    assert tried(sandbox) == [("data_visualization", "invalid_blocks"), ("section", None), ("section", None)]
    assert tried(sandbox, "chat.postEphemeral") == [("section", None)]
    assert tried(sandbox, "chat.update") == [("section", None)]
    assert shown(sandbox) == ["section", "section"]


async def test_an_answer_to_a_command_is_plain_where_it_must_be(sandbox: Sandbox, slack: Slack):
    sandbox.slack.workspace.takes_data_blocks = False
    url = command_url(sandbox)
    await slack.respond(url, "The week", CHART, PLAIN)
    assert [each.blocks[0]["type"] for each in sandbox.slack.ephemerals("U0ANA")] == ["section"]


async def test_an_answer_that_slack_does_not_take_at_all_is_an_error(sandbox: Sandbox, slack: Slack):
    url = command_url(sandbox)
    with pytest.raises(ServiceError) as refused:
        await slack.respond(url, "", [])
    assert refused.value.code == "no_text"
    with pytest.raises(ServiceError) as refused:
        await slack.respond(f"{url}gone", "x", [])
    assert refused.value.code == "expired_url"


async def test_a_post_that_slack_has_no_time_for_is_not_made_plain(sandbox: Sandbox, slack: Slack):
    sandbox.slack.faults.add(Fault(method="chat.postMessage", status=429, retry_after=1))
    with pytest.raises(ServiceError) as refused:
        await slack.post(posting())
    assert refused.value.error_class is ErrorClass.THROTTLED
    await slack.post(posting())
    assert shown(sandbox) == ["data_visualization"]


def refusal(word: str) -> ServiceError:
    return ServiceError(ErrorClass.SIZE, word, "", service="slack")


class Asked:
    """A workspace that refuses charts with this word, and remembers what it was sent."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.sent: list[str] = []

    async def take(self, blocks: list[Json]) -> None:
        kind = blocks[0]["type"]
        self.sent.append(kind)
        if kind == "data_visualization":
            raise refusal(self.word)


async def test_a_workspace_is_asked_again_after_a_day():
    now = [0.0]
    blocks, workspace = DataBlocks(lambda: now[0]), Asked("invalid_blocks")
    for now[0] in (0.0, 1.0, REFUSED_FOR - 1, REFUSED_FOR + 1):
        await blocks.show(CHART, PLAIN, workspace.take)
    assert workspace.sent == [
        *("data_visualization", "section"),
        *("section", "section"),
        *("data_visualization", "section"),
    ]


async def test_a_chart_that_was_only_too_large_does_not_cost_the_next_one():
    blocks, workspace = DataBlocks(), Asked("msg_blocks_too_long")
    for _ in range(2):
        await blocks.show(CHART, PLAIN, workspace.take)
    assert workspace.sent == ["data_visualization", "section"] * 2


async def test_words_that_are_refused_too_say_nothing_about_charts():
    blocks = DataBlocks()
    sent: list[str] = []

    async def take(given: list[Json]) -> None:
        sent.append(given[0]["type"])
        raise refusal("invalid_blocks")

    for _ in range(2):
        with pytest.raises(ServiceError):
            await blocks.show(CHART, PLAIN, take)
    assert sent == ["data_visualization", "section"] * 2
