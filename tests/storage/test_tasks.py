"""The task engine on a real PostgreSQL: lanes keep their order, keys their promise, crashes free what they held."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.arrivals import CustomerWrote
from bot.domain.effects import Think
from bot.domain.staff_work import RefreshHome
from bot.domain.thread_work import MirrorMessage, NoteInThread, RefreshCard
from bot.domain.work import Crew, Work
from storage import tasks, tasks_hastening
from storage.database import Credentials, connection
from storage.engine_models import Lane, PauseRow, Task
from storage.intake import Intake
from storage.tasks import Claim, LeaseLostError, NotYetError
from storage.wakeup import Wakeup

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
WORKER, OTHER = 7, 8

pytestmark = pytest.mark.usefixtures("database")


def wrote(number: int, sender: str = "carla") -> CustomerWrote:
    return CustomerWrote(inbox_id=1, sender=sender, message={"id": f"{sender}{number}", "n": number})


async def claim(limit: int = 10, worker: int = WORKER, at: datetime = NOW) -> list[Claim]:
    return (await tasks.claim(worker, dict.fromkeys(Crew, limit), at)).tasks


async def one(at: datetime = NOW) -> Claim:
    [claimed] = await claim(at=at)
    return claimed


async def finish(claimed: Claim) -> None:
    async with tasks.unit(NOW, claimed):
        pass


async def drain(at: datetime = NOW) -> list[Work]:
    done: list[Work] = []
    while claims := await claim(at=at):
        for claimed in claims:
            await finish(claimed)
            done.append(claimed.work)
    return done


# --- Lanes ---


async def test_a_lane_runs_one_task_at_a_time_in_order():
    await tasks.enqueue([wrote(1), wrote(2), wrote(3)], NOW)
    first = await one()
    assert first.work == wrote(1)
    assert await claim() == []
    await finish(first)
    assert (await one()).work == wrote(2)


async def test_lanes_do_not_wait_for_each_other():
    await tasks.enqueue([wrote(1), wrote(1, "diego"), wrote(1, "mina")], NOW)
    assert len(await claim()) == 3


async def test_a_task_that_waits_for_its_time_keeps_its_place():
    await tasks.enqueue([wrote(1), wrote(2)], NOW)
    await tasks.postpone(await one(), "WhatsApp is down", NOW + timedelta(seconds=30), NOW)
    assert await claim(at=NOW + timedelta(seconds=29)) == []
    await tasks.enqueue([wrote(3)], NOW)
    assert await claim(at=NOW + timedelta(seconds=29)) == []
    later = NOW + timedelta(seconds=30)
    assert await drain(later) == [wrote(1), wrote(2), wrote(3)]


async def test_an_empty_lane_leaves_nothing_behind():
    await tasks.enqueue([wrote(1)], NOW)
    await drain()
    assert await Lane.all().count() == 0


async def test_whoever_enqueues_while_the_lane_is_being_emptied_is_not_forgotten():
    """The classic lost wake-up: the lane's last task ends at the moment the next one is stored."""
    for number in range(0, 60, 2):
        await tasks.enqueue([wrote(number)], NOW)
        claimed = await one()
        await asyncio.gather(finish(claimed), tasks.enqueue([wrote(number + 1)], NOW))
        assert await drain() == [wrote(number + 1)]


@pytest.mark.parametrize("asked", [wrote(2), RefreshCard(inbox_id=1, escalation_id=1)], ids=["another", "again"])
async def test_what_is_enqueued_while_an_end_waits_for_the_lane_is_seen_by_it(asked: Work):
    """The end's own statement began before that was committed, so it cannot see it: it has to notice and look again."""
    first = wrote(1) if isinstance(asked, CustomerWrote) else asked
    await tasks.enqueue([first], NOW)
    claimed, enqueued = await one(), asyncio.Event()

    async def enqueue() -> None:
        async with tasks.unit(NOW) as turn:
            turn.cause(asked)
            await turn.flush()
            enqueued.set()
            await _until_somebody_waits()

    enqueueing = asyncio.create_task(enqueue())
    await enqueued.wait()
    await asyncio.gather(enqueueing, tasks.finish(claimed, NOW))
    assert await drain() == [asked]


async def _until_somebody_waits() -> None:
    while not await connection().execute_query_dict("SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def test_many_workers_never_run_a_lane_twice_nor_out_of_order():
    await tasks.enqueue([wrote(number, f"c{number % 7}") for number in range(210)], NOW)
    seen: dict[str, list[int]] = {}
    running: set[str] = set()

    async def work(worker: int) -> None:
        while claims := await claim(3, worker):
            for claimed in claims:
                assert claimed.lane not in running
                running.add(claimed.lane)
            for claimed in claims:
                assert isinstance(claimed.work, CustomerWrote)
                seen.setdefault(claimed.lane, []).append(claimed.work.message["n"])
                running.discard(claimed.lane)
                await finish(claimed)

    await asyncio.gather(*(work(worker) for worker in range(1, 6)))
    remaining = await drain()
    for each in remaining:
        assert isinstance(each, CustomerWrote)
        seen.setdefault(each.lane, []).append(each.message["n"])
    assert sum(map(len, seen.values())) == 210
    assert all(numbers == sorted(numbers) for numbers in seen.values())


async def test_a_crew_without_free_slots_holds_up_no_other():
    await tasks.enqueue([Think(inbox_id=1, conversation_id=each) for each in range(5)] + [wrote(1)], NOW)
    thinking = await tasks.claim(WORKER, {Crew.THINK: 3}, NOW)
    assert len(thinking.tasks) == 3
    assert thinking.next_due == NOW  # two more think as soon as there is a slot
    desk = await tasks.claim(WORKER, {Crew.DESK: 3}, NOW)
    assert [each.work for each in desk.tasks] == [wrote(1)]
    assert desk.next_due is None


# --- Keys and render-latest ---


async def test_a_key_is_done_once_however_often_it_is_asked_for():
    assert await tasks.enqueue([wrote(1)], NOW) == 1
    assert await tasks.enqueue([wrote(1)], NOW) == 0
    await drain()
    assert await tasks.enqueue([wrote(1)], NOW) == 0
    assert await drain() == []


async def test_ten_redraws_asked_for_cost_one():
    card = RefreshCard(inbox_id=1, escalation_id=5)
    await tasks.enqueue([card] * 3, NOW)
    for _ in range(7):
        await tasks.enqueue([card], NOW)
    assert await drain() == [card]


async def test_a_redraw_asked_for_while_one_runs_is_not_lost():
    card = RefreshCard(inbox_id=1, escalation_id=5)
    await tasks.enqueue([card], NOW)
    running = await one()
    await tasks.enqueue([card], NOW)
    await finish(running)
    assert await drain() == [card]


async def test_asking_again_moves_the_time():
    """A customer who goes on writing pushes the answer back."""
    await tasks.enqueue([Think(inbox_id=1, conversation_id=3, at=NOW + timedelta(seconds=2))], NOW)
    await tasks.enqueue([Think(inbox_id=1, conversation_id=3, at=NOW + timedelta(seconds=4))], NOW)
    assert await claim(at=NOW + timedelta(seconds=3)) == []
    assert len(await claim(at=NOW + timedelta(seconds=4))) == 1


# --- All or nothing ---


async def test_what_a_failing_unit_caused_never_happens():
    async def fail() -> None:
        async with tasks.unit(NOW) as turn:
            turn.cause(wrote(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await drain() == []


async def test_work_and_its_effects_are_one_commit():
    await tasks.enqueue([wrote(1)], NOW)
    async with tasks.unit(NOW, await one()) as turn:
        turn.cause(MirrorMessage(inbox_id=1, escalation_id=2, message_id=3))
    assert await drain() == [MirrorMessage(inbox_id=1, escalation_id=2, message_id=3)]


async def test_who_lost_the_lease_changes_nothing():
    await tasks.enqueue([wrote(1)], NOW)
    slow = await one()
    await tasks.reap(NOW)  # nobody holds worker 7's lock: it counts as dead
    quick = await one()

    async def end_too_late() -> None:
        async with tasks.unit(NOW, slow) as turn:
            turn.cause(wrote(2))

    with pytest.raises(LeaseLostError):
        await end_too_late()
    await finish(quick)
    assert await drain() == []


async def test_units_that_touch_the_same_lanes_crosswise_do_not_deadlock():
    homes = [RefreshHome(inbox_id=1, user=f"U{number}") for number in range(8)]

    async def redraw(order: Sequence[Work]) -> None:
        async with tasks.unit(NOW) as turn:
            turn.cause(*order)

    await asyncio.gather(*(redraw(homes if number % 2 else homes[::-1]) for number in range(40)))
    assert len(await drain()) == 8


async def test_asking_for_a_redraw_while_one_ends_does_not_deadlock():
    """Somebody presses a button at the moment the card's last redraw ends; both touch its lane and its task."""
    cards = [RefreshCard(inbox_id=1, escalation_id=number) for number in range(6)]
    await tasks.enqueue(cards, NOW)

    async def press() -> None:
        for _ in range(20):
            await tasks.enqueue(cards[::-1], NOW)

    async def redraw(worker: int) -> None:
        for _ in range(20):
            for claimed in await claim(6, worker):
                await finish(claimed)

    await asyncio.gather(press(), press(), redraw(WORKER), redraw(OTHER))
    await drain()
    assert await Task.filter(done_at=None).count() == 0


# --- Crashes ---


async def test_the_lanes_of_a_dead_process_are_free_at_once_and_those_of_a_living_one_are_not(database: Credentials):
    living = Wakeup(database)
    await living.connect()
    await tasks.enqueue([wrote(1), wrote(1, "diego")], NOW)
    [held] = await claim(1, living.worker)
    [orphan] = await claim(1, OTHER)
    await tasks.reap(NOW)
    [again] = await claim()
    assert again.work == orphan.work
    assert again.was_interrupted
    assert not held.was_interrupted
    await finish(again)
    await living.close()
    await tasks.reap(NOW)
    assert [each.work for each in await claim()] == [held.work]


async def test_a_task_that_hangs_is_taken_away_after_its_lease(database: Credentials):
    living = Wakeup(database)
    await living.connect()
    await tasks.enqueue([wrote(1)], NOW)
    await claim(1, living.worker)
    await tasks.reap(NOW + tasks.LEASE + timedelta(seconds=1))
    assert len(await claim()) == 1
    await living.close()


async def test_a_failure_that_was_recorded_is_no_crash():
    await tasks.enqueue([wrote(1)], NOW)
    await tasks.postpone(await one(), "RuntimeError()", NOW, NOW)
    again = await one()
    assert not again.was_interrupted
    assert again.doubts == 0


async def test_runs_that_may_have_done_their_work_are_counted_whatever_comes_after():
    await tasks.enqueue([wrote(1)], NOW)
    await tasks.postpone(await one(), "timeout", NOW, NOW, in_doubt=True)
    await tasks.postpone(await one(), "refused", NOW, NOW)
    assert (await one()).doubts == 1
    await tasks.reap(NOW)  # nobody lives who could hold that last claim: it ended without a word
    again = await one()
    assert again.was_interrupted
    assert again.doubts == 2
    await tasks.postpone(again, "refused", NOW, NOW)
    assert (await one()).doubts == 2


# --- Waiting without failing ---


async def test_a_run_that_had_to_wait_is_as_though_it_had_never_been():
    await tasks.enqueue([wrote(1)], NOW)
    await tasks.defer(await one(), NotYetError(LATER, "paced"), NOW)
    assert await claim() == []
    [again] = await claim(at=LATER)
    assert (again.started, again.failures, again.doubts) == (1, 0, 0)


async def test_waiting_does_not_hide_a_crash_before_it():
    await tasks.enqueue([wrote(1)], NOW)
    await one()
    await tasks.reap(NOW)
    await tasks.defer(await one(), NotYetError(NOW, "paced"), NOW)
    again = await one()
    assert again.was_interrupted
    await tasks.defer(again, NotYetError(NOW, "trace", has_begun=True), NOW)
    seen = await one()
    assert not seen.was_interrupted
    assert (seen.started, seen.doubts) == (3, 1)


async def test_the_end_of_a_pause_wakes_what_waits_behind_it_and_nothing_else():
    await PauseRow.create(key="1:whatsapp", inbox_id=1, side="whatsapp", reason="", since=NOW, probe_at=LATER)
    await tasks.enqueue([wrote(1), wrote(2, "diego")], NOW)
    first, second = await claim()
    await tasks.defer(first, NotYetError(LATER, "paused", waits_for="1:whatsapp"), NOW)
    await tasks.defer(second, NotYetError(LATER, "paced"), NOW)
    assert await claim() == []
    await PauseRow.filter(key="1:whatsapp").delete()
    assert await tasks_hastening.hasten("1:whatsapp", NOW) == 1
    assert [each.work for each in await claim()] == [first.work]


@pytest.mark.parametrize("in_flight", [True, False])
async def test_what_a_task_waits_for_may_come_while_it_still_lies_down(in_flight: bool):
    await tasks.enqueue([wrote(1), wrote(2)], NOW)
    first = await one()
    if in_flight:
        await tasks_hastening.hasten_first(first.lane, f"{first.work.key}", NOW)
    await tasks.defer(first, NotYetError(LATER, "in_doubt", has_begun=True), NOW)
    if not in_flight:
        assert await claim() == []
        await tasks_hastening.hasten_first(first.lane, f"{first.work.key}", NOW)
    again = await one()
    assert again.work == wrote(1)
    await tasks_hastening.hasten_first(first.lane, "another task", NOW)
    await tasks.postpone(again, "timeout", LATER, NOW, in_doubt=True)
    assert await claim() == []
    await tasks_hastening.hasten_first(first.lane, f"{first.work.key}", NOW)
    await finish(await one())
    assert (await one()).work == wrote(2)


async def test_nothing_lies_down_behind_a_pause_that_is_over():
    await tasks.enqueue([wrote(1)], NOW)
    await tasks.defer(await one(), NotYetError(LATER, "paused", waits_for="1:whatsapp"), NOW)
    assert (await one()).started == 1


async def test_enqueueing_wakes_whoever_listens(database: Credentials):
    wakeup = Wakeup(database)
    await wakeup.connect()
    wakeup.event.clear()
    await tasks.enqueue([wrote(1)], NOW)
    await asyncio.wait_for(wakeup.event.wait(), 5)
    await wakeup.close()


# --- Keeping house ---


async def test_done_tasks_are_kept_for_a_while_and_dead_ones_for_longer():
    await tasks.enqueue([wrote(1), wrote(1, "diego")], NOW)
    done, dead = await claim()
    await finish(done)
    async with tasks.unit(NOW):
        await tasks.finish(dead, NOW, dead=True)
    await tasks.purge(NOW - timedelta(days=1))
    assert await Task.all().count() == 2
    await tasks.purge(NOW + timedelta(seconds=1))
    assert [each.id for each in await Task.all()] == [dead.id]


# --- Intake ---


async def test_what_arrives_together_is_stored_together_and_each_is_told():
    intake = Intake()
    await asyncio.gather(*(intake.store([wrote(number, f"c{number}")], NOW) for number in range(300)))
    assert await Task.all().count() == 300


async def test_a_bad_item_does_not_fail_its_neighbours():
    intake = Intake()
    too_long = NoteInThread(inbox_id=1, escalation_id=1, text="", about="x" * 900)  # the key's column holds 700
    outcomes = await asyncio.gather(
        intake.store([wrote(1)], NOW),
        intake.store([too_long], NOW),
        intake.store([wrote(2)], NOW),
        return_exceptions=True,
    )
    assert [type(each).__name__ for each in outcomes] == ["NoneType", "StringDataRightTruncationError", "NoneType"]
    assert await drain() == [wrote(1), wrote(2)]


async def test_a_nul_in_a_payload_does_not_lose_the_payload():
    await tasks.enqueue([CustomerWrote(inbox_id=1, sender="carla", message={"id": "n", "t": ["a\0b", r"\u0000"]})], NOW)
    claimed = await one()
    assert isinstance(claimed.work, CustomerWrote)
    assert claimed.work.message["t"] == ["a\ufffdb", r"\u0000"]


async def test_a_million_done_tasks_are_not_read_to_find_the_next_one():
    """No timing: the plan must use the index of what is not done."""
    rows = await connection().execute_query_dict(
        "EXPLAIN SELECT id FROM task WHERE lane = 'x' AND done_at IS NULL ORDER BY id LIMIT 1"
    )
    assert "task_head" in str(rows)
