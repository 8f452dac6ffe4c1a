"""Tasks by hand: the dead live again or are set aside, while workers go on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.arrivals import CustomerWrote
from bot.domain.thread_work import MirrorMessage, RefreshCard
from bot.domain.work import Crew, Work
from storage import backlog, tasks, tasks_admin
from storage.database import connection
from storage.engine_models import Lane, Task
from storage.tasks import Claim
from storage.tasks_admin import Entry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WORKER = 7

pytestmark = pytest.mark.usefixtures("database")


def mirror(number: int, escalation: int = 1) -> MirrorMessage:
    return MirrorMessage(inbox_id=1, escalation_id=escalation, message_id=number)


async def claim(at: datetime = NOW) -> list[Claim]:
    return (await tasks.claim(WORKER, dict.fromkeys(Crew, 10), at)).tasks


async def finish(claimed: Claim, *, dead: bool = False) -> None:
    async with tasks.unit(NOW):
        await tasks.finish(claimed, NOW, dead=dead)
        if dead:
            await tasks_admin.note_end(claimed.id, "channel_not_found")


async def killed(work: Work) -> Entry:
    """A task that was given up."""
    await tasks.enqueue([work], NOW)
    [claimed] = await claim()
    await finish(claimed, dead=True)
    [entry] = [each for each in await tasks_admin.listed(dead=True, waiting=False) if each.work == work]
    return entry


async def run_again(entry: Entry, at: datetime = NOW) -> bool:
    async with tasks.unit(at) as turn:
        return await tasks_admin.run_again(entry, turn.now)


async def set_aside(entry: Entry) -> bool:
    async with tasks.unit(NOW) as turn:
        return await tasks_admin.set_aside(entry, turn.now)


async def test_the_dead_are_listed_first_with_the_reason_and_the_done_not_at_all():
    await tasks.enqueue([mirror(1, escalation=9)], NOW)
    [done] = await claim()
    await finish(done)
    dead = await killed(mirror(2))
    await tasks.enqueue([mirror(3), mirror(4)], NOW)
    everything = await tasks_admin.listed(dead=True, waiting=True)
    assert [each.work for each in everything] == [mirror(2), mirror(3), mirror(4)]
    assert [each.work for each in await tasks_admin.listed(dead=True, waiting=False)] == [mirror(2)]
    assert [each.work for each in await tasks_admin.listed(dead=False, waiting=True, limit=1)] == [mirror(3)]
    assert await tasks_admin.listed(dead=True, waiting=True, kind="slack.card") == []
    assert dead.last_error == "channel_not_found"
    assert list(await tasks_admin.find([done.id, dead.id])) == [dead.id]


async def test_the_dead_live_again_in_their_old_place_and_look_for_their_trace():
    dead = await killed(mirror(1))
    await tasks.enqueue([mirror(2)], NOW)
    assert await run_again(dead)
    [claimed] = await claim()
    assert claimed.work == mirror(1)
    assert claimed.started > 1
    assert not claimed.was_interrupted
    await finish(claimed)
    assert [each.work for each in await claim()] == [mirror(2)]


async def test_its_key_still_holds_off_a_repetition():
    dead = await killed(mirror(1))
    assert await run_again(dead)
    assert await tasks.enqueue([mirror(1)], NOW) == 0
    assert await Task.all().count() == 1


async def test_the_dead_do_not_live_twice():
    dead = await killed(mirror(1))
    assert [await run_again(dead), await run_again(dead)] == [True, False]


async def test_a_redraw_that_was_asked_for_again_is_not_revived():
    card = RefreshCard(inbox_id=1, escalation_id=5)
    dead = await killed(card)
    await tasks.enqueue([card], NOW)
    assert not await run_again(dead)


async def test_reviving_while_workers_empty_the_lane_loses_nothing():
    """The lost wake-up: the lane's last task ends at the moment the dead one comes back."""
    for number in range(0, 60, 2):
        dead = await killed(mirror(number, escalation=number))
        await tasks.enqueue([mirror(number + 1, escalation=number)], NOW)
        [running] = await claim()
        await asyncio.gather(finish(running), run_again(dead))
        [revived] = await claim()
        assert revived.work == dead.work
        await finish(revived)


async def test_what_waits_runs_at_once_when_told():
    await tasks.enqueue([mirror(1)], NOW)
    [claimed] = await claim()
    await tasks.postpone(claimed, "Slack is down", NOW + timedelta(minutes=5), NOW)
    assert await claim() == []
    assert await run_again((await tasks_admin.find([claimed.id]))[claimed.id])
    assert [each.work for each in await claim()] == [mirror(1)]


async def test_what_was_set_aside_never_runs_and_its_lane_goes_on():
    await tasks.enqueue([mirror(1), mirror(2)], NOW)
    first, _ = await tasks_admin.listed(dead=False, waiting=True)
    assert await set_aside(first)
    assert not await set_aside(first)
    [claimed] = await claim()
    assert claimed.work == mirror(2)
    await finish(claimed)
    assert await Lane.all().count() == 0
    assert await tasks.enqueue([mirror(1)], NOW) == 0


async def test_what_is_running_is_not_set_aside():
    await tasks.enqueue([mirror(1), mirror(2)], NOW)
    await claim()
    running, behind = await tasks_admin.listed(dead=False, waiting=True)
    assert not await set_aside(running)
    assert await set_aside(behind)


async def test_the_backlog_counts_by_kind_and_tells_the_oldest_due():
    await killed(mirror(1))
    wrote = CustomerWrote(inbox_id=1, sender="carla", message={"id": "1"})
    await tasks.enqueue([mirror(2), mirror(3), wrote], NOW)
    measured = await backlog.measure(NOW + timedelta(seconds=9))
    assert measured.waiting == {"slack.mirror": 2, "whatsapp.message": 1}
    assert (measured.total, measured.dead, measured.lag_seconds) == (3, 1, 9.0)
    assert (await backlog.measure(NOW - timedelta(seconds=9))).lag_seconds == 0.0


async def test_a_million_done_tasks_are_not_read_to_count_the_dead():
    """No timing: the plan must use the index of what is dead."""
    async with tasks.unit(NOW):
        await connection().execute_query("SET LOCAL enable_seqscan = off")
        rows = await connection().execute_query_dict("EXPLAIN SELECT count(*) FROM task WHERE dead")
    assert "task_dead" in str(rows)
