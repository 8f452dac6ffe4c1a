"""A doubt about a send waits for every trace that has come, also for those that nobody has read yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg

from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from storage.database import PASSING_TROUBLE, Credentials, migrate
from storage.engine_models import Task
from storage.tasks import LIVENESS
from tests.processes import OwnPostgres
from tests.stories.town import ANA, CARLA, Town, open_town

_SOMEBODY = 7  # a worker that lives and holds the lane of Carla's reports


async def test_a_report_that_lies_unread_keeps_a_doubtful_message_from_being_sent_again(
    town: Town, credentials: Credentials
):
    card = await town.taken()
    await town.has_done("whatsapp.status")
    somebody = await asyncpg.connect(**credentials.as_arguments())
    try:
        await somebody.execute("SELECT pg_advisory_lock($1, $2)", LIVENESS, _SOMEBODY)
        await _hold_reports(somebody)
        town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
        await town.reply(ANA, card, "Only once")
        await town.hears(CARLA, "Only once")
        await _grace_ends(town)
    finally:
        await somebody.close()  # its lock goes with it, and so its hold on the lane
    await town.has_done("whatsapp.send")
    assert town.on_phone(CARLA).count("Only once") == 1


async def test_a_database_that_goes_away_after_a_message_left_leaves_a_doubt_and_no_second_message(
    sandbox: Sandbox, used_dir: Path
):
    postgres = OwnPostgres(used_dir)
    credentials = Credentials.from_url(postgres.url)
    await migrate(credentials)
    sandbox.whatsapp.auto_status = False
    async with open_town(sandbox, credentials, send_grace_seconds=60) as town:
        card = await town.taken()
        await town.has_done("whatsapp.send")
        sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
        await town.reply(ANA, card, "Only once")
        await sandbox.until(lambda: sandbox.whatsapp.faults.hanging)
        await postgres.stop()
        sandbox.whatsapp.faults.release()
        await postgres.start()
        async with asyncio.timeout(20):
            while not await _is_doubtful():
                await sandbox.world.change(0.05)
        await sandbox.whatsapp.insist(sandbox.whatsapp.status_body(sandbox.whatsapp.sent[-1], "delivered"))
        await town.has_done("whatsapp.send")
        assert town.on_phone(CARLA).count("Only once") == 1
    await postgres.stop()


async def test_an_answer_of_the_ai_that_cannot_be_delivered_brings_people(town: Town):
    town.sandbox.openai.script(lambda _request: Reply(text="A long story"))
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
    await town.sandbox.whatsapp.say(CARLA, "Where is my order?")
    card = await town.card()
    await town.shows(card, "did not reach the customer")
    await town.sandbox.until(lambda: "Where is my order?" in town.thread_text(card))
    assert "A long story" in town.thread_text(card)


async def test_an_answer_of_the_ai_that_fails_late_brings_people_too(town: Town):
    town.sandbox.openai.script(lambda _request: Reply(text="A long story"))
    town.sandbox.whatsapp.auto_status = False
    await town.sandbox.whatsapp.say(CARLA, "Where is my order?")
    await town.hears(CARLA, "A long story")
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-1].wamid, "failed", 131026)
    await town.shows(await town.card(), "did not reach the customer")


async def _is_doubtful() -> bool:
    try:
        return await Task.exists(kind="whatsapp.send", done_at=None, doubts=1)
    except PASSING_TROUBLE:
        return False


async def _hold_reports(somebody: asyncpg.Connection[asyncpg.Record]) -> None:
    await somebody.execute(
        "INSERT INTO lane (name, crew, due_at, lease, leased_by, leased_until) "
        "SELECT DISTINCT lane, 'desk', now(), 1, $1::int, now() + interval '1 hour' "
        "FROM task WHERE kind = 'whatsapp.status' ON CONFLICT (name) DO UPDATE SET leased_by = excluded.leased_by",
        _SOMEBODY,
    )


async def _grace_ends(town: Town) -> None:
    """Wait until the doubtful send has come up again, whatever it then did."""
    async with asyncio.timeout(10):
        while not (doubtful := await Task.filter(kind="whatsapp.send", done_at=None, doubts=1).first()):
            await town.sandbox.world.change(0.02)
        while await Task.exists(id=doubtful.id, done_at=None, not_before=doubtful.not_before):
            await town.sandbox.world.change(0.02)
