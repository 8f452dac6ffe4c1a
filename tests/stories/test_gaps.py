"""What staff wrote while nobody told us is read back: relayed once, in order, and never by itself when it is old."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg

from bot.app import wall_clock
from bot.listeners.slack_gaps import Gaps
from integrations.sandbox.faults import Fault
from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, Moved, Town, open_town


async def untold(sandbox: Sandbox, user: str, card: Message, text: str) -> str:
    """Somebody writes in the thread, and Slack never manages to tell the bot."""
    return await sandbox.slack.reply(user, CHANNEL, card.ts, text, copies=0)


def lines(town: Town, customer: str = CARLA) -> list[str]:
    return [said for said in town.on_phone(customer) if said.startswith("Line")]


def read(sandbox: Sandbox) -> list[str]:
    """The threads that were read back."""
    return [each.args["ts"] for each in sandbox.slack.calls if each.method == "conversations.replies"]


async def test_replies_of_the_time_we_were_away_are_relayed_once_and_in_order(
    sandbox: Sandbox, credentials: Credentials
):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
        await town.reply(ANA, card, "Line 1")
        await town.hears(CARLA, "Line 1")
    for text in ("Line 2", "Line 3"):
        await untold(sandbox, ANA, card, text)
    async with open_town(sandbox, credentials) as town:
        await town.reply(ANA, card, "Line 4")
        await town.hears(CARLA, "Line 4")
    async with open_town(sandbox, credentials) as town:
        await town.reply(ANA, card, "Line 5")
        await town.hears(CARLA, "Line 5")
        assert lines(town) == [f"Line {number}" for number in range(1, 6)]


async def test_an_event_that_comes_late_finds_its_reply_already_relayed(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
    writing = sandbox.slack.reply(ANA, CHANNEL, card.ts, "Line 1")  # nobody listens: Slack tries again by itself
    await writing
    async with open_town(sandbox, credentials) as town:
        await town.hears(CARLA, "Line 1")
        await sandbox.until(lambda: sandbox.slack.events.deliveries[-1].status == 200)
        await town.reply(ANA, card, "Line 2")
        await town.hears(CARLA, "Line 2")
        assert lines(town) == ["Line 1", "Line 2"]


async def test_what_is_read_back_is_judged_as_any_reply(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
    sandbox.slack.add_user(SlackUser(id="U0GUEST", name="Guest", team_id=TEAM, is_restricted=True), CHANNEL)
    note = await untold(sandbox, ANA, card, "note: she is upset")
    held = await untold(sandbox, BEN, card, "Line of a colleague")
    await untold(sandbox, "U0GUEST", card, "Line of a guest")
    await untold(sandbox, ANA, card, "Line 1")
    async with open_town(sandbox, credentials) as town:
        await town.hears(CARLA, "Line 1")
        await sandbox.until(lambda: "lock" in sandbox.slack.reactions(CHANNEL, note))
        await sandbox.until(lambda: "hourglass" in sandbox.slack.reactions(CHANNEL, held))
        await sandbox.until(lambda: "Not sent to the customer" in town.told("U0GUEST"))
        assert lines(town) == ["Line 1"]


async def test_a_reply_of_the_day_before_yesterday_waits_for_a_click(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        card = await town.taken()
    await untold(sandbox, ANA, card, "Line 1")
    moved.by = timedelta(hours=25)
    async with open_town(sandbox, credentials, moved.now) as town:
        await sandbox.until(lambda: "more than a day after it was written" in town.told(ANA))
        assert lines(town) == []


async def test_only_threads_of_conversations_with_people_are_read(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        ended, live = await town.taken(), await town.taken(DIEGO)
        await town.press(ANA, ended, "close")
        await town.shows(ended, "Closed")
        await town.has_done("slack.card")
    sandbox.slack.calls.clear()
    async with open_town(sandbox, credentials) as town:
        await sandbox.until(lambda: read(sandbox))
        await town.has_done("slack.read_back")
        assert read(sandbox) == [live.ts]


async def test_a_slack_that_wants_quiet_only_delays_the_reading(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
    await untold(sandbox, ANA, card, "Line 1")
    sandbox.slack.faults.add(*[Fault(method="conversations.replies", status=429, retry_after=0.1)] * 2)
    async with open_town(sandbox, credentials) as town:
        await town.reply(ANA, card, "Line 2")
        await town.hears(CARLA, "Line 2")
        assert lines(town) == ["Line 1", "Line 2"]


async def test_a_reply_whose_event_could_not_be_stored_is_not_overtaken_by_the_next(credentials: Credentials):
    other = await asyncpg.connect(**credentials.as_arguments())
    never_again = SandboxConfig(slack_retry_delays=())
    try:
        async with Sandbox(never_again) as sandbox, open_town(sandbox, credentials) as town, asyncio.timeout(20):
            card = await town.taken()
            async with other.transaction():
                await other.execute("LOCK TABLE lane IN ACCESS EXCLUSIVE MODE")
                writing = asyncio.create_task(town.reply(ANA, card, "Line 1"))
                while not writing.done():
                    await other.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first look
                    await other.execute(
                        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO lane%' "
                        "AND datname = current_database() AND wait_event_type = 'Lock'"
                    )
            assert sandbox.slack.events.deliveries[-1].status == 503
            await town.reply(ANA, card, "Line 2")
            await town.hears(CARLA, "Line 2")
            assert lines(town) == ["Line 1", "Line 2"]
    finally:
        await other.close()


async def test_nothing_newer_is_stored_while_another_still_asks_for_the_reading(database: Credentials):
    gaps = Gaps(wall_clock)
    other = await asyncpg.connect(**database.as_arguments())
    try:
        async with asyncio.timeout(10), other.transaction():
            await other.execute("LOCK TABLE escalation IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(gaps.fill())
            while not await other.fetchval("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
                await other.execute("SELECT pg_stat_clear_snapshot()")
            second = asyncio.create_task(gaps.fill())
            for _ in range(10):  # as many steps as it likes, yet it waits for the first
                await asyncio.sleep(0)
            assert not second.done()
        await first
        await second
    finally:
        await other.close()


async def test_a_thread_longer_than_a_page_is_read_to_its_end(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
    for number in range(230):
        await untold(sandbox, ANA, card, f"note: {number}")
    await untold(sandbox, ANA, card, "Line 1")
    async with open_town(sandbox, credentials) as town:
        await town.hears(CARLA, "Line 1")
