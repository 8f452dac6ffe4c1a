"""Slack over Socket Mode: the whole desk without a public address, and no word lost when a line ends or goes deaf."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest

from bot.blocks import action_ids
from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from integrations.slack.socket import Patience
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Town, open_town

HASTY = Patience(
    ping_every=0.3,
    hello_within=1.0,
    linger=0.5,
    first_pause=0.02,
    longest_pause=0.1,
    pause_when_refused=0.1,
    lives_at_least=0.0,
)


@pytest.fixture
async def sandbox(sandbox: Sandbox) -> Sandbox:
    sandbox.slack.socket_mode = True
    return sandbox


@asynccontextmanager
async def opening(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[Town]:
    """A town whose bot is told by socket alone; it may still be dialling."""
    token = sandbox.config.slack_app_token
    async with open_town(sandbox, credentials, patience=HASTY, slack_app_token=token) as town:
        yield town


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[Town]:
    async with opening(sandbox, credentials) as town:
        await sandbox.until(lambda: sandbox.slack.sockets.lines)
        yield town


async def readiness(town: Town) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(f"{town.bot_url}/readyz") as answer:
        return answer.status, await answer.json()


async def says(town: Town, state: str) -> None:
    """Wait until the bot says this of its socket, while it calls itself ready."""
    async with asyncio.timeout(10):
        while (answer := await readiness(town))[0] != 200 or state not in answer[1]["slack_socket"]:
            await town.sandbox.world.change(0.02)  # its workers may need a moment longer to begin than its doors


def lines(town: Town) -> list[str]:
    return [said for said in town.on_phone(CARLA) if said.startswith("Line")]


def reads(town: Town) -> int:
    return sum(each.method == "conversations.replies" for each in town.sandbox.slack.calls)


async def test_the_whole_story_needs_no_public_address(town: Town):
    slack = town.sandbox.slack
    town.sandbox.openai.script(lambda _request: Reply(text="The AI's own words."))
    card = await town.escalation()
    assert "Carla" in str(await slack.command(ANA, CHANNEL, "/queue"))
    assert await town.press(ANA, card, "take") == 200
    await town.shows(card, f"<@{ANA}>")
    assert await slack.click(BEN, CHANNEL, card.ts, action_ids.TAKE, "1", stale=True) == 200
    await town.sandbox.until(lambda: f"<@{ANA}>" in town.told(BEN))
    await town.reply(ANA, card, "It is on its way")
    await town.hears(CARLA, "It is on its way")
    await town.sandbox.whatsapp.say(CARLA, "Thank you!")
    await town.sandbox.until(lambda: "Thank you!" in town.thread_text(card))
    await slack.open_home(ANA)
    await town.sandbox.until(lambda: slack.home(ANA))
    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    await town.sandbox.whatsapp.say(CARLA, "One more question")
    await town.hears(CARLA, "The AI's own words.")
    assert {each.status for each in slack.events.deliveries} == {200}


async def test_an_event_is_acknowledged_only_once_it_is_stored(town: Town, credentials: Credentials):
    card = await town.taken()
    await town.has_done("slack.event")
    database = await asyncpg.connect(**credentials.as_arguments())
    try:
        lock = database.transaction()
        await lock.start()
        await database.execute("LOCK TABLE lane IN ACCESS EXCLUSIVE MODE")
        writing = asyncio.create_task(town.reply(ANA, card, "Line 1"))
        while not await database.fetchval(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO lane%'"
        ):
            await database.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first look
        assert not writing.done()  # it is, once the bot has acknowledged
        await lock.rollback()
        await writing
        await town.hears(CARLA, "Line 1")
    finally:
        await database.close()


async def test_a_refresh_loses_nothing_and_needs_no_reading_back(town: Town):
    card, sockets, before = await town.taken(), town.sandbox.slack.sockets, reads(town)
    said = [f"Line {number}" for number in range(20)]
    for number, text in enumerate(said):
        if number in (5, 12):
            await sockets.disconnect("warning" if number == 5 else "refresh_requested")
        await town.reply(ANA, card, text)
    await town.hears(CARLA, said[-1])
    assert lines(town) == said
    await town.sandbox.until(lambda: (sockets.opened, len(sockets.lines)) == (3, 1))
    assert reads(town) == before


async def test_a_line_that_went_deaf_is_replaced_and_what_it_swallowed_is_relayed(town: Town):
    card, sockets = await town.taken(), town.sandbox.slack.sockets
    sockets.go_deaf()
    await town.sandbox.slack.reply(ANA, CHANNEL, card.ts, "Line 1")
    await town.sandbox.until(lambda: any(not each.is_deaf for each in sockets.lines))
    await town.hears(CARLA, "Line 1")
    await town.reply(ANA, card, "Line 2")
    await town.hears(CARLA, "Line 2")
    assert lines(town) == ["Line 1", "Line 2"]


async def test_words_that_come_right_after_a_break_do_not_overtake_those_it_swallowed(town: Town):
    card, sockets = await town.taken(), town.sandbox.slack.sockets
    for number in range(1, 4):
        opened = sockets.opened
        await town.sandbox.slack.reply(ANA, CHANNEL, card.ts, f"Line {number}a", copies=0)
        sockets.drop()
        await town.sandbox.until(lambda opened=opened: sockets.opened > opened and sockets.lines)
        await town.reply(ANA, card, f"Line {number}b")
        await town.hears(CARLA, f"Line {number}b")
    assert lines(town) == ["Line 1a", "Line 1b", "Line 2a", "Line 2b", "Line 3a", "Line 3b"]


async def test_what_was_written_while_we_were_away_is_relayed_once(sandbox: Sandbox, credentials: Credentials):
    async with opening(sandbox, credentials) as town:
        await sandbox.until(lambda: sandbox.slack.sockets.lines)
        card = await town.taken()
    await town.sandbox.slack.reply(ANA, CHANNEL, card.ts, "Line 1", copies=0)
    async with opening(sandbox, credentials) as town:
        await sandbox.until(lambda: sandbox.slack.sockets.lines)
        await town.reply(ANA, card, "Line 2")
        await town.hears(CARLA, "Line 2")
        assert lines(town) == ["Line 1", "Line 2"]


async def test_a_refused_token_is_told_and_tried_again_until_it_is_mended(sandbox: Sandbox, credentials: Credentials):
    refusals = [Fault(method="apps.connections.open", code="invalid_auth") for _ in range(1000)]
    sandbox.slack.faults.add(*refusals)
    async with opening(sandbox, credentials) as town:
        await says(town, "invalid_auth")
        sandbox.slack.faults.clear()
        await says(town, "connected")


async def test_socket_mode_switched_off_is_told_and_tried_again(town: Town):
    town.sandbox.slack.faults.add(*[Fault(method="apps.connections.open", code="forbidden") for _ in range(1000)])
    await town.sandbox.slack.sockets.disconnect("link_disabled", then_close=True)
    await says(town, "forbidden")
    town.sandbox.slack.faults.clear()
    await says(town, "connected")


async def test_a_line_that_is_never_greeted_is_given_up(sandbox: Sandbox, credentials: Credentials):
    sandbox.slack.sockets.new_ones_are_deaf = True
    async with opening(sandbox, credentials) as town:
        await says(town, "cannot be reached")
        sandbox.slack.sockets.new_ones_are_deaf = False
        await says(town, "connected")


async def test_the_address_of_a_line_is_in_no_log(town: Town, capfd: pytest.CaptureFixture[str]):
    town.sandbox.slack.faults.add(Fault(method="apps.connections.open", code="invalid_auth"))
    for _ in range(2):
        opened = town.sandbox.slack.sockets.opened
        town.sandbox.slack.sockets.drop()
        await town.sandbox.until(lambda opened=opened: town.sandbox.slack.sockets.opened > opened)
    await says(town, "connected")
    said = "".join(capfd.readouterr())
    assert "socket.open" in said
    assert "ticket=" not in said


async def test_without_an_app_token_no_line_is_opened(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        assert (await readiness(town))[1]["slack_socket"] == "not used"
        assert sandbox.slack.sockets.opened == 0
