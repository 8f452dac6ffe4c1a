"""What nobody speaks in is closed, but never over anybody's head; and waiting customers hear only what is known."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from bot.domain.delivery import Delivery
from bot.domain.escalation import Close, KeepOpen, Release, Status, Take
from integrations.sandbox.server import Sandbox
from storage import conversations
from storage.database import Credentials
from storage.desk_models import Audit
from storage.engine_models import Task
from storage.models import EscalationRow, MessageRow
from tests.stories.town import ANA, BEN
from tests.stories.week import MINUTE, Week, madrid, open_week

MONDAY = madrid("10-26 10:00")


@pytest.fixture
async def week(database: Credentials, sandbox: Sandbox) -> AsyncGenerator[Week]:
    async with open_week(sandbox, MONDAY) as opened:
        yield opened


async def answered(week: Week, customer: str) -> EscalationRow:
    """Somebody has it, and nobody waits."""
    await week.writes(week.shop, customer)
    await week.presses(week.shop, customer, Take(), ANA)
    await week.answers(week.shop, customer, ANA)
    return await week.escalation(week.shop, customer)


async def status(row: EscalationRow) -> Status:
    return (await EscalationRow.get(id=row.id)).status


async def test_only_what_nobody_waits_in_is_closed_and_only_after_the_warning(week: Week) -> None:
    silent, kept = await answered(week, "Carla"), await answered(week, "Diego")
    waiting, unsent = await answered(week, "Mina"), await answered(week, "Nora")
    week.at(madrid("10-26 10:05"), lambda: week.writes(week.shop, "Mina", "And?"))
    await MessageRow.filter(escalation_id=unsent.id, author="staff").update(status=Delivery.FAILED)
    await week.live(madrid("10-27 17:59"))  # 14 hours of opening time after the last word the warning comes
    assert not await Task.exists(kind="slack.closing")
    week.at(madrid("10-28 09:30"), lambda: week.presses(week.shop, "Diego", KeepOpen(), BEN))
    await week.live(madrid("10-28 18:00"))
    warned = {int(str(each.payload["escalation_id"])) for each in await Task.filter(kind="slack.closing")}
    assert warned == {silent.id, kept.id}
    assert [await status(each) for each in (silent, kept, unsent)] == [Status.CLOSED, Status.OPEN, Status.OPEN]
    assert await status(waiting) is Status.QUEUED  # Mina waited, and was given back
    closing = await Audit.get(escalation_id=silent.id, event="close")
    assert (closing.actor, closing.at) == (None, madrid("10-28 10:00"))


async def test_a_warning_missed_in_a_downtime_still_leaves_all_its_time(week: Week) -> None:
    row = await answered(week, "Carla")
    await week.live(madrid("10-30 13:00"), down=(madrid("10-26 10:05"), madrid("10-30 12:00")))
    assert await status(row) is Status.OPEN
    assert await Task.filter(kind="slack.closing").count() == 1
    await week.live(madrid("10-30 16:30"))
    assert await status(row) is Status.CLOSED


async def test_who_is_given_back_is_with_people_still_and_the_bot_stays_silent(week: Week) -> None:
    await week.writes(week.shop, "Mina")
    await week.presses(week.shop, "Mina", Take(), ANA)
    row = await week.escalation(week.shop, "Mina")
    before = await conversations.load(row.conversation_id)
    await week.live(madrid("10-26 13:30"))
    after = await conversations.load(row.conversation_id)
    assert await status(row) is Status.QUEUED
    assert after.with_people
    assert after.epoch == before.epoch + 1
    assert not await Task.exists(kind="agent.think")


async def test_a_parked_reply_is_all_that_anybody_owes(week: Week) -> None:
    await week.writes(week.shop, "Mina")
    await week.presses(week.shop, "Mina", Take(), ANA)
    await week.answers(week.shop, "Mina", BEN)  # held: it is not his
    await MessageRow.filter(author="staff").update(status=Delivery.PARKED)
    await week.live(madrid("10-26 13:30"))
    assert not await Task.exists(kind="slack.remind_holder")
    assert await status(await week.escalation(week.shop, "Mina")) is Status.OPEN


async def test_customers_hear_how_long_it_took_once_twenty_waits_are_known(week: Week) -> None:
    for number in range(20):
        if number == 19:
            await week.writes(week.shop, "Early")
            assert "Lately" not in await last_word()
        name = f"Customer {number}"
        await week.writes(week.shop, name)
        await week.presses(week.shop, name, Take(), ANA)
        week.now += 8 * MINUTE
        await week.answers(week.shop, name, ANA)
        await week.presses(week.shop, name, Close(), ANA)
    await week.writes(week.shop, "Late")
    told = "Your place in line: 2. Lately it usually took about 10 minutes until somebody was there."
    assert (await last_word()).endswith(f"answer you right here. {told}")


async def test_whoever_releases_what_was_put_off_lets_it_be_chased_again(week: Week) -> None:
    await week.writes(week.shop, "Mina")
    await week.puts_off(week.shop, "Mina", madrid("10-26 18:00"), BEN)
    await week.presses(week.shop, "Mina", Take(), ANA)
    await week.presses(week.shop, "Mina", Release(), ANA)
    await week.live(MONDAY + 6 * MINUTE)
    assert await Task.filter(kind="slack.remind").count() == 1


async def test_a_customer_who_writes_again_does_not_undo_what_was_put_off(week: Week) -> None:
    await answered(week, "Mina")
    await week.puts_off(week.shop, "Mina", madrid("10-26 18:00"), ANA)
    week.at(madrid("10-26 10:10"), lambda: week.writes(week.shop, "Mina", "And?"))
    await week.live(madrid("10-26 17:59"))
    assert not await Task.exists(kind="slack.remind_holder")
    await week.live(madrid("10-26 18:59"))
    assert await Task.filter(kind="slack.remind_holder").count() == 1
    assert await status(await week.escalation(week.shop, "Mina")) is Status.OPEN


async def last_word() -> str:
    said = await MessageRow.filter(author="system").order_by("-id").limit(1)
    return said[0].text
