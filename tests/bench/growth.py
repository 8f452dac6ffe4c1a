"""What staff wait for, and what the engine does all day, in a young database and in one with a million messages."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from bot.domain.home import ENDED_ROWS, ROWS, midnight
from bot.domain.staff_work import RefreshHome
from bot.domain.work import Crew
from storage import database, desk, embedded, escalations, staff, tasks
from storage.database import Credentials
from tests.bench.figures import Row

SMALL, LARGE = 1_000, 1_000_000  # messages; an escalation for every ten of them
ACTIVE = 60  # escalations that wait or are held, however much history there is
TURNS, ROUNDS = 8, 15  # the machine's mood changes faster than sixty questions are asked
GOAL = 1.5
VIEWER, WORKER = "U0ANA", 1

# Both desks are equally busy, one escalation each two hours; the older one has been so for many years.
# What each statement is given: nothing, how many messages, or how many are active and who holds a third of them.
_FILL: tuple[tuple[str, str], ...] = (
    (
        "nothing",
        """INSERT INTO inbox (phone_number_id, name, slack_channel, masks_numbers, created_at)
       VALUES ('1', 'Bench', 'C0BENCH', false, now())""",
    ),
    (
        "messages",
        """INSERT INTO customer (inbox_id, name, phone, created_at)
       SELECT 1, 'Customer ' || n, '3460' || n, now() FROM generate_series(1, $1::int / 10) AS n""",
    ),
    (
        "nothing",
        """INSERT INTO conversation (inbox_id, customer_id, epoch, with_people, reply_kind, reply_value,
                                 last_customer_message, answered_through, guidance, last_customer_at, updated_at)
       SELECT 1, id, 0, false, 'wa_id', phone, 0, 0, '', now(), now() FROM customer""",
    ),
    (
        "messages",
        """INSERT INTO message (inbox_id, conversation_id, author, kind, text, status, failure, epoch, wamid,
                            marked, said_at, created_at)
       SELECT 1, 1 + n % ($1::int / 10), 'customer', 'text', 'Where is my order ' || n || '?', 'received', '', 0,
              'w' || n, '', now(), now() FROM generate_series(1, $1::int) AS n""",
    ),
    (
        "active",
        """INSERT INTO escalation (inbox_id, conversation_id, status, trigger, reason, summary, priority,
                               language, queued_at, created_at, taken_by, opened_after, ended_at)
       SELECT 1, id,
              CASE WHEN id > $1::int THEN 'closed' WHEN id % 3 = 0 THEN 'queued' ELSE 'open' END, 'customer', 'Bench',
              '', 'normal', 'en', now() - id * interval '2 hours', now() - id * interval '2 hours',
              CASE WHEN id % 3 = 1 THEN $2::text ELSE 'U0BEN' END, 0,
              CASE WHEN id > $1::int THEN now() - (id - $1) * interval '2 hours' END
       FROM conversation""",
    ),
    (
        "messages",
        """INSERT INTO task (inbox_id, kind, lane, key, payload, revision, not_before, started, failures,
                         doubts, last_error, created_at, done_at, dead)
       SELECT 1, 'slack.home', 'home:' || n % 50, 'bench:' || n, '{"user": "U0ANA"}', 0, now(), 1, 0, 0, '', now(),
              now(), false FROM generate_series(1, $1::int) AS n""",
    ),
)


async def measure(folder: Path) -> list[Row]:
    """The same questions to both, in turn, so that a change of the machine's mood meets both."""
    server = Credentials.from_url(await asyncio.to_thread(embedded.start, folder))
    young, old = [await _filled(server, messages) for messages in (SMALL, LARGE)]
    times: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(TURNS):
        for which, credentials in enumerate((young, old)):
            async with database.connected(credentials, pool_size=2):
                for name, ask in _QUESTIONS.items():
                    times.setdefault(name, ([], []))[which].extend(await _timed(ask))
    return [_row(name, *measured) for name, measured in times.items()]


async def _queue_list() -> None:
    await escalations.listed([1], "waiting", VIEWER)


async def _home() -> None:
    """All that a drawing asks, but this week's figures, which are counted once a minute for everybody."""
    now = datetime.now(UTC)
    active = await desk.active([1], VIEWER)
    await desk.ended([1], midnight(now, None))
    await staff.viewer(VIEWER)
    await staff.away()
    shown = [each for ids in active.values() for each in ids[: ROWS // len(active)]]
    shown += await desk.lately_ended([1], midnight(now, None), ENDED_ROWS, 0)
    await escalations.views(shown)


async def _turn_of_the_engine() -> None:
    now = datetime.now(UTC)
    await tasks.enqueue([RefreshHome(inbox_id=1, user=VIEWER)], now)
    for claimed in (await tasks.claim(WORKER, {Crew.SLACK: 1}, now)).tasks:
        async with tasks.unit(now, claimed):
            pass


_QUESTIONS: dict[str, Callable[[], Awaitable[None]]] = {
    "/queue": _queue_list,
    "App Home's three lists": _home,
    "a task stored, claimed and done": _turn_of_the_engine,
}


async def _timed(ask: Callable[[], Awaitable[None]]) -> list[float]:
    for _ in range(5):
        await ask()
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        times.append(time.perf_counter() - began)
    return times


async def _filled(server: Credentials, messages: int) -> Credentials:
    name = f"bench_{messages}"
    connection = await asyncpg.connect(**server.as_arguments())
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    credentials = replace(server, database=name)
    await database.migrate(credentials)
    connection = await asyncpg.connect(**credentials.as_arguments())
    given: dict[str, tuple[object, ...]] = {"nothing": (), "messages": (messages,), "active": (ACTIVE, VIEWER)}
    for needs, statement in _FILL:
        await connection.execute(statement, *given[needs])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return credentials


def _row(name: str, young: list[float], old: list[float]) -> Row:
    small, large = statistics.median(young) * 1000, statistics.median(old) * 1000
    ratio = large / small
    measured = f"{small:.2f} ms with {SMALL:,} messages, {large:.2f} ms with {LARGE:,}: {ratio:.2f}×"
    return Row(name, measured, "≤ 1.5×", ratio <= GOAL)
